"""The last choices about uploaded images, made by eye: how they are framed, inverted, and cut into black and white."""

from collections.abc import Mapping

import numpy as np

FRAMINGS = {"whole": "Whole picture", "square": "Middle square"}


def prepared(
    framings: Mapping[str, np.ndarray], framing: str, *, invert: bool = False, threshold: int = 0
) -> np.ndarray:
    """The images that are kept, uint8 (N, 28, 28).

    `framing`: a key of `framings`. `invert`: 255 − x, for dark ink on white paper. `threshold`, after it: a pixel of at
    least so much becomes 255 and any other 0; with 0 they stay grey. Raises `ValueError` for another framing or
    threshold.
    """
    if framing not in framings:
        raise ValueError(f"The framing is one of {', '.join(framings)}, got {framing!r:.40}.")
    if not 0 <= threshold <= 255:
        raise ValueError(f"The threshold is from 0 to 255, got {threshold}.")
    images = framings[framing]
    images = 255 - images if invert else images
    return np.where(images >= threshold, np.uint8(255), np.uint8(0)) if threshold else images


def is_light(images: np.ndarray) -> bool:
    """Whether most borders are nearer to white than to black: ink on paper, where the lecture's digits are light."""
    edges = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    return bool(np.median(np.median(edges, axis=1)) > 127)


def some_of_each(labels: np.ndarray, count: int) -> np.ndarray:
    """Rows of at most `count` examples, as many of each class as there is place for, class by class."""
    kinds = np.unique(labels)
    each = max(1, count // len(kinds))
    return np.concatenate([np.flatnonzero(labels == kind)[:each] for kind in kinds])[:count]
