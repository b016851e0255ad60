"""Numbers far from 0, very large, very small or whole: the digits that a formula could lose, against exact answers."""

import math
from types import SimpleNamespace

import mpmath
import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, MultivariateNormal, Normal

from vaedemo.analysis import (
    attributes,
    code_density,
    denoising,
    histograms,
    kl_split,
    mixture_fit,
    plane_mass,
    point_densities,
    psnr,
    rotation,
    subspaces,
    total_correlation,
    warp,
)
from vaedemo.analysis.latent import lerp, manifold_grid, prior_samples, slerp
from vaedemo.analysis.paths import lengths, shell, through
from vaedemo.models.corruption import corrupt

DOUBLE = torch.float64


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0, dtype=DOUBLE):
    return torch.randn(*shape, generator=generator(seed), dtype=dtype)


def close(found, expected, tolerance, relative=0.0):
    torch.testing.assert_close(found, expected, rtol=relative, atol=tolerance)


def test_whole_numbers_are_numbers():
    """lerp([0, 0], [2, 4], ½) was [0, 0]."""
    a, b = torch.tensor([0, 0]), torch.tensor([2, 4])
    assert lerp(a, b, 0.5).tolist() == [1.0, 2.0]
    assert lerp(a.byte(), b.byte(), 0.5).tolist() == [1.0, 2.0]
    assert lerp([0, 0], [2, 4], 0.25).tolist() == [0.5, 1.0]
    assert lerp(a.double(), b, 0.1).tolist() == pytest.approx([0.2, 0.4], abs=1e-16)
    close(slerp(torch.tensor([2, 0]), torch.tensor([0, 2]), 0.5), torch.tensor([1.0, 1.0]) * math.sqrt(2), 1e-6)
    assert through(torch.tensor([[0], [1]]), 3).flatten().tolist() == [0.0, 0.5, 1.0]
    code, plus, minus = torch.tensor([1, 1]), torch.tensor([3, 1]), torch.tensor([1, 2])
    assert attributes.shifted(code, plus, minus, [0, 0.5, 1]).tolist() == [[1, 1], [2, 0.5], [3, 0]]
    assert lengths(torch.tensor([[3, 4]])).tolist() == [5.0]
    radius = torch.tensor([0, 1, 2])
    density = warp.radius_density(lambda x: (-0.5 * x.square().sum(1)).exp() / (2 * math.pi), radius)
    close(density, radius * (-0.5 * radius.square()).exp(), 1e-6)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_a_turn_of_codes_whose_squares_are_no_float32(size):
    a, b = torch.tensor([size, 0.0]), torch.tensor([0.0, size])
    close(slerp(a, b, 0.5) / size, torch.tensor([1.0, 1.0]) / math.sqrt(2), 1e-6)
    assert lengths(torch.stack([3 * a, 4 * b]).sum(0, keepdim=True)).item() == pytest.approx(5 * size, rel=1e-6)


def test_the_hottest_samples_are_finite():
    assert prior_samples(1000, 2, generator(), temperature=1e30).isfinite().all()
    with pytest.raises(ValueError, match="temperature"):
        prior_samples(1, 2, generator(), temperature=1e300)


@pytest.mark.parametrize("d", [1, 2, 63, 64, 65, 1000, 10**6, 10**8, 10**12, 10**15])
def test_the_shell_in_many_dimensions(d):
    """10⁸ was "math domain error", and from about 10⁶ on the deviation had no digits: against mpmath with 60."""
    with mpmath.workdps(60):
        mean = mpmath.sqrt(2) * mpmath.exp(mpmath.loggamma(mpmath.mpf(d + 1) / 2) - mpmath.loggamma(mpmath.mpf(d) / 2))
        deviation = mpmath.sqrt(d - mean**2)
    found = shell(d)
    assert found.mean == pytest.approx(float(mean), rel=1e-13)
    assert found.deviation == pytest.approx(float(deviation), rel=1e-11)


def test_a_constant_axis_is_correlated_with_none_whatever_the_constant():
    """The mean of 0.1 rounds: two such axes were perfectly correlated, and their total correlation infinite."""
    z = normal(1000, 4)
    z[:, 1], z[:, 2] = 0.1, 0.7
    expected = torch.eye(4, dtype=DOUBLE)
    expected[0, 3] = expected[3, 0] = torch.corrcoef(z.T)[0, 3]
    close(total_correlation.correlation(z), expected, 1e-12)
    wanted = -0.5 * math.log(1 - expected[0, 3].item() ** 2)
    assert total_correlation.gaussian_total_correlation(z) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-160, 1.0, 1e160])
