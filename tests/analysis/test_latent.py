"""Paths, grids and prior samples against trigonometry, the error function and the truncated normal's moments."""

import math

import pytest
import torch

from vaedemo.analysis.latent import lerp, manifold_grid, prior_samples, slerp

STEPS = torch.linspace(0, 1, 41, dtype=torch.float64)


def codes(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("path", [lerp, slerp])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_both_paths_meet_their_ends_exactly(path, dtype):
    for seed in range(20):
        a, b = codes(seed, 5).to(dtype), codes(seed + 100, 5).to(dtype)
        steps = path(a, b, torch.linspace(0, 1, 7))
        assert steps.shape == (7, 5) and steps.dtype == dtype
        assert torch.equal(steps[0], a) and torch.equal(steps[-1], b)
        assert torch.equal(path(a, b, 0), a) and torch.equal(path(a, b, 1.0), b)


def test_lerp_is_the_straight_line():
    assert lerp(torch.tensor([0.0, 2.0]), torch.tensor([4.0, 0.0]), 0.25).tolist() == [1.0, 1.5]


def test_slerp_on_the_unit_circle_is_the_angle():
    angle = STEPS * 2.0 + 0.3
    circle = torch.stack([angle.cos(), angle.sin()], 1)
    torch.testing.assert_close(slerp(circle[0], circle[-1], STEPS), circle, rtol=0, atol=1e-14)


def test_slerp_is_the_formula_on_unit_vectors_times_the_mean_norm():
    a, b = 0.2 * codes(0, 8), 3 * codes(1, 8)
    unit_a, unit_b = a / a.norm(), b / b.norm()
    angle = torch.acos(unit_a @ unit_b)
    t = STEPS.unsqueeze(1)
    turned = (torch.sin((1 - t) * angle) * unit_a + torch.sin(t * angle) * unit_b) / torch.sin(angle)
    expected = ((1 - t) * a.norm() + t * b.norm()) * turned
    torch.testing.assert_close(slerp(a, b, STEPS), expected, rtol=0, atol=1e-13)


def test_slerp_norm_stays_between_the_ends_in_any_dimension():
    for seed in range(200):
        a, b = codes(seed, 2 + seed % 20), codes(seed + 1000, 2 + seed % 20)
        norms = slerp(a, b, STEPS).norm(dim=-1)
        expected = (1 - STEPS) * a.norm() + STEPS * b.norm()
        torch.testing.assert_close(norms, expected, rtol=1e-13, atol=0)


def test_slerp_takes_batches_of_pairs():
    a, b = codes(0, 6, 4), codes(1, 6, 4)
    together = slerp(a, b, STEPS)
    assert together.shape == (41, 6, 4)
    for index in range(6):
        torch.testing.assert_close(together[:, index], slerp(a[index], b[index], STEPS), rtol=0, atol=1e-15)


@pytest.mark.parametrize("b", [[2.0, -4.0, 6.0], [1.0, -2.0, 3.0], [0.0, 0.0, 0.0]])
def test_slerp_of_parallel_or_zero_codes_is_lerp(b):
    a, b = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
    for start, end in ((a, b), (b, a)):
        torch.testing.assert_close(slerp(start, end, STEPS), lerp(start, end, STEPS), rtol=0, atol=1e-15)
    zero = torch.zeros(3)
    assert torch.equal(slerp(zero, zero, 0.5), zero)


@pytest.mark.parametrize("dtype, tolerance", [(torch.float32, 3e-6), (torch.float64, 1e-14)])
@pytest.mark.parametrize("factor", [-1.0, -2.7])
def test_antipodal_codes_turn_through_the_axis_of_their_least_entry(factor, dtype, tolerance):
    a = torch.tensor([3.0, 0.4, -1.0], dtype=dtype)
    b = factor * a
    path = slerp(a, b, STEPS.to(dtype))
    norms = (1 - STEPS) * a.norm() + STEPS * b.norm()
    torch.testing.assert_close(path.norm(dim=1), norms.to(dtype), rtol=4 * tolerance, atol=0)
    unit = a / a.norm()
    axis = torch.tensor([0.0, 1.0, 0.0], dtype=dtype)
    side = axis - axis @ unit * unit
    halfway = path[20] / path[20].norm()
    torch.testing.assert_close(halfway, side / side.norm(), rtol=0, atol=tolerance)


def test_almost_antipodal_codes_keep_their_own_plane():
    a = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    b = torch.tensor([-1.0, 0.0, -1e-9], dtype=torch.float64)
    halfway = slerp(a, b, 0.5)
    torch.testing.assert_close(halfway, torch.tensor([0.0, 0.0, -1.0], dtype=torch.float64), rtol=0, atol=1e-6)
    assert (slerp(a, b, STEPS).diff(dim=0).norm(dim=1) < 1.01 * math.pi / 40).all()


def test_one_latent_axis_has_no_plane_to_turn_in():
    a, b = torch.tensor([1.0], dtype=torch.float64), torch.tensor([-2.0], dtype=torch.float64)
    torch.testing.assert_close(slerp(a, b, STEPS), lerp(a, b, STEPS), rtol=0, atol=1e-15)


def test_paths_name_what_they_cannot_join():
    a = torch.zeros(3)
    for path in (lerp, slerp):
        with pytest.raises(ValueError, match=r"two codes of the same shape, got \(3,\) and \(2,\)"):
            path(a, torch.zeros(2), 0.5)
        with pytest.raises(ValueError, match="t must be a number or one row of numbers"):
            path(a, a, torch.zeros(2, 2))
    with pytest.raises(ValueError, match="t from 0 to 1"):
        slerp(a, a, 1.1)


def test_manifold_grid_cells_hold_equal_mass_in_reading_order():
    grid = manifold_grid(5)
    assert grid.shape == (25, 2) and grid.dtype == torch.float32
    mass = 0.5 * (1 + torch.erf(grid.double() / math.sqrt(2)))
    expected = torch.tensor([0.1, 0.3, 0.5, 0.7, 0.9], dtype=torch.float64)
    torch.testing.assert_close(mass.view(5, 5, 2)[2, :, 0], expected, rtol=0, atol=1e-7)
    # The top row of images is the first and has the largest second coordinate.
    torch.testing.assert_close(mass.view(5, 5, 2)[:, 2, 1], expected.flip(0), rtol=0, atol=1e-7)
    assert grid[0, 0] < 0 < grid[0, 1]


def test_manifold_grid_in_other_axes_of_a_larger_space():
    grid = manifold_grid(3, latent_dim=4, axes=(3, 1))
    assert grid.shape == (9, 4) and not grid[:, [0, 2]].any()
    assert torch.equal(grid[:, [3, 1]], manifold_grid(3))
    assert torch.equal(manifold_grid(3, latent_dim=1, axes=(0,)), manifold_grid(3)[:3, :1])
    assert manifold_grid(1).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("arguments", [(0,), (3, 2, (0, 0)), (3, 2, (0, 2)), (3, 1), (3, 2, (-1, 0)), (3, 3, ())])
def test_manifold_grid_names_axes_that_do_not_exist(arguments):
    with pytest.raises(ValueError, match=r"(n|axis) must be a whole number|A manifold grid takes .* got"):
        manifold_grid(*arguments)


def draw(temperature=1.0, truncation=None, n=40_000, seed=3):
    return prior_samples(n, 2, torch.Generator().manual_seed(seed), temperature, truncation)


def test_prior_samples_are_standard_normal():
    z = draw()
    assert z.shape == (40_000, 2) and z.dtype == torch.float32
    mass = (0.5 * (1 + torch.erf(z.double().flatten() / math.sqrt(2)))).sort().values
    ranks = (torch.arange(len(mass)) + 0.5) / len(mass)
    # Kolmogorov–Smirnov: above 1.95 / √n once in a thousand seeds.
    assert (mass - ranks).abs().max().item() < 1.95 / math.sqrt(len(mass))


@pytest.mark.parametrize("temperature, truncation", [(1.0, 1.0), (0.7, 2.0), (3.0, 0.1), (1.0, 1e-4)])
def test_truncated_samples_have_the_truncated_normal_variance(temperature, truncation):
    z = draw(temperature, truncation)
    assert (z.abs() <= truncation).all()
    # Var = T² (1 − 2 c φ(c) / (2 Φ(c) − 1)) with c in units of T; for tiny c it is that of the uniform, c² / 3.
    cut = truncation / temperature
    density = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    variance = (
        temperature**2 * (1 - 2 * cut * density / math.erf(cut / math.sqrt(2))) if cut > 0.02 else truncation**2 / 3
    )
    assert z.double().var().item() == pytest.approx(variance, rel=0.02)


def test_one_generator_state_gives_comparable_samples():
    plain, calm, cut = draw(), draw(0.5), draw(1.0, 1.5)
    torch.testing.assert_close(calm, plain / 2, rtol=1e-6, atol=0)
    assert torch.equal(cut.sign(), plain.sign()) and (cut.abs() <= plain.abs()).all()
    few, few_cut = draw(n=500).flatten(), draw(1.0, 1.5, n=500).flatten()
    assert torch.equal(few_cut.argsort(), few.argsort())
    torch.testing.assert_close(draw(1.0, 50.0), plain, rtol=1e-6, atol=0)
    assert not draw(0.0).any() and not draw(0.0, 1.0).any()


@pytest.mark.parametrize(
    "temperature, truncation", [(-1, None), (math.nan, None), (math.inf, 1), (1, 0), (1, math.nan)]
)
def test_prior_samples_name_what_they_refuse(temperature, truncation):
    with pytest.raises(ValueError, match=r"(temperature|truncation) must be a (positive )?finite number"):
        draw(temperature, truncation, n=1)
    with pytest.raises(ValueError, match="latent_dim must be a whole number of at least 1"):
        prior_samples(3, 0, torch.Generator())
