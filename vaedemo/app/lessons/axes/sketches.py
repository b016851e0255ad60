"""The pictures of the page on latent axes: rotated q, change over α, KL of each axis, matrices, MIG against β."""

import math
from collections.abc import Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.shared.symbols import subscript
from vaedemo.figures import palette, style

Gaussian = tuple[np.ndarray, np.ndarray]  # mean (2,), covariance (2, 2)
LEAST_CHANGE_SHOWN = 0.1  # nats on each side of zero
ABOVE, BELOW = {"baseline": "bottom"}, {"baseline": "top"}


def turned_plane(posterior: np.ndarray, straight: Gaussian, turned: Gaussian, angle: float) -> Sketch:
    """Draws from the posterior (N, 2), the best q at α = 0 and at α, and the rotated axes through its mean."""
    centre = (straight[0] + turned[0]) / 2
    deviations = [np.sqrt(np.diag(covariance)) for _, covariance in (straight, turned)]
    side = 2.7 * float(np.max(deviations))
    layer = [layers.dots(*posterior.T, 2, color="text", alpha=0.4)]
    is_turned = angle % (math.pi / 2) != 0
    shown = (
        ("best q, α = 0°", straight, "dashed", 2),
        (f"best q, α = {math.degrees(angle):.0f}°", turned, "solid", 2.75),
    )
    for _, (mean, covariance), dash, width in shown:
        for scale in (2, 1):
            x, y = style.ellipse(mean, covariance, scale).T
            layer.append(layers.line(x, y, color=palette.POSTERIOR, width=width if scale == 2 else 1, dash=dash))
    # The rows of R are the rotated axes, in coordinates of the model's axes.
    for direction in ((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))):
        ends = turned[0] + np.outer([-3 * side, 3 * side], direction)
        layer.append(layers.line(*ends.T, color=palette.NEUTRAL, width=1, dash="dotted"))
    top = max(style.ellipse(mean, covariance, 2)[:, 1].max() for mean, covariance in (straight, turned))
    layer.append(layers.words(centre[0], top + 0.3 * side, "posterior p(z|x)", color="text", align="center"))
    names = ((shown[1], 1, 0.04, "bottom"), *([(shown[0], 0, -0.1, "top")] if is_turned else []))
    for (name, (mean, covariance), *_), end, away, baseline in names:
        outline = style.ellipse(mean, covariance, 2)
        x, y = outline[outline[:, 1].argmax() if end else outline[:, 0].argmin()]
        look = {"baseline": baseline, "align": "center"}
        layer.append(layers.words(x, y + away * side, name, color=palette.POSTERIOR, bold=True, **look))
    window = [(value - side, value + side) for value in centre]
    return Sketch(Axis("z₁", *window[0]), Axis("z₂", *window[1]), layer, equal=True)


def change_over_angle(degrees: np.ndarray, change: np.ndarray, mean: np.ndarray, chosen: int) -> Sketch:
    """The change of the best ELBO against the angle: of the chosen digit, and the mean of ten digits."""
    reach = 1.15 * max(np.abs(change).max(), np.abs(mean).max(), LEAST_CHANGE_SHOWN)
    place = int(np.abs(degrees - chosen).argmin())
    pairs = zip(degrees.tolist(), change.tolist(), mean.tolist(), strict=True)
    return Sketch(
        Axis("α, degrees", -2, 92, [(tick, f"{tick}°") for tick in (0, 15, 30, 45, 60, 75, 90)]),
        Axis("best ELBO, change since α = 0, nats", -reach, reach),
        [
            layers.level(0.0, color=palette.NEUTRAL, width=1.25),
            layers.line(degrees, mean, color=palette.NEUTRAL, width=2.5, dash="dashed", name="mean of ten digits"),
            layers.line(degrees, change, color=palette.ELBO, width=2.75, name="this digit"),
            layers.dots(degrees[[place]], mean[[place]], 5, color=palette.NEUTRAL, rim=True),
            layers.dots(degrees[[place]], change[[place]], 6, color=palette.ELBO, rim=True),
        ],
        readout=[(at, f"{at}°: {own:+.3f} nats, mean {average:+.3f}") for at, own, average in pairs],
    )


