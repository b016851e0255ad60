import math

import numpy as np
import pytest
import torch

from vaedemo.config import POINT_DATASETS
from vaedemo.datasets import points


@pytest.mark.parametrize("name", POINT_DATASETS)
def test_form(name):
    train, test = points.load(name, "train"), points.load(name, "test")
    assert train.x.shape == (4000, 2) and test.x.shape == (1000, 2)
    for part in (train, test):
        assert part.x.dtype == torch.float32 and part.y.dtype == torch.int64 and part.is_points
        assert part.name == name
        assert part.x.isfinite().all() and part.x.abs().max() < 3 and part.x.abs().max() > 1
        assert part.y.unique().tolist() == list(range(len(points.CLASSES[name])))


@pytest.mark.parametrize("name", POINT_DATASETS)
def test_fixed_and_never_shared(name):
    train, test = points.load(name, "train"), points.load(name, "test")
    torch.manual_seed(3)
    assert torch.equal(train.x, points.load(name, "train").x) and torch.equal(train.y, points.load(name, "train").y)
    assert not {tuple(point) for point in train.x.tolist()} & {tuple(point) for point in test.x.tolist()}


@pytest.mark.parametrize("name", ["moons", "spiral", "gaussians"])
def test_classes_are_equally_frequent_and_in_random_order(name):
    part = points.load(name, "train")
    classes = len(points.CLASSES[name])
    assert part.y.bincount().tolist() == [4000 // classes] * classes
    assert part.y[: 20 * classes].bincount(minlength=classes).min() >= 5


def test_ring_radius_is_one_and_a_tenth_of_a_rayleigh():
    train = points.load("ring", "train")
    beyond = 10 * (train.x.norm(dim=1) - 1)
    # The norm of a 2-D standard normal: mean sqrt(pi / 2), variance 2 - pi / 2; four standard errors.
    assert beyond.min() >= -1e-5
    assert abs(beyond.mean() - math.sqrt(math.pi / 2)) < 4 * math.sqrt((2 - math.pi / 2) / 4000)
    assert abs(beyond.var() - (2 - math.pi / 2)) < 0.05


def test_ring_class_is_the_octant():
    train = points.load("ring", "train")
    x = train.x.double().numpy()
    degrees = np.degrees(np.arctan2(x[:, 1], x[:, 0])) % 360
    assert np.array_equal(train.y.numpy(), np.floor(degrees / 45).astype(int))
    # Uniform over octants: 500 each, five standard deviations.
    assert (train.y.bincount() - 500).abs().max() < 5 * math.sqrt(4000 / 8 * 7 / 8)


def test_gaussians_stand_on_a_grid():
    train = points.load("gaussians", "train")
    assert torch.equal(train.x.round().long() + 2, torch.stack([train.y % 5, train.y // 5], dim=1))
    spread = train.x - train.x.round()
    assert abs(spread.std() - 0.1) < 0.005 and spread.abs().max() < 0.5


def distance_to_curve(x, curve):
    return torch.cdist(x, curve.float()).min(dim=1).values


@pytest.mark.parametrize("label", [0, 1])
def test_moons_follow_their_half_circle(label):
    train = points.load("moons", "train")
    own = train.x[train.y == label]
    t = torch.linspace(0, math.pi, 2000, dtype=torch.float64)
    sign = 1 if label == 0 else -1
    curve = 1.5 * sign * torch.stack([t.cos() - 0.5, t.sin() - 0.25], dim=1)
    distance = distance_to_curve(own, curve)
    # Across the curve the distance is the size of a normal of deviation 0.1: 0.08 in the mean.
    assert abs(distance.mean() - 0.1 * math.sqrt(2 / math.pi)) < 0.008 and distance.max() < 0.5
    assert train.x[train.y == 0][:, 1].mean() > train.x[train.y == 1][:, 1].mean()


@pytest.mark.parametrize("label", [0, 1])
def test_spiral_follows_its_arm(label):
    train = points.load("spiral", "train")
    own = train.x[train.y == label]
    t = torch.linspace(0, 3 * math.pi, 4000, dtype=torch.float64)
    sign = 1 if label == 0 else -1
    arm = sign * (2.5 * t / (3 * math.pi))[:, None] * torch.stack([t.cos(), t.sin()], dim=1)
    distance = distance_to_curve(own, arm)
    assert abs(distance.mean() - 0.1 * math.sqrt(2 / math.pi)) < 0.012
    assert (distance < distance_to_curve(own, -arm)).float().mean() > 0.9
