"""The pictures of one pixel: what is assumed of it on the left, its loss on the right. Lines are named beside them."""

import math
from collections.abc import Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.shared.symbols import signed
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette

GRID = np.linspace(-0.5, 1.5, 201)
UNIT = np.linspace(0.005, 0.995, 199)
GREYS = [(0.0, "0 black"), (0.5, "0.5"), (1.0, "1 white")]
NATS = (-3.0, 7.0)  # of the Gaussian's loss; fixed, so that the curve moves and not the axis
BOLD = {"bold": True}
GHOST = {"color": palette.NEUTRAL, "dash": "dashed", "width": 2}


def minus_log_density(x, prediction: float, variance: float):
    """−log N(x; x̂, σ²)."""
    return 0.5 * (np.asarray(x) - prediction) ** 2 / variance + 0.5 * math.log(2 * math.pi * variance)


def marks(x: float, prediction: float, height: float) -> list[dict]:
    """The pixel x and its prediction x̂ as vertical lines, named at this height."""
    away = 1 if x >= prediction else -1  # from x̂ to x
    side = {1: "left", -1: "right"}
    return [
        layers.upright(prediction, color=palette.RECONSTRUCTION, dash="dotted", width=2),
        layers.upright(x, color=palette.DATA, dash="dotted", width=2),
        layers.words(x, height, f"x = {x:g}", color=palette.DATA, align=side[away], shift=8 * away, **BOLD),
        layers.words(
            prediction,
            height,
            f"x̂ = {prediction:g}",
            color=palette.RECONSTRUCTION,
            align=side[-away],
            shift=-8 * away,
            **BOLD,
        ),
    ]


def noise(x: float, prediction: float, variance: float, *, before: Values | None, held: bool) -> Sketch:
    """p(x|z) over x; `before`: a ghost of another σ². `held`: the pixel and its prediction alone."""
    curve = np.exp(-minus_log_density(GRID, prediction, variance))
    top = 1.25 * curve.max()
    drawn = marks(x, prediction, 0.95 * top)
    if held:
        drawn.append(layers.words(0.5, 0.5 * top, "p(x|z) = ?", color="text", align="center", **BOLD))
    else:
        at = float(np.exp(-minus_log_density(x, prediction, variance)))
        away = 1 if x >= prediction else -1
        side = "left" if away > 0 else "right"
        drawn.insert(0, layers.line(GRID, curve, color=palette.RECONSTRUCTION, width=2.5))
        drawn.insert(0, layers.band(GRID, 0 * GRID, curve, color=palette.RECONSTRUCTION, alpha=0.16))
        if before is not None:
            ghost = np.exp(-minus_log_density(GRID, before["prediction"], before["variance"]))
            drawn.insert(0, layers.line(GRID, ghost, **GHOST))
            drawn.append(layers.words(-0.45, ghost[5], f"σ² = {before['variance']:g}", color="text", baseline="bottom"))
        drawn += [
            layers.dots([x], [at], 6, color=palette.RECONSTRUCTION, rim=True),
            layers.words(x, at + 0.02 * top, f"p = {at:.2f}", color="text", align=side, shift=10 * away, **BOLD),
        ]
    return Sketch(Axis("grey x of the pixel", GRID[0], GRID[-1], GREYS), Axis("density p(x|z)", 0, float(top)), drawn)


def minus_log(x: float, prediction: float, variance: float, *, before: Values | None, held: bool) -> Sketch:
    """−log p(x|z) over x; `held`: without its constant, and called the loss: a squared error."""
    constant = float(minus_log_density(prediction, prediction, variance)) if held else 0.0
    loss = float(minus_log_density(x, prediction, variance)) - constant
    high = max(NATS[1], 1.2 * loss)
    away = 1 if x >= prediction else -1
    said = "loss" if held else "−log p"
    below = loss - 0.08 * (high - NATS[0])
    below = min(below, -0.7) if below < 0.5 else below  # not on the line at 0
    drawn = [layers.level(0, color=palette.NEUTRAL, width=1)]
    if before is not None:
        ghost = minus_log_density(GRID, before["prediction"], before["variance"])
        drawn.append(layers.line(GRID, ghost, **GHOST))
        drawn.append(layers.words(-0.45, ghost[5], f"σ² = {before['variance']:g}", color="text", baseline="bottom"))
    drawn += [
        layers.line(
            GRID, minus_log_density(GRID, prediction, variance) - constant, color=palette.RECONSTRUCTION, width=2.5
        ),
        *marks(x, prediction, NATS[0] + 0.05 * (high - NATS[0])),
        layers.dots([x], [loss], 6, color=palette.RECONSTRUCTION, rim=True),
        layers.words(
            x,
            below,
            f"{said} = {signed(loss)}",
            color="text",
            align="left" if away > 0 else "right",
            shift=10 * away,
            **BOLD,
        ),
    ]
    title = "loss, nats" if held else "−log p(x|z), nats"
    ticks = [(tick, f"{tick}".replace("-", "−")) for tick in (-2, 0, 2, 4, 6)] if high == NATS[1] else None
    return Sketch(Axis("grey x of the pixel", GRID[0], GRID[-1], GREYS), Axis(title, NATS[0], high, ticks), drawn)


