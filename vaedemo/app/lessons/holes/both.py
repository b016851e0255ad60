"""Exhibit: z in two planes at once, decoded by the autoencoder and by the VAE; in Explore with samples below."""

from functools import partial

import streamlit as st
import torch

from vaedemo.analysis import holes, quality
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.holes import code, data, form, sketches
from vaedemo.app.lessons.holes.form import TITLES
from vaedemo.app.shared.forms import coordinate
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import ConfigError, one_of, whole

SIDE = 5
FARTHEST = 40.0
WINDOWS = {"codes": "All codes", "prior": "Where N(0, I) is"}


def place(name: str, value) -> float:
    """The rule for a coordinate of z on this page."""
    number = coordinate(name, value)
    if abs(number) > FARTHEST:
        raise ConfigError(name, value, f"a number from -{FARTHEST:g} to {FARTHEST:g}")
    return number


PARAMETERS = (
    *form.PARAMETERS,
    Parameter("window", "codes", one_of(*WINDOWS)),
    Parameter("z1", 1.0, place),
    Parameter("z2", -1.0, place),
    Parameter("draw", 0, whole(0, 99_999)),
)


def picture(view: StepView) -> None:
    found = form.find(view)
    if found is None:
        return
    pair = data.shown(found)
    z = data.drawn(pair.codes["vae"], "prior", SIDE**2, view["draw"])
    for kind, column in zip(pair.runs, st.columns(2, gap="medium"), strict=True):
        with column:
            one_plane(view, pair, kind, z if view.step is None else z[:0])
    if view.step is None:
        samples(view, pair, z)
        st.caption(
            f"Codes of {pair.sentence} Drawn: {len(pair.rows):,} of them, means for the VAE. Shares: of "
            f"{data.DRAWN:,} z each. Both models: {found['vae'].config.title.replace(' · VAE', '')}."
        )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The shares in holes and out of reach; none before a pair of one's own is trained."""
    found = form.finished(view)
    script = code.pair(view.values())
    if found is None:
        return {}, script
    pair, figures = data.shown(found), {}
    for kind, source, title in data.SHARES:
        figures[f"{TITLES[kind]}, {title} in holes"] = f"{100 * data.share(kind, source, view['draw'], pair):.1f} %"
    for kind, codes in pair.codes.items():
        figures[f"{TITLES[kind]}, codes out of reach"] = f"{100 * codes.beyond:.1f} %"
    return figures, script


def one_plane(view: StepView, pair: data.Shown, kind: str, z: torch.Tensor) -> None:
    """A model's codes, its image decoded from z, and the test image with the nearest code."""
    codes, at = pair.codes[kind], (view["z1"], view["z2"])
    st.markdown(f"**{TITLES[kind]}**: drag z")
    if view.step is None:
        still = data.picture_of(pair.runs[kind].digest, kind, pair)
        drawn = sketches.plane_sketch(
            still.layers, z.numpy(), at, sketches.window(still.means, at, view["window"] == "prior")
        )
    else:
        drawn = sketches.draws_plane(codes, pair.images.y, "prior", at=at)
    turned = view.step is not None and sketches.order(codes) == [1, 0]
    sketch(
        drawn,
        key=view.key(f"plane.{kind}"),
        label=f"Codes of the {TITLES[kind]} by class, the prior's circles, and z at ({at[0]:.2f}, {at[1]:.2f})",
        height=248 if view["present"] else 340,
        on_moved=lambda x, y: move(view, *((y, x) if turned else (x, y))),
    )
    place_of = torch.tensor([at])
    index = quality.nearest(place_of, codes.means)[0][0, 0]
    decoded = pair.runs[kind].model.decode(place_of).mean
    where = "A hole" if holes.in_holes(place_of, codes.places, codes.spacing)[0] else "No hole"
    st.markdown(f"**{where}**: z decoded · nearest code")
    image_grid(
        torch.cat([decoded, pair.images.x[index][None] / 255]).numpy(),
        2,
        key=view.key(f"decoded.{kind}"),
        label=f"What the {TITLES[kind]} decodes z to, and the test image with the nearest code",
        scale_hint=4 if view["present"] else 5,
        clickable=False,
    )


def samples(view: StepView, pair: data.Shown, z: torch.Tensor) -> None:
    """The same z decoded by both models, and z from the Gaussian of the autoencoder's codes."""
    fitted = data.drawn(pair.codes["autoencoder"], "fitted", SIDE**2, view["draw"])
    cases = (
        ("autoencoder", "prior", z, "**Autoencoder**, z ~ N(0, I)"),
        ("vae", "prior", z, "**VAE**, the same z"),
        ("autoencoder", "fitted", fitted, "**Autoencoder**, z ~ N(m, S) of its codes"),
    )
    for (kind, source, codes, title), column in zip(cases, st.columns(3, gap="medium"), strict=True):
        with column:
            st.markdown(title)
            image_grid(
                pair.runs[kind].model.decode(codes).mean.numpy(),
                SIDE,
                key=view.key(f"samples.{kind}.{source}"),
                label=f"{title.replace('*', '')}: {SIDE**2} samples; a click moves z there",
                scale_hint=2.2,
                on_click=lambda index, codes=codes: move(view, *codes[index].tolist()),
            )


def move(view: StepView, x: float, y: float) -> None:
    """Set z, within the page's ends."""
    view["z1"], view["z2"] = (round(min(max(number, -FARTHEST), FARTHEST), 3) for number in (x, y))


def jump(view: StepView, presses: int) -> None:
    """Set z to the first code of a new draw."""
    view["draw"] = (view["draw"] + presses) % 100_000
    move(view, *data.latent.prior_samples(1, 2, torch.Generator().manual_seed(view["draw"]))[0].tolist())


def jump_button(view: StepView) -> None:
    press_button("z ~ N(0, I)", icon=":material/casino:", on_press=partial(jump, view), key=view.key("jump"))


def place_fields(view: StepView) -> None:
    """z in number fields."""
    for (name, label), column in zip((("z1", "z₁"), ("z2", "z₂")), st.columns(2), strict=True):
        column.number_input(label, -FARTHEST, FARTHEST, step=0.25, format="%.3f", key=view.key(name))


CONTROLS = {
    "source": form.choose_source,
    "own": form.fields,
    "window": lambda view: widgets.choose(view, "window", WINDOWS, "Window"),
    "jump": jump_button,
    "place": place_fields,
}
