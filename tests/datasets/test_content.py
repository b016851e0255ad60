"""Which set is the catalogue's, told by its content and not by its name; and the sha256 of what a set holds."""

import dataclasses
import hashlib

import pytest
import torch

from vaedemo import datasets
from vaedemo.datasets import ImageSet, content
from vaedemo.rules import ConfigError


def copied(image_set: ImageSet, **changes) -> ImageSet:
    return dataclasses.replace(image_set, **({"x": image_set.x.clone(), "y": image_set.y.clone()} | changes))


@pytest.mark.parametrize("name", ["ring", "digits"])
def test_a_set_is_known_by_what_it_holds(name):
    train = datasets.load(name, "train")
    assert content.is_named(train, name, "train") and content.is_named(copied(train), name, "train")
    assert content.is_named(copied(train, name="another"), name, "train")
    assert not content.is_named(train, name, "test")
    assert not content.is_named(copied(train, x=train.x[:-1], y=train.y[:-1]), name, "train")
    one_value = train.x.clone()
    one_value[-1, -1] = one_value[-1, -1] + 1
    assert not content.is_named(copied(train, x=one_value), name, "train")
    other_classes = train.y.flip(0)
    assert not content.is_named(copied(train, y=other_classes), name, "train")


def test_a_set_that_is_not_on_disk_cannot_be_the_catalogue_s():
    """No `VAEDEMO_DATA` here: MNIST would have to be downloaded, which a comparison does not do."""
    digits = datasets.load("digits", "train")
    assert not content.is_named(dataclasses.replace(digits, name="mnist"), "mnist", "train")
    with pytest.raises(ConfigError):
        content.is_named(digits, "cats", "train")
    for ask in (content.content_sha256, lambda value: content.is_named(value, "ring", "train")):
        with pytest.raises(ValueError, match="must be an ImageSet, got Tensor"):
            ask(digits.x)


def test_the_sha256_is_of_types_shapes_and_bytes():
    x, y = torch.arange(24, dtype=torch.uint8).reshape(2, 1, 3, 4), torch.tensor([1, 0])
    text = b"torch.uint8 (2, 1, 3, 4)\n" + bytes(range(24)) + b"torch.int64 (2,)\n" + y.numpy().tobytes()
    assert content.content_sha256(ImageSet(x, y, "mine")) == hashlib.sha256(text).hexdigest()
    strided = torch.arange(48, dtype=torch.uint8).reshape(2, 1, 3, 8)[..., :4]
    assert content.content_sha256(ImageSet(strided, y, "a")) == content.content_sha256(
        ImageSet(strided.contiguous(), y, "b")
    )


def test_sets_that_differ_in_one_pixel_one_class_or_their_shape_have_different_sums():
    x, y = torch.zeros(3, 1, 4, 4, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)
    pixel, label = x.clone(), y.clone()
    pixel[2, 0, 3, 3], label[1] = 1, 1
    sets = [ImageSet(*pair, "mine") for pair in ((x, y), (pixel, y), (x, label), (x.reshape(3, 1, 2, 8), y))]
    assert len({content.content_sha256(each) for each in sets}) == 4
    assert content.content_sha256(sets[0], sets[1]) != content.content_sha256(sets[1], sets[0])
