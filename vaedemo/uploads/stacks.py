"""The images of an upload, one after another, as two stacks of 28 by 28 pixels."""

import numpy as np
from PIL import Image

from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.framing import framed
from vaedemo.uploads.limits import MOST_EXAMPLES, SIDE
from vaedemo.uploads.words import Refused


class Stack:
    """Images in both framings. It grows as images are added, so that nothing is reserved for a count in a header."""

    def __init__(self):
        self.framings: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self.count = 0
        self.highest = 0

    def add(self, image: Image.Image) -> None:
        """Add a grey image of any size. Raises `Refused` for one too many."""
        if self.count == MOST_EXAMPLES:
            raise Refused(f"A data set may hold up to {MOST_EXAMPLES:,} images: fewer fit.")
        self.highest = max(self.highest, image.getextrema()[1])
        for framing, pixels in zip(self.framings, framed(image), strict=True):
            framing += pixels.tobytes()
        self.count += 1

    def decoded(self, labels: list[int] | np.ndarray, class_names: tuple[str, ...], notes: list[str]) -> Decoded:
        """What was added, with its classes. Raises `Refused` for a mask of 0 and 1, which is black to the eye."""
        if self.highest == 1:
            raise Refused("The images are black but for pixels of 1 in 255: write 255 for white.")
        shape = (self.count, SIDE, SIDE)
        whole, square = (np.frombuffer(framing, np.uint8).reshape(shape) for framing in self.framings)
        labels = np.asarray(labels, np.int64)
        return Decoded("images", labels, class_names, framings={"whole": whole, "square": square}, notes=tuple(notes))
