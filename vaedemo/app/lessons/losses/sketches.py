"""The pictures of the page on reconstruction losses that follow a slider: curves, gradients, spectrum and plane."""

from collections.abc import Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette, style

LOSS_RANGE = (-3.0, 5.0)  # nats; fixed, so that the curve moves and not the axis
SHOWN_WEIGHTS = 300
SHOWN_AXES = 60
LEAST_EIGENVALUE = 1e-3  # the lower end of the spectrum's logarithmic axis
CONTOURS = (0.5, 10, 100)  # numbers of living axes with a contour line on the plane


def pixel_sketch(
    prediction: Sequence[float],
    loss: Sequence[float],
    chosen: tuple[float, float],
    *,
    unit: str,
    prediction_name: str,
    x: float | None = None,
    reference: Sequence[float] | None = None,
) -> Sketch:
    """A likelihood's loss over the predictions, (M,) each, with the `chosen` (prediction, loss).

    `x`: the pixel, a vertical line; None if the axis is no grey value. `reference`: a second curve, dashed.
    """
    drawn = [] if x is None else [layers.upright(x, color=palette.DATA, dash="dotted", width=2)]
    if reference is not None:
        drawn.append(layers.line(prediction, reference, color=palette.NEUTRAL, dash="dashed", width=2))
    drawn.append(layers.line(prediction, loss, color=palette.RECONSTRUCTION, width=2.5))
    drawn.append(layers.dots([chosen[0]], [chosen[1]], 6, color=palette.RECONSTRUCTION, rim=True))
    ticks = [(tick, f"{tick:g}") for tick in (0, 0.25, 0.5, 0.75, 1)]
    return Sketch(
        Axis(prediction_name, 0, 1, ticks),
        Axis(unit, *LOSS_RANGE, [(tick, f"{tick}".replace("-", "−")) for tick in (-2, 0, 2, 4)]),
        drawn,
        readout=[
            (at, f"{at:.2f}: {value:.3f} nats".replace("-", "−")) for at, value in zip(prediction, loss, strict=True)
        ],
    )


def gradient_sketch(twin: np.ndarray, gradient: np.ndarray, slope: float) -> Sketch:
    """Each weight's gradient under (σ², β) against its gradient under (1, βσ²), (P,) each, and the line through 0.

    Both are in units of the largest gradient under (1, βσ²), so that only the slope varies.
    """
    # The largest and evenly chosen others: most gradients are near 0 and would overlap there.
    order = np.argsort(-np.abs(twin))
    rows = order[style.every_kth(min(len(order), 20 * SHOWN_WEIGHTS), SHOWN_WEIGHTS)]
    unit = float(np.abs(twin[rows]).max()) or 1.0
    ends = np.array([-1.1, 1.1])
    return Sketch(
        Axis("gradient of L(1, βσ²), its largest being 1", *ends),
        Axis("gradient of L(σ², β), in the same unit", *(slope * ends)),
        [
            layers.line(ends, slope * ends, color=palette.KL, width=2, name="slope 1/σ²"),
            layers.dots(
                twin[rows] / unit, gradient[rows] / unit, 3.5, color=palette.ELBO, alpha=0.7, name="one weight"
            ),
        ],
    )


def spectrum_sketch(eigenvalues: np.ndarray, threshold: float, before: float | None = None) -> Sketch:
    """The data's variances λ, (D,), largest first: the first 60, and the line βσ² above which an axis lives.

    `before`: an earlier βσ², a ghost.
    """
    shown = eigenvalues[:SHOWN_AXES]
    level = float(np.log10(threshold))
    low, high = np.log10(LEAST_EIGENVALUE), max(1.5, level + 0.9)
    drawn, readout = [], []
    for axis, value in enumerate(shown.tolist(), start=1):
        alive = value > threshold
        span = (axis - 0.42, axis + 0.42)
        top = np.log10(max(value, LEAST_EIGENVALUE))
        look = {"color": palette.DATA} if alive else {"color": palette.NEUTRAL, "alpha": 0.45}
        drawn.append(layers.bar(span, (low, top), **look))
        readout.append((axis, f"axis {axis}: λ = {value:.3g}, {'lives' if alive else 'dead'}"))
    living, right = int((eigenvalues > threshold).sum()), len(shown) + 0.5
    if before is not None:
        earlier = float(np.log10(before))
        drawn.append(layers.level(earlier, color=palette.NEUTRAL, width=2, dash="dashed"))
        drawn.append(
            layers.words(right, earlier + 0.05, f"before: {before:.4g}", align="right", baseline="bottom", color="text")
        )
    look = {"color": "text", "bold": True, "align": "right", "baseline": "bottom"}
    drawn += [
        layers.level(level, color=palette.KL, width=2, dash="dashed"),
        layers.words(right, level + 0.05, f"{living} of {len(eigenvalues)} axes above βσ² = {threshold:.4g}", **look),
    ]
    ticks = [(1, "1"), *((axis, str(axis)) for axis in range(10, len(shown) + 1, 10))]
    if len(shown) < 10:
        ticks = [(axis, str(axis)) for axis in range(1, len(shown) + 1)]
    return Sketch(
        Axis("axis, by variance", 0.4, len(shown) + 0.6, ticks, bare=True),
        Axis("variance λ", low, high, powers_of_ten(low, high)),
        drawn,
        readout=readout,
    )


def plane_sketch(kept: np.ndarray, most: int, window: tuple, chosen: tuple[float, float]) -> Sketch:
    """The number of living axes among `most`, (B, V), over β and σ²; the `chosen` (σ², β) and its twin on the same line
    βσ².

    `window`: ((lowest, highest σ²), (lowest, highest β)), evenly spaced in the logarithm.
    """
    (left, right), (bottom, top) = (tuple(np.log10(ends)) for ends in window)
    threshold = float(np.log10(chosen[0] * chosen[1]))
    ends = np.array([left, right])
    return Sketch(
        Axis("σ²", left, right, powers_of_ten(left, right)),
        Axis("β", bottom, top, powers_of_ten(bottom, top)),
        [
            # A step from 0 to 8 axes should be as visible as one from 80 to 160.
            layers.heat(
                (left, right),
                (bottom, top),
                np.log1p(kept) / np.log1p(most),
                palette.DATA,
                levels=[np.log1p(count) / np.log1p(most) for count in CONTOURS if count < most],
            ),
            layers.line(ends, threshold - ends, color=palette.KL, dash="dashed", width=2, name="same βσ²"),
            layers.dots([0], [threshold], 6, color=palette.NEUTRAL, rim=True, name="(1, βσ²)"),
            layers.dots([np.log10(chosen[0])], [np.log10(chosen[1])], 6, color=palette.ELBO, rim=True, name="(σ², β)"),
        ],
    )


def ring_sketch(points: np.ndarray, reconstructions: np.ndarray) -> Sketch:
    """Points in the plane and their reconstructions, (N, 2) each."""
    return Sketch(
        Axis("x₁", -1.7, 1.7),
        Axis("x₂", -1.7, 1.7),
        [
            layers.dots(*points.T, 2.5, color=palette.DATA, name="x"),
            layers.dots(*reconstructions.T, 2.5, color=palette.RECONSTRUCTION, name="x̂"),
        ],
        equal=True,
    )


def powers_of_ten(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at whole powers of ten, labelled by the numbers themselves."""
    powers = range(int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9)) + 1)
    return [(power, f"{10.0**power:g}") for power in powers]
