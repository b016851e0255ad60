"""The exhibits of the interpolation page: strips and their grey pixels, paths in motion, lengths, arithmetic."""

import plotly.graph_objects as go
import streamlit as st
import torch

from vaedemo.analysis import paths
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.interpolation import arithmetic, facts, motion, picker, sketches
from vaedemo.app.shared import own_digit
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell import widgets
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import palette, style
from vaedemo.training.run import Run

PARTS = {"all": "All", "ways": "Paths", "motion": "In motion", "length": "Length of z", "arithmetic": "Arithmetic"}
ROWS = {
    "all": tuple(facts.NAMES),
    "fade": ("straight", "pixels"),
    "curve": ("straight", "spherical"),
    "plain": ("straight", "autoencoder"),
}
COLOURS = {"real": palette.DATA, "pixels": palette.NEUTRAL}  # all others are decoded
TALL = 390  # of the picture of lengths alone, CSS pixels


def stops_of(view: StepView, run: Run) -> tuple[torch.Tensor, torch.Tensor]:
    """The stops as pixels in [0, 1], and their codes."""
    shown, _ = catalogue.images(run.config.dataset)
    x = picker.pixels(shown, view["stops"], own_digit.text_of(view))
    return x, run.model.encode(x).mean


def picture(view: StepView) -> None:
    run, part = widgets.run_of(view), view["part"]
    picker.check(view, catalogue.images(run.config.dataset)[0])
    arithmetic.fit(view, run)
    x, stops = stops_of(view, run)
    if part in ("all", "ways"):
        strips(view, run, x)
    if part in ("all", "motion"):
        motion.moving(view, facts.smooth(view["run"], run.digest, view["stops"], own_digit.text_of(view)))
    if part in ("all", "length"):
        lengths(view, run, stops)
    if part in ("all", "arithmetic"):
        arithmetic.picture(view, run, facts.codes(view["run"], run.digest), stops[0])


def strips(view: StepView, run: Run, x: torch.Tensor) -> None:
    """One row of images per path, and the share of grey pixels over many pairs."""
    plain = facts.partner(view["run"])
    found = facts.strips(run, plain, x, view["steps"])
    rows = [name for name in ROWS[view["rows"]] if name in found.images]
    for name in rows:
        st.markdown(f"**{facts.NAMES[name]}**")
        label = facts.NAMES[name]
        images = found.images[name]
        image_grid(
            images.numpy(), len(images), key=view.key(f"strip_{name}"), label=label, scale_hint=5, clickable=False
        )
    if plain is None and view["rows"] == "all":
        st.caption("Plain autoencoders ship for MNIST alone, so there is none in this view.")
    shares = facts.grey(view["run"], run.digest)
    bars = grey_bars({name: shares[name] for name in ("real", *rows)}, 200 if view["present"] else 160)
    st.markdown(f"**Grey pixels (0.25 to 0.75) in the middle image, over {facts.PAIRS:,} pairs of different classes**")
    chart(view, bars, name="grey", alt="The share of grey pixels of real images and half-way on each path")


def grey_bars(shares: dict[str, float], tall: int) -> go.Figure:
    """One bar per path, named at its foot, with its share at its end."""
    names = [facts.NAMES.get(name, "Real images") for name in shares]
    figure = style.new_figure("pixels from 0.25 to 0.75, %", "path", height=tall, view="grey", legend=False)
    values = [100 * share for share in shares.values()]
    colours = [COLOURS.get(name, palette.RECONSTRUCTION) for name in shares]
    figure.add_trace(go.Bar(x=values, y=names, orientation="h", marker_color=colours, hoverinfo="skip"))
    for name, value in zip(names, values, strict=True):
        figure.add_annotation(x=value, y=name, text=f"{value:.1f} %", xanchor="left", showarrow=False, xshift=4)
    figure.update_yaxes(autorange="reversed", title_text="", automargin=True)
    figure.update_xaxes(range=[0, 1.3 * max(values)], showticklabels=False, title_text="")  # each bar has its number
    return figure


def lengths(view: StepView, run: Run, stops: torch.Tensor) -> None:
    """The length of the codes along each path; in Explore the paths on the latent plane beside it."""
    exploring = view["step"] == EXPLORE
    left, right = st.columns(2, gap="medium") if exploring else (st.container(), None)
    with left:
        st.markdown("**How long is z on the way?**")
        label = "The length of z along both paths, and the shell where the prior's codes lie"
        drawn = sketches.norms(view["run"], run.digest, picker.key_of(view), stops, not view.is_open)
        sketch(drawn, key=view.key("norms"), label=label, height=330 if exploring else TALL)
        if run.model.latent_dim == 2:
            st.caption("**On two axes a spherical path means nothing**: the prior has no shell there.")
    if right is None:
        return
    codes = facts.codes(view["run"], run.digest)
    labels = catalogue.images(run.config.dataset)[0].y
    with right:
        st.markdown("**The path on the latent plane**")
        drawn = sketches.plane(view["run"], run.digest, picker.key_of(view), codes, labels, stops)
        sketch(drawn, key=view.key("plane"), label="Both paths over the codes of test images", height=330)
        first, second = (axis + 1 for axis in codes.axes)
        if run.model.latent_dim > 2:
            st.caption(f"A projection on axes {first} and {second}, those of largest KL.")


def figures_of(view: StepView) -> tuple[dict[str, str], torch.Tensor]:
    """The lengths of the stops, the shortest z on each path, and the prior's shell."""
    run = widgets.run_of(view)
    _, stops = stops_of(view, run)
    straight, spherical = (paths.lengths(path).min().item() for path in sketches.both(stops))
    shell = paths.shell(stops.shape[1])
    return {
        "Lengths of the stops": ", ".join(f"{length:.3f}" for length in paths.lengths(stops).tolist()),
        "Shortest, straight": f"{straight:.3f}",
        "Shortest, spherical": f"{spherical:.3f}",
        "Prior's shell": f"{shell.mean:.3f} ± {shell.deviation:.3f}",
    }, stops
