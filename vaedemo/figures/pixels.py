"""Images as arrays of bytes: clipped for display, arranged in sheets, written as PNG."""

import io

import numpy as np
from PIL import Image


def as_bytes(images) -> np.ndarray:
    """Images as uint8 (n, C, H, W), C = 1 or 3.

    Accepts (n, H, W) or (n, C, H, W); uint8 unchanged, floats with 1 = white, clipped to [0, 1]. Clipping is only for
    display: a Gaussian decoder's mean may leave the range.

    Raises:
        ValueError: another shape, another number of channels, another type, or a value that is not a number.
    """
    array = np.asarray(images)
    if array.ndim == 3:
        array = array[:, None]
    if array.ndim != 4 or array.shape[1] not in (1, 3) or 0 in array.shape[2:]:
        raise ValueError(f"images must have the shape (n, H, W) or (n, C, H, W) with C = 1 or 3, got {array.shape}.")
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"images must be uint8 or floating-point, got {array.dtype}.")
    if not np.isfinite(array).all():
        raise ValueError("images hold values that are not finite numbers, so there is no picture to draw.")
    return np.rint(np.clip(array, 0.0, 1.0) * 255.0).astype(np.uint8)


def sheet(images, columns: int, *, gap: int = 1, scale: int = 1, background=(128, 135, 146, 0)) -> np.ndarray:
    """Images side by side, row by row, as one array (H, W, 3 or 4) of uint8.

    Args:
        images: as for `as_bytes`, (n, …).
        columns: images per row; the last row may be shorter.
        gap: pixels between images, before scaling; none around the sheet.
        scale: each pixel becomes scale × scale equal ones, so the image stays sharp.
        background: colour of gaps and empty cells, three or four bytes; four give a sheet with transparency.

    Raises:
        ValueError: no image, or `columns`, `scale` below 1, `gap` below 0, or another number of colour bytes.
    """
    pictures = as_bytes(images).transpose(0, 2, 3, 1)
    count, height, width, _ = pictures.shape
    if count == 0 or columns < 1 or scale < 1 or gap < 0 or len(background) not in (3, 4):
        raise ValueError(
            "A sheet needs at least one image, columns and scale of at least 1, gap of at least 0, "
            "and a background of 3 or 4 bytes."
        )
    columns = min(columns, count)
    rows = -(-count // columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, len(background))
    result = np.empty(shape, dtype=np.uint8)
    result[:] = np.asarray(background, dtype=np.uint8)
    for index, picture in enumerate(pictures):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        result[top : top + height, left : left + width, :3] = picture
        result[top : top + height, left : left + width, 3:] = 255
    return result.repeat(scale, axis=0).repeat(scale, axis=1)


def png_bytes(array: np.ndarray) -> bytes:
    """A PNG file of an array (H, W), (H, W, 3) or (H, W, 4) of uint8. Raises ValueError for anything else."""
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ValueError(
            f"A PNG needs uint8 of the shape (H, W), (H, W, 3) or (H, W, 4), got {array.dtype}{array.shape}."
        )
    file = io.BytesIO()
    Image.fromarray(array).save(file, format="PNG", optimize=True)
    return file.getvalue()
