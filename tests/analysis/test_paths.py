"""Paths through stops, and the prior's shell against SciPy's chi distribution."""

import math

import pytest
import torch
from scipy import stats

from vaedemo.analysis.latent import lerp, slerp
from vaedemo.analysis.paths import lengths, roughly_shell, shell, through


@pytest.mark.parametrize("dimension", [1, 2, 3, 20, 128, 1024])
def test_the_shell_is_the_chi_distribution(dimension):
    found = shell(dimension)
    mean, variance = stats.chi(dimension).stats("mv")
    assert found.mean == pytest.approx(float(mean), rel=1e-9)
    assert found.deviation == pytest.approx(math.sqrt(dimension - found.mean**2), rel=1e-12)
    assert found.deviation == pytest.approx(math.sqrt(float(variance)), rel=1e-6)


def test_the_rule_of_thumb_comes_near_in_many_dimensions():
    for dimension, near in ((2, 0.06), (20, 0.005), (200, 0.0005)):
        exact, rough = shell(dimension), roughly_shell(dimension)
        assert rough.mean == math.sqrt(dimension - 0.5) and rough.deviation == math.sqrt(0.5)
        assert abs(exact.mean - rough.mean) < near and abs(exact.deviation - rough.deviation) < near


def test_the_shell_is_where_prior_samples_are():
    z = torch.randn(20_000, 20, generator=torch.Generator().manual_seed(0))
    found = shell(20)
    assert lengths(z).mean().item() == pytest.approx(found.mean, abs=4 * found.deviation / math.sqrt(len(z)))
    assert lengths(z).std().item() == pytest.approx(found.deviation, rel=0.02)


@pytest.mark.parametrize("dimension", [0, -3])
def test_no_axes_have_no_shell(dimension):
    for either in (shell, roughly_shell):
        with pytest.raises(ValueError, match=f"latent_dim must be a whole number from 1 to .*, got {dimension}"):
            either(dimension)


@pytest.mark.parametrize("path", [lerp, slerp])
def test_a_path_goes_through_its_stops_once_each(path):
    stops = torch.randn(4, 20, generator=torch.Generator().manual_seed(1))
    codes = through(stops, 6, path)
    assert codes.shape == (16, 20)
    assert torch.equal(codes[[0, 5, 10, 15]], stops)
    assert torch.equal(codes[5:11], path(stops[1], stops[2], torch.linspace(0, 1, 6)))


def test_pixels_fade_by_the_same_path():
    images = torch.rand(2, 1, 5, 5, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(through(images, 3)[1], images.mean(0))


def test_on_independent_codes_the_straight_path_leaves_the_shell():
    generator = torch.Generator().manual_seed(3)
    middles = [lengths(through(torch.randn(2, 20, generator=generator), 3)[1]).item() for _ in range(500)]
    # (a + b)/2 ~ N(0, I/2): a chi of 20 axes over √2.
    assert sum(middles) / len(middles) == pytest.approx(shell(20).mean / math.sqrt(2), abs=0.07)


@pytest.mark.parametrize(("stops", "steps"), [(1, 5), (0, 5), (3, 1)])
def test_a_path_names_what_it_lacks(stops, steps):
    with pytest.raises(
        ValueError, match=r"stops must hold at least 2|per_segment must be a whole number of at least 2"
    ):
        through(torch.zeros(stops, 3), steps)
