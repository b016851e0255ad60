"""The streamed covariance against torch.cov and the known one of the ring; which axes a linear VAE keeps."""

import math

import pytest
import torch

from vaedemo.datasets import load, samples
from vaedemo.probability import covariance
from vaedemo.settings import current


def test_moments_in_pieces_are_those_of_the_whole(monkeypatch):
    x = torch.randn(101, 3, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3 + 7
    for rows in (10_000, 101, 17, 1):
        monkeypatch.setattr(covariance, "ROWS_AT_ONCE", rows)
        mean, found = covariance.data_moments(x)
        torch.testing.assert_close(mean, x.flatten(1).mean(0), rtol=1e-13, atol=1e-13)
        torch.testing.assert_close(found, x.flatten(1).T.cov(), rtol=1e-12, atol=1e-12)


def test_data_far_from_zero_keep_their_digits():
    x = torch.randn(500, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(covariance.data_moments(x + 1e6)[1], x.T.cov(), rtol=1e-8, atol=1e-8)


def test_eigenvalues_come_largest_first_and_add_up_to_the_variance():
    images = load("digits", "test").x
    found = covariance.data_covariance_eigenvalues(images)
    assert found.shape == (784,) and (found.diff() <= 0).all() and found.min() >= 0
    assert found.sum().item() == pytest.approx((images.double() / 255).flatten(1).var(0).sum().item(), rel=1e-10)
    torch.testing.assert_close(
        found[:30],
        torch.linalg.svdvals((images.flatten(1).double() / 255) - (images.flatten(1).double() / 255).mean(0))[
            :30
        ].square()
        / 999,
    )


def test_the_ring_is_as_wide_as_its_formula_says():
    # ½ E[(1 + r/10)²] with r Rayleigh: E r = √(π/2), E r² = 2.
    expected = 0.5 * (1 + 0.2 * math.sqrt(math.pi / 2) + 0.02)
    assert expected == pytest.approx(0.635, abs=5e-4)
    found = covariance.data_covariance_eigenvalues(load("ring", "train").x)
    # The variance of an eigenvalue's estimate from 4,000 points is about λ²/4000 here.
    assert (found - expected).abs().max() < 4 * expected / math.sqrt(4000)


def test_which_axes_live_at_unit_noise():
    counts = {}
    for name, x in (
        ("digits", load("digits", "train").x),
        ("fashion", samples.read_fashion(current().checkpoints).x),
        ("ring", load("ring", "train").x),
    ):
        counts[name] = int(covariance.axes_kept(covariance.data_covariance_eigenvalues(x)).sum())
    assert counts == {"digits": 12, "fashion": 8, "ring": 0}


def test_an_axis_lives_exactly_above_beta_times_the_noise():
    eigenvalues = torch.tensor([4.0, 2.0, 1.0, 0.5])
    assert covariance.axes_kept(eigenvalues, beta=2.0, noise_variance=0.5).tolist() == [True, True, False, False]
    assert covariance.axes_kept(eigenvalues, beta=4.0, noise_variance=0.5).tolist() == [True, False, False, False]
    assert covariance.axes_kept(eigenvalues, beta=0.0).all()
    for beta, noise_variance, named in ((-1.0, 1.0, "beta"), (1.0, 0.0, "noise_variance"), (math.nan, 1.0, "beta")):
        with pytest.raises(ValueError, match=f"{named} must be a .*finite number"):
            covariance.axes_kept(eigenvalues, beta, noise_variance)


def test_too_few_examples_are_refused():
    with pytest.raises(ValueError, match="at least 2 examples"):
        covariance.data_covariance_eigenvalues(torch.zeros(1, 3))
    with pytest.raises(ValueError, match=r"x must have shape \(N, D\), got \(5,\)"):
        covariance.data_covariance_eigenvalues(torch.zeros(5))
