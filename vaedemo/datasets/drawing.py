"""A drawn digit as text for a link: 28 × 28 pixels of 8 grey levels, two pixels in each character."""

import re

import torch
from torch import Tensor

from vaedemo.datasets.imageset import ImageSet
from vaedemo.probability import checks
from vaedemo.rules import ConfigError, accepting

SIDE, LEVELS = 28, 8
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # base64url: no link escapes it
CHARACTERS = SIDE * SIDE // 2
BLANK = ALPHABET[0] * CHARACTERS

# The byte of each level, 255 l / 7 rounded: levels 0 and 7 are black and white exactly.
BYTES = tuple(round(255 * level / (LEVELS - 1)) for level in range(LEVELS))


@accepting(f"{CHARACTERS} of the characters A-Z, a-z, 0-9, - and _, two pixels in each, or nothing")
def text_or_empty(name: str, value) -> str:
    """The rule for a drawing in a link."""
    if not isinstance(value, str) or not re.fullmatch(rf"([A-Za-z0-9_-]{{{CHARACTERS}}})?", value):
        raise ConfigError(name, value, text_or_empty.accepts)
    return value


def read(text: str) -> Tensor:
    r"""The pixels of a drawing, uint8 (1, 28, 28), row by row.

    The character of value $v$ in base64url holds the levels $\lfloor v / 8 \rfloor$ and $v \bmod 8$ of two neighbours;
    level $l$ is the byte $255\,l / 7$, rounded. Raises `ConfigError` for anything but 392 such characters.
    """
    if not text_or_empty("drawing", text):
        raise ConfigError("drawing", text, f"{CHARACTERS} characters")
    values = torch.tensor([ALPHABET.index(character) for character in text])
    levels = torch.stack((values // LEVELS, values % LEVELS), dim=1)
    return torch.tensor(BYTES, dtype=torch.uint8)[levels].reshape(1, SIDE, SIDE)


def write(pixels: Tensor) -> str:
    """The text of pixels, uint8 (1, 28, 28): each becomes the nearest of the 8 levels. `read` gives those back.

    Raises `ValueError` for another shape or type.
    """
    pixels = checks.as_tensor("pixels", pixels)
    if pixels.dtype != torch.uint8 or pixels.shape != (1, SIDE, SIDE):
        raise ValueError(f"A drawing is a uint8 tensor of shape (1, {SIDE}, {SIDE}).")
    levels = (pixels.float() * (LEVELS - 1) / 255).round().long().reshape(-1, 2)
    return "".join(ALPHABET[LEVELS * left + right] for left, right in levels.tolist())


def as_set(text: str) -> ImageSet:
    """A drawing as a set of one image, x uint8 (1, 1, 28, 28), of class 0. Raises `ConfigError` as `read` does."""
    return ImageSet(read(text)[None], torch.zeros(1, dtype=torch.int64), "drawing")