def bound_over_angle(degrees: np.ndarray, elbo: np.ndarray, log_marginal: float, chosen: int) -> Sketch:
    """log p(x), which the angle does not change, and the best ELBO of one digit, nats. Of the curve only what lies
    before the chosen angle is in full colour."""
    low, high = min(elbo.min(), log_marginal), max(elbo.max(), log_marginal)
    room = 0.18 * max(high - low, LEAST_CHANGE_SHOWN)
    place = int(np.abs(degrees - chosen).argmin())
    return Sketch(
        Axis("angle α", -2, 92, [(tick, f"{tick}°") for tick in (0, 45, 90)]),
        Axis("nats", low - room, high + room),
        [
            layers.level(log_marginal, color="text", width=2.5),
            layers.words(90, log_marginal + 0.25 * room, "log p(x)", color="text", bold=True, align="right", **ABOVE),
            layers.line(degrees, elbo, color=palette.ELBO, width=3),
            layers.dots(degrees[[place]], elbo[[place]], 7, color=palette.ELBO, rim=True),
            layers.words(
                45, elbo.min() - 0.25 * room, "best ELBO", color=palette.ELBO, bold=True, align="center", **BELOW
            ),
        ],
        readout=[
            (at, f"{at}°: best ELBO {value:.2f} nats".replace("-", "−"))
            for at, value in zip(degrees, elbo, strict=True)
        ],
    )


def cloud(codes: np.ndarray, is_far: np.ndarray | None, name: str, reach: float) -> Sketch:
    """Codes on the latent plane; those that are far from all other codes are marked."""
    drawn = [layers.dots(*codes.T, 2.5, color=palette.POSTERIOR, alpha=0.6)]
    if is_far is not None:
        drawn.append(layers.dots(*codes[is_far].T, 5, color="text", rim=True))
    drawn.append(layers.words(-reach, 0.93 * reach, name, color="text", bold=True))
    if is_far is not None:
        drawn.append(
            layers.words(reach, -0.93 * reach, f"far from all codes: {is_far.mean():.0%}", color="text", align="right")
        )
    return Sketch(Axis("z₁", -reach, reach), Axis("z₂", -reach, reach), drawn, equal=True)


def kl_bars(kl: Sequence[float], order: Sequence[int], chosen: int) -> Sketch:
    """The KL of each axis in the order of the rows, the largest first; the chosen axis in full colour."""
    top = 1.12 * max(*kl, 0.1)
    drawn, readout = [], []
    for place, axis in enumerate(order):
        alpha = 1.0 if axis == chosen else 0.5
        drawn.append(layers.bar([place - 0.36, place + 0.36], [0, kl[axis]], color=palette.KL, alpha=alpha))
        readout.append((place, f"z{subscript(axis + 1)}: {kl[axis]:.3f} nats"))
    ticks = [(place, str(axis + 1)) for place, axis in enumerate(order)]
    return Sketch(
        Axis("latent axis, by its KL", -0.6, len(order) - 0.4, ticks, bare=True),
        Axis("mean KL, nats", 0, top),
        drawn,
        readout=readout,
    )


def matrix(
    values: np.ndarray, rows: Sequence[str], columns: Sequence[str], title: str, largest: float, words: bool = True
) -> Sketch:
    """A matrix as cells: blue for positive, orange for negative, full colour at `largest`; the first row is on top.

    `words`: write each value in its cell, in per cent.
    """
    height, width = values.shape
    drawn = []
    for row, column in np.ndindex(height, width):
        value, bottom = float(values[row, column]), height - 1 - row
        share = min(abs(value) / largest, 1.0)
        colour = palette.DATA if value >= 0 else palette.RECONSTRUCTION
        cell = [column + 0.03, column + 0.97], [bottom + 0.03, bottom + 0.97]
        drawn.append(layers.bar(*cell, color=palette.NEUTRAL, alpha=0.1))
        drawn.append(layers.bar(*cell, color=colour, alpha=round(0.85 * share, 3)))
        if words:
            place = {"align": "center", "baseline": "middle"}
            drawn.append(layers.words(column + 0.5, bottom + 0.5, f"{100 * value:.0f} %", color="text", **place))
    every = 1 if width <= 10 else 2
    return Sketch(
        Axis(title, 0, width, [(at + 0.5, name) for at, name in enumerate(columns) if at % every == 0], bare=True),
        Axis("", 0, height, [(height - 0.5 - at, name) for at, name in enumerate(rows) if at % every == 0], bare=True),
        drawn,
    )


def against_beta(betas: Sequence[float], values: Sequence[float], chosen: int, title: str, colour: str) -> Sketch:
    """One dot per run against β, on a logarithmic axis. Runs that differ only by seed have the same β."""
    low, high = min(betas), max(betas)
    ticks = [(beta, f"{beta:g}") for beta in sorted(set(betas))]
    top, bottom = max(values), min(values)
    room = 0.18 * max(top - bottom, 0.02)
    place = chosen
    return Sketch(
        Axis("β", low / 1.8, high * 1.8, ticks, log=True),
        Axis(title, max(0.0, bottom - room), top + room),
        [
            layers.dots(betas, values, 5.5, color=colour, alpha=0.6),
            layers.dots([betas[place]], [values[place]], 7.5, color=colour, rim=True),
        ],
    )
