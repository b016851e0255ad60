"""The pictures of the page on the reparameterization trick: clouds of gradients, and their variance against K."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette, style

MOST_DOTS = 400
# Each estimator has the colour of the function it differentiates: log p(x|z), or log q(z|x).
COLOURS = {"pathwise": palette.RECONSTRUCTION, "score": palette.POSTERIOR, "baselined": palette.POSTERIOR}
CURVES = {"pathwise": "pathwise", "score": "score", "baselined": "baseline"}


def reach(estimates: np.ndarray, exact: np.ndarray, share: float = 0.99) -> np.ndarray:
    """The distance from the exact gradient (2,) that contains a share of the estimates (N, 2), on each axis: (2,)."""
    return 1.08 * np.quantile(np.abs(estimates - exact), share, axis=0)


def cloud_sketch(
    kind: str, estimates: np.ndarray, exact: np.ndarray, extent: np.ndarray, names: Sequence[str], marked: int
) -> Sketch:
    """One dot per estimate, (N, 2), around the exact gradient, (2,), at the crossing of two lines; `marked` is a
    row."""
    shown = estimates[style.every_kth(len(estimates), MOST_DOTS)]
    return Sketch(
        *(
            Axis(f"{name}, nats", middle - room, middle + room)
            for name, middle, room in zip(names, exact.tolist(), extent.tolist(), strict=True)
        ),
        [
            layers.upright(exact[0], color=palette.NEUTRAL, width=1.5, name="exact"),
            layers.level(exact[1], color=palette.NEUTRAL, width=1.5),
            layers.dots(*estimates[[marked]].T, 6, color=palette.DATA, rim=True, name="draw above"),
            layers.dots(*shown.T, 2.4, color=COLOURS[kind], alpha=0.6, name="estimates"),
        ],
    )


def variance_sketch(sizes: Sequence[int], measured: Mapping[str, Sequence[float]], chosen: int) -> Sketch:
    """The variance of the mean of K samples, nats²: measured dots on lines V₁ / K, both axes logarithmic."""
    ends = np.array([sizes[0], sizes[-1]], dtype=np.float64)
    drawn = [layers.upright(chosen, color=palette.NEUTRAL, dash="dotted", width=1.5)]
    for kind in ("score", "baselined", "pathwise"):
        color, variances = COLOURS[kind], measured[kind]
        dash = "dashed" if kind == "baselined" else "solid"
        line = np.log10(variances[0] * sizes[0] / ends)
        drawn += [
            layers.line(ends, line, color=color, width=1.75, dash=dash, name=CURVES[kind]),
            layers.dots(sizes, np.log10(variances), 3.5, color=color),
        ]
    everything = np.log10([end for values in measured.values() for end in (*values, values[0] * sizes[0] / sizes[-1])])
    low, high = math.floor(everything.min()), math.ceil(everything.max())
    readout = [
        (size, f"K = {size}\n" + "\n".join(f"{CURVES[kind]} {measured[kind][index]:,.3g}" for kind in CURVES))
        for index, size in enumerate(sizes)
    ]
    return Sketch(
        Axis("K, draws averaged", 0.8, 1.25 * sizes[-1], [(size, str(size)) for size in sizes], log=True),
        Axis("total variance, nats²", low, high, [(power, power_of_ten(power)) for power in range(low, high + 1)]),
        drawn,
        readout=readout,
    )


def power_of_ten(power: int) -> str:
    """10⁶ for 6."""
    return "10" + "".join("⁻" if sign == "-" else "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(sign)] for sign in str(power))
