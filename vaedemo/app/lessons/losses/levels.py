"""Exhibit: the categorical p(x|z) of one pixel over a few grey levels, and the loss, which sees the true level alone.

The true level has the probability of the prediction. Most of the rest is on the level next to it, or on the farthest,
or it is shared evenly.
"""

from string import Template

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.losses import pixel_controls, pixel_sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability.grey_levels import one_hot
from vaedemo.probability.likelihoods import CLASSES
from vaedemo.rules import one_of

RESTS = {"next": "Next", "far": "Farthest", "even": "All"}
MOST = 0.8  # of the rest is on the level that is chosen
PARAMETERS = (Parameter("rest", "even", one_of(*RESTS)),)
SCRIPT = Template("""\
import torch
from vaedemo.probability.likelihoods import CLASSES

x, p = torch.tensor([$x]).double(), torch.tensor([$p]).double()
categorical = CLASSES["categorical"](p.log())
print(f"−log p of x's level: {-categorical.log_prob(x).item():z.3f} nats")
greys = torch.linspace(0, 1, $levels).double()
print(f"Expected squared error: {(p[0] * (greys - x).square()).sum().item():.4f}")
""")


def true_level(values: Values) -> int:
    """The index c of the level nearest to x."""
    return int(one_hot(torch.tensor([values["x"]], dtype=torch.float64), values["levels"])[0].argmax())


def favoured(own: int, levels: int, rest: str) -> int | None:
    """The level that gets most of the rest; None if all get alike."""
    if rest == "even":
        return None
    if rest == "next":
        return own + 1 if own + 1 < levels else own - 1
    return 0 if own >= levels - 1 - own else levels - 1


def probabilities(values: Values) -> Tensor:
    """p over the levels, (levels,), float64."""
    own, levels, prediction = true_level(values), values["levels"], values["prediction"]
    left = 1 - prediction
    target = favoured(own, levels, values["rest"])
    p = torch.full((levels,), left / (levels - 1), dtype=torch.float64)
    if target is not None and levels > 2:
        p[:] = (1 - MOST) * left / (levels - 2)
        p[target] = MOST * left
    p[own] = prediction
    return p


def loss_of(values: Values) -> float:
    """−log p of the true level in nats."""
    x = torch.tensor([values["x"]], dtype=torch.float64)
    return -CLASSES["categorical"](probabilities(values)[None].log()).log_prob(x).item()


def squared_error(values: Values) -> float:
    """The squared error of a level drawn from p, on average."""
    greys = torch.linspace(0, 1, values["levels"], dtype=torch.float64)
    return (probabilities(values) * (greys - values["x"]).square()).sum().item()


def picture(view: StepView) -> None:
    own, loss = true_level(view), loss_of(view)
    before = None if view.before is None else probabilities(view.before).tolist()
    left, right = st.columns([1.35, 1], gap="small")
    with left:
        drawn = pixel_sketches.bars(probabilities(view).tolist(), own, before)
        label = "The probability of each grey level; the true one is level " + str(own)
        sketch(drawn, key=view.key("levels.bars"), label=label, height=430)
    with right:
        drawn = pixel_sketches.minus_log_probability(view["prediction"], own, loss)
        sketch(drawn, key=view.key("levels.loss"), label=f"The loss −log p, here {loss:.2f} nats", height=430)


def work(view: StepView) -> tuple[dict[str, str], str]:
    figures = {
        "−log p of x's level": f"{loss_of(view):z.3f} nats",
        "Expected squared error": f"{squared_error(view):.4f}",
    }
    return figures, SCRIPT.substitute(x=view["x"], p=probabilities(view).tolist(), levels=view["levels"])


def choose_rest(view: StepView) -> None:
    st.segmented_control(
        "Most of the rest is on this level", list(RESTS), format_func=RESTS.get, key=view.key("rest"), required=True
    )


CONTROLS = pixel_controls.some("x", "prediction", "levels") | {"rest": choose_rest}
