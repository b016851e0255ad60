"""The pictures of the page on the bound: q on the posterior, the gap as a bar, increasing bounds, constant sum."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.elbo.facts import Facts
from vaedemo.figures import palette, style
from vaedemo.probability.derivation import Derivation
from vaedemo.probability.streams import Climb

LEAST_SPAN = 12.0  # nats across the bars at least, so that small terms look small
DEEPEST_SLICE = 30.0  # nats below log p(x) at which the picture of a slice ends


def plane(facts: Facts, mu: np.ndarray, logvar: np.ndarray) -> Sketch:
    """The posterior as a field with contour lines, and q as a draggable ellipse."""
    deviation = np.exp(0.5 * logvar)
    (left, right), (bottom, top) = facts.box
    if not (left < mu[0] < right and bottom < mu[1] < top):
        reach = np.maximum(2.5 * deviation, 0.2)
        left, right = min(left, mu[0] - reach[0]), max(right, mu[0] + reach[0])
        bottom, top = min(bottom, mu[1] - reach[1]), max(top, mu[1] + reach[1])
    outer, inner = style.circle(mu, 2 * deviation), style.circle(mu, deviation)
    drawn = [
        *behind(facts),
        layers.line(*outer.T, color=palette.POSTERIOR, width=2, moves=True),
        layers.line(*inner.T, color=palette.POSTERIOR, width=2.5, fill=0.25, moves=True, name="q: 1 and 2 sd"),
        layers.dots(mu[:1], mu[1:], 5, color=palette.POSTERIOR, rim=True, moves=True),
    ]
    return Sketch(Axis("z₁", left, right), Axis("z₂", bottom, top), drawn, equal=True, handle=(mu[0], mu[1]))


@lru_cache(maxsize=40)
def behind(facts: Facts) -> list[dict[str, Any]]:
    """The layers that do not depend on q: the posterior, the encoder's q and the best Gaussian."""
    ends = [(axis[0], axis[-1]) for axis in facts.axes]
    best, encoder = (
        style.circle(there[0].numpy(), 2 * np.exp(0.5 * spread[0].numpy()))
        for there, spread in (facts.best, facts.encoder)
    )
    return [
        layers.heat(*ends, facts.field, palette.DATA, facts.levels, name="posterior p(z|x): 50, 90, 99 %"),
        layers.line(*encoder.T, color=palette.NEUTRAL, width=1.5, name="encoder's q, 2 sd"),
        layers.line(*best.T, color="text", dash="dashed", width=1.5, name="best Gaussian, 2 sd"),
    ]


def signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "− ").replace("+", "+ ")


def plain(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def bars(shown: Derivation, best_elbo: float) -> Sketch:
    """log p(x) = reconstruction − KL(q‖p(z)) + KL(q‖p(z|x)), from top to bottom on one axis of nats."""
    fit, elbo, total = shown.log_likelihood, shown.elbo, shown.log_marginal
    high = max(fit, total)
    span = max(LEAST_SPAN, high - elbo)
    low, high = elbo - 0.18 * span, high + 0.12 * span
    reached = min(max(best_elbo, elbo), total)
    rows = [
        (4, low, fit, palette.RECONSTRUCTION, 0.9, f"{plain(fit)}  E[log p(x|z)]"),
        (3, elbo, fit, palette.KL, 0.9, f"{signed(-shown.kl_prior)}  KL(q‖p(z))"),
        (2, low, elbo, palette.ELBO, 0.9, f"{plain(elbo)}  ELBO"),
        (1, elbo, reached, palette.POSTERIOR, 0.9, f"{signed(shown.kl_posterior)}  KL(q‖p(z|x))"),
        (1, reached, total, palette.POSTERIOR, 0.45, ""),
        (0, low, total, palette.NEUTRAL, 0.9, f"{plain(total)}  log p(x)"),
    ]
    drawn = [
        layers.upright(total, color="text", width=1.5),
        layers.upright(elbo, color=palette.ELBO, width=1.5, dash="dashed"),
    ]
    for row, start, end, colour, alpha, text in rows:
        drawn.append(layers.bar((start, end), (row + 0.08, row + 0.5), color=colour, alpha=alpha))
        if text:
            drawn.append(layers.words(start, row + 0.72, text, color="text", shift=6))
    return Sketch(Axis("nats", low, high), Axis("", 0, 5, ticks=()), drawn)


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
