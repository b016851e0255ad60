"""Exhibit: the best Gaussian for a target with two modes, under each direction of the KL."""

from functools import lru_cache
from string import Template

import streamlit as st
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.lessons.kl import sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import palette
from vaedemo.probability.gaussian_fits import GaussianFit, fit_covering, fit_seeking
from vaedemo.probability.quadrature import posterior_grid
from vaedemo.probability.two_modes import REACH, grid_points, start_at_highest, two_modes
from vaedemo.rules import one_of, real, whole

TARGETS = {"line": "1-D", "plane": "2-D", "image": "A digit"}
RUN = "mnist-2d"
DIGITS = (113, 108, 83, 86, 36, 26)  # indices of test digits; all but the last have a posterior with two modes
POINTS = 81  # per axis of a posterior's grid
TALL = 3.2  # half the height of the plane shown
START = {"left": "left", "right": "right"}
PARAMETERS = (
    Parameter("target", "line", one_of(*TARGETS)),
    Parameter("distance", 4.0, real(0.0, 6.0)),
    Parameter("share", 0.6, real(0.1, 0.9)),
    Parameter("start", "left", one_of(*START)),
    Parameter("digit", 0, whole(0, len(DIGITS) - 1)),
)
MIXTURE = Template("""\
from vaedemo.probability.gaussian_fits import fit_covering, fit_seeking
from vaedemo.probability.two_modes import start_at_highest, two_modes

points, log_density = two_modes(distance=$distance, share=$share, dimension=$dimension)
""")
POSTERIOR = Template("""\
import vaedemo as vd
from vaedemo.probability.gaussian_fits import fit_covering, fit_seeking
from vaedemo.probability.quadrature import posterior_grid
from vaedemo.probability.two_modes import grid_points, start_at_highest

x = vd.datasets.first_view("mnist-55k")[0].as_data("binary")[$index : $index + 1]
grid = posterior_grid(vd.load("$run").model, x, points=$points)
points, log_density = grid_points(grid.axes), grid.log_posterior.flatten()
""")
FITS = Template("""\
starts = {side: start_at_highest(points, log_density, side) for side in ("left", "right")}
left, right = (fit_seeking(points, log_density, *start) for start in starts.values())
covering = fit_covering(points, log_density)
print(f"KL(q‖p), from the left: {left.divergence:z.4f} nats")
print(f"KL(q‖p), from the right: {right.divergence:z.4f} nats")
print(f"KL(p‖q): {covering.divergence:z.4f} nats")
print(f"σ₁ by KL(q‖p): {$start.covariance[0, 0].item() ** 0.5:.3f}")
print(f"σ₁ by KL(p‖q): {covering.covariance[0, 0].item() ** 0.5:.3f}")
""")


def picture(view: StepView) -> None:
    """The target and its fits; while a question is open the target alone, with the Gaussian that the search starts
    from."""
    target = view["target"]
    points, log_density, shape, axes, seeking, covering = fitted(view)
    if view.is_open:
        fits = {"q, where it starts": (starting(points, log_density, view["start"]), "dotted")}
    else:
        fits = {"q by KL(p‖q)": (covering, "dashed"), "q by KL(q‖p)": (seeking[view["start"]], "solid")}
        if view["step"] != EXPLORE:
            del fits["q by KL(p‖q)"]
    if target == "line":
        drawn = on_a_line(points, log_density, fits)
    elif target == "plane":
        side = round(len(points) ** 0.5)  # the grid's first axis is z₁, which is horizontal in the picture
        across = points[:side, 1]
        shown = across.abs() <= TALL  # the density outside is negligible
        window = ((-REACH, REACH), (float(across[shown][0]), float(across[shown][-1])))
        drawn = on_a_plane(log_density.reshape(side, side).T[shown], window, fits, equal=True)
    else:
        window = tuple((float(axis[0]), float(axis[-1])) for axis in axes)
        drawn = on_a_plane(log_density.reshape(shape), window, fits, equal=False)
    label = "The target p, and " + ", ".join(fits)
    sketch(drawn, key=view.key("fits"), label=label, height=400)


def fitted(view: StepView):
    """Points and log density of the target, its shape and axes if it is a digit's posterior, and its fits."""
    if view["target"] == "image":
        digest = catalogue.run(RUN).digest
        return *digit_posterior(view["digit"], digest), *fits_of_digit(view["digit"], digest)
    dimension = 1 if view["target"] == "line" else 2
    points, log_density, seeking, covering = fits_of_mixture(view["distance"], view["share"], dimension)
    return points, log_density, None, None, seeking, covering


def starting(points: Tensor, log_density: Tensor, side: str) -> GaussianFit:
    """The Gaussian from which the search on this side starts."""
    mean, covariance = start_at_highest(points, log_density, side)
    return GaussianFit(mean, covariance, float("nan"))


