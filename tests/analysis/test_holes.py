"""Holes between codes: none where samples follow the codes, all where they fall elsewhere; the prior's ball."""

import math

import pytest
import torch

from vaedemo.analysis import holes


def normal(count, dimension=2, seed=0):
    return torch.randn(count, dimension, generator=torch.Generator().manual_seed(seed))


def test_samples_like_the_codes_fall_into_holes_as_often_as_the_share_says():
    places = normal(3000)
    spacing = holes.code_spacing(places)
    found = holes.in_holes(normal(4000, seed=1), places, spacing).double().mean().item()
    # 1 % with a binomial error of 0.16 %, the quantile's own of 0.18 %: five of both together.
    assert found == pytest.approx(0.01, abs=0.012)


def test_spacing_is_that_of_a_loop():
    places = normal(60, 3)
    nearest = [min((places[i] - places[j]).norm().item() for j in range(60) if j != i) for i in range(60)]
    assert holes.code_spacing(places, 1.0) == pytest.approx(max(nearest), rel=1e-5)
    median = torch.tensor(nearest, dtype=torch.float64).median().item()
    assert holes.code_spacing(places, 0.5) == pytest.approx(median, rel=0.05)


def test_the_scale_of_the_codes_does_not_count():
    places, z = normal(400), normal(200, seed=1) * 3
    plain = holes.in_holes(z, places, holes.code_spacing(places))
    scaled = holes.in_holes(50 * z, 50 * places, holes.code_spacing(50 * places))
    assert 0 < plain.sum() < 200
    assert (plain != scaled).sum() <= 1


def test_a_gap_between_two_clusters_is_a_hole():
    places = torch.cat([normal(300) * 0.1 - 5, normal(300, seed=1) * 0.1 + 5])
    spacing = holes.code_spacing(places)
    assert holes.in_holes(torch.zeros(1, 2), places, spacing).all()
    assert not holes.in_holes(torch.full((1, 2), 5.0), places, spacing).any()


def test_the_ball_of_the_prior():
    radius = math.sqrt(-2 * math.log(0.01))  # of the plane, in closed form
    z = torch.tensor([[radius - 1e-3, 0.0], [0.0, radius + 1e-3]], dtype=torch.float64)
    assert holes.beyond_prior(z).tolist() == [False, True]
    found = holes.beyond_prior(normal(20_000, 7)).double().mean().item()
    assert found == pytest.approx(0.01, abs=0.0035)  # five binomial errors of 0.0007


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="places must hold at least 2"):
        holes.code_spacing(normal(1))
    with pytest.raises(ValueError, match=r"share must be .* at most 1"):
        holes.code_spacing(normal(5), 0.0)
