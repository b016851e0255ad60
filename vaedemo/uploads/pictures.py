"""PNG and JPEG files: what an upload accepts of them beyond what every image file must be, and their classes."""

from collections.abc import Iterable

from PIL import Image

from vaedemo import image_file
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.bodies import File
from vaedemo.uploads.classes import coded, folder_of
from vaedemo.uploads.limits import MOST_PIXELS
from vaedemo.uploads.stacks import Stack
from vaedemo.uploads.words import Refused, shown

LIMIT = image_file.SizeLimit(area=MOST_PIXELS)
BIT_DEPTH_AT = 24  # in a PNG: 8 bytes of signature, 8 of the first chunk's head, width and height


def read(content: bytes) -> Image.Image:
    """The image of a file in grey. Raises `Unreadable`."""
    # Pillow reads a PNG of 16 bits in colour as one of 8.
    if content.startswith(b"\x89PNG") and content[BIT_DEPTH_AT : BIT_DEPTH_AT + 1] == b"\x10":
        raise image_file.Unreadable("has 16 bits for each colour: save it with 8")
    return image_file.read(content, LIMIT, still)


def still(image: Image.Image) -> Image.Image:
    """The grey of an opened image that is a single one; Pillow opens the first of several."""
    if getattr(image, "n_frames", 1) > 1 or image.format not in image_file.FORMATS:
        raise image_file.Unreadable("holds more than one image: save it as a plain PNG or JPEG")
    return image_file.grey(image)


def decode(files: Iterable[File], notes: list[str]) -> Decoded:
    """The images of files, in their order; their folders are the classes. Raises `Refused` for one that is none."""
    stack, folders = Stack(), []
    for file in files:
        try:
            stack.add(read(file.content))
        except image_file.Damaged:  # Pillow's own words speak of chunks and buffers
            raise Refused(
                f"{shown(file.name)} is a damaged or incomplete image: save it again as PNG or JPEG."
            ) from None
        except image_file.Unreadable as error:
            raise Refused(f"{shown(file.name)} {error}.") from None
        folders.append(folder_of(file.name))
    return stack.decoded(*coded(folders), notes)
