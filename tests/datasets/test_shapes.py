"""The generated shapes: what they look like is what their factors say."""

import hashlib
import math

import pytest
import torch

from vaedemo import datasets
from vaedemo.datasets import shapes

MIDDLES = torch.arange(28, dtype=torch.float64) + 0.5


def picture(shape, share, size=9.0, x=14.0, y=14.0):
    return shapes.render(torch.tensor([[shapes.CLASSES.index(shape), size, share, x, y]]))[0, 0]


def mass(images):
    return images[:, 0].double() / 255


def test_sizes_types_and_classes():
    for split, count in (("train", 15_000), ("test", 2_000)):
        images = datasets.load("shapes", split)
        assert images.x.shape == (count, 1, 28, 28) and images.x.dtype == torch.uint8
        assert images.factors.shape == (count, 5)
        assert torch.equal(images.y, images.factors[:, 0].long())
        assert (images.y.bincount() > 0.22 * count).all()


def test_every_level_of_every_factor_occurs_and_only_those():
    factors = datasets.load("shapes", "test").factors
    for column, levels in zip(factors.T, shapes.LEVELS, strict=True):
        assert len(column[~column.isnan()].unique()) == levels
    assert torch.equal(factors[:, 2].isnan(), factors[:, 0] == shapes.CLASSES.index("Disc"))


def test_it_is_always_the_same_set():
    digest = hashlib.sha256(shapes.load("test").x.numpy().tobytes()).hexdigest()
    assert digest == hashlib.sha256(shapes.load("test").x.numpy().tobytes()).hexdigest()
    assert not torch.equal(shapes.load("test").factors[:500], shapes.load("train").factors[:500])
    # Drawn by integers alone, the factors are the same on every machine; pixels may round another way.
    generator = torch.Generator().manual_seed(shapes.SEEDS["test"])
    assert torch.equal(shapes.load("test").y, torch.randint(4, (2_000,), generator=generator))


@pytest.mark.parametrize(("shape", "period"), [("Square", 90), ("Ellipse", 180), ("Triangle", 120)])
def test_a_shape_turned_by_its_period_is_itself(shape, period):
    assert shapes.PERIODS[shapes.CLASSES.index(shape)] == period
    for share in (0.0, 0.15, 0.5):
        own, turned = picture(shape, share).int(), picture(shape, share + 1).int()
        assert (own - turned).abs().max() <= 1
        assert (own - picture(shape, share + 0.5).int()).abs().max() > 60


def test_a_square_turned_by_a_quarter_is_the_picture_turned():
    for share in (0.0, 0.2):
        own = picture("Square", share).int()
        assert (own - own.rot90()).abs().max() <= 1
    assert (picture("Ellipse", 0.5).int() - picture("Ellipse", 0.0).rot90().int()).abs().max() <= 1


def test_a_disc_has_no_angle():
    assert torch.equal(picture("Disc", math.nan), picture("Disc", 0.3))
    assert (picture("Disc", math.nan).int() - picture("Disc", math.nan).rot90().int()).abs().max() <= 1


def test_the_centre_of_mass_is_x_and_y():
    images = datasets.load("shapes", "test")
    weight = mass(images.x)
    across = (weight.sum(1) * MIDDLES).sum(1) / weight.sum((1, 2))
    down = (weight.sum(2) * MIDDLES).sum(1) / weight.sum((1, 2))
    assert (across - images.factors[:, 3]).abs().max() < 0.1
    assert (down - images.factors[:, 4]).abs().max() < 0.1


def test_the_area_is_the_square_of_the_size():
    images = datasets.load("shapes", "test")
    ratio = mass(images.x).sum((1, 2)) / images.factors[:, 1].double().square()
    for kind in range(4):
        assert ratio[images.y == kind].mean().item() == pytest.approx(1.0, abs=0.015)
    assert (ratio - 1).abs().max() < 0.05


def test_nothing_is_cut_off():
    x = datasets.load("shapes", "train").x[:, 0]
    edges = torch.cat([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], dim=1)
    assert (edges > 0).float().mean() < 0.002


def test_the_factors_are_independent():
    factors = shapes.draw(20_000, torch.Generator().manual_seed(3)).factors
    known = factors[~factors[:, 2].isnan()].T
    assert (torch.corrcoef(known) - torch.eye(5)).abs().max() < 0.03


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([0, 9.0, math.nan, 14, 14], "factors has an entry that is not a finite number"),
        ([3, math.nan, math.nan, 14, 14], "factors has an entry that is not a finite number"),
        ([3, 9.0, math.nan, math.inf, 14], "factors has an entry that is not a finite number"),
        ([1.5, 9.0, 0, 14, 14], "a shape from 0 to 3"),
        ([4, 9.0, 0, 14, 14], "a shape from 0 to 3"),
        ([0, 0.0, 0, 14, 14], "a size above 0"),
        ([0, 9.0, 0, 14], r"factors must have shape \(N, 5\)"),
    ],
)
def test_factors_of_no_shape_are_refused(row, words):
    """A square whose angle was NaN was drawn upright."""
    with pytest.raises(ValueError, match=words):
        shapes.render(torch.tensor([row]))


@pytest.mark.parametrize("count", [0, -3, 2.5, True])
def test_a_count_of_images_is_a_whole_number(count):
    with pytest.raises(ValueError, match="count must be a whole number of at least 1"):
        shapes.draw(count, torch.Generator())


def test_each_part_of_a_set_is_asked_for_by_its_name():
    from pathlib import Path

    from vaedemo.datasets import digits, held_out, points
    from vaedemo.rules import ConfigError

    for load in (
        shapes.load,
        digits.load,
        lambda split: points.load("ring", split),
        lambda s: held_out.load(s, Path()),
    ):
        for split in ("validation", None, 0):
            with pytest.raises(ConfigError, match="split accepts one of train, test"):
                load(split)
    with pytest.raises(ConfigError, match="name accepts one of ring"):
        points.load("digits", "train")