def work(view: StepView) -> tuple[dict[str, str], str]:
    *_, seeking, covering = fitted(view)
    figures = {
        "KL(q‖p), from the left": f"{seeking['left'].divergence:z.4f} nats",
        "KL(q‖p), from the right": f"{seeking['right'].divergence:z.4f} nats",
        "KL(p‖q)": f"{covering.divergence:z.4f} nats",
        "σ₁ by KL(q‖p)": f"{seeking[view['start']].covariance[0, 0].item() ** 0.5:.3f}",
        "σ₁ by KL(p‖q)": f"{covering.covariance[0, 0].item() ** 0.5:.3f}",
    }
    return figures, script(view)


def target_chooser(view: StepView) -> None:
    st.segmented_control("Target p", list(TARGETS), format_func=TARGETS.get, key=view.key("target"), required=True)


def target_controls(view: StepView) -> None:
    """What the target has to choose: a digit, or the distance and the shares of its modes."""
    if view["target"] == "image":
        st.markdown("Its posterior p(z|x), exact, under the run mnist-2d:")
        image_grid(
            digits().numpy(),
            3,
            key=view.key("digits"),
            label="Digits, most of them with two modes in their posterior",
            selected=view["digit"],
            scale_hint=2.4,
            on_click=lambda index: choose(view.key("digit"), index),
        )
    else:
        st.slider("Distance of the modes", 0.0, 6.0, step=0.1, key=view.key("distance"))
        st.slider("Share of the left mode", 0.1, 0.9, step=0.05, key=view.key("share"))


def start_chooser(view: StepView) -> None:
    st.segmented_control(
        "The search under KL(q‖p) starts", list(START), format_func=START.get, key=view.key("start"), required=True
    )


@lru_cache(maxsize=1)
def digits() -> Tensor:
    """The digits of `DIGITS` as a model reads them, 0 or 1: (6, 1, 28, 28)."""
    return catalogue.images("mnist-55k")[0].as_data("binary")[list(DIGITS)]


@st.cache_resource(show_spinner=False, max_entries=len(DIGITS))
def digit_posterior(place: int, digest: str) -> tuple[Tensor, Tensor, tuple[int, ...], tuple[Tensor, ...]]:
    """The exact posterior of one of the digits on a grid: points, log density, its shape and its axes."""
    x = digits()[place : place + 1]
    grid = posterior_grid(catalogue.run(RUN).model, x, points=POINTS)
    return grid_points(grid.axes), grid.log_posterior.flatten(), tuple(grid.log_posterior.shape), grid.axes


def fits_of(points: Tensor, log_density: Tensor) -> tuple[dict[str, GaussianFit], GaussianFit]:
    """The best Gaussians under KL(q‖p), by the start of the search, and the best one under KL(p‖q)."""
    seeking = {side: fit_seeking(points, log_density, *start_at_highest(points, log_density, side)) for side in START}
    return seeking, fit_covering(points, log_density)


@st.cache_resource(show_spinner=False, max_entries=len(DIGITS))
def fits_of_digit(place: int, digest: str) -> tuple[dict[str, GaussianFit], GaussianFit]:
    points, log_density, _, _ = digit_posterior(place, digest)
    return fits_of(points, log_density)


@lru_cache(maxsize=60)
def fits_of_mixture(
    distance: float, share: float, dimension: int
) -> tuple[Tensor, Tensor, dict[str, GaussianFit], GaussianFit]:
    """The target with two modes on its grid, points and log density, and its fits."""
    points, log_density = two_modes(distance, share, dimension)
    return points, log_density, *fits_of(points, log_density)


def on_a_line(points: Tensor, log_density: Tensor, fits: dict[str, tuple[GaussianFit, str]]) -> Sketch:
    shown = {
        name: (fit.mean.item(), fit.covariance.item(), palette.POSTERIOR, dash) for name, (fit, dash) in fits.items()
    }
    grid, target = points[::2, 0].numpy(), log_density[::2].exp().numpy()
    return sketches.densities(grid, shown, top=0.7, target=("target p", target))


def on_a_plane(log_density: Tensor, window, fits: dict[str, tuple[GaussianFit, str]], *, equal: bool) -> Sketch:
    shown = {name: (fit.mean.numpy(), fit.covariance.numpy(), dash) for name, (fit, dash) in fits.items()}
    target = (log_density - log_density.max()).exp().numpy()
    return sketches.target_plane(target, window, shown, equal=equal)


def script(view: StepView) -> str:
    if view["target"] == "image":
        target = POSTERIOR.substitute(run=RUN, index=DIGITS[view["digit"]], points=POINTS)
    else:
        dimension = 1 if view["target"] == "line" else 2
        target = MIXTURE.substitute(distance=view["distance"], share=view["share"], dimension=dimension)
    return target + FITS.substitute(start=view["start"])


def choose(key: str, index: int) -> None:
    st.session_state[key] = index


CONTROLS = {"target": target_chooser, "modes": target_controls, "start": start_chooser}
