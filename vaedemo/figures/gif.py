"""Frames as a looping GIF: arrays in, the file's bytes out."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

SHORTEST = 20  # milliseconds a frame: browsers slow down whatever asks for less
MOST_COLOURS = 256  # what one palette of the format holds
LARGE = 6_000_000  # bytes of frames from which every other pixel is enough to choose a palette
CLOSE = 4  # levels
EXACT = 16  # of the commonest colours, where there are more than a palette holds


def gif(frames: Sequence[np.ndarray], milliseconds: int, scale: int = 1) -> bytes:
    """A GIF that loops for ever; the same frames give the same bytes.

    Grey frames and frames of at most 256 colours in all are kept exactly. More colours share one palette of 256, so
    that nothing flickers (median cut, no dithering; of the 16 commonest, those well apart stay exact). Equal
    neighbours are stored once and stand longer.

    Args:
        frames: uint8 arrays of one shape, (H, W) or (H, W, 3).
        milliseconds: how long each frame stands, from 20; the format rounds down to hundredths of a second.
        scale: each pixel becomes scale × scale equal ones, so the picture stays sharp.

    Raises:
        ValueError: no frame, a frame of another type or shape, or a time or scale that is too small.
    """
    check(frames, milliseconds, scale)
    pictures = [Image.fromarray(frame) for frame in frames] if frames[0].ndim == 2 else indexed(frames)
    # disposal 1: each frame is drawn over the one before, whole.
    first, *rest = [one.resize((one.width * scale, one.height * scale), Image.Resampling.NEAREST) for one in pictures]
    file = io.BytesIO()
    first.save(file, format="GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0, disposal=1)
    return file.getvalue()


def indexed(frames: Sequence[np.ndarray]) -> list[Image.Image]:
    """Frames (H, W, 3) as rows of one palette: their own colours where these are few enough, else 256 that stand for
    them, the commonest among them exactly."""
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
        # Pillow looks colours up four levels at a time: a neighbour as close as that would take this one's place.
        if (np.abs(kept - colour).max(axis=1) < CLOSE).any():
            continue
        kept = np.concatenate([kept, colour[None]])
        apart = np.abs(entries - colour)
        entries[(apart.max(axis=1) < CLOSE) | (np.arange(len(entries)) == apart.sum(axis=1).argmin())] = colour
    palette.putpalette(entries.astype(np.uint8).tobytes())
    return [Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]


def parts(colours: np.ndarray) -> np.ndarray:
    """Colours (n,) as one number each, in their red, green and blue (n, 3), uint8."""
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
