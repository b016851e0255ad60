"""The pictures of the page on the bound: q on the posterior, increasing bounds, constant sum."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.elbo.facts import Facts
from vaedemo.figures import palette, style
from vaedemo.probability.streams import Climb

DEEPEST_SLICE = 30.0  # nats below log p(x) at which the picture of a slice ends


def plane(facts: Facts, mu: np.ndarray, logvar: np.ndarray, others: Sequence[str] = ()) -> Sketch:
    """The posterior as a field with contour lines, and q as a draggable ellipse; `others`: "encoder", "best"."""
    deviation = np.exp(0.5 * logvar)
    (left, right), (bottom, top) = facts.box
    if not (left < mu[0] < right and bottom < mu[1] < top):
        reach = np.maximum(2.5 * deviation, 0.2)
        left, right = min(left, mu[0] - reach[0]), max(right, mu[0] + reach[0])
        bottom, top = min(bottom, mu[1] - reach[1]), max(top, mu[1] + reach[1])
    outer, inner = style.circle(mu, 2 * deviation), style.circle(mu, deviation)
    aside = max(2.2 * deviation[1], 0.03 * (top - bottom))
    q_name = {"color": palette.POSTERIOR, "bold": True, "align": "center", "baseline": "top", "moves": True}
    drawn = [
        behind(facts),
        name_of(facts),
        *(layer for each in others for layer in other(facts, each, mu)),
        layers.line(*outer.T, color=palette.POSTERIOR, width=2, moves=True),
        layers.line(*inner.T, color=palette.POSTERIOR, width=2.5, fill=0.25, moves=True),
        layers.dots(mu[:1], mu[1:], 5, color=palette.POSTERIOR, rim=True, moves=True),
        layers.words(mu[0], mu[1] - aside, "q(z|x)", **q_name),
    ]
    return Sketch(Axis("z₁", left, right), Axis("z₂", bottom, top), drawn, equal=True, handle=(mu[0], mu[1]))


@lru_cache(maxsize=40)
def behind(facts: Facts) -> dict[str, Any]:
    """The posterior, with contour lines around its shares."""
    return layers.heat(*[(axis[0], axis[-1]) for axis in facts.axes], facts.field, "text", facts.levels, strength=0.6)


def name_of(facts: Facts) -> dict[str, Any]:
    """The posterior's name, above its outermost contour."""
    rows, columns = np.nonzero(facts.field > min(facts.levels))
    across, up = facts.axes[0][columns[rows == rows.max()]].mean(), facts.axes[1][rows.max()]
    return layers.words(across, up, "posterior p(z|x)", color="text", bold=True, align="center", baseline="bottom")


def other(facts: Facts, name: str, mu: np.ndarray) -> list[dict[str, Any]]:
    """Another q, at 2 standard deviations: the encoder's, grey, or the best, dashed; its name on the side away from
    `mu`."""
    there, spread = (each[0].numpy() for each in (facts.encoder if name == "encoder" else facts.best))
    ellipse = style.circle(there, 2 * np.exp(0.5 * spread))
    colour, dash, words = {"encoder": (palette.NEUTRAL, "solid", "encoder's q"), "best": ("text", "dashed", "best q")}[
        name
    ]
    at, place = (np.argmin, "right") if mu[0] > there[0] else (np.argmax, "left")
    x, y = ellipse[at(ellipse[:, 0])]
    return [
        layers.line(*ellipse.T, color=colour, width=2, dash=dash),
        layers.words(x, y, f" {words} ", color=colour, align=place),
    ]


def climbing(climb: Climb, log_marginal: float, elbo: float) -> Sketch:
    """IWAE bounds of the current q with two standard errors, below the exact value."""
    counts, mean = np.asarray(climb.counts, np.float64), climb.mean.numpy()
    error = 2 * np.nan_to_num(climb.standard_error.numpy())
    low, high = min(elbo, float((mean - error).min())), max(log_marginal, float((mean + error).max()))
    room = max(high - low, 1.0)
    words = [
        (count, f"K = {count}: {value:.2f} ± {deviation:.2f}".replace("-", "−"))
        for count, value, deviation in zip(climb.counts, mean.tolist(), climb.standard_error.tolist(), strict=True)
    ]
    return Sketch(
        Axis("draws K from q", 0.7, 900, [(count, str(count)) for count in climb.counts], log=True),
        Axis("nats", low - 0.12 * room, high + 0.12 * room),
        [
            layers.level(log_marginal, color="text", width=1.5, name="exact log p(x)"),
            layers.level(elbo, color=palette.ELBO, width=1.5, dash="dashed", name="ELBO"),
            layers.line(counts, mean, color=palette.ELBO, width=2),
            layers.spread(counts, mean - error, mean + error, color=palette.ELBO, width=2),
            layers.dots(counts, mean, 5, color=palette.ELBO, rim=True, name="IWAE, ± 2 standard errors"),
        ],
        readout=words,
    )


def flat_sum(facts: Facts, axis: int, mu: float) -> Sketch:
    """Three curved functions of z, stacked, whose sum is constant, and the position of q."""
    still = stacked(facts, axis)
    now = layers.upright(mu, color=palette.POSTERIOR, dash="dashed", width=1.5, name="μ of q")
    return replace(still, layers=[*still.layers, now])


@lru_cache(maxsize=80)
def stacked(facts: Facts, axis: int) -> Sketch:
    """The three functions along one axis, without q."""
    cut = facts.slices[axis]
    z, fit, prior = cut.z.numpy(), cut.log_likelihood.numpy(), cut.log_prior.numpy()
    total = cut.total.numpy()
    joint = fit + prior
    high = max(float(fit.max()), float(joint.max()), facts.log_marginal) + 2
    low = max(float(joint.min()), facts.log_marginal - DEEPEST_SLICE) - 1
    middle = [
        (float(at), f"z{'₁₂'[axis]} = {at:.2f}\n{a:.2f} − {-b:.2f} {'+' if c <= 0 else '−'} {abs(c):.2f} = {s:.2f}")
        for at, a, b, c, s in zip(z, fit, prior, cut.log_posterior.numpy(), total, strict=True)
    ]
    return Sketch(
        Axis(f"z{'₁₂'[axis]}, through the posterior's mode", float(z[0]), float(z[-1])),
        Axis("nats", low, high),
        [
            layers.band(z, joint, fit, color=palette.PRIOR, alpha=0.3),
            layers.band(z, joint, total, color=palette.DATA, alpha=0.18),
            layers.line(z, fit, color=palette.RECONSTRUCTION, width=2.5, name="log p(x|z)"),
            layers.line(z, joint, color=palette.PRIOR, width=2.5, name="+ log p(z)"),
            layers.line(z, total, color="text", width=2.5, name="− log p(z|x): flat, log p(x)"),
        ],
        readout=[(at, words.replace("-", "−")) for at, words in middle],
    )
