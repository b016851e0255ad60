"""The planes of the first page: all codes with the prior's circle, the darts, one digit's q(z|x) magnified."""

from functools import lru_cache
from typing import Any

import numpy as np

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.home import data
from vaedemo.app.lessons.home.dart import REACH
from vaedemo.figures import latent, palette, style

OF_EACH_CLASS = 2
MAGNIFIED = 4  # standard deviations to each side of the mean


@lru_cache(maxsize=1)
def offered() -> tuple[int, ...]:
    """The indices of the test digits to choose from: the first two of each class."""
    labels = catalogue.images(data.DATASET)[0].y.numpy()
    return tuple(int(index) for kind in range(10) for index in np.flatnonzero(labels == kind)[:OF_EACH_CLASS])


@lru_cache(maxsize=4)
def backdrop(name: str, digest: str, side: float) -> tuple[dict[str, Any], ...]:
    """The layers that no click changes: a run's codes by class, each class written at its middle, and the prior's
    circle."""
    shown, _ = catalogue.images(data.DATASET)
    labels, names = shown.y[: data.CODES].numpy(), datasets.class_names(data.DATASET)
    means = data.means(name, digest).numpy()
    drawn = [
        layers.dots(*means[labels == label].T, 2.2, color=palette.class_colour(label), alpha=palette.CLASS_OPACITY)
        for label in range(len(names))
    ]
    radius = latent.prior_radius(data.SHARE)
    circle = style.circle((0, 0), (radius, radius))
    drawn.append(layers.line(*circle.T, color=palette.PRIOR, width=2, dash="dotted"))
    title = f"{data.SHARE:.0%} of N(0, I)"
    drawn.append(layers.words(0, radius, title, align="center", baseline="bottom", color="text"))
    for label, title in enumerate(names):
        middle = np.median(means[labels == label], axis=0)
        if np.abs(middle).max() < side:
            look = {"color": "text", "bold": True, "align": "center", "baseline": "middle"}
            drawn.append(layers.words(*middle, title, **look))
    return tuple(drawn)


def plane(name: str, digest: str, extra: list[dict[str, Any]], side: float = REACH, **more) -> Sketch:
    """A run's plane with more layers on it."""
    return Sketch(
        Axis("z₁", -side, side), Axis("z₂", -side, side), [*backdrop(name, digest, side), *extra], equal=True, **more
    )


def dart_plane(digest: str, places: list[tuple[float, float]], mu: np.ndarray) -> Sketch:
    """The plane of the VAE with the darts: crosses, and the newest as a dot; a click anywhere throws one. `mu`: where
    the digit x lies, (2,)."""
    before, (x, y) = places[:-1], places[-1]
    drawn = [layers.line(*cross(place, 0.1), color="text", width=2) for place in before]
    drawn.append(layers.dots([mu[0]], [mu[1]], 6, color=palette.POSTERIOR, rim=True))
    drawn.append(
        layers.words(mu[0] - 0.2, mu[1], "x", color=palette.POSTERIOR, bold=True, align="right", baseline="middle")
    )
    drawn.append(layers.dots([x], [y], 8, color=palette.RECONSTRUCTION, rim=True, moves=True))
    return plane(data.RUN, digest, drawn, handle=(x, y), aim=True)


def cloud_plane(digest: str, mu: np.ndarray, sigma: np.ndarray) -> Sketch:
    """The plane of the VAE with q(z|x) of one digit, and a frame around it that the other picture magnifies."""
    reach = MAGNIFIED * float(sigma.max())
    around = max(reach, 0.2)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * around + mu
    return plane(data.RUN, digest, [*normal(mu, sigma), layers.line(*corners.T, color="text", width=2)])


def magnified(mu: np.ndarray, sigma: np.ndarray, z: np.ndarray) -> Sketch:
    """q(z|x) = N(mu, diag sigma²) at one and two standard deviations, and the z drawn from it; each (2,)."""
    reach = MAGNIFIED * float(sigma.max())
    drawn = [
        *normal(mu, sigma),
        layers.words(mu[0], mu[1] + 2.1 * sigma[1], "q(z|x)", color=palette.POSTERIOR, bold=True, align="center"),
        layers.line(*cross(z, reach / 16), color="text", width=3),
        layers.words(z[0] + reach / 12, z[1], "z", color="text", bold=True, align="left", baseline="middle"),
    ]
    axes = (Axis(f"z{'₁₂'[axis]}", float(mu[axis]) - reach, float(mu[axis]) + reach) for axis in (0, 1))
    return Sketch(*axes, drawn, equal=True)


def normal(mu: np.ndarray, sigma: np.ndarray) -> list[dict[str, Any]]:
    look = {"color": palette.POSTERIOR}
    return [
        layers.line(*style.circle(mu, 2 * sigma).T, width=1.5, **look),
        layers.line(*style.circle(mu, sigma).T, width=2.5, fill=0.35, **look),
        layers.dots(*mu, 3, **look),
    ]


def cross(place, arm: float) -> tuple[list[float], list[float]]:
    """A plus sign as one line with a gap."""
    x, y = map(float, place)
    return [x - arm, x + arm, np.nan, x, x], [y, y, np.nan, y - arm, y + arm]
