"""A grey image of any size becomes 28 by 28 pixels, in two ways: the whole of it, and its central square.

A visitor chooses between the two when the images are there, so both are made. An image of 28 by 28 stays as it is.
"""

import numpy as np
from PIL import Image

from vaedemo.uploads.limits import SIDE


def framed(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """The whole image and its central square, each uint8 (28, 28). `image` is of mode "L"."""
    if image.size == (SIDE, SIDE):
        unchanged = np.asarray(image)
        return unchanged, unchanged
    square = central_square(image)
    return (square if image.width == image.height else whole(image)), square


def central_square(image: Image.Image) -> np.ndarray:
    """The largest square in the middle of an image, in 28 by 28 pixels."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return np.asarray(resized(image, (SIDE, SIDE), (left, top, left + side, top + side)))


def whole(image: Image.Image) -> np.ndarray:
    """The whole image in the middle of 28 by 28 pixels; what is left over has the median grey of the border.

    It is made smaller before it is set on its ground: a strip of 25 million by 1 would have a ground of 10^14 pixels.
    """
    longest = max(image.size)
    width, height = (max(1, round(side * SIDE / longest)) for side in image.size)
    ground = np.full((SIDE, SIDE), border_grey(image), np.uint8)
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    small = resized(image, (width, height), (0, 0, *image.size))
    ground[top : top + height, left : left + width] = np.asarray(small)
    return ground


def border_grey(image: Image.Image) -> int:
    """The median of the pixels along the four edges of an image."""
    width, height = image.size
    edges = ((0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height))
    return int(np.median(np.concatenate([np.asarray(image.crop(edge)).ravel() for edge in edges])))


def resized(image: Image.Image, size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    """A part of an image in another size: a smaller one by the mean of areas, a larger one by straight lines."""
    width, height = box[2] - box[0], box[3] - box[1]
    shrinks = width * height >= size[0] * size[1]
    return image.resize(size, Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR, box=box)