def bars(p: Sequence[float], own: int, before: Sequence[float] | None) -> Sketch:
    """The probability of each level, with the one-hot x_c above; `before`: dashed outlines."""
    drawn = []
    for level, value in enumerate(p):
        is_own = level == own
        drawn.append(
            layers.bar(
                (level - 0.38, level + 0.38), (0, value), color=palette.RECONSTRUCTION, alpha=0.9 if is_own else 0.5
            )
        )
        if before is not None and abs(before[level] - value) > 1e-9:
            edges = [level - 0.38, level - 0.38, level + 0.38, level + 0.38]
            drawn.append(layers.line(edges, [0, before[level], before[level], 0], **GHOST))
        drawn.append(
            layers.words(level, value, f"{value:.2f}", color="text", align="center", baseline="bottom", **BOLD)
        )
        hot = f"x{subscript(level)} = {is_own:d}" if len(p) < 6 else f"{is_own:d}"
        colour = palette.DATA if is_own else palette.NEUTRAL
        drawn.append(layers.words(level, 1.06, hot, color=colour, align="center", bold=is_own))
    last = len(p) - 1
    ends = {0: "c = 0 black", last: f"c = {last} white"} if len(p) < 6 else {}
    ticks = [(level, ends.get(level, f"{level}")) for level in range(len(p))]
    heights = [(tick, f"{tick:g}") for tick in (0, 0.25, 0.5, 0.75, 1)]
    return Sketch(
        Axis("grey level c", -0.6, last + 0.6, ticks, bare=True),
        Axis("probability p of level c", 0, 1.15, heights),
        drawn,
    )


def minus_log_probability(p: float, own: int, loss: float) -> Sketch:
    """−log p over the probability p of the true level."""
    drawn = [
        layers.line(UNIT, -np.log(UNIT), color=palette.RECONSTRUCTION, width=2.5),
        layers.dots([p], [loss], 6, color=palette.RECONSTRUCTION, rim=True),
        layers.words(
            p, loss + 0.12, f"−log p{subscript(own)} = {signed(loss)}", color="text", baseline="bottom", **BOLD
        ),
    ]
    ticks = [(tick, f"{tick:g}") for tick in (0, 0.5, 1)]
    return Sketch(Axis(f"p{subscript(own)}, of the true level", 0, 1, ticks), Axis("loss, nats", 0, 4), drawn)


def subscript(level: int) -> str:
    return "₀₁₂₃₄₅₆₇"[level]


def cross_entropy(
    x: float, chosen: tuple[float, float], entropy: float | None, before: tuple[float, float] | None
) -> Sketch:
    """The cross-entropy of x over x̂, with the `chosen` (x̂, loss); without `entropy`, which would tell it, no curve."""
    prediction, loss = chosen
    drawn = [
        layers.level(0, color=palette.NEUTRAL, width=1),
        layers.upright(x, color=palette.DATA, dash="dotted", width=2),
        layers.words(x, 2.85, f"x = {x:g}", color=palette.DATA, align="left", shift=8, **BOLD),
    ]
    if entropy is not None:
        curve = -x * np.log(UNIT) - (1 - x) * np.log(1 - UNIT)
        drawn.append(layers.line(UNIT, curve, color=palette.RECONSTRUCTION, width=2.5))
        drawn.append(layers.level(entropy, **GHOST))
        drawn.append(
            layers.words(0.01, entropy, f"entropy of x: {signed(entropy)}", color="text", baseline="top", shift=4)
        )
    if before is not None:
        drawn.append(layers.dots([before[0]], [before[1]], 6, color=palette.RECONSTRUCTION, alpha=0.4))
    drawn += [
        layers.dots([prediction], [loss], 7, color=palette.RECONSTRUCTION, rim=True),
        layers.words(
            prediction,
            loss + 0.08,
            f"{signed(loss)} nats at x̂ = {prediction:g}",
            color=palette.RECONSTRUCTION,
            align="left" if prediction < x else "right" if prediction > x else "center",
            baseline="bottom",
            **BOLD,
        ),
    ]
    ticks = [(tick, f"{tick}".replace("-", "−")) for tick in (-1, 0, 1, 2, 3)]
    return Sketch(Axis("prediction x̂", 0, 1, GREYS), Axis("cross-entropy, nats", -1, 3, ticks), drawn)


def continuous_bernoulli(shape: float, constant: float, mean: float | None) -> Sketch:
    """The density with λ = `shape` over x, below it λˣ(1 − λ)¹⁻ˣ; without `mean`, which would tell it, no areas."""
    grid = np.linspace(0, 1, 101)
    plain = shape**grid * (1 - shape) ** (1 - grid)
    density = constant * plain
    top = 1.35 * density.max()
    left = shape > 0.5  # where the density is low
    spot, side = (0.03, "left") if left else (0.97, "right")
    place = round(spot * 100)
    drawn = [
        layers.line(grid, density, color=palette.RECONSTRUCTION, width=2.5),
        layers.band(grid, 0 * grid, density, color=palette.RECONSTRUCTION, alpha=0.14),
        layers.upright(shape, color="text", dash="dashed", width=2),
        layers.words(shape, 0.95 * top, f"λ = {shape:g}", color="text", align=side, shift=8 if left else -8, **BOLD),
        layers.words(
            spot,
            density[35 if left else 65] + 0.06 * top,
            "continuous Bernoulli" + ("" if mean is None else ", area 1"),
            color=palette.RECONSTRUCTION,
            align=side,
            baseline="bottom",
            **BOLD,
        ),
    ]
    if mean is not None:
        drawn += [
            layers.line(grid, plain, **GHOST),
            layers.words(
                spot,
                plain[place] - 0.02 * top,
                f"λˣ(1 − λ)¹⁻ˣ, area {1 / constant:.2f}",
                color="text",
                align=side,
                baseline="top",
            ),
            layers.upright(mean, color=palette.RECONSTRUCTION, dash="dotted", width=2.5),
            layers.words(
                mean,
                0.85 * top,
                f"mean {mean:.2f}",
                color=palette.RECONSTRUCTION,
                align="right" if left else "left",
                shift=-8 if left else 8,
                **BOLD,
            ),
        ]
    return Sketch(Axis("grey x of the pixel", 0, 1, GREYS), Axis("density", 0, float(top)), drawn)
