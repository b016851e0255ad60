"""Grid lines and their images, radii of points: against counts, quadrature and closed forms."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from vaedemo.analysis import latent, warp
from vaedemo.probability import transforms


def test_the_grid_has_both_families_and_the_axes():
    lines = warp.plane_lines(extent=1.0, spacing=0.5)
    assert lines.shape == (10, 41, 2)
    along_first, along_second = lines[:5], lines[5:]
    levels = torch.tensor([-1.0, -0.5, 0.0, 0.5, 1.0])
    assert torch.allclose(along_first[:, :, 1], levels[:, None].expand(5, 41))
    assert torch.allclose(along_second[:, :, 0], levels[:, None].expand(5, 41))
    assert torch.allclose(along_first[0, :, 0], torch.linspace(-1, 1, 41), atol=1e-6)
    assert (lines == 0).all(dim=-1).sum() == 2  # the origin, exactly, once on each axis


def test_the_quantile_lines_go_through_the_codes_of_the_film():
    codes = latent.manifold_grid(4).reshape(4, 4, 2)
    lines = warp.quantile_lines(4, per_cell=5)
    assert lines.shape == (8, 16, 2)
    assert torch.equal(lines[:4, ::5], codes)
    assert torch.equal(lines[4:, ::5], codes.transpose(0, 1))
    steps = lines[0, 1:6] - lines[0, :5]
    assert torch.allclose(steps, steps[:1].expand_as(steps), atol=1e-6)


def test_a_tear_is_a_gap_and_a_continuous_map_has_none():
    lines = warp.plane_lines()
    torn = warp.image_of(lines, transforms.ring, torn=True)
    at_origin = (lines == 0).all(dim=-1)
    assert torch.equal(torn.isnan().all(dim=-1), at_origin)
    assert torch.equal(torn[~at_origin], transforms.ring(lines[~at_origin]))
    assert torch.equal(warp.image_of(lines, lambda z: 2 * z), 2 * lines)


def test_no_drawn_piece_of_the_torn_grid_crosses_the_hole():
    image = warp.image_of(warp.plane_lines(), transforms.ring, torn=True)
    middle = (image[:, 1:] + image[:, :-1]) / 2
    assert middle.norm(dim=-1).nan_to_num(nan=1.0).min() > 0.99
    whole = warp.image_of(warp.plane_lines(), transforms.ring)
    assert ((whole[:, 1:] + whole[:, :-1]) / 2).norm(dim=-1).min() < 0.1


def test_the_exact_moments_are_those_of_a_rayleigh_radius():
    mean, deviation = warp.ring_radius_moments()
    radius = stats.rayleigh(loc=1, scale=0.1)
    assert mean == pytest.approx(radius.mean(), abs=1e-12)
    assert deviation == pytest.approx(radius.std(), abs=1e-12)


def test_the_moments_of_many_samples_are_within_four_standard_errors():
    z = torch.randn(200_000, 2, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    mean, deviation = warp.radius_moments(transforms.ring(z))
    exact_mean, exact_deviation = warp.ring_radius_moments()
    assert abs(mean - exact_mean) < 4 * exact_deviation / math.sqrt(200_000)
    assert abs(deviation - exact_deviation) < 4 * exact_deviation / math.sqrt(2 * 200_000) * 1.1


def test_the_radius_density_of_the_normal():
    rho = torch.linspace(0, 6, 13, dtype=torch.float64)
    found = warp.radius_density(lambda x: torch.exp(-(x**2).sum(dim=1) / 2) / (2 * math.pi), rho)
    assert found.numpy() == pytest.approx(stats.rayleigh.pdf(rho.numpy()), abs=1e-12)


@pytest.mark.parametrize(("name", "furthest", "angles"), [("scale", 12, 180), ("spiral", 2, 720), ("two_modes", 9, 90)])
def test_the_radius_density_of_a_map_is_that_of_its_samples(name, furthest, angles):
    z = torch.randn(200_000, 2, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    radius = getattr(transforms, name)(z).norm(dim=1).numpy()
    rho = torch.linspace(0, furthest, 1201, dtype=torch.float64)
    density = warp.radius_density(getattr(transforms, f"{name}_density"), rho, angles).numpy()
    share = integrate.cumulative_trapezoid(density, rho.numpy(), initial=0)
    assert share[-1] == pytest.approx(1, abs=2e-3)
    found = np.searchsorted(np.sort(radius), rho.numpy()[::12]) / len(radius)
    assert found == pytest.approx(share[::12], abs=4 * 0.5 / math.sqrt(len(radius)) + 1e-3)


def test_the_radius_density_of_the_ring_is_the_closed_form():
    rho = torch.linspace(0, 2, 41, dtype=torch.float64)
    found = warp.radius_density(transforms.ring_density, rho)
    assert torch.allclose(found, transforms.ring_radius_density(rho), atol=1e-9)


def test_the_share_inside_counts():
    x = torch.tensor([[0.0, 0.0], [0.6, 0.8], [0.0, 0.5], [3.0, 4.0]])
    assert warp.share_inside(x, 1.0) == 0.5  # at the radius itself is not inside
    assert warp.share_inside(x, 5.1) == 1.0
