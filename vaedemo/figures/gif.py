"""Frames as a looping GIF: arrays in, the file's bytes out."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

SHORTEST = 20  # milliseconds per frame: browsers slow down faster GIFs
MOST_COLOURS = 256  # colours in a palette of the format
LARGE = 6_000_000  # bytes of frames above which the palette is chosen from every second pixel
CLOSE = 4  # levels
EXACT = 16  # most common colours that stay exact if there are more than a palette can contain


def gif(frames: Sequence[np.ndarray], milliseconds: int, scale: int = 1) -> bytes:
    """A GIF that loops without end; the same frames give the same bytes.

    Grey frames, and frames of at most 256 colours in total, are stored exactly. More colours share one palette of 256,
    to avoid flicker (median cut, no dithering; of the 16 most common, those well apart stay exact). Equal successive
    frames are stored once, with a longer duration.

    Args:
        frames: uint8 arrays of one shape, (H, W) or (H, W, 3).
        milliseconds: the duration of each frame, from 20; the format rounds down to hundredths of a second.
        scale: each pixel becomes scale × scale equal ones, so the image stays sharp.

    Raises:
        ValueError: no frame, a frame of another type or shape, or a time or scale that is too small.
    """
    check(frames, milliseconds, scale)
    pictures = [Image.fromarray(frame) for frame in frames] if frames[0].ndim == 2 else indexed(frames)
    # disposal 1: each complete frame is drawn over the previous one.
    first, *rest = [one.resize((one.width * scale, one.height * scale), Image.Resampling.NEAREST) for one in pictures]
    file = io.BytesIO()
    first.save(file, format="GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0, disposal=1)
    return file.getvalue()


def indexed(frames: Sequence[np.ndarray]) -> list[Image.Image]:
    """Frames (H, W, 3) as images with one common palette.

    The palette has the frames' own colours if there are at most 256, else 256 approximations, with the most common
    colours exact.
    """
    coded = [frame.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32) for frame in frames]
    found = [np.unique(one, return_counts=True) for one in coded]
    colours, places = np.unique(np.concatenate([one for one, _ in found]), return_inverse=True)
    counts = np.bincount(places, weights=np.concatenate([each for _, each in found]))
    if len(colours) <= MOST_COLOURS:
        pictures = [Image.fromarray(np.searchsorted(colours, one).astype(np.uint8)) for one in coded]
        for picture in pictures:
            picture.putpalette(parts(colours).tobytes())
        return pictures
    stride = 1 + (len(frames) * frames[0].size > LARGE)
    sample = np.concatenate([frame[::stride, ::stride] for frame in frames])
    palette = Image.fromarray(sample).quantize(MOST_COLOURS, method=Image.Quantize.MEDIANCUT)
    entries = np.array(palette.getpalette(), dtype=np.int64).reshape(-1, 3)
    kept = np.zeros((0, 3), dtype=np.int64)
    for colour in parts(colours[np.argsort(counts)[: -EXACT - 1 : -1]]).astype(np.int64):
        # Pillow looks colours up in steps of four levels: a closer neighbour would replace this colour.
        if (np.abs(kept - colour).max(axis=1) < CLOSE).any():
            continue
        kept = np.concatenate([kept, colour[None]])
        apart = np.abs(entries - colour)
        entries[(apart.max(axis=1) < CLOSE) | (np.arange(len(entries)) == apart.sum(axis=1).argmin())] = colour
    palette.putpalette(entries.astype(np.uint8).tobytes())
    return [Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


def parts(colours: np.ndarray) -> np.ndarray:
    """Split colours (n,), one number each, into red, green and blue (n, 3), uint8."""
    return np.stack([colours >> 16, (colours >> 8) & 255, colours & 255], axis=1).astype(np.uint8)


def check(frames: Sequence[np.ndarray], milliseconds: int, scale: int) -> None:
    if not len(frames):
        raise ValueError("A GIF needs at least one frame, and there is no frame.")
    if not isinstance(milliseconds, int) or milliseconds < SHORTEST:
        raise ValueError(f"milliseconds is {milliseconds}; a frame stands for a whole number from {SHORTEST} up.")
    if not isinstance(scale, int) or scale < 1:
        raise ValueError(f"scale is {scale}; it must be a whole number from 1 up.")
    shape = frames[0].shape
    for frame in frames:
        sound = frame.dtype == np.uint8 and (frame.ndim == 2 or (frame.ndim == 3 and frame.shape[2] == 3))
        if not sound or frame.size == 0 or frame.shape != shape:
            raise ValueError(
                "Frames must be uint8 arrays of one shape, (H, W) or (H, W, 3), none empty, "
                f"got {frame.dtype} {frame.shape} beside {shape}."
            )
