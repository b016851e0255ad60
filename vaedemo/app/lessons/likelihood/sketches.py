"""The pictures of the likelihood page: the estimates against K, and the codes with the largest shares of the sum."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import torch

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.likelihood.draws import FAINT, MOST_DRAWS, REFERENCE, Climbs, Cut
from vaedemo.app.shared.symbols import subscript
from vaedemo.figures import palette, style
from vaedemo.figures.latent import PRIOR_SHARES, prior_radius

COLOURS = {"prior": palette.PRIOR, "encoder": palette.POSTERIOR}
NAMES = {"prior": "z from the prior", "encoder": "z from q(z|x)"}
POWERS = [(10**power, f"{10**power:,}") for power in range(6)]
LEAST_EXTENT = 3.6
WORST_AT = 10  # the axis starts at the prior's estimate with so many samples


def nats_range(*climbs: Climbs) -> tuple[float, float]:
    """The common axis of both models: from the prior's estimate with ten samples to slightly above the highest
    reference."""
    at = climbs[0].prior.counts.index(WORST_AT)
    low = min(float(each.prior.mean[at]) for each in climbs)
    high = max(max(each.reference, each.elbo) for each in climbs)
    return low - 0.02 * (high - low), high + 0.06 * (high - low)


def climb_sketch(climbs: Climbs, cut: Cut, source: str, ends: tuple[float, float]) -> Sketch:
    """log p̂_K against K from both sources, with the reference, the ELBO and the chosen K."""
    still = without_choice(climbs, ends)
    chosen = [
        layers.upright(cut.draws, color=palette.NEUTRAL, dash="dotted", width=1.5),
        layers.dots([cut.draws], [cut.estimate], 6, color=COLOURS[source], rim=True),
    ]
    return replace(still, layers=[*still.layers, *chosen])


@lru_cache(maxsize=80)
def without_choice(climbs: Climbs, ends: tuple[float, float]) -> Sketch:
    """The layers that do not depend on K: the curves, the reference and the ELBO."""
    drawn, readout = [], {}
    for name in ("prior", "encoder"):
        curve = getattr(climbs, name)
        counts, known = np.asarray(curve.counts), ~torch.isnan(curve.low).numpy()
        band = {"color": COLOURS[name], "alpha": 0.25}
        drawn.append(layers.band(counts[known], curve.low.numpy()[known], curve.high.numpy()[known], **band))
        drawn.append(layers.line(counts, curve.mean.numpy(), color=COLOURS[name], name=NAMES[name], width=2.5))
        for number, value in zip(curve.counts, curve.mean.tolist(), strict=True):
            readout.setdefault(number, []).append(
                f"{'prior' if name == 'prior' else 'q(z|x)'} {value:.1f}".replace("-", "−")
            )
    reference = "exact log p(x)" if climbs.is_exact else f"IWAE-{REFERENCE:,} from q"
    drawn += [
        layers.level(climbs.elbo, color=palette.ELBO, dash="dashed", name="ELBO", width=2),
        layers.level(climbs.reference, color="text", name=reference, width=1.5),
    ]
    first = climbs.prior.mean[0].item()
    if first < ends[0]:
        note = f"prior at K = 1, below this axis: {first:.0f}".replace("-", "−")
        height = ends[0] + 0.03 * (ends[1] - ends[0])
        drawn.append(layers.words(MOST_DRAWS, height, note, color="text", align="right", baseline="bottom"))
    return Sketch(
        Axis("number of draws K", 0.8, 1.25 * MOST_DRAWS, POWERS, log=True),
        Axis("log p̂, nats", *ends),
        drawn,
        readout=[(number, f"K = {number:,}\n" + "\n".join(values)) for number, values in readout.items()],
    )


def shown_axes(climbs: Climbs) -> tuple[int, int]:
    """The two axes of the plane: if there are more, those on which q is narrowest."""
    if len(climbs.mu) == 2:
        return 0, 1
    first, second = sorted(climbs.logvar.argsort()[:2].tolist())
    return first, second


@lru_cache(maxsize=64)
def plane_sketch(climbs: Climbs, cut: Cut, source: str) -> Sketch:
    """Samples on the latent plane, with sizes by their share of the sum, the prior's circles and q's ellipse."""
    axes = list(shown_axes(climbs))
    mu, deviation = climbs.mu[axes].numpy(), (0.5 * climbs.logvar[axes]).exp().numpy()
    extent = max(LEAST_EXTENT, float(np.abs(mu).max()) + 0.6)
    rings = style.broken_line(style.circle((0, 0), [prior_radius(share)] * 2) for share in PRIOR_SHARES)
    ellipse = style.circle(mu, 2 * deviation)
    colour = COLOURS[source]
    counts = cut.shares > 1e-4
    faint, heavy = cut.faint[:, axes].numpy(), cut.heavy[counts][:, axes].numpy()
    radius = 2.2 + 9 * cut.shares[counts].sqrt().numpy()
    return Sketch(
        Axis(f"z{subscript(axes[0] + 1)}", -extent, extent),
        Axis(f"z{subscript(axes[1] + 1)}", -extent, extent),
        [
            layers.line(*rings.T, color=palette.PRIOR, dash="dotted", width=1.25, name="prior: 50, 90, 99 %"),
            layers.dots(*faint.T, 1.4, color=palette.NEUTRAL, alpha=0.55, name=f"first {FAINT} draws"),
            layers.dots(*heavy.T, radius, color=colour, alpha=0.75, rim=True, name="area: share of the sum"),
            layers.line(*ellipse.T, color=palette.POSTERIOR, width=2, name="q(z|x), 2 sd"),
        ],
        equal=True,
    )
