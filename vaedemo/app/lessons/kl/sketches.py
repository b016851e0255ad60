"""The pictures of the page on the KL: normals over a line and in the plane, the KL of one axis, the mean field."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette, style

CONTOURS = (0.1, 0.5, 1, 2, 3, 5)  # nats, contour lines of the surface
VARIANCE_TICKS = (0.03, 0.1, 0.3, 1, 3, 10)


def density(grid: np.ndarray, mean: float, variance: float) -> np.ndarray:
    """The density of N(mean, variance) at each point of the grid."""
    return np.exp(-0.5 * (grid - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance)


def integrand(grid: np.ndarray, e: float, variance: float, direction: str) -> np.ndarray:
    """q log(q/p) at each point of the grid, or p log(p/q), for q = N(e, variance) and p = N(0, 1); 0 where it
    vanishes."""
    log_q = -0.5 * ((grid - e) ** 2 / variance + np.log(2 * np.pi * variance))
    log_p = -0.5 * (grid**2 + np.log(2 * np.pi))
    return np.exp(log_q) * (log_q - log_p) if direction == "qp" else np.exp(log_p) * (log_p - log_q)


def normals(grid: np.ndarray, e: float, sigma: float, ghosts: Sequence[tuple[float, float]]) -> Sketch:
    """p = N(0, 1) and q = N(e, sigma²), each named beside its peak; `ghosts`: (mean, sd) of other q, dashed."""
    q, p = density(grid, e, sigma**2), density(grid, 0, 1)
    drawn = [layers.line(grid, p, color=palette.PRIOR, width=2.5, fill=0.14)]
    for mean, sd in ghosts:
        drawn.append(layers.line(grid, density(grid, mean, sd**2), color=palette.POSTERIOR, dash="dashed", width=1.5))
    drawn.append(layers.line(grid, q, color=palette.POSTERIOR, width=2.5, fill=0.14))
    top = 1.3 * max(q.max(), p.max(), *(1 / (sd * np.sqrt(2 * np.pi)) for _, sd in ghosts))
    side = -1 if e > 0 else 1  # p's name stands on the side away from q
    align = {-1: "right", 1: "left"}
    drawn += [
        layers.words(side * 1.2, 0.26, "p = N(0, 1)", color=palette.PRIOR, bold=True, align=align[side]),
        layers.words(e, q.max(), "q", color=palette.POSTERIOR, bold=True, align="center", baseline="bottom"),
    ]
    return Sketch(Axis("z", grid[0], grid[-1]), Axis("density", 0, float(top)), drawn)


def area_picture(grid: np.ndarray, e: float, sigma: float, direction: str, areas: tuple[float, float] | None) -> Sketch:
    """The integrand over z, with its positive and negative area; `areas`: the numbers to write, in nats."""
    values = integrand(grid, e, sigma**2, direction)
    high, low = max(float(values.max()), 0.05), min(float(values.min()), 0.0)
    room = 0.35 * (high - low)
    drawn = [
        layers.band(grid, np.zeros_like(grid), np.maximum(values, 0), color=palette.KL, alpha=0.55),
        layers.band(grid, np.minimum(values, 0), np.zeros_like(grid), color=palette.NEUTRAL, alpha=0.55),
        layers.line(grid, values, color=palette.KL, width=2),
    ]
    if areas is not None and areas[0] > 5e-4:
        peak, dip = grid[values.argmax()], grid[values.argmin()]
        drawn += [
            layers.words(
                peak, high, f"area +{areas[0]:.3f}", color="text", bold=True, align="center", baseline="bottom"
            ),
            layers.words(dip, low, f"area −{-areas[1]:.3f}", color="text", bold=True, align="center", baseline="top"),
        ]
    title = "q log(q/p)" if direction == "qp" else "p log(p/q)"
    step = next(each for each in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if each >= high / 2.5)
    # One decimal, as in the picture above: so both z axes begin at the same place.
    ticks = [(step * place, f"{step * place:.1f}") for place in range(3)]
    return Sketch(Axis("z", grid[0], grid[-1]), Axis(title, low - room, high + room, ticks), drawn)


def densities(
    grid: np.ndarray,
    shown: Mapping[str, tuple[float, float, str, str]],
    *,
    top: float,
    target: tuple[str, np.ndarray] | None = None,
) -> Sketch:
    """Normals over a line. `shown`: name → (mean, variance, colour, dash); `target`: name and density (M,), in the
    background."""
    drawn = []
    if target is not None:
        drawn.append(layers.line(grid, target[1], color=palette.NEUTRAL, width=2, fill=0.3, name=target[0]))
    for name, (mean, variance, colour, dash) in shown.items():
        fill = {} if target is not None else {"fill": 0.14}
        values = density(grid, mean, variance)
        drawn.append(layers.line(grid, values, color=colour, dash=dash, width=2.5, name=name, **fill))
    return Sketch(Axis("z", float(grid[0]), float(grid[-1])), Axis("density", 0, top), drawn)


def normal_layers(name: str, mean, covariance, colour: str, dash: str = "solid", fill: float = 0.0, **look) -> list:
    """A normal in the plane: its ellipses at one and two standard deviations, and its mean."""
    outer, inner = (style.ellipse(mean, covariance, deviations).T for deviations in (2, 1))
    return [
        layers.line(*outer, color=colour, dash=dash, width=1.25, **look),
        layers.line(*inner, color=colour, dash=dash, width=2.5, fill=fill, name=name, **look),
        layers.dots([mean[0]], [mean[1]], 4, color=colour, rim=True, **look),
    ]


def pair_plane(mean_q, cov_q, mean_p, cov_p, reach: tuple[float, float]) -> Sketch:
    """q and p in the plane; q is draggable."""
    drawn = [
        *normal_layers("p, 1 and 2 sd", mean_p, cov_p, palette.PRIOR, fill=0.2),
        *normal_layers("q, 1 and 2 sd", mean_q, cov_q, palette.POSTERIOR, fill=0.25, moves=True),
    ]
    axes = Axis("z₁", -reach[0], reach[0]), Axis("z₂", -reach[1], reach[1])
    return Sketch(*axes, drawn, equal=True, handle=(float(mean_q[0]), float(mean_q[1])))


def target_plane(target: np.ndarray, window: tuple, fits: Mapping[str, tuple[Any, Any, str]], *, equal: bool) -> Sketch:
    """A target's density over the plane, (rows z₂, columns z₁), with normals on it: name → (mean, covariance, dash).

    `window`: ((left, right), (bottom, top)) of the target's grid. `equal`: one unit has the same length on both axes.
    """
    drawn = [layers.heat(*window, target / target.max(), palette.NEUTRAL, levels=(0.1, 0.5), name="target p")]
    for name, (mean, covariance, dash) in fits.items():
        drawn += normal_layers(name, mean, covariance, palette.POSTERIOR, dash)
    return Sketch(Axis("z₁", *window[0]), Axis("z₂", *window[1]), drawn, equal=equal)


def valley(kl: np.ndarray, window: tuple, path: tuple[np.ndarray, np.ndarray]) -> Sketch:
    """KL(V, E), (rows log₁₀ V, columns E), with the gradient descent from the draggable point.

    `window`: ((lowest, highest E), (lowest, highest log₁₀ V)). `path`: V and E along the descent, (M,) each.
    """
    largest = float(kl.max())
    height, mean = np.log10(path[0]), path[1]
    return Sketch(
        Axis("E, the mean of q", *window[0]),
        Axis("V, the variance of q", *window[1], [(float(np.log10(tick)), f"{tick:g}") for tick in VARIANCE_TICKS]),
        [
            # The square root: a parabola then increases linearly with the distance, and so do the shades.
            layers.heat(
                *window, np.sqrt(kl / largest), palette.KL, levels=[np.sqrt(each / largest) for each in CONTOURS]
            ),
            layers.line(mean, height, color=palette.POSTERIOR, dash="dotted", width=2.5, name="descent on the KL"),
            layers.dots([0], [0], 5, color=palette.PRIOR, rim=True, name="prior"),
            layers.dots(mean[:1], height[:1], 7.5, color=palette.POSTERIOR, rim=True, moves=True, name="q"),
        ],
        handle=(float(mean[0]), float(height[0])),
    )


def mean_field(covariance, seeking, covering, extent: float) -> Sketch:
    """A correlated target around 0, (2, 2), and the best diagonal q under each direction, variances (2,) each."""
    drawn = [
        *normal_layers("target p", (0, 0), covariance, palette.NEUTRAL, fill=0.25),
        *normal_layers("q by KL(p‖q)", (0, 0), np.diag(covering), palette.POSTERIOR, "dashed"),
        *normal_layers("q by KL(q‖p)", (0, 0), np.diag(seeking), palette.POSTERIOR, fill=0.2),
    ]
    return Sketch(Axis("z₁", -extent, extent), Axis("z₂", -extent, extent), drawn, equal=True)


def kept_share(correlations: Sequence[float], shares: Sequence[float], chosen: tuple[float, float]) -> Sketch:
    """The share of Σᵢᵢ that q keeps under KL(q‖p) against the correlation, (M,) each, and the `chosen` (ρ, share)."""
    return Sketch(
        Axis("correlation ρ of the target", -1, 1),
        Axis("(1/Λᵢᵢ) / Σᵢᵢ", 0, 1.1, [(tick, f"{tick:g}") for tick in (0, 0.25, 0.5, 0.75, 1)]),
        [
            layers.level(1, color=palette.POSTERIOR, dash="dashed", width=2, name="under KL(p‖q)"),
            layers.line(correlations, shares, color=palette.POSTERIOR, width=2.5, name="under KL(q‖p)"),
            layers.dots([chosen[0]], [chosen[1]], 6, color=palette.POSTERIOR, rim=True),
        ],
        readout=[(at, f"ρ = {at:.2f}: {value:.3f}") for at, value in zip(correlations, shares, strict=True)],
    )
