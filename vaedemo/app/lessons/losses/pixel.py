"""Exhibit: the reconstruction loss of one pixel under each of the four likelihoods."""

from functools import lru_cache
from string import Template
from typing import NamedTuple

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.lessons.losses import pixel_controls, sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.probability.grey_levels import one_hot
from vaedemo.probability.likelihoods import CLASSES
from vaedemo.probability.losses import pixel_loss, true_level_logits

PARAMETERS, CONTROLS = pixel_controls.PARAMETERS, pixel_controls.CONTROLS
CURVE = torch.linspace(0.005, 0.995, 67, dtype=torch.float64)
KINDS = ("gaussian", "continuous_bernoulli", "bernoulli", "categorical")  # the lecture's, two a row
# What the axis of a panel is, where it is no grey value: the continuous Bernoulli's mean is nearer to ½ than its λ.
AXES = {"categorical": "probability of x's level", "continuous_bernoulli": "λ, not the mean"}
# Plain HTML, because the browser typesets formulas in a Markdown table again at each slider move, which is slow.
TABLE_LOOK = """<style>
.levels { overflow-x: auto; }
.levels table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.levels th, .levels td { padding: 0.3rem 0.9rem; text-align: right; font-weight: 400;
  border-bottom: 1px solid rgba(128, 135, 146, 0.25); }
.levels th { text-align: left; padding-left: 0; white-space: nowrap; }
</style>"""
SCRIPT = Template("""\
import torch
from vaedemo.probability.losses import pixel_loss

x, prediction = $x, torch.tensor([$prediction], dtype=torch.float64)
constant = pixel_loss("gaussian", x, torch.full_like(prediction, x))
print(f"Gaussian: {pixel_loss('gaussian', x, prediction, noise_variance=$variance).item():.3f} nats")
print(f"½(x − x̂)²: {(pixel_loss('gaussian', x, prediction) - constant).item():.3f} nats")
print(f"Continuous Bernoulli: {pixel_loss('continuous_bernoulli', x, prediction).item():.3f} nats")
print(f"$bernoulli: {pixel_loss('bernoulli', x, prediction).item():.3f} nats")
print(f"Categorical: {pixel_loss('categorical', x, prediction, levels=$levels).item():.3f} nats")
""")


def picture(view: StepView) -> None:
    panels, names = panels_of(view), names_of(view)
    for pair in (KINDS[:2], KINDS[2:]):
        for kind, column in zip(pair, st.columns(2, gap="medium"), strict=True):
            with column:
                st.markdown(f"**{names[kind]}**")
                label = f"{names[kind]}: the loss of one pixel against its prediction"
                sketch(panels[kind].drawn, key=view.key(f"panel.{kind}"), label=label, height=200)
    st.caption(
        "Dotted: the pixel x. Dashed: the lecture's ½(x − x̂)², a Gaussian with σ² = 1 and its constant dropped. "
        "On a grey pixel cross-entropy is a loss, not −log p: a Bernoulli knows only black and white."
    )
    st.markdown("**The categorical, with its index c written out:** $x_c$ is one-hot, so of the sum one term is left.")
    st.html(level_by_level(view["x"], view["prediction"], view["levels"]))


def panels_of(view: StepView) -> dict[str, "Panel"]:
    own = {"gaussian": {"noise_variance": view["variance"]}, "categorical": {"levels": view["levels"]}}
    return {kind: panel(kind, view["x"], view["prediction"], **own.get(kind, {})) for kind in KINDS}


def names_of(view: StepView) -> dict[str, str]:
    return {kind: name_of(kind, view["x"]) for kind in KINDS}


def work(view: StepView) -> tuple[dict[str, str], str]:
    panels, names = panels_of(view), names_of(view)
    values = {names[kind]: panels[kind].loss for kind in KINDS}
    lecture = {"½(x − x̂)²": panels["gaussian"].lecture}
    values = {names["gaussian"]: values.pop(names["gaussian"])} | lecture | values
    fields = {name: view[name] for name in ("x", "prediction", "variance", "levels")}
    return {name: f"{value:.3f} nats" for name, value in values.items()}, SCRIPT.substitute(
        fields, bernoulli=names["bernoulli"]
    )


class Panel(NamedTuple):
    """One likelihood's picture, its loss at the prediction, and for the Gaussian the lecture's loss there, nats."""

    drawn: Sketch
    loss: float
    lecture: float | None


@lru_cache(maxsize=256)
def panel(kind: str, x: float, prediction: float, **settings: float) -> Panel:
    """The loss of one likelihood over all predictions, and at the chosen one."""
    point = torch.tensor([prediction], dtype=torch.float64)
    loss = pixel_loss(kind, x, point, **settings).item()
    is_gaussian = kind == "gaussian"
    measure = "density" if CLASSES[kind].is_density else "mass"
    drawn = sketches.pixel_sketch(
        CURVE.tolist(),
        pixel_loss(kind, x, CURVE, **settings).tolist(),
        (prediction, loss),
        unit="nats" if name_of(kind, x) == "Cross-entropy" else f"−log {measure}, nats",
        prediction_name=AXES.get(kind, "prediction x̂"),
        x=None if kind in AXES else x,
        reference=lecture_loss(x, CURVE).tolist() if is_gaussian else None,
    )
    return Panel(drawn, loss, lecture_loss(x, point).item() if is_gaussian else None)


def name_of(kind: str, x: float) -> str:
    """The title of a panel; "Cross-entropy" for a grey x, because a Bernoulli only accepts 0 and 1."""
    if kind == "bernoulli":
        return "Bernoulli" if x in (0, 1) else "Cross-entropy"
    return LIKELIHOODS[kind].title


def lecture_loss(x: float, prediction: Tensor) -> Tensor:
    """The lecture's ½(x − x̂)²: the Gaussian with σ² = 1 without its constant, which is its value at x̂ = x."""
    return pixel_loss("gaussian", x, prediction) - pixel_loss("gaussian", x, torch.full_like(prediction, x))


@lru_cache(maxsize=256)
def level_by_level(x: float, prediction: float, levels: int) -> str:
    """The categorical's sum with the index c, which the slide omits, as an HTML table."""
    pixel, point = (torch.tensor([value], dtype=torch.float64) for value in (x, prediction))
    hot = one_hot(pixel, levels)[0]
    log_p = true_level_logits(pixel, point, levels).log_softmax(1)[0]
    rows = {
        "<i>c</i>": [str(level) for level in range(levels)],
        "grey level": [f"{level / (levels - 1):.2f}" for level in range(levels)],
        "<i>x<sub>c</sub></i>": [f"{value:.0f}" for value in hot.tolist()],
        "<i>p<sub>c</sub></i>(z)": [f"{value:.2f}" for value in log_p.exp().tolist()],
        "−<i>x<sub>c</sub></i> log <i>p<sub>c</sub></i>(z)": [f"{value:.3f}" for value in (0 - hot * log_p).tolist()],
    }
    cells = (
        f"<tr><th scope='row'>{name}</th>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>"
        for name, row in rows.items()
    )
    return TABLE_LOOK + f"<div class='levels'><table>{''.join(cells)}</table></div>"
