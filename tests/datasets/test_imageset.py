import dataclasses

import pytest
import torch

from vaedemo.datasets import ImageSet


def pictures(count=64):
    x = torch.arange(256, dtype=torch.uint8).repeat(count * 784 // 256).reshape(count, 1, 28, 28)
    return ImageSet(x, torch.zeros(count, dtype=torch.int64), "digits")


def test_grey_is_a_share_of_255():
    data = pictures().as_data()
    assert data.dtype == torch.float32 and data.shape == (64, 1, 28, 28)
    expected = torch.arange(256, dtype=torch.float64) / 255
    torch.testing.assert_close(data.flatten()[:256].double(), expected, atol=1e-7, rtol=0)


def test_binary_is_one_from_128():
    data = pictures().as_data("binary").flatten()[:256]
    assert data.dtype == torch.float32
    assert data.tolist() == [0.0] * 128 + [1.0] * 128


def test_dynamic_is_one_fixed_draw():
    shown = pictures()
    first = shown.as_data("dynamic")
    assert first.dtype == torch.float32 and set(first.unique().tolist()) == {0.0, 1.0}
    torch.manual_seed(1)
    assert torch.equal(first, shown.as_data("dynamic"))


def test_dynamic_does_not_move_the_global_generator():
    state = torch.get_rng_state()
    pictures().as_data("dynamic")
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("count", [1, 3, 63])
def test_dynamic_belongs_to_the_index(count):
    whole = pictures()
    part = ImageSet(whole.x[:count], whole.y[:count], whole.name)
    assert torch.equal(part.as_data("dynamic"), whole.as_data("dynamic")[:count])


def test_dynamic_has_the_grey_value_as_its_mean():
    count = 20_000
    x = torch.tensor([0, 51, 128, 204, 255], dtype=torch.uint8).repeat(count, 1).reshape(count, 1, 1, 5)
    mean = ImageSet(x, torch.zeros(count, dtype=torch.int64), "digits").as_data("dynamic").mean(dim=(0, 1, 2))
    expected = torch.tensor([0, 51, 128, 204, 255]) / 255
    torch.testing.assert_close(mean, expected, atol=4 * 0.5 / count**0.5, rtol=0)
    assert mean[0] == 0 and mean[-1] == 1


@pytest.mark.parametrize("pixels", ["grey", "binary", "dynamic"])
def test_points_are_left_alone(pixels):
    points = ImageSet(torch.randn(7, 2), torch.zeros(7, dtype=torch.int64), "ring")
    assert points.is_points and len(points) == 7
    assert torch.equal(points.as_data(pixels), points.x)


def test_images_are_no_points():
    assert not pictures().is_points and len(pictures()) == 64


def test_another_word_for_pixels_is_refused():
    with pytest.raises(ValueError, match=r"grey, binary, dynamic, got 'gray'"):
        pictures().as_data("gray")


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        pictures().name = "other"


@pytest.mark.parametrize(
    "x",
    [
        torch.zeros(3, 28, 28, dtype=torch.uint8),
        torch.zeros(3, 1, 28, 28),
        torch.zeros(3, 3),
        torch.zeros(3, 2, dtype=torch.float64),
    ],
)
def test_other_shapes_and_types_are_refused(x):
    with pytest.raises(ValueError, match="uint8 images"):
        ImageSet(x, torch.zeros(3, dtype=torch.int64), "digits")


@pytest.mark.parametrize("y", [torch.zeros(63, dtype=torch.int64), torch.zeros(64), torch.zeros(64, 1).long()])
def test_classes_must_fit(y):
    with pytest.raises(ValueError, match="64 examples"):
        ImageSet(pictures().x, y, "digits")


def test_a_data_loader_takes_it():
    images = pictures()
    loader = torch.utils.data.DataLoader(
        images, batch_size=10, shuffle=True, generator=torch.Generator().manual_seed(1)
    )
    seen = [(x, y) for x, y in loader]
    assert seen[0][0].shape == (10, *images.x.shape[1:]) and seen[0][0].dtype == torch.uint8
    assert torch.equal(torch.cat([y for _, y in seen]).sort().values, images.y.sort().values)
    order = torch.utils.data.DataLoader(images, batch_size=64)
    (x, y), *rest = order
    assert not rest and torch.equal(x, images.x) and torch.equal(y, images.y)
    points = ImageSet(torch.rand(7, 2), torch.zeros(7, dtype=torch.int64), "ring")
    first, second = torch.utils.data.random_split(points, [5, 2])
    assert len(first) == 5 and second[0][0].shape == (2,)


def test_one_example_is_an_image_and_its_class():
    images = pictures()
    assert torch.equal(images[3][0], images.x[3]) and images[-1][1] == images.y[63]
    assert len(list(images)) == 64
    for index in (64, -65):
        with pytest.raises(IndexError, match=f"64 examples, there is none of index {index}"):
            images[index]
    for index in (slice(0, 3), 1.0, [1, 2], None):
        with pytest.raises(TypeError, match="One example is taken by a whole number"):
            images[index]


def test_arrays_become_tensors():
    images = pictures()
    for y in (images.y.numpy(), images.y.int(), images.y.byte(), images.y.tolist()):
        found = ImageSet(images.x.numpy(), y, "digits")
        assert torch.equal(found.x, images.x) and torch.equal(found.y, images.y) and found.y.dtype == torch.int64


@pytest.mark.parametrize(
    ("x", "y", "factors", "words"),
    [
        (torch.zeros(0, 1, 28, 28, dtype=torch.uint8), [], None, "at least 1 of them"),
        (torch.zeros(0, 2), [], None, "at least 1 of them"),
        (torch.zeros(3, 0, 28, 28, dtype=torch.uint8), [0, 0, 0], None, "at least 1 of them"),
        (torch.tensor([[0.0, float("nan")]]), [0], None, "x has an entry that is not a finite number: 1 of 2 are NaN"),
        (torch.tensor([[0.0, float("inf")]]), [0], None, "x has an entry that is not a finite number"),
        (torch.zeros(2, 2), [0, -1], None, "whole numbers from 0 up, got -1"),
        (torch.zeros(2, 2), [True, False], None, "int64"),
        (torch.zeros(2, 2), [0, 1, 2], None, "classes of 2 examples"),
        (torch.zeros(2, 2), [0, 1], torch.zeros(3, 4), "factors of 2 examples"),
        (torch.zeros(2, 2), [0, 1], torch.zeros(2), "factors of 2 examples"),
    ],
    ids=str,
)
def test_what_is_no_data_set_is_one_sentence(x, y, factors, words):
    with pytest.raises(ValueError, match=words):
        ImageSet(x, torch.tensor(y, dtype=torch.int64) if not y else torch.tensor(y), "ring", factors)


@pytest.mark.parametrize("bad", [None, "images", object()])
def test_what_is_no_array_is_a_type_error(bad):
    with pytest.raises(TypeError, match="x must be a tensor or an array of numbers"):
        ImageSet(bad, torch.zeros(1, dtype=torch.int64), "digits")
