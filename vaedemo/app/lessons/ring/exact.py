"""Exhibit: noise z and its image under an exact map g, with the way between them."""

from string import Template

import streamlit as st

from vaedemo.analysis import warp as plane
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.components.warp import SHOWS, Settled, brush_text, warp
from vaedemo.app.lessons.ring.radii import radii_sketch
from vaedemo.app.lessons.ring.scenes import (
    HOLE,
    LONGEST,
    MAPS,
    MOST_DRAWN,
    NOTES,
    exact_panes,
    exact_radii,
    exact_scene,
    not_moved,
    samples,
)
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.seed_field import seed_field
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette
from vaedemo.probability import transforms
from vaedemo.rules import ConfigError, one_of, real, whole

COUNTS = (300, 1_000, 3_000, 10_000, 30_000)


def count(name: str, value) -> int:
    """The rule for the number of samples."""
    if str(value) not in map(str, COUNTS):
        raise ConfigError(name, value, "one of " + ", ".join(map(str, COUNTS)))
    return int(value)


PARAMETERS = (
    Parameter("map", "ring", one_of(*MAPS)),
    Parameter("samples", 10_000, count),
    Parameter("seed", 0, whole(0, 99_999)),
    Parameter("t", 1.0, real(0.0, 1.0)),
    Parameter("show", "both", one_of(*SHOWS)),
    Parameter("brush", "", brush_text),
)
SCRIPT = Template("""\
x = transforms.$map(z[:$count])
mean, sd = warp.radius_moments(x)
print(f"Samples: {len(x):,}")
print(f"Mean radius: {mean:.4f}")
print(f"Standard deviation: {sd:.4f}")
""")
RING_SCRIPT = Template("""\
print(f"g: inside ρ < $hole: {100 * warp.share_inside(x, $hole):.2f} %")
mean, sd = warp.ring_radius_moments()
print(f"Mean radius, exact: {mean:.4f}")
print(f"Standard deviation, exact: {sd:.4f}")
""")


def picture(view: StepView) -> None:
    """The panes; in Explore also the radii. While a question is open the points are not moved yet."""

    def settle(settled: Settled) -> None:
        view["t"], view["show"], view["brush"] = settled.position, settled.shows, settled.brush

    scene, panes = exact_scene(view["map"], view["seed"], view["samples"]), exact_panes(view["map"])
    state, report = Settled(view["t"], view["show"], view["brush"]), settle
    if view.is_open:
        scene, panes = not_moved(scene, panes, "x, not moved yet")
        state, report = Settled(0.0, view["show"], view["brush"]), None
    warp(scene, panes, state, key=view.key("warp"), on_settled=report)
    if view.step is None:
        radii(view)


def radii(view: StepView) -> None:
    """What is drawn and what is counted, and the histogram of the radii."""
    total, drawn = view["samples"], drawn_of(view)
    few = f"The panes draw the first {drawn:,} of {total:,} samples; the histogram and the numbers count all of them."
    st.caption(f"{NOTES[view['map']]} {few if drawn < total else ''}")
    label = "Histogram of the radii of g(z) beside their exact density"
    sketch(spread(view["map"], view["seed"], total)[0], key=view.key("radii"), label=label, height=260)


def drawn_of(values: Values) -> int:
    """The number of points that the panes draw."""
    return min(values["samples"], MOST_DRAWN)


def images(values: Values):
    """g(z) of all samples of a view, (N, 2)."""
    return getattr(transforms, values["map"])(samples(values["seed"])[: values["samples"]])


# Not lru_cache: Streamlit executes a page's script again for each visitor, which would create a new cache.
@st.cache_resource(max_entries=64, show_spinner=False)
def spread(name: str, seed: int, count: int) -> tuple[Sketch, dict[str, str]]:
    """The histogram of the radii of g(z) with the exact density, and the figures of the samples."""
    x = images({"map": name, "seed": seed, "samples": count})
    drawn = radii_sketch(
        x.norm(dim=1).numpy(),
        name="samples of g(z)",
        colour=palette.DATA,
        density=exact_radii(name),
        mark=HOLE if name == "ring" else None,
        upper=LONGEST[name],
    )
    mean, deviation = plane.radius_moments(x)
    shown = {"Samples": f"{count:,}", "Mean radius": f"{mean:.4f}", "Standard deviation": f"{deviation:.4f}"}
    if name == "ring":
        mean, deviation = plane.ring_radius_moments()
        shown |= {
            f"g: inside ρ < {HOLE}": f"{100 * plane.share_inside(x, HOLE):.2f} %",
            "Mean radius, exact": f"{mean:.4f}",
            "Standard deviation, exact": f"{deviation:.4f}",
        }
    return drawn, shown


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the samples, and the lines that print them from z."""
    _, shown = spread(view["map"], view["seed"], view["samples"])
    lines = SCRIPT.substitute(count=view["samples"], map=view["map"])
    return shown, lines + (RING_SCRIPT.substitute(hole=HOLE) if view["map"] == "ring" else "")


def map_menu(view: StepView) -> None:
    st.selectbox("Map g", list(MAPS), format_func=MAPS.get, key=view.key("map"))


def samples_slider(view: StepView) -> None:
    st.select_slider("Samples", COUNTS, format_func="{:,}".format, key=view.key("samples"))


def seed_control(view: StepView) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        seed_field(view, "New samples", width=140)


CONTROLS = {"map": map_menu, "samples": samples_slider, "seed": seed_control}
