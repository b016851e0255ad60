"""The two latent planes of the page on holes: codes by class, the prior's circles, and the z that both decode."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

ROOM = 1.06
PRIOR_REACH = 4.0  # radius outside which the prior has 0.03 % of its mass
CIRCLES = (1, 2, 3)


def window(means: np.ndarray, place: tuple[float, float], only_prior: bool) -> list[tuple[float, float]]:
    """The ends of both axes of a square plane that contains z and the prior, and all codes (N, 2) unless
    `only_prior`."""
    shown = np.array([[-PRIOR_REACH] * 2, [PRIOR_REACH] * 2, place])
    if not only_prior:
        shown = np.concatenate([shown, means])
    low, high = shown.min(axis=0), shown.max(axis=0)
    half = ROOM * (high - low).max() / 2
    return [(float(centre - half), float(centre + half)) for centre in (low + high) / 2]


def code_layers(means: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The layers that do not depend on z: codes (N, 2) by class, and the prior's circles."""
    drawn = [
        layers.dots(
            *means[labels == label].T,
            2.2,
            color=palette.class_colour(label),
            alpha=palette.CLASS_OPACITY,
            name=names[label],
        )
        for label in np.unique(labels).tolist()
    ]
    turn = np.linspace(0, 2 * np.pi, 97)
    for radius in CIRCLES:
        name = {"name": "N(0, I), 1, 2 and 3 σ"} if radius == 1 else {}
        drawn.append(layers.line(radius * np.cos(turn), radius * np.sin(turn), color=palette.PRIOR, width=2, **name))
    return drawn


def plane_sketch(
    codes: Sequence[dict[str, Any]],
    samples: np.ndarray,
    place: tuple[float, float],
    ends: list[tuple[float, float]],
) -> Sketch:
    """The `code_layers`, the prior's samples (n, 2) shown, and z, which is draggable.

    `ends`: lowest and highest value of each axis.
    """
    drawn = [
        *codes,
        layers.dots(*samples.T, 2.5, color=palette.PRIOR, rim=True, name="the samples below"),
        layers.dots([place[0]], [place[1]], 7.5, color="text", rim=True, moves=True, name="z: drag it"),
    ]
    return Sketch(Axis("z₁", *ends[0]), Axis("z₂", *ends[1]), drawn, equal=True, handle=place)
