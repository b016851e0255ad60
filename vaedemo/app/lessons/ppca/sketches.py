"""The pictures of the page on pPCA: two ellipses, the bound against log p, the gap against θ, the spectrum, β."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.shared.symbols import subscript
from vaedemo.figures import palette, style

LEAST_GAP_SHOWN = 0.05  # nats; lower limit for the top of the axis, so that rounding errors look like 0


def posteriors_sketch(exact: np.ndarray, diagonal: np.ndarray, second: int) -> Sketch:
    """The exact posterior's ellipse, (2, 2), and the best diagonal q's, (2,), around their common mean."""
    outlines = (
        ("p(z|x)", style.ellipse((0, 0), exact), "text", 0.12),
        ("best diagonal q", style.ellipse((0, 0), np.diag(diagonal)), palette.POSTERIOR, 0.0),
    )
    drawn = [
        layers.line(
            *(deviations * outline).T,
            color=colour,
            width=2.5 if deviations == 1 else 1.25,
            fill=fill,
            **({"name": name} if deviations == 1 else {}),
        )
        for name, outline, colour, fill in outlines
        for deviations in (2, 1)
    ]
    # The trace does not depend on θ, so the window does not either.
    side = 2.15 * float(np.sqrt(np.trace(exact)))
    first_name, second_name = (f"z{subscript(number)} − μ{subscript(number)}" for number in (1, second + 1))
    return Sketch(Axis(first_name, -side, side), Axis(second_name, -side, side), drawn, equal=True)


def bound_sketch(log_likelihood: np.ndarray, elbo: np.ndarray) -> Sketch:
    """One dot per example, its ELBO against its log p(x), (N,) each; on the diagonal the bound is tight."""
    low, high = float(log_likelihood.min()), float(log_likelihood.max())
    room = 0.08 * max(high - low, 1e-6)
    ends = [low - room, high + room]
    return Sketch(
        Axis("log p(x), nats", *ends),
        Axis("ELBO, nats", *ends),
        [
            layers.line(ends, ends, color=palette.NEUTRAL, width=1.5, name="ELBO = log p(x)"),
            layers.dots(log_likelihood, elbo, 2.6, color=palette.ELBO, alpha=0.75, name="an example x"),
        ],
    )


def gap_sketch(angles: np.ndarray, gaps: np.ndarray, angle: float, gap: float) -> Sketch:
    """log p(x) − ELBO against the angle in degrees, with a point at the chosen angle."""
    highest = max(1.15 * float(gaps.max()), LEAST_GAP_SHOWN)
    return Sketch(
        Axis("θ, degrees", -3, 183, [(tick, f"{tick}°") for tick in (0, 45, 90, 135, 180)]),
        Axis("log p(x) − ELBO, nats", -0.03 * highest, highest),
        [
            layers.line(angles, gaps, color=palette.KL, width=2.5, name="KL(q ‖ p(z|x))"),
            layers.dots([angle], [gap], 6, color=palette.KL, rim=True),
        ],
        readout=[
            (at, f"{at:.0f}°: {value:.4f} nats") for at, value in zip(angles.tolist(), gaps.tolist(), strict=True)
        ],
    )


def spectrum_sketch(eigenvalues: np.ndarray, threshold: float) -> Sketch:
    """The data's variance along each axis, (k,): the part above the line βσ² is w², the part below is noise."""
    kept = np.maximum(eigenvalues - threshold, 0)
    drawn, readout = [], []
    for axis, (value, weight) in enumerate(zip(eigenvalues.tolist(), kept.tolist(), strict=True), start=1):
        span = (axis - 0.36, axis + 0.36)
        names = ({"name": "left to the noise"}, {"name": "w², in the weights"}) if axis == 1 else ({}, {})
        drawn.append(layers.bar(span, (0, value - weight), color=palette.NEUTRAL, alpha=0.4, **names[0]))
        drawn.append(layers.bar(span, (value - weight, value), color=palette.RECONSTRUCTION, **names[1]))
        readout.append((axis, f"axis {axis}: λ = {value:.3f}, w² = {weight:.3f}"))
    drawn.append(layers.level(threshold, color=palette.KL, width=2.5, name="βσ²"))
    count, largest = len(eigenvalues), max(float(eigenvalues.max()), 1e-6)
    ticks = [(axis, str(axis)) for axis in range(1, count + 1) if count <= 6 or axis % 4 == 0]
    return Sketch(
        Axis("latent axis", 0.4, count + 0.6, ticks, bare=True),
        Axis("variance λ along the axis", 0, 1.1 * max(largest, min(threshold, 2 * largest))),
        drawn,
        readout=readout,
    )


def beta_sketch(betas: np.ndarray, log_likelihood: np.ndarray, elbo: np.ndarray, now: tuple) -> Sketch:
    """Mean log p(x) and mean ELBO of the model that each β trains, and `now`: (β, log p, ELBO)."""
    low, high = float(elbo.min()), float(log_likelihood.max())
    room = 0.06 * max(high - low, 1e-6)
    return Sketch(
        Axis("β", 0.09, 11, [(tick, f"{tick:g}") for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10)], log=True),
        Axis("nats, mean over x", low - room, high + room),
        [
            layers.upright(1, color=palette.NEUTRAL, dash="dotted", width=1.5),
            layers.band(betas, elbo, log_likelihood, color=palette.KL, alpha=0.22, name="KL(q ‖ p(z|x))"),
            layers.line(betas, log_likelihood, color="text", width=2.5, name="log p(x)"),
            layers.line(betas, elbo, color=palette.ELBO, width=2.5, name="ELBO"),
            layers.dots([now[0]], [now[1]], 5.5, color="text", rim=True),
            layers.dots([now[0]], [now[2]], 5.5, color=palette.ELBO, rim=True),
        ],
        readout=[
            (beta, f"β = {beta:.2f}\nlog p {above:.3f}\nELBO {below:.3f}".replace("-", "−"))
            for beta, above, below in zip(betas.tolist(), log_likelihood.tolist(), elbo.tolist(), strict=True)
        ],
    )
