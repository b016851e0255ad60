"""Home: the test digits to choose from, and the plane with codes, prior, one digit's posterior and its z."""

from functools import lru_cache
from typing import Any

import numpy as np

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import latent, palette, style

SCATTERED = 1200
OF_EACH_CLASS = 2


@lru_cache(maxsize=1)
def offered() -> tuple[int, ...]:
    """The indices of the test digits to choose from: the first two of each class."""
    labels = catalogue.images("mnist-55k")[0].y.numpy()
    return tuple(int(index) for kind in range(10) for index in np.flatnonzero(labels == kind)[:OF_EACH_CLASS])


@lru_cache(maxsize=2)
def backdrop(run_name: str, digest: str) -> tuple[tuple[dict[str, Any], ...], float]:
    """The layers that no click changes: a run's means of 1,200 digits and the prior's circles; and half the plane's
    side."""
    shown, _ = catalogue.images("mnist-55k")
    labels, names = shown.y[:SCATTERED].numpy(), datasets.class_names("mnist-55k")
    means = catalogue.run(run_name).model.encode(shown.x[:SCATTERED]).mean.numpy()
    side = latent.plane_extent(means)
    drawn = [
        layers.dots(*means[labels == label].T, 2.4, color=palette.class_colour(label), alpha=0.55, name=names[label])
        for label in range(len(names))
    ]
    for share in latent.PRIOR_SHARES:
        radius = latent.prior_radius(share)
        name = {"name": "prior p(z)"} if share == latent.PRIOR_SHARES[0] else {}
        circle = style.circle((0, 0), (radius, radius))
        drawn.append(layers.line(*circle.T, color=palette.PRIOR, width=1.5, dash="dotted", **name))
        drawn.append(layers.words(0, radius, f"{share:.0%}", align="center", baseline="bottom", color="text"))
    return tuple(drawn), side


def plane(run_name: str, digest: str, mu: np.ndarray, sigma: np.ndarray, z: np.ndarray) -> Sketch:
    """The backdrop, with q(z|x) = N(mu, diag sigma²) at one and two standard deviations, and z; each (2,)."""
    behind, side = backdrop(run_name, digest)
    posterior = {"color": palette.POSTERIOR}
    drawn = [
        *behind,
        layers.line(*style.circle(mu, 2 * sigma).T, width=1.5, **posterior),
        layers.line(*style.circle(mu, sigma).T, width=2.5, fill=0.35, name="q(z|x): 1 and 2 sd", **posterior),
        layers.dots(*mu, 3.5, rim=True, name="μ(x)", **posterior),
        *cross(z, side),
    ]
    return Sketch(Axis("z₁", -side, side), Axis("z₂", -side, side), drawn, equal=True)


def cross(z: np.ndarray, side: float) -> list[dict[str, Any]]:
    """A plus sign at the sampled z, of the same size on every plane."""
    arm = side / 40
    strokes = [z[0] - arm, z[0] + arm, np.nan, z[0], z[0]], [z[1], z[1], np.nan, z[1] - arm, z[1] + arm]
    return [layers.line(*strokes, color=palette.POSTERIOR, width=3, name="sampled z")]
