"""The closed-form divergences against torch.distributions, autograd's finite differences and known values."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from vaedemo.probability.divergences import (
    at_least,
    kl_diagonal_per_axis,
    kl_normal,
    kl_standard_normal,
    kl_terms,
)


def normal_of(dimension, seed, batch=()):
    generator = torch.Generator().manual_seed(seed)
    factor = torch.randn(*batch, dimension, dimension, generator=generator, dtype=torch.float64)
    covariance = factor @ factor.mT + 0.3 * torch.eye(dimension, dtype=torch.float64)
    return torch.randn(*batch, dimension, generator=generator, dtype=torch.float64), (covariance + covariance.mT) / 2


@pytest.mark.parametrize("mu, variance, expected", [(1, 1, 0.5), (0, 4, 1.5 - math.log(2)), (0, 1, 0)])
def test_known_values(mu, variance, expected):
    per_axis = kl_standard_normal(torch.tensor([[float(mu)]]), torch.tensor([[math.log(variance)]]))
    assert per_axis.shape == (1, 1) and per_axis.item() == pytest.approx(expected, abs=1e-6)
    mu0, cov0 = torch.tensor([float(mu)]), torch.tensor([[float(variance)]])
    assert kl_normal(mu0, cov0, torch.zeros(1), torch.eye(1)).item() == pytest.approx(expected, abs=1e-6)


def test_per_axis_is_torch_distributions_normal():
    generator = torch.Generator().manual_seed(0)
    mu = 3 * torch.randn(50, 4, generator=generator, dtype=torch.float64)
    logvar = 4 * torch.randn(50, 4, generator=generator, dtype=torch.float64)
    prior = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    oracle = kl_divergence(Normal(mu, (logvar / 2).exp()), prior)
    torch.testing.assert_close(kl_standard_normal(mu, logvar), oracle, rtol=1e-13, atol=1e-13)


def test_per_axis_keeps_its_digits_close_to_the_prior():
    # KL = logvar² / 4 + O(logvar³); the formula with exp would give rounding noise here.
    logvar = torch.tensor([[1e-9, -1e-9]], dtype=torch.float64)
    expected = torch.full_like(logvar, 2.5e-19)
    torch.testing.assert_close(kl_standard_normal(torch.zeros_like(logvar), logvar), expected, rtol=1e-3, atol=0)


@pytest.mark.parametrize("dimension", [1, 2, 7])
def test_full_covariance_is_torch_distributions_multivariate_normal(dimension):
    (mu0, cov0), (mu1, cov1) = normal_of(dimension, 1), normal_of(dimension, 2)
    oracle = kl_divergence(MultivariateNormal(mu0, cov0), MultivariateNormal(mu1, cov1))
    torch.testing.assert_close(kl_normal(mu0, cov0, mu1, cov1), oracle, rtol=1e-11, atol=1e-11)
    assert kl_normal(mu0, cov0, mu0, cov0).item() == pytest.approx(0, abs=1e-11)


def test_full_covariance_takes_batches_and_broadcasts():
    (mu0, cov0), (mu1, cov1) = normal_of(3, 1, batch=(4, 5)), normal_of(3, 2)
    together = kl_normal(mu0, cov0, mu1, cov1)
    assert together.shape == (4, 5)
    apart = torch.stack([kl_normal(mu0[i, j], cov0[i, j], mu1, cov1) for i in range(4) for j in range(5)])
    torch.testing.assert_close(together.flatten(), apart, rtol=1e-12, atol=1e-12)


def test_both_agree_on_a_diagonal_covariance():
    mu = torch.tensor([0.3, -2.0], dtype=torch.float64)
    logvar = torch.tensor([-1.0, 0.7], dtype=torch.float64)
    full = kl_normal(mu, torch.diag(logvar.exp()), torch.zeros_like(mu), torch.eye(2, dtype=torch.float64))
    assert full.item() == pytest.approx(kl_standard_normal(mu, logvar).sum().item(), rel=1e-13)


def test_gradients_pass_gradcheck():
    mu = torch.tensor([[0.3, -2.0]], dtype=torch.float64, requires_grad=True)
    logvar = torch.tensor([[-1.0, 0.7]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(kl_standard_normal, (mu, logvar))
    (mu0, _), (mu1, _) = normal_of(2, 1), normal_of(2, 2)
    factor0 = torch.tensor([[1.0, 0.2], [0.5, 2.0]], dtype=torch.float64, requires_grad=True)
    factor1 = torch.tensor([[0.7, -0.4], [0.1, 1.0]], dtype=torch.float64, requires_grad=True)
    inputs = (mu0.requires_grad_(), factor0, mu1.requires_grad_(), factor1)
    # Covariances by their factors: a single nudged entry would not be symmetric.
    assert torch.autograd.gradcheck(lambda m0, f0, m1, f1: kl_normal(m0, f0 @ f0.mT, m1, f1 @ f1.mT), inputs)


def test_whole_numbers_and_mixed_types_are_promoted():
    mixed = kl_normal(torch.tensor([1]), torch.eye(1), torch.zeros(1, dtype=torch.float64), torch.eye(1))
    assert mixed.dtype == torch.float64 and mixed.item() == pytest.approx(0.5, abs=1e-12)


SINGULAR = [[[1.0, 1.0], [1.0, 1.0]], [[0.1, 0.3], [0.3, 0.9]], [[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, -1.0]]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("covariance", SINGULAR)
def test_a_singular_covariance_is_named(covariance, dtype):
    bad, good, mu = torch.tensor(covariance, dtype=dtype), torch.eye(2, dtype=dtype), torch.zeros(2, dtype=dtype)
    with pytest.raises(ValueError, match="cov0 is not positive definite"):
        kl_normal(mu, bad, mu, good)
    with pytest.raises(ValueError, match="cov1 is not positive definite"):
        kl_normal(mu, torch.stack([good, good]), mu, torch.stack([good, bad]))


def test_unequal_scales_are_not_taken_for_singular():
    mu, covariance = torch.zeros(2, dtype=torch.float64), torch.diag(torch.tensor([1e12, 1e-12], dtype=torch.float64))
    assert kl_normal(mu, covariance, mu, covariance).item() == pytest.approx(0, abs=1e-12)


def test_an_asymmetric_covariance_is_named_with_its_gap():
    mu, good = torch.zeros(2), torch.eye(2)
    with pytest.raises(ValueError, match=r"cov1 is not symmetric: an entry differs from its mirror by 0\.5\."):
        kl_normal(mu, good, mu, torch.tensor([[1.0, 0.5], [0.0, 1.0]]))


def test_wrong_shapes_and_values_that_are_not_finite_are_named():
    mu, good = torch.zeros(2), torch.eye(2)
    with pytest.raises(ValueError, match=r"cov0 must have shape \(\.\.\., d, d\) .* got \(2,\)"):
        kl_normal(mu, torch.ones(2), mu, good)
    with pytest.raises(ValueError, match=r"mu1 must have shape \(\.\.\., d\) .* got \(3,\)"):
        kl_normal(mu, good, torch.zeros(3), good)
    with pytest.raises(ValueError, match="cov1 has an entry that is not a finite number"):
        kl_normal(mu, good, mu, good * math.nan)


def test_the_four_terms_are_what_their_names_say():
    (mu0, cov0), (mu1, cov1) = normal_of(3, 1), normal_of(3, 2)
    terms, precision = kl_terms(mu0, cov0, mu1, cov1), torch.linalg.inv(cov1)
    expected = [
        (precision @ cov0).trace() / 2,
        (mu1 - mu0) @ precision @ (mu1 - mu0) / 2,
        torch.tensor(-1.5, dtype=torch.float64),
        (torch.linalg.det(cov1) / torch.linalg.det(cov0)).log() / 2,
    ]
    found = [terms.trace, terms.mahalanobis, terms.minus_dimension, terms.log_determinant]
    torch.testing.assert_close(found, expected, rtol=1e-11, atol=1e-11)
    oracle = kl_divergence(MultivariateNormal(mu0, cov0), MultivariateNormal(mu1, cov1))
    torch.testing.assert_close(sum(found), oracle, rtol=1e-11, atol=1e-11)


def test_the_four_terms_share_one_shape():
    (mu0, cov0), (mu1, cov1) = normal_of(2, 1, batch=(4, 1)), normal_of(2, 2, batch=(5,))
    terms = kl_terms(mu0, cov0, mu1, cov1)
    parts = (terms.trace, terms.mahalanobis, terms.minus_dimension, terms.log_determinant, terms.total)
    assert {part.shape for part in parts} == {(4, 5)}


def test_an_axis_as_a_function_of_its_variance_and_mean():
    variance = torch.logspace(-30, 8, 77, dtype=torch.float64).unsqueeze(1)
    mean = torch.linspace(-3, 3, 13, dtype=torch.float64)
    oracle = kl_divergence(Normal(mean, variance.sqrt()), Normal(0.0, 1.0))
    torch.testing.assert_close(kl_diagonal_per_axis(variance, mean), oracle, rtol=1e-12, atol=1e-12)
    near = torch.tensor([1 + 1e-7], dtype=torch.float64)
    assert kl_diagonal_per_axis(near, torch.zeros(1)).item() == pytest.approx(0.25e-14, rel=1e-2, abs=0)
    assert kl_diagonal_per_axis(torch.ones(1), torch.zeros(1)).item() == 0
    for bad in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="above 0"):
            kl_diagonal_per_axis(torch.tensor([1.0, bad]), torch.zeros(2))


@pytest.mark.parametrize("wider", [1e-3, 1e-4])
def test_close_normals_keep_their_digits_in_single_precision(wider):
    """In float32 the trace and d/2, both 20, cancelled down to a divergence of 1e-5 or less, at times below 0."""
    d = 40
    root = torch.randn(d, d, generator=torch.Generator().manual_seed(5))
    covariance = root @ root.T / d + torch.eye(d)
    covariance = (covariance + covariance.T) / 2
    other, mu = covariance * (1 + wider), torch.zeros(d)
    found = kl_normal(mu, covariance, mu, other)
    assert found.dtype == torch.float32
    exact = kl_normal(mu.double(), covariance.double(), mu.double(), other.double()).item()
    assert found.item() == pytest.approx(exact, rel=1e-6)
    # Σ₁ = (1 + w) Σ₀ but for the rounding of float32: d/2 (1/(1 + w) − 1 + log(1 + w)).
    assert exact == pytest.approx(d / 2 * (1 / (1 + wider) - 1 + math.log1p(wider)), rel=2e-2)


def posteriors(seed=0):
    """mu and logvar of 6 examples on 4 axes, in two batches, with gradients."""
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randn(2, 2, 6, 4, generator=generator, dtype=torch.float64)
    return [each.requires_grad_() for each in numbers]


def test_free_bits_charge_each_axis_the_larger_of_its_mean_and_the_bound():
    per_axis = kl_standard_normal(*[each[0] for each in posteriors()]).detach()
    for bound in (0.0, *per_axis.mean(0).tolist(), 0.9, 50.0):
        charged = at_least(per_axis, bound)
        assert charged.shape == per_axis.shape
        expected = [max(bound, sum(axis) / len(axis)) for axis in per_axis.T.tolist()]
        assert charged.mean(0).tolist() == pytest.approx(expected, rel=1e-13)


def test_free_bits_are_per_batch_where_there_are_several():
    per_axis = torch.stack([kl_standard_normal(mu, logvar) for mu, logvar in zip(*posteriors(), strict=True)])
    alone = torch.stack([at_least(each, 0.9) for each in per_axis])
    assert torch.equal(at_least(per_axis, 0.9), alone)
    assert not torch.equal(at_least(per_axis.flatten(0, 1), 0.9).unflatten(0, (2, 6)), alone)


@pytest.mark.parametrize("bound", [0.0, 0.9, 50.0])
def test_free_bits_have_no_gradient_below_the_bound_and_the_plain_one_above(bound):
    mu, logvar = (each[0].detach().requires_grad_() for each in posteriors())
    per_axis = kl_standard_normal(mu, logvar)
    plain = torch.autograd.grad(per_axis.sum(), (mu, logvar), retain_graph=True)
    free = torch.autograd.grad(at_least(per_axis, bound).sum(), (mu, logvar))
    above = per_axis.detach().mean(0) > bound
    assert above.sum() == {0.0: 4, 0.9: 2, 50.0: 0}[bound], "the cases: all axes above, some, none"
    for ours, whole in zip(free, plain, strict=True):
        assert (whole != 0).all()
        assert torch.equal(ours[:, above], whole[:, above])
        assert (ours[:, ~above] == 0).all()


@pytest.mark.parametrize(
    ("kl", "bound", "named"),
    [([0.1, 0.2], 0.1, "kl_per_axis"), ([[0.1, math.nan]], 0.1, "kl_per_axis"), ([[0.1]], -1.0, "bound")],
)
def test_free_bits_refuse_what_is_no_batch_and_no_bound(kl, bound, named):
    with pytest.raises(ValueError, match=named):
        at_least(torch.tensor(kl), bound)
