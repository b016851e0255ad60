"""The encoder and decoder weights of each unit of a wide layer, and how many units fire for one image."""

from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.lessons.overcomplete import few, form
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import palette
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

IMAGES = 1_000
MOST_TILES = 64
DASHES = {"none": "solid", "kl": "dashed", "l1": "dotted"}
EXAMPLES = 8  # images with the strongest response of the chosen unit
SIDES = {"encoder": "Encoder: what it looks at", "decoder": "Decoder: what it draws"}
ORDERS = {"image": "By this image", "all": "By all images"}
PARAMETERS = (
    Parameter("kind", "l1", one_of(*form.KINDS)),
    Parameter("side", "decoder", one_of(*SIDES)),
    Parameter("order", "all", one_of(*ORDERS)),
    Parameter("image", 0, whole(0, IMAGES - 1)),
    Parameter("unit", 0, whole(0, 1024)),
)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import hidden_units

$found
run = runs["$kind"]
images, which = vd.datasets.first_view("digits")
x = images.as_data("grey")
code = hidden_units.codes(run.model, x)
fires = hidden_units.fires(code, run.config.resolved_code_units)
d = run.config.latent_dim
print(f"Fire for this image: {fires[$image].sum()} of {d}")
print(f"Fire on average: {fires.sum(dim=1).float().mean():.1f} of {d}")
print(f"Never fire: {(~fires.any(dim=0)).sum()} of {d}")
print(f"This unit, this image: {code[$image, $unit]:.3f}")
print(f"This unit fires for: {100 * fires[:, $unit].float().mean():.1f} % of images")
""")


def picture(view: StepView) -> None:
    """In a step the few units that fire for one digit; in Explore all units, one of them, and one digit."""
    found = form.find(view)
    if found is None:
        return
    if view["step"] != EXPLORE:
        few.picture(view, found)
        return
    run = found[form.kind_of(view)]
    images, _ = catalogue.images("digits")
    code = few.codes(run.digest, run)
    order = in_order(view, run, code)
    unit = order[0] if view["unit"] == 0 else view["unit"] - 1
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        tiles(view, run, order, unit)
    with right:
        chosen_unit(view, run, code, unit, images.x)
        one_image(view, found, images)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the chosen net, unit and digit, none before the nets are trained; and the code."""
    found, kind, image = form.finished(view), form.kind_of(view), view["image"]
    fields = {"found": form.code_of(view), "kind": kind, "image": image}
    if found is None:
        return {}, SCRIPT.substitute(fields, unit=max(view["unit"] - 1, 0))
    run = found[kind]
    code = few.codes(run.digest, run)
    order = in_order(view, run, code)
    unit = order[0] if view["unit"] == 0 else view["unit"] - 1
    fires = hidden_units.fires(code, run.config.resolved_code_units)
    d = run.config.latent_dim
    figures = {
        "Fire for this image": f"{fires[image].sum()} of {d}",
        "Fire on average": f"{fires.sum(dim=1).float().mean():.1f} of {d}",
        "Never fire": f"{(~fires.any(dim=0)).sum()} of {d}",
        "This unit, this image": f"{code[image, unit]:.3f}",
        "This unit fires for": f"{100 * fires[:, unit].float().mean():.1f} % of images",
    }
    return figures, SCRIPT.substitute(fields, unit=unit)


def chooser(name: str, titles, label: str):
    """A control with one of a few options; of the kinds only those that are there."""

    def draw(view: StepView) -> None:
        offered = [each for each in titles if name != "kind" or each in form.kinds(view)]
        if view[name] not in offered:
            view[name] = form.kind_of(view)
        st.segmented_control(label, offered, format_func=titles.get, key=view.key(name), required=True, wrap=True)

    return draw


def choose_image(view: StepView) -> None:
    st.number_input("Test digit", 0, IMAGES - 1, key=view.key("image"))


CONTROLS = {
    "kind": chooser("kind", form.KINDS, "Penalty"),
    "side": chooser("side", SIDES, "Weights shown"),
    "order": chooser("order", ORDERS, "Units in order of activity"),
    "image": choose_image,
}


