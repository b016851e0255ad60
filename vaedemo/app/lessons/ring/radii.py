"""The distances of points from the origin: their histogram as a density, and the expected density."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

BIN = 0.02
MOST_BINS = 160


def radii_sketch(radii, *, name: str, colour: str, density: tuple, mark: float | None, upper: float) -> Sketch:
    """The histogram of radii with a reference density as a line.

    Args:
        radii: (N,), distances from the origin; those above `upper` count but are not drawn.
        name, colour: of the histogram.
        density: (ρ (M,), p(ρ) (M,)) of the reference line.
        mark: a radius to mark with a dashed vertical line, or None.
        upper: right end of the axis.

    Raises:
        ValueError: no radii, or a negative one.
    """
    radii = np.asarray(radii, dtype=np.float64)
    if radii.ndim != 1 or not len(radii) or not (radii >= 0).all():
        raise ValueError("radii must be at least one number, none below 0.")
    width = max(BIN, upper / MOST_BINS)
    edges = np.arange(0, upper + width, width)
    share = np.histogram(radii, edges)[0] / (len(radii) * width)
    steps, heights = np.repeat(edges, 2)[1:-1], np.repeat(share, 2)
    rho, exact = (np.asarray(values, np.float64) for values in density)
    middles = (edges[:-1] + edges[1:]) / 2
    drawn = [
        layers.band(steps, np.zeros_like(heights), heights, color=colour, alpha=0.28),
        layers.line(steps, heights, color=colour, width=1.5, name=name),
        layers.line(rho, exact, color=palette.NEUTRAL, width=2.5, name="exact density"),
    ]
    if mark is not None:
        drawn.append(layers.upright(mark, color=palette.NEUTRAL, width=1.5, dash="dashed"))
    return Sketch(
        Axis("radius ρ = ‖x‖", 0, upper),
        Axis("density", 0, 1.06 * max(share.max(), exact.max())),
        drawn,
        readout=[(at, f"ρ = {at:.2f}\n{value:.2f}") for at, value in zip(middles, share, strict=True)],
    )
