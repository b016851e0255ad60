"""The walk leaves its Gaussian as it is, and is as correlated as its stride says."""

import pytest
import torch

from vaedemo.analysis.code_density import CodeDensity, fit_gaussian, fit_mixture
from vaedemo.analysis.walks import walk


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("stride", [0.3, 0.7, 1.0])
def test_the_prior_is_left_as_it_is(stride):
    start = torch.randn(4, generator=seeded(1))
    z = walk(start, 40_000, stride, seeded()).double()
    assert torch.equal(z[0].float(), start) and z.dtype == torch.float64
    effective = 40_000 * stride**2 / (2 - stride**2)  # independent samples that the correlated ones are worth, about
    assert z.mean(0).abs().max().item() < 5 / effective**0.5
    torch.testing.assert_close(z.T.cov(), torch.eye(4, dtype=torch.float64), rtol=0, atol=7 / effective**0.5)
    kept = (z[1:] * z[:-1]).mean().item()
    assert kept == pytest.approx((1 - stride**2) ** 0.5, abs=0.06)


def test_a_walk_around_a_gaussian_has_its_moments():
    factor = torch.tensor([[[2.0, 0.0], [1.0, 0.5]]], dtype=torch.float64)
    around = CodeDensity(torch.ones(1, dtype=torch.float64), torch.tensor([[5.0, -3.0]], dtype=torch.float64), factor)
    z = walk(torch.tensor([5.0, -3.0]), 40_000, 0.6, seeded(2), around).double()
    torch.testing.assert_close(z.mean(0), around.means[0], rtol=0, atol=0.12)
    torch.testing.assert_close(z.T.cov(), factor[0] @ factor[0].T, rtol=0, atol=0.25)


def test_a_far_start_is_pulled_back():
    z = walk(torch.full((20,), 10.0), 200, 0.3, seeded())
    assert z[0].norm() > 40 and z[100:].norm(dim=1).max() < 8


def test_a_stride_of_nothing_stands_still():
    start = torch.tensor([1.0, -2.0])
    assert torch.equal(walk(start, 5, 0.0, seeded()), start.expand(5, 2))
    assert walk(start, 1, 0.5, seeded()).tolist() == [[1.0, -2.0]]


@pytest.mark.parametrize(("stride", "steps"), [(1.1, 5), (-0.1, 5), (float("nan"), 5), (0.5, 0)])
def test_strides_and_steps_are_named(stride, steps):
    with pytest.raises(
        ValueError,
        match=r"stride must be a finite number of at least 0 and at most 1|steps must be a whole number of at least 1",
    ):
        walk(torch.zeros(2), steps, stride, seeded())


def test_a_walk_stays_around_one_gaussian():
    codes = torch.randn(50, 2, generator=seeded())
    with pytest.raises(ValueError, match="one Gaussian, got a mixture of 3"):
        walk(torch.zeros(2), 3, 0.5, seeded(), fit_mixture(codes, parts=3))
    assert walk(torch.zeros(2), 3, 0.5, seeded(), fit_gaussian(codes)).shape == (3, 2)
