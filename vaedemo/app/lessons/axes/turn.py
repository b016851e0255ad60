"""Part of the page on latent axes: under a rotation log p(x) stays the same, and the best diagonal q gets worse."""

import math
from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import rotation, turned_q
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.shared import twenty
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.probability import bounds
from vaedemo.rules import ConfigError, whole
from vaedemo.training import first_views

RUN, DEGREES = first_views.PLANE, first_views.DEGREES
STEP = DEGREES[1] - DEGREES[0]
HEIGHT = 420  # of the pictures
GRID, DRAWN = 61, 600  # codes per axis of the posterior's grid, and codes drawn from it

SCRIPT = Template("""\
import math

import vaedemo as vd
from vaedemo.analysis import rotation, turned_q
from vaedemo.probability import bounds

$load
model = vd.load("$run").model
turned = rotation.Rotated(model, rotation.turn(math.radians(45)))
chosen = x[$digit : $digit + 1]
print(f"log p(x): {bounds.log_marginal_grid(model, chosen).item():.2f} nats")
print(f"log p(x), turned 45°: {bounds.log_marginal_grid(turned, chosen).item():.2f} nats")
angles = [math.radians(degrees) for degrees in range(0, 91, $step)]
best = turned_q.best_over_angles(model, chosen, angles).elbo
print(f"Best ELBO, 0°: {best[0].item():.2f} nats")
print(f"Best ELBO, α: {best[$place].item():.2f} nats")
ten = [turned_q.best_over_angles(model, x[index : index + 1], angles).elbo for index in range(0, $count, 2)]
change = (sum(ten) / len(ten))[$place] - (sum(ten) / len(ten))[0]
print(f"Change, α: {(best[$place] - best[0]).item():+z.3f} nats")
print(f"Mean change, ten digits: {change.item():+z.3f} nats")
""")


def degrees(name: str, value) -> int:
    """The rule for α: a whole number of degrees from 0 to 90, in steps."""
    number = whole(0, 90)(name, value)
    if number % STEP:
        raise ConfigError(name, value, f"a multiple of {STEP} from 0 to 90, in degrees")
    return number


FIRST_DIGIT = 0
PARAMETERS = (twenty.parameter(FIRST_DIGIT), Parameter("theta", 45, degrees))


@dataclass(frozen=True)
class Facts:
    """One digit: log p(x) before and after a rotation by 45°, nats; its best q at each angle; draws from
    its posterior (N, 2)."""

    log_marginal: float
    log_marginal_turned: float
    best: turned_q.TurnedBest
    posterior: np.ndarray


@st.cache_resource(max_entries=twenty.COUNT, show_spinner=False)
def facts(digest: str, digit: int) -> Facts:
    """All facts of a digit, computed at its first use (half a second)."""
    model, x = catalogue.run(RUN).model, twenty.binary()[digit : digit + 1]
    turned = rotation.Rotated(model, rotation.turn(math.radians(45)))
    grid = bounds.posterior_grid(model, x, points=GRID)
    return Facts(
        grid.log_marginal,
        float(bounds.log_marginal_grid(turned, x)),
        first_views.best_over_angles(catalogue.run(RUN), digit),
        draws(grid.axes, grid.log_joint),
    )


def draws(axes: tuple[torch.Tensor, torch.Tensor], log_joint: torch.Tensor) -> np.ndarray:
    """Codes (DRAWN, 2) from the posterior on its grid (rows z₂, columns z₁), each somewhere in its cell."""
    generator = torch.Generator().manual_seed(0)
    weights = (log_joint - log_joint.max()).exp().flatten()
    chosen = torch.multinomial(weights, DRAWN, replacement=True, generator=generator)
    row, column = chosen // log_joint.shape[1], chosen % log_joint.shape[1]
    cells = torch.tensor([float(axis[1] - axis[0]) for axis in axes])
    place = torch.stack([axes[0][column], axes[1][row]], 1)
    return (place + cells * (torch.rand(DRAWN, 2, generator=generator) - 0.5)).numpy()


@st.cache_resource(max_entries=2, show_spinner="The best q of ten digits at 19 angles, once")
def mean_change(digest: str) -> np.ndarray:
    """The mean change of the best ELBO over ten digits at each angle, nats: read, if it is known for these weights."""
    run = catalogue.run(RUN)
    known = first_views.known(run, first_views.MEAN_CHANGE)
    return (first_views.mean_change(run) if known is None else known).numpy()


