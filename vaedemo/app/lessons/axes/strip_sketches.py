"""The pictures of the strips: rows of decoded images, each with the name of its axis."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

CUT = slice(2, 26)  # the rows and columns in which nearly all of a decoded shape lies
SIDE, GAP = 1.0, 0.08  # of an image, and between two


class Strip(NamedTuple):
    """The images (n, H, W) along one axis, from 0 to 1, and its name."""

    words: str
    images: np.ndarray


def strips(shown: Sequence[Strip], limit: float) -> Sketch:
    """One row for each strip, with its name on the left."""
    height = len(shown) * (SIDE + GAP)
    ticks = [(height - place * (SIDE + GAP) - 0.5, each.words) for place, each in enumerate(shown)]
    drawn = [part for place, each in enumerate(shown) for part in row(each.images, ticks[place][0] - 0.5)]
    return sheet(drawn, shown[0].images, height, limit, ticks)


def under_names(shown: Sequence[Strip], limit: float, title: str) -> Sketch:
    """One row for each strip, with its name above it: for a narrow picture. `title`: above all."""
    room = 0.5
    height = len(shown) * (SIDE + room) + room
    drawn = [layers.words(0, height - 0.5 * room, title, color="text", bold=True)]
    for place, each in enumerate(shown):
        bottom = height - room - (place + 1) * (SIDE + room)
        drawn += [layers.words(0, bottom + SIDE + 0.4 * room, each.words, color="text"), *row(each.images, bottom)]
    return sheet(drawn, shown[0].images, height, limit, ())


def data(rows: np.ndarray) -> Sketch:
    """Rows (n, columns, H, W) of images from the data set, in the data's blue."""
    height = len(rows) * (SIDE + GAP)
    drawn = [
        part
        for place, images in enumerate(rows)
        for part in row(images, height - (place + 1) * (SIDE + GAP) + GAP, palette.DATA, slice(None))
    ]
    width = rows.shape[1] * (SIDE + GAP)
    bare = Axis("images of the data set", 0, width, (), bare=True)
    return Sketch(bare, Axis("", 0, height, (), bare=True), drawn, equal=True)


def sheet(drawn: list, images: np.ndarray, height: float, limit: float, ticks: Sequence) -> Sketch:
    """The axes under the rows: across them one latent axis from −limit to limit."""
    count = len(images)
    width = count * (SIDE + GAP)
    ends = ((0, -limit), (count // 2, 0), (count - 1, limit))
    below = [(place * (SIDE + GAP) + 0.5, f"{value:g}".replace("-", "−")) for place, value in ends]
    return Sketch(
        Axis("this axis alone; the others stay", 0, width - GAP, below, bare=True),
        Axis("", 0, height, ticks, bare=True),
        drawn,
        equal=True,
    )


def row(
    images: np.ndarray, bottom: float, colour: str = palette.RECONSTRUCTION, window: slice = CUT
) -> list[dict[str, Any]]:
    """One row of images (n, H, W), each on a faint square; of each only the rows and columns in the window."""
    drawn = []
    for place, image in enumerate(images):
        left = place * (SIDE + GAP)
        drawn.append(layers.bar([left, left + SIDE], [bottom, bottom + SIDE], color=palette.NEUTRAL, alpha=0.12))
        cut = image[window, window][::-1]
        half = 0.5 / len(cut)
        ends = [left + half, left + SIDE - half], [bottom + half, bottom + SIDE - half]
        drawn.append(layers.heat(*ends, cut, colour, strength=1.0))
    return drawn
