"""Signed values as colours on black: zero is black like an image's background, blue is positive, orange negative."""

import numpy as np

from vaedemo.figures import palette

PALE = 0.55  # share of white in the colour of the largest value: dark hues are hard to see on black


def signed_pixels(values, largest: float | None = None, power: float = 0.5) -> np.ndarray:
    """Values (..., H, W) as uint8 (..., 3, H, W): black at 0, the data's blue above, the reconstruction's orange below.

    The colour follows (|value| / `largest`) ** `power`, by default a square root, so that small values are visible: in
    the first half from black to the hue, then to a pale hue. `largest`: the value of full colour; None: the largest
    |value|. Values that are not finite are black.

    Raises:
        ValueError: `largest` is not above 0.
    """
    values = np.nan_to_num(np.asarray(values, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    if largest is None:
        largest = float(np.abs(values).max(initial=0.0)) or 1.0
    if not largest > 0:
        raise ValueError(f"largest must be above 0, got {largest}.")
    strength = np.clip(np.abs(values) / largest, 0, 1) ** power
    planes = []
    for plus, minus in zip(channels(palette.DATA), channels(palette.RECONSTRUCTION), strict=True):
        hue = np.where(values > 0, plus, minus)
        pale = hue + PALE * (255 - hue)
        planes.append(np.where(strength < 0.5, 2 * strength * hue, hue + (2 * strength - 1) * (pale - hue)))
    return np.rint(np.stack(planes, axis=-3)).astype(np.uint8)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb"."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))