def test_axes_of_any_scale_have_their_correlation(scale):
    z = normal(500, 3) @ normal(3, 3, seed=1)
    close(total_correlation.correlation(scale * z), torch.corrcoef(z.T), 1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_a_combination_of_other_axes_is_infinitely_dependent(seed):
    """The determinant is 0 but for rounding, of which the logarithm made about 17 nats."""
    z = normal(300, 3, seed=seed)
    z = torch.cat([z, (z @ torch.tensor([[0.3], [-0.7], [0.2]], dtype=DOUBLE))], 1)
    assert total_correlation.gaussian_total_correlation(z) == math.inf


def mixture_of(mu, logvar):
    parts = Independent(Normal(mu, (0.5 * logvar).exp()), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(mu), dtype=DOUBLE)), parts)


@pytest.mark.parametrize(("offset", "spread"), [(0.0, 1.0), (1e7, 1.0), (0.0, 1e7)])
def test_a_mixture_of_narrow_posteriors_far_away(offset, spread):
    mu, logvar = offset + spread * normal(30, 2), torch.full((30, 2), math.log(0.01**2), dtype=DOUBLE)
    z = mu + 0.01 * normal(30, 2, seed=1)
    close(kl_split.log_mixture(z, mu, logvar), mixture_of(mu, logvar).log_prob(z), 1e-5)


def test_the_mixture_total_correlation_of_codes_far_from_0():
    """The mixture's own densities, in float64."""
    mu, logvar = (3000 + 0.01 * normal(64, 2)).float(), torch.full((64, 2), 2 * math.log(0.003))
    z = mu + 0.003 * normal(64, 2, seed=1, dtype=torch.float32)
    found = total_correlation.mixture_total_correlation(z, mu, logvar)
    joint = mixture_of(mu.double(), logvar.double()).log_prob(z.double())
    axes = [mixture_of(mu[:, [j]].double(), logvar[:, [j]].double()).log_prob(z[:, [j]].double()) for j in (0, 1)]
    assert found == pytest.approx((joint - axes[0] - axes[1]).mean().item(), abs=1e-5)


@pytest.mark.parametrize("offset", [0.0, 1e7])
def test_a_mixture_is_fitted_far_from_the_origin_as_near_it(offset):
    near = torch.cat([0.3 * normal(100, 2), 5 + normal(100, 2, seed=1)])
    weights, means, covariances = mixture_fit.expectation_maximisation(near + offset, 2, 1e-6)
    same, there, alike = mixture_fit.expectation_maximisation(near, 2, 1e-6)
    close(weights, same, 1e-6)
    close(means - offset, there, 1e-6)
    close(covariances, alike, 1e-6)
    k = mixture_fit.k_means(near + offset, 2, generator())
    assert torch.equal(k, mixture_fit.k_means(near, 2, generator()))


@pytest.mark.parametrize("scale", [1.0, 1e5, 1e8])
def test_codes_on_a_line_have_a_density_at_any_scale(scale):
    """From a scale of about 10⁵ on, 10⁻⁶ on the diagonal was nothing and the Cholesky factor an error of torch's."""
    codes = scale * torch.linspace(-1, 1, 50, dtype=DOUBLE)[:, None].expand(50, 3)
    for density in (code_density.fit_gaussian(codes), code_density.fit_mixture(codes, 2)):
        assert density.log_prob(codes).isfinite().all()


@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_the_best_guess_from_examples_far_away(offset):
    """Bayes' rule, in float64, from the differences themselves."""
    examples, points = (offset + normal(300, 2)).float(), (offset + normal(40, 2, seed=1)).float()
    squares = (points.double()[:, None] - examples.double()).square().sum(2)
    expected = torch.softmax(-squares / (2 * 0.2**2), 1) @ examples.double()
    found = denoising.best_from_examples(points, examples, 0.2)
    close(found.double(), expected, 1e-6, 1e-7)


@pytest.mark.parametrize("far", [1e20, 1e30])
def test_points_far_outside_count_in_the_outermost_cell(far):
    """10³⁰ is no whole number of 64 bits: it was counted at the other end."""
    there, edge = torch.tensor([[far, -far]]), torch.tensor([[1.9, -1.9]])
    assert histograms.total_variation(there, edge, half_side=2.0) == 0
    assert histograms.total_variation(there, -edge, half_side=2.0) == 1


