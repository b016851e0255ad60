"""GIFs are read back with Pillow's own reader: the oracle of every frame, its time and the loop."""

import io

import numpy as np
import pytest
from PIL import Image, ImageSequence

from vaedemo.figures.gif import gif


def read(data: bytes) -> tuple[Image.Image, list[np.ndarray], list[int]]:
    picture = Image.open(io.BytesIO(data))
    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        frames.append(np.asarray(frame.convert("RGB")))
        times.append(frame.info["duration"])
    return picture, frames, times


def noise(*shape: int, values: int = 256) -> np.ndarray:
    return np.random.default_rng(0).integers(0, values, shape, dtype=np.uint8)


def test_grey_frames_come_back_exactly_and_loop_for_ever():
    shown = noise(5, 12, 9)
    picture, frames, times = read(gif(list(shown), 80))
    assert picture.format == "GIF"
    assert picture.info["loop"] == 0
    assert times == [80] * 5
    np.testing.assert_array_equal(np.stack(frames)[..., 0], shown)


def test_few_colours_come_back_exactly():
    shown = noise(4, 10, 7, 3, values=6) * 51
    _, frames, _ = read(gif(list(shown), 50))
    np.testing.assert_array_equal(np.stack(frames), shown)


def test_many_colours_share_one_palette_and_stay_close():
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    one = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.uint8(90)), axis=-1)
    _, frames, _ = read(gif([one, one[::-1].copy()], 100))
    assert len(frames) == 2
    assert np.abs(frames[0].astype(int) - one).max() <= 24
    np.testing.assert_array_equal(frames[1], frames[0][::-1])


def test_scale_makes_sharp_blocks():
    shown = noise(2, 3, 4)
    _, frames, _ = read(gif(list(shown), 100, scale=3))
    np.testing.assert_array_equal(np.stack(frames)[..., 0], shown.repeat(3, axis=1).repeat(3, axis=2))


def test_equal_neighbours_are_stored_once_and_stay_longer():
    still = noise(3, 3)
    _, frames, times = read(gif([still, still, 255 - still], 100))
    assert len(frames) == 2
    assert times == [200, 100]


def test_time_is_rounded_to_hundredths_of_a_second():
    assert read(gif(list(noise(2, 3, 3)), 84))[2] == [80, 80]


@pytest.mark.parametrize(
    ("frames", "milliseconds", "scale", "named"),
    [
        ([], 100, 1, "no frame"),
        ([np.zeros((3, 3), dtype=np.float32)], 100, 1, "float32"),
        ([np.zeros((3, 3, 4), dtype=np.uint8)], 100, 1, r"\(3, 3, 4\)"),
        ([np.zeros((3, 3), dtype=np.uint8), np.zeros((3, 4), dtype=np.uint8)], 100, 1, r"\(3, 4\)"),
        ([np.zeros((0, 3), dtype=np.uint8)], 100, 1, "none empty"),
        ([np.zeros((3, 3), dtype=np.uint8)], 5, 1, "milliseconds is 5"),
        ([np.zeros((3, 3), dtype=np.uint8)], 100, 0, "scale is 0"),
        ([np.zeros((3, 3), dtype=np.uint8)], 100, 1.5, "scale is 1.5"),
    ],
)
def test_bad_input_is_named(frames: list[np.ndarray], milliseconds: int, scale: int, named: str):
    with pytest.raises(ValueError, match=named):
        gif(frames, milliseconds, scale)


def test_the_commonest_colour_stays_exact_among_many():
    shown = noise(2, 60, 60, 3)
    shown[:, :20] = (253, 7, 11)
    _, frames, _ = read(gif(list(shown), 100))
    np.testing.assert_array_equal(np.stack(frames)[:, :20], shown[:, :20])
