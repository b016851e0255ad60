"""The pictures of the page on PCA that follow a slider: shares of the norm, angles."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

LEAST_SHARE = 1e-4  # the lower end of the logarithmic axis


def shares_sketch(shares: np.ndarray, k: int) -> Sketch:
    """The residual share of the squared norm after each term, on a logarithmic axis; after all terms it is 0."""
    left = 1 - np.concatenate([[0.0], np.cumsum(shares)])
    shown = np.log10(np.clip(left, LEAST_SHARE, 1))
    numbers = np.arange(len(left))
    low = float(np.log10(LEAST_SHARE))
    ticks = [(power, f"{100 * 10.0**power:g} %") for power in range(int(low), 1)]
    return Sketch(
        Axis("terms added up, k", -0.6, len(left) - 0.4, [(at, str(at)) for at in range(0, len(left), 4)]),
        Axis("squared norm left", low - 0.15, 0.15, ticks),
        [
            layers.line(numbers, shown, color=palette.NEUTRAL, width=2),
            layers.dots(numbers, shown, 3, color=palette.NEUTRAL),
            layers.dots([k], [shown[k]], 6.5, color=palette.RECONSTRUCTION, rim=True),
        ],
        readout=[(at, f"{at} terms: {100 * max(share, 0):.2f} % left") for at, share in enumerate(left.tolist())],
    )


def angles_sketch(angles: np.ndarray, nearest: np.ndarray) -> Sketch:
    """Principal angles between the planes, and the angle of each column to its nearest axis, degrees, both
    ascending."""
    drawn, readout = [], []
    for place, (between, alone) in enumerate(zip(angles.tolist(), nearest.tolist(), strict=True), start=1):
        names = [{"name": "column to its nearest axis"}, {"name": "plane to plane"}] if place == 1 else [{}, {}]
        drawn.append(layers.bar((place - 0.42, place + 0.42), (0, alone), color=palette.NEUTRAL, alpha=0.4, **names[0]))
        drawn.append(layers.bar((place - 0.42, place + 0.42), (0, max(between, 0.4)), color="text", **names[1]))
        readout.append((place, f"{place}: plane to plane {between:.2f}°, column to axis {alone:.1f}°"))
    count = len(angles)
    every = 1 if count <= 10 else max(count // 8, 1)
    return Sketch(
        Axis("in ascending order", 0.4, count + 0.6, [(at, str(at)) for at in range(1, count + 1, every)], bare=True),
        Axis("angle, degrees", 0, 90, [(at, f"{at}°") for at in (0, 30, 60, 90)]),
        drawn,
        readout=readout,
    )