def test_the_ring_s_log_density_where_the_density_is_0_to_rounding():
    x = torch.tensor([[7.0, 0.0], [0.0, 50.0], [1.2, 0.0], [0.5, 0.0], [1.0, 0.0]])
    with mpmath.workdps(40):
        radii = [mpmath.mpf(7), mpmath.mpf(50), mpmath.mpf(float(x[2, 0]))]
        expected = [mpmath.log(100 * (r - 1) / (2 * mpmath.pi * r)) - 50 * (r - 1) ** 2 for r in radii]
    found = point_densities.log_density("ring", x)
    close(found[:3], torch.tensor([float(each) for each in expected], dtype=DOUBLE), 0, 1e-12)
    assert found[3:].tolist() == [-math.inf, -math.inf]


class Dots:
    """A decoder of two axes: g(z) = z / 4, with noise of variance 10⁻⁴."""

    def decode(self, z):
        return SimpleNamespace(mean=z / 4, variance=1e-4)


def test_a_decoded_density_far_from_every_decoded_point():
    """The sum of products is 0 to rounding there, its logarithm was −∞: against log-sum-exp over all codes."""
    found = plane_mass.decoded_density_map(Dots(), -3.0, 3.0, 12, side=16)
    means = (manifold_grid(16) / 4).double()
    parts = MultivariateNormal(means, 1e-4 * torch.eye(2, dtype=DOUBLE))
    points = plane_mass.nodes(-3.0, 3.0, 12, DOUBLE)
    expected = parts.log_prob(points[:, None]).logsumexp(1) - math.log(16**2)
    assert expected.min() < -10_000
    close(found, expected.reshape(12, 12), 1e-6, 1e-9)


def test_cells_that_float32_cannot_tell_apart_are_refused():
    with pytest.raises(ValueError, match="with cells wider than"):
        plane_mass.nodes(1e6, 1e6 + 1, 100)
    assert plane_mass.nodes(1e6, 1e6 + 1, 100, DOUBLE).unique(dim=0).shape == (10_000, 2)
    with pytest.raises(ValueError, match="low must be below high"):
        plane_mass.nodes(1.0, 1.0, 3)


def test_bytes_are_compared_with_floats_in_one_unit():
    """A byte image against itself as floats: infinitely many decibels, not −48."""
    grey = torch.randint(256, (3, 1, 5, 5), generator=generator(), dtype=torch.uint8)
    assert psnr.psnr(grey, grey.double() / 255).tolist() == [math.inf] * 3


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_angles_do_not_depend_on_the_length_of_the_columns(size):
    first, second = normal(6, 2), normal(6, 2, seed=1)
    expected = subspaces.principal_angles(first, second)
    close(subspaces.principal_angles(size * first, second / size), expected, 1e-12)
    close(subspaces.cosines(size * first, second), subspaces.cosines(first, second), 1e-12)


def test_the_variance_of_a_narrow_turned_axis_has_its_logarithm():
    """σ² = e⁻¹²⁰ is 0 in float32."""

    class Narrow(torch.nn.Module):
        latent_dim, anything = 2, None

        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def posterior(self, x):
            return torch.zeros(len(x), 2), torch.full((len(x), 2), -120.0)

    _, logvar = rotation.Rotated(Narrow(), rotation.turn(0.4)).posterior(torch.zeros(1, 2))
    close(logvar, torch.full((1, 2), -120.0), 1e-4)


@pytest.mark.parametrize(("extent", "spacing"), [(3.0, 0.02), (1.03, 0.5), (1.0, 0.3), (1.0, 2.0)])
def test_a_grid_that_would_be_another_is_refused(extent, spacing):
    """A spacing of 0.02 divided by zero; an extent of 1.03 drew a grid up to 1.05."""
    with pytest.raises(ValueError, match="extent must be a multiple of spacing"):
        warp.plane_lines(extent, spacing)


def test_the_error_of_points_is_not_clipped_to_the_range_of_images():
    points = 3 * normal(200, 2, dtype=torch.float32)
    noisy = corrupt(points, "gaussian", 0.5, generator(4))
    expected = (noisy - points).double().square().mean().item()
    assert denoising.error_over_levels(None, points, "gaussian", [0.5], 4) == [pytest.approx(expected)]
