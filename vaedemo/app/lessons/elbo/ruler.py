"""A ruler in nats for one digit: log p(x), the ELBO of a q under it, and what lies between them.

Its ends depend on the digit alone, so that what stays while q moves is seen to stay.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo.facts import Facts
from vaedemo.figures import palette
from vaedemo.probability.derivation import Derivation

WIDTH = 10.0  # of the plot, in its own units
TERM, GAP = (0.4, 1.3), (1.5, 2.4)  # where the bars stand: KL(q‖p(z)), and KL(q‖p(z|x))
TICK, LABELS = (0.2, 3.0), 3.2  # from where to where a tick goes, and where its name begins
LINE = 0.068  # height of a line of text, as a share of the ruler
STRIPES = 26  # hatching over the whole ruler


class Label(NamedTuple):
    """A name beside the ruler: where its tick or the middle of its bar is, its text and colour."""

    at: float
    text: str
    colour: str


def ends(facts: Facts, digit: int | str, *, terms: bool) -> tuple[float, float]:
    """The ends of a digit's ruler in nats; `terms`: with room for E_q[log p(x|z)] above log p(x)."""
    mu, logvar = (tuple(each[0].tolist()) for each in facts.encoder)
    encoder = elbo_facts.terms(elbo_facts.model_run().digest, digit, mu, logvar)
    total, gap = facts.log_marginal, encoder.kl_posterior
    if not terms:
        return total - max(4.5, 1.5 * gap), total + max(0.6, 0.2 * gap)
    top = max(float(cut.log_likelihood.max()) for cut in facts.slices)
    return total - max(4.5, 1.2 * gap), top + 1.0


def ruler(
    shown: Derivation,
    between: tuple[float, float],
    *,
    terms: bool = False,
    bracket: bool = True,
    covered: bool = False,
    before: tuple[float, str] | None = None,
) -> Sketch:
    """The ruler of one q.

    `terms`: E_q[log p(x|z)] and KL(q‖p(z)) too. `bracket`: the gap and its size. `covered`: neither the gap nor
    log p(x). `before`: another q's ELBO and its name, dashed.
    """
    low, high = between
    total, elbo, fit = shown.log_marginal, shown.elbo, shown.log_likelihood
    below = elbo < low
    bottom = max(elbo, low)
    drawn: list[dict[str, Any]] = []
    labels = [Label(bottom, f"ELBO ↓ {elbo:.0f}".replace("-", "−") if below else "ELBO", palette.ELBO)]
    if before is not None and before[0] > low:
        drawn.append(layers.line(TICK, [before[0]] * 2, color=palette.ELBO, dash="dashed", width=2, alpha=0.7))
        labels.append(Label(*before, palette.ELBO))
    if terms:
        drawn += [
            layers.bar(TERM, (bottom, max(fit, bottom)), color=palette.KL, alpha=0.8),
            tick(fit, palette.RECONSTRUCTION),
        ]
        labels += [
            Label(fit, "E[log p(x|z)]", palette.RECONSTRUCTION),
            Label((bottom + fit) / 2, f"KL(q‖p(z)) = {shown.kl_prior:.2f}", palette.KL),
        ]
    if not covered:
        if bracket:
            drawn += hatched(GAP, (bottom, total), (high - low) / STRIPES)
            middle = (bottom + total) / 2
            name = "KL(q‖p(z|x))" if terms else "gap"
            labels.append(Label(middle, f"{name} = {shown.kl_posterior:.2f} nats", "text"))
        drawn.append(tick(total, "text"))
        labels.append(Label(total, "log p(x)", "text"))
    if not below:
        drawn.append(tick(elbo, palette.ELBO))
    drawn += [layers.words(LABELS, at, text, color=colour, bold=True) for at, text, colour in apart(labels, low, high)]
    return Sketch(Axis("", 0, WIDTH, ticks=(), bare=True), Axis("nats", low, high, bare=True), drawn)


def tick(at: float, colour: str) -> dict[str, Any]:
    return layers.line(TICK, [at, at], color=colour, width=3)


def hatched(x: tuple[float, float], y: tuple[float, float], step: float) -> list[dict[str, Any]]:
    """A rectangle with a rim and slanted stripes, `step` apart."""
    (left, right), (bottom, top) = x, y
    rim = layers.line([left, right, right, left, left], [bottom, bottom, top, top, bottom], color="text", width=1.25)
    across, up = [], []
    for start in np.arange(bottom - step, top, step):
        # A stripe rises by `step` from the left side to the right; cut off what lies outside.
        from_share, to_share = (min(max((end - start) / step, 0.0), 1.0) for end in (bottom, top))
        if from_share < to_share:
            across += [left + share * (right - left) for share in (from_share, to_share)] + [np.nan]
            up += [start + share * step for share in (from_share, to_share)] + [np.nan]
    return [rim, layers.line(across, up, color="text", width=1.25, alpha=0.7)] if across else [rim]


def apart(labels: Sequence[Label], low: float, high: float) -> list[Label]:
    """The labels from the lowest to the highest, moved so far that none lies on another or outside."""
    line = LINE * (high - low)
    found = sorted(labels)
    places = []
    for label in found:
        places.append(max(label.at, (places[-1] + line) if places else low + line / 2))
    top = high - line / 2
    for index in reversed(range(len(places))):
        places[index] = min(places[index], top)
        top = places[index] - line
    return [label._replace(at=place) for label, place in zip(found, places, strict=True)]
