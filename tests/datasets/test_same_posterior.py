"""Crowds and fringes: where their points lie, and that both have the one p(y|x)."""

import math

import pytest
import torch

from vaedemo.config import ConfigError
from vaedemo.datasets import points, same_posterior

COUNT = 200_000


@pytest.mark.parametrize("name", ["crowds", "fringes"])
def test_classes_follow_the_posterior(name):
    """Calibration: among points whose exact p is near p, a share p is of class 1, to four standard errors."""
    x, y = points.DRAW[name](COUNT, torch.Generator().manual_seed(5))
    p = 1 / (1 + torch.exp(-3 * (x[:, 1].double() - torch.sin(1.5 * x[:, 0].double()))))
    assert (same_posterior.posterior(x) - p).abs().max() < 1e-5
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        chosen = (p >= low) & (p < low + 0.2)
        expected = p[chosen].mean().item()
        error = math.sqrt(expected * (1 - expected) / chosen.sum().item())
        assert abs(y[chosen].double().mean().item() - expected) < 4 * error


def test_crowds_stand_in_clumps_and_fringes_in_stripes():
    """Four of five within three deviations of a clump or stripe; of the strays some are there too."""
    x, _ = same_posterior.crowds(COUNT, torch.Generator().manual_seed(0))
    near = torch.cdist(x, torch.tensor(same_posterior.CLUMPS)).min(dim=1).values < 3 * same_posterior.CLUMP_SPREAD
    strays = 0.2 * 5 * math.pi * (3 * same_posterior.CLUMP_SPREAD) ** 2 / (2 * same_posterior.SQUARE) ** 2
    # Two clumps reach over the square's edge: their discs hold a little less of the strays.
    assert near.float().mean().item() == pytest.approx(0.8 * (1 - math.exp(-4.5)) + strays, abs=0.015)
    x, _ = same_posterior.fringes(COUNT, torch.Generator().manual_seed(0))
    near = (x[:, :1] - torch.tensor(same_posterior.STRIPES)).abs().min(dim=1).values < 3 * same_posterior.STRIPE_SPREAD
    strays = 0.2 * 4 * 6 * same_posterior.STRIPE_SPREAD / (2 * same_posterior.SQUARE)
    assert near.float().mean().item() == pytest.approx(0.8 * 0.9973 + strays, abs=0.005)
    assert x[:, 1].abs().max() <= same_posterior.SQUARE


def test_another_shape_is_refused():
    with pytest.raises(ConfigError, match=r"x accepts points of shape \(N, 2\)"):
        same_posterior.posterior(torch.zeros(3))
