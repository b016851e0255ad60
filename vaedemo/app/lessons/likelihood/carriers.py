"""Exhibit: which z carry the sum, and the curves of both models with the chosen K on them."""

import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.likelihood import draws, sketches
from vaedemo.app.shared import twenty
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values

SHOWN = 4  # of the best z, large; with more a phone has no room
NAMES = {axes: name for name, axes in draws.RUNS.items()}
NOTE = (
    f"Lines: means over the repeats that one stream of {draws.MOST_DRAWS:,} prior draws, shared by all digits, and "
    f"one of {draws.MOST_FROM_Q:,} draws from q hold; bands: from their 10 % to their 90 % quantile, where there "
    "are five or more. Dot: the first K draws. Pixels are black or white, so p(x|z) is a probability. With 20 "
    "axes the plane shows the two on which q is narrowest: inside its ellipse there is not inside it on the "
    "other 18. Images: the heaviest draws, decoded, with their share of the sum."
)


def climbs_of(values: Values) -> dict[str, draws.Climbs]:
    """The curves of a view, by the number of axes."""
    runs = {axes: catalogue.run(name) for axes, name in NAMES.items()}
    return {axes: draws.climbs(run.digest, run, values["digit"], values["seed"]) for axes, run in runs.items()}


def cuts_of(values: Values) -> dict[str, draws.Cut]:
    """The first K draws of a view, by the number of axes."""
    runs = {axes: catalogue.run(name) for axes, name in NAMES.items()}
    place = [values[name] for name in ("digit", "seed", "source")] + [min(values["draws"], draws.MOST_DRAWS)]
    return {axes: draws.cut(run.digest, run, *place) for axes, run in runs.items()}


def both(view: StepView) -> None:
    """The curves, and below them which z carry the sum."""
    found, cuts = climbs_of(view.own), cuts_of(view.own)
    ends = sketches.nats_range(*found.values())
    for (axes, climbs), column in zip(found.items(), st.columns(2, gap="medium"), strict=True):
        with column:
            st.markdown(f"**{axes} latent axes**")
            sketch(
                sketches.climb_sketch(climbs, cuts[axes], view["source"], ends),
                key=view.key(f"climb{axes}"),
                label=f"Estimates of log p(x) against the number of draws, {axes} latent axes",
                height=330,
            )
    if view["source"] == "encoder" and view["draws"] > draws.MOST_FROM_Q:
        st.caption(f"From q(z|x), {draws.MOST_FROM_Q:,} draws are made: K stays there.")
    for (axes, climbs), column in zip(found.items(), st.columns(2, gap="medium"), strict=True):
        with column:
            carriers(view, axes, climbs, cuts[axes])
    st.caption(NOTE)
    run = catalogue.run(next(iter(draws.RUNS)))
    twenty.warn_inexact(twenty.exact(run.digest, run)[1])


def shares(view: StepView) -> None:
    """A row for each model: x, then the heaviest draws, decoded, with their shares of the sum. While a question is open
    they are the first draws, without shares."""
    for axes, cut in cuts_of(view.own).items():
        if view.is_open:
            model = catalogue.run(NAMES[axes]).model
            drawn, captions = model.decode(cut.faint[:SHOWN]).mean, [""] * SHOWN
            st.markdown(f"**{axes} axes:** x, and the first random z, decoded")
        else:
            drawn, captions = cut.decoded[:SHOWN], percent(cut)[:SHOWN]
            st.markdown(f"**{axes} axes:** x, and the {SHOWN} best z, with their share of the sum")
        image_grid(
            torch.cat([x_of(view), drawn]).numpy(),
            1 + SHOWN,
            key=view.key(f"row{axes}"),
            label=f"x and decoded z, {axes} axes",
            captions=["x", *captions],
            scale_hint=5,
            clickable=False,
        )


def carriers(view: StepView, axes: str, climbs: draws.Climbs, cut: draws.Cut) -> None:
    """The samples of one model with the largest shares of the sum."""
    st.markdown(f"**{axes} axes: which z carry the sum**")
    image_grid(
        cut.decoded.numpy(),
        draws.DECODED,
        key=view.key(f"heaviest{axes}"),
        label=f"What the heaviest draws decode to, {axes} axes",
        captions=percent(cut),
        scale_hint=2,
        clickable=False,
    )
    sketch(
        sketches.plane_sketch(climbs, cut, view["source"]),
        key=view.key(f"plane{axes}"),
        label=f"Draws on the latent plane, sized by their share of the sum, {axes} axes",
        height=360,
    )


def x_of(values: Values) -> torch.Tensor:
    """The digit of a view, (1, 1, 28, 28)."""
    return twenty.binary()[values["digit"]][None]


def percent(cut: draws.Cut) -> list[str]:
    """The shares of the heaviest draws."""
    return [f"{share:.1%}".replace("100.0", "100") for share in cut.shares[: draws.DECODED].tolist()]
