"""Own data by name: the name is that of the content, the split is fixed, and what is not here says how to get it."""

import numpy as np
import pytest
import torch

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.datasets import DataUnavailable, own

X = np.random.default_rng(1).integers(0, 256, (50, 6, 6), dtype=np.uint8)
Y = np.arange(50) % 3


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch):
    monkeypatch.setattr(own, "_held", type(own._held)())


def named(x=X, y=Y, **more):
    return datasets.register(datasets.from_arrays(x, y, **more))


def test_one_pixel_or_one_label_makes_another_name_and_digest_and_none_is_that_of_digits():
    one_pixel, one_label = X.copy(), Y.copy()
    one_pixel[7, 3, 3] ^= 1
    one_label[7] = (Y[7] + 1) % 3
    names = [named(), named(one_pixel), named(y=one_label)]
    digests = {RunConfig(dataset=name).digest for name in [*names, "digits"]}
    assert len(digests) == 4
    assert named(X / 255, torch.from_numpy(Y), name="another title") == names[0], "the content alone counts"


def test_the_parts_hold_each_example_once_and_a_fifth_of_each_class_is_for_testing():
    train, test = (datasets.load(named(), part) for part in ("train", "test"))
    together = torch.cat([train.x, test.x]).flatten(1).tolist()
    assert sorted(together) == sorted(X.reshape(50, -1).tolist())
    assert test.y.bincount().tolist() == [round(0.2 * (label == Y).sum()) for label in range(3)]
    again = datasets.load(named(), "test")
    assert torch.equal(again.x, test.x)


@pytest.mark.parametrize("count", [4, 5, 6, 7])
@pytest.mark.parametrize("classes", [1, 4])
def test_few_examples_leave_at_least_two_for_each_part(count, classes):
    name = named(X[:count], Y[:count] % classes)
    train, test = datasets.sizes(name)
    assert test >= 2 and train >= 2 and train + test == count


@pytest.mark.parametrize("count", [1, 3])
def test_fewer_are_one_sentence(count):
    with pytest.raises(ValueError, match=f"at least 4 examples to train and test on, got {count}"):
        named(X[:count], Y[:count])


def test_the_catalogue_knows_them_as_it_knows_the_others():
    name = datasets.register(datasets.from_arrays(X, Y, name="mine"), ["ant", "bee", "cat"])
    assert datasets.at_hand(name) and datasets.sizes(name) == (41, 9) and datasets.data_shape(name) == (1, 6, 6)
    assert datasets.class_names(name) == ("ant", "bee", "cat") and datasets.class_names(named(X[:9], Y[:9]))[2] == "2"
    shown, sentence = datasets.first_view(name)
    assert shown.name == "mine" and sentence == f"9 test examples of own images {name[7:15]}."
    points = datasets.register(datasets.from_arrays(np.eye(2).repeat(4, 0)))
    assert points.startswith("upload-points:") and datasets.data_shape(points) == (2,)
    assert RunConfig(dataset=points).on_points and not RunConfig(dataset=name).on_points
    with pytest.raises(ValueError, match="class_names must name all 3 classes, got 2 names"):
        datasets.register(datasets.from_arrays(X, Y), ["ant", "bee"])


def test_what_this_process_does_not_hold_says_how_to_bring_it_back():
    name = "upload:" + "1a2b3c4d" * 8
    assert not datasets.at_hand(name)
    for use in (datasets.load, datasets.sizes, datasets.data_shape, datasets.class_names, datasets.first_view):
        with pytest.raises(DataUnavailable, match=r"own images 1a2b3c4d are not in this process: pass .* vaedemo\.fit"):
            use(name)


def test_the_least_recently_used_are_dropped(monkeypatch):
    monkeypatch.setattr(own, "MOST_SETS", 2)
    first, second = named(X[:10], Y[:10]), named(X[:11], Y[:11])
    datasets.load(first)
    third = named(X[:12], Y[:12])
    assert [datasets.at_hand(name) for name in (first, second, third)] == [True, False, True]
    monkeypatch.setattr(own, "MOST_BYTES", 1)
    assert datasets.at_hand(named()) and not datasets.at_hand(third), "the newest stays, however large"


def test_the_names_of_fixed_data_stay_as_they_are():
    """Runs on disk are found by them: a change here loses all that users have trained on their own data."""
    images, points = np.arange(60, dtype=np.uint8).reshape(5, 3, 4), np.arange(10).reshape(5, 2) / 8
    assert named(images, [0, 1, 0, 1, 2]) == "upload:94a8ebe658c5f743d854864fc52304a98423cf4203533ee2e5ac9ae0057af383"
    assert named(points, None) == "upload-points:a4cd9ea16fec067719d5f440a7ea070d62ea83bb1bb2b3a6422b653ee9671008"
    assert RunConfig(dataset=named(images, None)).digest == "4c766710b2a86b45"
