"""Exhibit: two latent axes turned by θ at β = 1: log p(x) stays, the ELBO meets it where the posterior is upright."""

import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca import views
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette

HEIGHT = 300  # of a picture among several, CSS pixels
LARGE = 420
LEAST_ROOM = 0.2  # nats that the ruler shows at least, so that rounding errors look like 0


def shown(values: Values) -> views.Turned:
    """What a view's θ does."""
    data, second, _ = ppca_data.of(values)
    return views.turned(data, values["variance"], values["theta"], second)


def gaps(values: Values) -> np.ndarray:
    """The gap at every angle, nats."""
    data, second, _ = ppca_data.of(values)
    return ppca_data.gap_curve(data.eigenvalues.numpy(), values["variance"], second)


def bound(view: StepView) -> None:
    """The mean log p(x) and the mean ELBO over θ, and beside them the posterior and q at this θ."""
    found = shown(view.own)
    before = gaps(view.before) if view.before else None
    curves, ellipses = st.columns([6, 5], gap="small")
    with curves:
        drawn = over_angles(found.log_likelihood, gaps(view.own), view["theta"], found.gap, before)
        label = f"log p(x) and the ELBO over the angle; at {view['theta']}° the gap is {found.gap:z.4f} nats"
        sketch(drawn, key=view.key("over"), label=label, height=LARGE)
    with ellipses:
        _, drawn, label = found.pictures[0]
        sketch(drawn, key=view.key("posterior"), label=label, height=LARGE)
    warn_dead(view, found)


def over_angles(
    log_marginal: float, gaps: np.ndarray, angle: float, gap: float, before: np.ndarray | None = None
) -> Sketch:
    """log p(x), flat, and the ELBO under it, with the gap at the chosen angle; `before`: other gaps, dashed."""
    angles = ppca_data.ANGLES
    deepest = max(LEAST_ROOM, float(gaps.max()), 0.0 if before is None else float(before.max()))
    drawn = []
    if before is not None:
        drawn.append(layers.line(angles, log_marginal - before, color=palette.ELBO, width=2, dash="dashed", alpha=0.6))
        at = int(before.argmax())
        drawn.append(
            layers.words(
                angles[at], log_marginal - before[at], "ELBO before", color=palette.ELBO, align="center", baseline="top"
            )
        )
    drawn += [
        layers.line(angles, np.full_like(angles, log_marginal), color="text", width=3),
        layers.line(angles, log_marginal - gaps, color=palette.ELBO, width=3.5),
        layers.line([angle, angle], [log_marginal - gap, log_marginal], color=palette.KL, width=4),
        layers.dots([angle], [log_marginal - gap], 7, color=palette.ELBO, rim=True),
        layers.words(
            178, log_marginal + 0.03 * deepest, "log p(x)", color="text", bold=True, baseline="bottom", align="right"
        ),
    ]
    low = log_marginal - gaps[67]  # at 134°, the deepest place of the right half
    if gaps.max() > 0.02 * deepest:
        drawn.append(
            layers.words(
                134, low - 0.03 * deepest, "ELBO", color=palette.ELBO, bold=True, align="center", baseline="top"
            )
        )
    if gap > 0.02 * deepest:
        drawn.append(layers.words(angle, log_marginal - gap / 2, "gap", color=palette.KL, bold=True, shift=10))
    return Sketch(
        Axis("θ, degrees", -3, 183, [(tick, f"{tick}°") for tick in (0, 45, 90, 135, 180)]),
        Axis("nats, mean over x", log_marginal - 1.25 * deepest, log_marginal + 0.2 * deepest),
        drawn,
        readout=[
            (at, f"{at:.0f}°: gap {value:.4f} nats") for at, value in zip(angles.tolist(), gaps.tolist(), strict=True)
        ],
    )


def pictures(view: StepView) -> None:
    """The ellipses, the bound against log p(x) and the gap over θ."""
    found = shown(view.own)
    for index, (column, (title, drawn, label)) in enumerate(
        zip((*st.columns(2, gap="medium"), st.container()), found.pictures, strict=True)
    ):
        with column:
            st.markdown(f"**{title}**")
            sketch(drawn, key=view.key(f"turn{index}"), label=label, height=HEIGHT)
    warn_dead(view, found)


def warn_dead(view: StepView, found: views.Turned) -> None:
    if found.dead:
        st.info(
            f"Both axes are dead: their variances λ lie below σ² = {view['variance']:g}, so z says nothing. Lower σ².",
            icon=":material/water_drop:",
        )
