"""Arrays of one's own as a data set: what is accepted, what becomes of it, and one sentence for all else."""

import numpy as np
import pytest
import torch

from vaedemo import datasets
from vaedemo.config import ConfigError

RANDOM = np.random.default_rng(0)
BYTES = RANDOM.integers(0, 256, (5, 9, 7), dtype=np.uint8)
FLOATS = BYTES / 255


@pytest.mark.parametrize(
    "given",
    [
        BYTES, FLOATS, FLOATS.astype(np.float32), torch.from_numpy(BYTES), torch.from_numpy(FLOATS),
        torch.from_numpy(FLOATS).requires_grad_(), BYTES[:, None], FLOATS[:, None], FLOATS.tolist(),
        np.asfortranarray(BYTES), BYTES[::-1][::-1],
    ],
    ids=lambda given: f"{type(given).__name__} {getattr(given, 'dtype', '')}",
)  # fmt: skip
def test_the_same_images_in_any_form_are_the_same_bytes(given):
    made = datasets.from_arrays(given)
    assert made.x.dtype == torch.uint8 and made.x.shape == (5, 1, 9, 7)
    assert np.array_equal(made.x.numpy()[:, 0], BYTES)
    assert made.y.tolist() == [0] * 5 and made.name == "own images"


def test_floats_are_rounded_to_the_nearest_of_256_levels():
    shades = np.linspace(0, 1, 1000).reshape(1, 10, 100)
    assert np.abs(datasets.from_arrays(shades).x.numpy()[:, 0] / 255 - shades).max() <= 0.5 / 255 + 1e-7


def test_colour_booleans_points_labels_and_names():
    assert datasets.from_arrays(RANDOM.random((4, 3, 5, 6))).x.shape == (4, 3, 5, 6)
    assert datasets.from_arrays(BYTES > 99).x.unique().tolist() == [0, 255]
    points = datasets.from_arrays([[1, 2], [-3.5, 1e3]], [1, 0], name="two places")
    assert points.is_points and points.x.dtype == torch.float32 and points.x.tolist() == [[1, 2], [-3.5, 1000]]
    assert points.y.tolist() == [1, 0] and points.name == "two places"
    assert datasets.from_arrays(points.x).name == "own points"


def test_later_changes_of_the_array_do_not_reach_the_set():
    for given in (torch.from_numpy(BYTES.copy()), BYTES.copy(), torch.zeros(3, 2)):
        made = datasets.from_arrays(given)
        before = made.x.clone()
        given[0] = 7
        assert torch.equal(made.x, before)


OBJECTS = np.empty((3, 4, 4), dtype=object)
NAN = FLOATS.copy()
NAN[2, 3, 4] = np.nan


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (FLOATS * 255, "got floats from"),
        (BYTES.astype(np.int64), "got whole numbers from 0 to 255"),
        (-FLOATS, "got floats from -1"),
        (BYTES // 255, "these reach 1: give them as floats"),
        (OBJECTS, "images must be a tensor or an array of numbers"),
        ("images", "images must be a tensor or an array of numbers"),
        (None, "images must be a tensor or an array of numbers"),
        ([[1, 2], [3]], "an array whose rows have one length"),
        (FLOATS + 1j, "must hold real numbers"),
        (NAN, "1 of 315 are NaN"),
        (np.where(FLOATS > 0.5, np.inf, 0.0), "infinite"),
        ([[0.0, np.nan]], "1 of 2 are NaN"),
        (BYTES[:0], "at least 1 example"),
        (BYTES[:, :0], "at least 1 example"),
        (np.zeros((0, 2)), "at least 1 example"),
        (BYTES[None, None], r"must have shape \(N, H, W\), .* got \(1, 1, 5, 9, 7\)\.$"),
        (np.zeros((5, 784)), r"got \(5, 784\)\.$"),
        (np.zeros(5), r"got \(5,\)\.$"),
        (np.zeros((5, 8, 8, 3)), r"got \(5, 8, 8, 3\) \(the channels come second\)\.$"),
        (np.zeros((5, 2, 8, 8)), r"got \(5, 2, 8, 8\)\.$"),
        (np.zeros((1, 257, 2)), "up to 256 pixels a side, got 257 by 2"),
        (torch.zeros(1).expand(2**15, 256, 256), "up to 1,073,741,824 values in all, got 2,147,483,648"),
    ],
)  # fmt: skip
def test_what_is_no_data_set_is_one_sentence(images, says):
    with pytest.raises((ValueError, TypeError), match=says) as caught:
        datasets.from_arrays(images)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value) and len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ([0, 1, 2], r"of shape \(5,\), one for each example, got int64 of shape \(3,\)"),
        ([0.0] * 5, "got float32 of shape"),
        ([True] * 5, "got bool of shape"),
        (list("abcde"), "labels must be a tensor or an array of numbers"),
        ([0, 1, 2, 3, -1], "labels must be from 0 to 999, got -1 to 3"),
        ([0, 1, 2, 3, 1000], "labels must be from 0 to 999, got 0 to 1000"),
    ],
)
def test_what_are_no_labels_is_one_sentence(labels, says):
    with pytest.raises((ValueError, TypeError), match=says):
        datasets.from_arrays(BYTES, labels)


@pytest.mark.parametrize("name", ["", 3, "x" * 61, "two\nlines", "bell\a"])
def test_what_is_no_name(name):
    with pytest.raises(ConfigError, match="name accepts a text of 1 to 60 printable characters"):
        datasets.from_arrays(BYTES, name=name)
