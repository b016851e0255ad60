"""From noise to a ring: a map that turns a normal into data, its effect on the plane, and the same map learned."""

from string import Template

import streamlit as st

from vaedemo.analysis import warp as plane
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.components.warp import SHOWS, Settled, brush_text, warp
from vaedemo.app.lessons.ring import learned
from vaedemo.app.lessons.ring.radii import radii_sketch
from vaedemo.app.lessons.ring.scenes import (
    HOLE,
    LONGEST,
    MAPS,
    MOST_SAMPLES,
    NOTES,
    exact_panes,
    exact_radii,
    exact_scene,
    samples,
)
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.app.shell.seed_field import seed_field
from vaedemo.figures import palette
from vaedemo.probability import transforms
from vaedemo.rules import ConfigError, one_of, real, whole

COUNTS = (300, 1_000, 3_000, 10_000, 30_000)


def count(name: str, value) -> int:
    """The rule for the number of samples."""
    if str(value) not in map(str, COUNTS):
        raise ConfigError(name, value, "one of " + ", ".join(map(str, COUNTS)))
    return int(value)


LESSON = frame.Lesson(
    name="ring",
    question="Can plain Gaussian noise be turned into data by a function alone?",
    look_for=(
        "Press **Play**: g moves every z along its own ray. The angle is kept, the length becomes "
        "1 + ‖z‖/10, and the round cloud is a ring.",
        "g **tears** the plane at z = 0: neighbours around it fly apart, and no line crosses the hole. At z = 0 itself "
        "g has no limit; the code takes the direction (1, 0) there.",
        "A decoder is **continuous** and cannot tear. Its grid bridges the hole, so some prior samples always land "
        "there, however long it trains.",
    ),
    explained=(
        transforms.ring,
        transforms.morph,
        transforms.ring_radius_density,
        transforms.ring_density,
        plane.ring_radius_moments,
        transforms.scale,
        transforms.spiral,
        transforms.two_modes,
        plane.radius_density,
    ),
    references=(
        "C. Doersch, *Tutorial on variational autoencoders*, 2016, figure 2, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "M. Kahng, N. Thorat, D. H. Chau, F. Viégas, M. Wattenberg, *GAN Lab*, 2018, "
        "[arXiv 1809.01587](https://arxiv.org/abs/1809.01587): the generator drawn as a warped grid.",
    ),
    table=LinkTable(
        Parameter("map", "ring", one_of(*MAPS)),
        Parameter("samples", 10_000, count),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("t", 1.0, real(0.0, 1.0)),
        Parameter("show", "both", one_of(*SHOWS)),
        Parameter("brush", "", brush_text),
        Parameter("width", 128, learned.width),
        Parameter("train_seed", 0, whole(0, 99_999)),
        Parameter("train", 0, whole(0, 1)),
        Parameter("frame", learned.LAST, whole(0, learned.LAST)),
        Parameter("learned_show", "both", one_of(*SHOWS)),
        Parameter("learned_brush", "", brush_text),
    ),
)
PREDICTION = frame.Prediction(
    "Train with 8 units in each hidden layer instead of 128. What happens to the share of samples in the hole?",
    ("It grows several times over", "It stays about the same", "It falls to zero"),
    right="It grows several times over",
    because="To come close to a tear, the decoder must turn very steeply around z = 0, and few units cannot: 20 to "
    "35 % land in the hole with 8 units, about 10 % with 128 after the same 150 epochs. No width reaches zero.",
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import warp
from vaedemo.probability import transforms

z = torch.randn($most, 2, generator=torch.Generator().manual_seed($seed))
x = transforms.$map(z[:$count])
mean, sd = warp.radius_moments(x)
print(f"Mean radius: {mean:.4f}")
print(f"Standard deviation: {sd:.4f}")
""")
RING_SCRIPT = Template("""\
print(f"g: inside ρ < $hole: {100 * warp.share_inside(x, $hole):.2f} %")
mean, sd = warp.ring_radius_moments()
print(f"Mean radius, exact: {mean:.4f}")
print(f"Standard deviation, exact: {sd:.4f}")
""")


def controls(view: frame.View) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox("Map g", list(MAPS), format_func=MAPS.get, key=view.key("map"), width=180)
        st.select_slider("Samples", COUNTS, format_func="{:,}".format, key=view.key("samples"), width=260)
        seed_field(view, "New samples", width=140)


def panes(view: frame.View) -> None:
    def settle(settled: Settled) -> None:
        view["t"], view["show"], view["brush"] = settled.position, settled.shows, settled.brush

    scene = exact_scene(view["map"], view["seed"], view["samples"])
    state = Settled(view["t"], view["show"], view["brush"])
    warp(scene, exact_panes(view["map"]), state, key=view.key("warp"), on_settled=settle)
    st.caption(NOTES[view["map"]])


# Not lru_cache: Streamlit executes this script again for each visitor, which would create a new cache.
@st.cache_resource(max_entries=64, show_spinner=False)
def spread(name: str, seed: int, count: int) -> tuple[Sketch, dict[str, str]]:
    """The histogram of the radii of g(z) with the exact density, and the figures of the samples."""
    x = getattr(transforms, name)(samples(seed)[:count])
    drawn = radii_sketch(
        x.norm(dim=1).numpy(),
        name="samples of g(z)",
        colour=palette.DATA,
        density=exact_radii(name),
        mark=HOLE if name == "ring" else None,
        upper=LONGEST[name],
    )
    mean, deviation = plane.radius_moments(x)
    shown = {"Mean radius": f"{mean:.4f}", "Standard deviation": f"{deviation:.4f}"}
    if name == "ring":
        shown[f"g: inside ρ < {HOLE}"] = f"{100 * plane.share_inside(x, HOLE):.2f} %"
    return drawn, shown


def radii(view: frame.View) -> None:
    """The histogram of radii, the exact figures, and those of the samples."""
    drawn, shown = spread(view["map"], view["seed"], view["samples"])
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        label = "Histogram of the radii of g(z) beside their exact density"
        sketch(drawn, key=view.key("radii"), label=label, height=320)
    with right:
        numbers(shown, view["map"] == "ring", f"Over {view['samples']:,} samples, as in the histogram.")


def numbers(shown: dict[str, str], is_ring: bool, over: str) -> None:
    """The figures of the samples beside the exact ones."""
    sampled, exact = st.columns(2)
    if is_ring:
        mean, deviation = plane.ring_radius_moments()
        with exact:
            frame.numbers({"Mean radius, exact": f"{mean:.4f}"})
            frame.numbers({"Standard deviation, exact": f"{deviation:.4f}"})
    with sampled:
        for label, value in shown.items():
            frame.numbers({label: value}, {"Mean radius": over})


def script(view: frame.View) -> str:
    drawn = SCRIPT.substitute(most=MOST_SAMPLES, seed=view["seed"], count=view["samples"], map=view["map"])
    exact = RING_SCRIPT.substitute(hole=HOLE) if view["map"] == "ring" else ""
    return drawn + exact + learned.code(view)


def exact_half(view: frame.View, seed: int) -> None:
    """The exhibit of g; `seed`: of the samples in the last full run, which the learned half also shows."""
    controls(view)
    if view["seed"] != seed:
        st.rerun()  # a full rerun draws both halves
    panes(view)
    radii(view)
    view.script = script(view)


def learned_half(view: frame.View) -> None:
    """The exhibit of the decoder. It draws the code, as the exhibit above does."""
    learned.section(view)
    view.script = script(view)
    frame.code(view, part="learned_script")


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    drawn_with = view["seed"]
    # Two fragments, so that the widgets of one do not redraw the other.
    frame.exhibit(view, lambda view: exact_half(view, drawn_with))
    frame.fragment(view, lambda: learned_half(view))
