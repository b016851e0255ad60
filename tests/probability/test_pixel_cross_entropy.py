"""Cross-entropy against torch's own, against the floor and the ceiling, and at predictions of 0 and 1."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy

from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.pixel_cross_entropy import cross_entropy


def images(count: int = 20) -> torch.Tensor:
    x = torch.rand(count, 1, 4, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return torch.where(x < 0.3, 0.0, x)


def test_it_is_torch_s_binary_cross_entropy_summed_over_pixels():
    x = images()
    prediction = x.flip(0).clamp(0.05, 0.95)
    theirs = binary_cross_entropy(prediction, x, reduction="none").flatten(1).sum(1)
    torch.testing.assert_close(cross_entropy(x, prediction), theirs, rtol=0, atol=1e-12)


def test_the_image_itself_costs_the_floor_and_the_mean_image_the_ceiling():
    x = images()
    assert cross_entropy(x, x).mean().item() == pytest.approx(self_entropy(x), abs=1e-12)
    mean = x.mean(0, keepdim=True)
    assert cross_entropy(x, mean).mean().item() == pytest.approx(mean_image_cross_entropy(x), abs=1e-12)


def test_a_certain_prediction_costs_nothing_when_right_and_everything_when_wrong():
    black = torch.zeros(1, 4)
    assert cross_entropy(black, torch.zeros(1, 4)).item() == 0
    assert cross_entropy(black, torch.tensor([[0.0, 0.0, 1.0, 0.0]])).item() == torch.inf


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="one shape"):
        cross_entropy(torch.zeros(2, 4), torch.zeros(2, 5))
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        cross_entropy(torch.zeros(2, 4), torch.full((2, 4), 1.5))
