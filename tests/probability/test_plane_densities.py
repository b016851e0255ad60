"""The maps' exact densities against samples of the maps, against autograd's Jacobian, and against an integral of 1."""

import math

import pytest
import torch

from vaedemo.probability import transforms
from vaedemo.probability.transforms import MAPS


def draws(count, seed=0):
    return torch.randn(count, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_ring_radius_has_the_promised_moments():
    radius = torch.linalg.vector_norm(transforms.ring(draws(1_000_000)), dim=1)
    count = len(radius)
    mean, deviation = 1 + math.sqrt(math.pi / 2) / 10, math.sqrt(2 - math.pi / 2) / 10
    assert abs(radius.mean().item() - mean) < 4 * deviation / math.sqrt(count)
    away = radius - radius.mean()
    error_of_variance = math.sqrt(((away**4).mean() - (away**2).mean() ** 2).item() / count)
    assert abs(away.square().mean().item() - deviation**2) < 4 * error_of_variance


def test_the_radius_density_integrates_to_one_with_the_same_moments():
    radius = torch.linspace(0, 3, 300_001, dtype=torch.float64)
    density = transforms.ring_radius_density(radius)
    mean = torch.trapezoid(density * radius, radius).item()
    assert torch.trapezoid(density, radius).item() == pytest.approx(1, abs=1e-6)
    assert mean == pytest.approx(1 + math.sqrt(math.pi / 2) / 10, abs=1e-6)
    variance = torch.trapezoid(density * (radius - mean) ** 2, radius).item()
    assert variance == pytest.approx((2 - math.pi / 2) / 100, abs=1e-6)
    assert (density[radius < 1] == 0).all()


@pytest.mark.parametrize(("name", "reach"), [("ring", 1.9), ("scale", 12.0), ("spiral", 1.6), ("two modes", 8.0)])
def test_the_plane_density_integrates_to_one(name, reach):
    axis = torch.linspace(-reach, reach, 1001, dtype=torch.float64)
    density = MAPS[name][1](torch.cartesian_prod(axis, axis))
    cell = (2 * reach / 1000) ** 2
    assert density.sum().item() * cell == pytest.approx(1, abs=1e-3)
    assert density.min() >= 0


@pytest.mark.parametrize("name", MAPS)
def test_the_density_is_that_of_the_change_of_variables(name):
    """p(g(z)) = p(z) / |det dg/dz| with the determinant by autograd: every map but for its ends is one to one."""
    transform, density = MAPS[name]
    z = draws(50, seed=1)
    jacobian = torch.func.vmap(torch.func.jacrev(lambda one: transform(one.unsqueeze(0))[0]))(z)
    expected = torch.distributions.Normal(0, 1).log_prob(z).sum(1).exp() / torch.linalg.det(jacobian).abs()
    torch.testing.assert_close(density(transform(z)), expected, rtol=1e-8, atol=1e-12)


def test_a_morph_starts_at_z_and_ends_on_the_map():
    z = draws(10)
    assert torch.equal(transforms.morph(z, 0, transforms.ring), z)
    assert torch.equal(transforms.morph(z, 1, transforms.ring), transforms.ring(z))
    half = transforms.morph(z, 0.5, transforms.scale)
    torch.testing.assert_close(half, z * torch.tensor([1.5, 0.75], dtype=torch.float64))


@pytest.mark.parametrize("name", MAPS)
def test_other_shapes_are_refused_by_maps_and_densities(name):
    for function in MAPS[name]:
        with pytest.raises(ValueError, match=r"shape \(N, 2\)"):
            function(torch.zeros(3, 3))


def test_the_origin_has_no_density():
    assert transforms.ring_density(torch.zeros(1, 2)).tolist() == [0]
    assert transforms.spiral_density(torch.zeros(1, 2)).isfinite().all()
