"""One image file, PNG or JPEG: what is looked at before it is decoded, and its pixels.

Nothing here imports torch: the process that decodes a visitor's files starts quickly and has little memory.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG")
SUFFIXES = (".png", ".jpg", ".jpeg")
OPAQUE_MODES = ("1", "L", "P", "RGB", "CMYK", "YCbCr")
ALPHA_MODES = ("LA", "PA", "RGBA")
Pixels = TypeVar("Pixels")


class Unreadable(ValueError):
    """A file is no image that is accepted. The text follows the file's name in a sentence and has no full stop."""


class Damaged(Unreadable):
    """A file cannot be decoded as an image; the text repeats what Pillow said."""


@dataclass(frozen=True)
class SizeLimit:
    """How many pixels an image may have, either a side or in all."""

    side: int | None = None
    area: int | None = None

    def holds(self, width: int, height: int) -> bool:
        """Whether an image of this size is accepted."""
        within_side = self.side is None or max(width, height) <= self.side
        return within_side and (self.area is None or width * height <= self.area)

    @property
    def accepted(self) -> str:
        """What is accepted, as in "up to 256 a side are accepted"."""
        return f"{self.side} a side" if self.side is not None else f"{self.area:,} in all"

    @property
    def exceeded(self) -> str:
        """What a too large image has more of, as in "it has more than 256 pixels a side"."""
        return f"{self.side} pixels a side" if self.side is not None else f"{self.area:,} pixels"


def read(content: bytes, limit: SizeLimit, convert: Callable[[Image.Image], Pixels]) -> Pixels:
    """What `convert` makes of the image. Its size and kind are looked at before anything is decoded.

    Raises `Unreadable`, and `MemoryError` where decoding needs more than there is.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's warning of large images: they are refused below
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                if not limit.holds(width, height):
                    raise Unreadable(f"has {width:,} by {height:,} pixels; up to {limit.accepted} are accepted")
                if image.mode not in OPAQUE_MODES + ALPHA_MODES:
                    raise Unreadable(f"is of kind {image.mode}; 8 bits for each colour are accepted")
                image.verify()  # PNG's checksums; decoding does not look at them, and the image cannot be used after it
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return convert(image)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # Pillow raises a dozen kinds of errors for damaged files
        if isinstance(error, UnidentifiedImageError):
            raise Damaged("cannot be read as an image: it is neither PNG nor JPEG") from error
        if isinstance(error, Image.DecompressionBombError):
            raise Unreadable(f"cannot be read as an image: it has more than {limit.exceeded}") from error
        raise Damaged(f"cannot be read as an image: {reason(error)}") from error


def reason(error: BaseException) -> str:
    """An error's text on one line and shortened, for a clause of a sentence."""
    text = getattr(error, "strerror", None) or " ".join(str(error).split())[:400].rstrip(".")
    return text[:150]


def colours(image: Image.Image) -> np.ndarray:
    """The pixels of an opened image as red, green and blue, uint8 (H, W, 3), turned as its EXIF entry says."""
    turned = ImageOps.exif_transpose(image)
    refuse_transparent(turned)
    return np.asarray(turned.convert("RGB"))


def grey(image: Image.Image) -> Image.Image:
    """An opened image in grey, turned as its EXIF entry says, with as little memory as can be."""
    image.draft("L", None)  # a JPEG of three colours is decoded to its grey alone: a quarter of the memory
    refuse_transparent(image)
    turned = image if image.mode == "L" else opaque_grey(image)
    ImageOps.exif_transpose(turned, in_place=True)
    return turned


def opaque_grey(image: Image.Image) -> Image.Image:
    """The grey of an image without transparent pixels; CMYK goes by way of red, green and blue."""
    return (image.convert("RGB") if image.mode == "CMYK" else image).convert("L")


def refuse_transparent(image: Image.Image) -> None:
    """Raise `Unreadable` for an image with transparent pixels: they have no colours to show."""
    if image.mode in ALPHA_MODES:
        lowest, _ = image.getchannel("A").getextrema()
    elif "transparency" in image.info:
        lowest, _ = image.convert("RGBA").getchannel("A").getextrema()
    else:
        return
    if lowest < 255:
        raise Unreadable("has transparent pixels: put a background behind them first")