def of(values: Values) -> Facts:
    return facts(catalogue.run(RUN).digest, values["digit"])


def change(values: Values) -> float:
    """By how much the best ELBO of the view's digit has changed since α = 0, nats."""
    elbo = of(values).best.elbo
    return float(elbo[values["theta"] // STEP] - elbo[0])


def picture(view: StepView) -> None:
    """The posterior with the best q, and beside it, once the question is answered, log p(x) and the best ELBO."""
    shown, place = of(view), view["theta"] // STEP
    covariance, mu = shown.best.covariance, shown.best.mu
    ellipses = [(mu[index].numpy(), covariance[index].numpy()) for index in (0, place)]
    drawn = sketches.turned_plane(shown.posterior, *ellipses, math.radians(view["theta"]))
    label = f"The exact posterior of the digit, the best diagonal q, and the best one turned by {view['theta']}°"
    if view.is_open:
        sketch(drawn, key=view.key("plane"), label=label, height=HEIGHT)
        return
    left, right = st.columns(2, gap="small")
    with left:
        sketch(drawn, key=view.key("plane"), label=label, height=HEIGHT)
    with right:
        curve(view, shown)
    if view["step"] == EXPLORE:
        over_ten(view)


def curve(view: StepView, shown: Facts) -> None:
    """log p(x) and the best ELBO of the digit over the angle."""
    drawn = sketches.bound_over_angle(np.array(DEGREES), shown.best.elbo.numpy(), shown.log_marginal, view["theta"])
    label = f"log p(x) stays at {shown.log_marginal:.2f} nats; the best ELBO has changed by {change(view):+.3f}"
    sketch(drawn, key=view.key("bound"), label=label, height=HEIGHT)


def over_ten(view: StepView) -> None:
    """The change of the best ELBO, of the digit and on average; and where the loss is known in closed form."""
    elbo, mean = of(view).best.elbo, mean_change(catalogue.run(RUN).digest)
    drawn = sketches.change_over_angle(np.array(DEGREES), (elbo - elbo[0]).numpy(), mean, view["theta"])
    average = mean[view["theta"] // STEP]
    label = f"Change of the best ELBO over the angle: now {change(view):+.3f} nats, on average {average:+.3f}"
    sketch(drawn, key=view.key("curve"), label=label, height=260)
    st.caption(
        "The mean is over the first digit of each class among the twenty. The axes of one digit's posterior need not "
        "be the model's: for some, turning helps. α = 90° only swaps the axes. For a linear VAE the loss is known in "
        "closed form, ½[Σ log M_ii − log det M], the same for every x. There the axes can be turned too:"
    )
    frame.link_to("ppca")


def work(view: StepView) -> tuple[dict[str, str], str]:
    """log p(x) and the best ELBO before and after the turn, and the code that prints them."""
    shown, mean, place = of(view), mean_change(catalogue.run(RUN).digest), view["theta"] // STEP
    straight, turned = shown.best.elbo[[0, place]].tolist()
    figures = {
        "log p(x)": f"{shown.log_marginal:.2f} nats",
        "log p(x), turned 45°": f"{shown.log_marginal_turned:.2f} nats",
        "Best ELBO, 0°": f"{straight:.2f} nats",
        "Best ELBO, α": f"{turned:.2f} nats",
        "Change, α": f"{change(view):+z.3f} nats",
        "Mean change, ten digits": f"{mean[place]:+z.3f} nats",
    }
    return figures, SCRIPT.substitute(
        load=twenty.code(), run=RUN, digit=view["digit"], step=STEP, place=place, count=twenty.COUNT
    )


def slider(view: StepView) -> None:
    st.slider("α, degrees", 0, 90, step=STEP, key=view.key("theta"))


def twenty_chooser(view: StepView) -> None:
    def pick(place: int) -> None:
        view["digit"] = place

    image_grid(
        twenty.binary().numpy(),
        5,
        key=view.key("digits"),
        label="Digits to choose from",
        selected=view["digit"],
        scale_hint=1.6,
        on_click=pick,
    )


CONTROLS = {"digit": twenty_chooser, "theta": slider}
OF_PART = ("digit", "theta")