def in_order(view: StepView, run: Run, code: torch.Tensor) -> list[int]:
    """All units, the most active first: for the chosen image, or on average over all images."""
    if view["unit"] > run.config.latent_dim:
        st.warning(
            f"unit accepts a whole number from 1 to {run.config.latent_dim} for these nets, or 0 for the most active, "
            f"got {view['unit']}.",
            icon=":material/link_off:",
        )
        view["unit"] = 0
    activity = code[view["image"]] if view["order"] == "image" else code.mean(dim=0)
    return activity.argsort(descending=True, stable=True).tolist()


def tiles(view: StepView, run: Run, order: list[int], unit: int) -> None:
    """The units' weights as images; a click chooses a unit."""
    shown = order[:MOST_TILES]
    words = f"the {len(shown)} most active of {len(order)}" if len(shown) < len(order) else f"all {len(order)}"
    st.markdown(f"**The units, {words}**: click one")

    def pick(cell: int) -> None:
        view["unit"] = shown[cell] + 1

    image_grid(
        few.features(run.digest, view["side"], run)[shown],
        4 if len(shown) <= 16 else 8,
        key=view.key("tiles"),
        label="The weights of each unit, the most active unit first",
        selected=shown.index(unit) if unit in shown else None,
        scale_hint=2 if len(shown) > 16 else 4,
        on_click=pick,
    )
    st.caption("Blue weights are positive, orange negative, black zero; each unit full at its own largest.")


def chosen_unit(view: StepView, run: Run, code: torch.Tensor, unit: int, x: torch.Tensor) -> None:
    """The encoder and decoder weights of one unit, and the digits to which it responds most."""
    st.markdown(f"**Unit {unit + 1}**: what it looks at, what it draws")
    both = np.stack([few.features(run.digest, side, run)[unit] for side in SIDES])
    image_grid(
        both,
        2,
        key=view.key("both"),
        label="Encoder and decoder weights of the chosen unit",
        captions=["encoder", "decoder"],
        scale_hint=3.4,
        clickable=False,
    )
    strongest = code[:, unit].argsort(descending=True, stable=True)[:EXAMPLES]
    st.markdown("**Digits that fire it most**: click one")

    def pick(cell: int) -> None:
        view["image"] = int(strongest[cell])

    image_grid(
        x[strongest].numpy(),
        EXAMPLES,
        key=view.key("strongest"),
        label="The test digits that fire this unit most",
        captions=[f"{value:.2f}" for value in code[strongest, unit].tolist()],
        selected=strongest.tolist().index(view["image"]) if view["image"] in strongest.tolist() else None,
        scale_hint=2,
        on_click=pick,
    )


def one_image(view: StepView, found: dict[str, Run], images) -> None:
    """The chosen digit, and the distribution of its code over the units of each net."""
    left, right = st.columns([1, 2.6], gap="small")
    with left:
        image_grid(
            images.x[view["image"]][None].numpy(),
            1,
            key=view.key("own"),
            label="The chosen digit",
            scale_hint=3,
            clickable=False,
        )
    with right:
        activity = {kind: few.codes(run.digest, run)[view["image"]].numpy() for kind, run in found.items()}
        label = "Activity of the units for the chosen digit, the most active first, in each of the nets"
        sketch(activity_curves(activity, form.kind_of(view)), key=view.key("activity"), label=label, height=190)


def activity_curves(activity: dict[str, np.ndarray], chosen: str) -> Sketch:
    """Sorted activities, for each net as shares of its largest."""
    drawn = []
    for kind, values in activity.items():
        shares = np.sort(values)[::-1] / max(float(values.max()), 1e-9)
        look = {"color": palette.POSTERIOR, "dash": DASHES[kind], "width": 3 if kind == chosen else 2}
        drawn.append(layers.line(np.arange(1, len(shares) + 1), np.maximum(shares, 0), name=form.KINDS[kind], **look))
    count = max(len(values) for values in activity.values())
    return Sketch(
        Axis("units, the most active first", 1, count),
        Axis("activity / largest", 0, 1.05),
        [*drawn, layers.level(0.0, color=palette.NEUTRAL, width=1)],
    )
