"""The floor and the ceiling of the cross-entropy loss against torch.distributions and the loss itself."""

import math

import pytest
import torch
from torch.distributions import Bernoulli
from torch.nn.functional import binary_cross_entropy

from vaedemo.datasets import load, samples
from vaedemo.probability import cross_entropy
from vaedemo.settings import current


def test_entropy_is_that_of_a_bernoulli():
    x = torch.linspace(0.001, 0.999, 77, dtype=torch.float64)
    torch.testing.assert_close(cross_entropy.binary_entropy(x), Bernoulli(x).entropy(), rtol=1e-12, atol=1e-12)
    assert cross_entropy.binary_entropy(torch.tensor([0.0, 1.0])).tolist() == [0, 0]
    assert cross_entropy.binary_entropy(torch.tensor(0.5)).item() == pytest.approx(math.log(2))


def test_floor_and_ceiling_are_the_loss_at_two_predictions():
    images = load("digits", "test")
    x = images.x.double() / 255
    floor = binary_cross_entropy(x, x, reduction="sum").item() / len(x)
    ceiling = binary_cross_entropy(x.mean(0).expand_as(x), x, reduction="sum").item() / len(x)
    for data in (images.x, x, images.as_data()):
        tolerance = 1e-5 if data.dtype == torch.float32 else 1e-11
        assert cross_entropy.self_entropy(data) == pytest.approx(floor, rel=tolerance)
        assert cross_entropy.mean_image_cross_entropy(data) == pytest.approx(ceiling, rel=tolerance)


def test_the_numbers_of_the_data_at_hand():
    digits, clothes = load("digits", "train").x, samples.read_fashion(current().checkpoints).x
    assert cross_entropy.self_entropy(digits) == pytest.approx(46.27, abs=0.01)
    assert cross_entropy.mean_image_cross_entropy(digits) == pytest.approx(206.38, abs=0.01)
    assert cross_entropy.self_entropy(clothes) == pytest.approx(187.43, abs=0.01)
    assert cross_entropy.mean_image_cross_entropy(clothes) == pytest.approx(382.89, abs=0.01)


def test_black_and_white_has_no_floor():
    images = load("digits", "test")
    assert cross_entropy.self_entropy(images.as_data("binary")) == 0
    assert cross_entropy.self_entropy((images.x >= 128).to(torch.uint8) * 255) == 0
    assert cross_entropy.mean_image_cross_entropy(torch.full((3, 2), 255, dtype=torch.uint8)) == 0


def test_what_cannot_be_is_refused():
    for measure in (cross_entropy.self_entropy, cross_entropy.mean_image_cross_entropy):
        for bad in (torch.tensor([[0.2, 1.1]]), torch.tensor([[-0.1, 1.0]])):
            with pytest.raises(ValueError, match=r"floats in \[0, 1\]"):
                measure(bad)
        with pytest.raises(ValueError, match="not a finite number: 1 of 2 are NaN"):
            measure(torch.tensor([[math.nan, 0.5]]))
        with pytest.raises(ValueError, match="at least 1 example"):
            measure(torch.zeros(0, 4))
        with pytest.raises(ValueError, match=r"x must have shape \(N, D\), got \(3,\)"):
            measure(torch.zeros(3))
