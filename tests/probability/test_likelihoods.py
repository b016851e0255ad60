"""The likelihoods against torch.distributions in float64, against quadrature, and at their edges."""

import math

import pytest
import torch

from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.probability import likelihoods
from vaedemo.probability.likelihoods import Bernoulli, Categorical, ContinuousBernoulli, Gaussian

LOGITS = torch.tensor(
    [-40.0, -21.0, -3.0, -0.51, -0.49, -0.1, 0.0, 1e-3, 0.2, 0.5, 2.0, 19.0, 25.0], dtype=torch.float64
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def integral_over_unit_interval(density, points=200):
    """Gauss–Legendre quadrature, exact to rounding for these smooth densities."""
    import numpy

    nodes, weights = numpy.polynomial.legendre.leggauss(points)
    x, weight = torch.from_numpy((nodes + 1) / 2), torch.from_numpy(weights / 2)
    return (density(x.unsqueeze(1)) * weight.unsqueeze(1)).sum(0)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_bernoulli_is_torch_distributions_bernoulli(value):
    x = torch.full_like(LOGITS, value)
    oracle = torch.distributions.Bernoulli(logits=LOGITS, validate_args=False)
    torch.testing.assert_close(Bernoulli(LOGITS).log_prob(x), oracle.log_prob(x), rtol=1e-14, atol=1e-14)
    torch.testing.assert_close(Bernoulli(LOGITS).mean, oracle.mean, rtol=1e-14, atol=0)


def test_bernoulli_masses_sum_to_one():
    total = Bernoulli(LOGITS).log_prob(torch.zeros_like(LOGITS)).exp()
    total += Bernoulli(LOGITS).log_prob(torch.ones_like(LOGITS)).exp()
    torch.testing.assert_close(total, torch.ones_like(LOGITS), rtol=0, atol=1e-14)


def test_bernoulli_stays_finite_where_a_probability_would_saturate():
    logits = torch.tensor([-1e4, 1e4], requires_grad=True)
    log_prob = Bernoulli(logits).log_prob(torch.tensor([1.0, 0.0]))
    assert log_prob.tolist() == [-1e4, -1e4]
    assert torch.autograd.grad(log_prob.sum(), logits)[0].tolist() == [1.0, -1.0]


@pytest.mark.parametrize("variance", [0.04, torch.tensor([0.5, 2.0, 9.0], dtype=torch.float64)])
def test_gaussian_is_torch_distributions_normal_constant_included(variance):
    mean = torch.randn(5, 3, generator=generator(), dtype=torch.float64)
    x = torch.randn(5, 3, generator=generator(1), dtype=torch.float64)
    oracle = torch.distributions.Normal(mean, torch.as_tensor(variance, dtype=torch.float64).sqrt())
    torch.testing.assert_close(Gaussian(mean, variance).log_prob(x), oracle.log_prob(x), rtol=1e-13, atol=1e-13)


def test_gaussian_density_integrates_to_one():
    distribution = Gaussian(torch.full((1,), 0.5, dtype=torch.float64), 0.002)
    total = integral_over_unit_interval(lambda x: distribution.log_prob(x).exp())
    assert total.item() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("variance", [0, -1.0, math.nan, math.inf])
def test_gaussian_refuses_a_variance_that_is_not_positive(variance):
    with pytest.raises(ValueError, match="positive finite number, got"):
        Gaussian(torch.zeros(1, 2), variance)


def test_continuous_bernoulli_is_torch_distributions_with_its_series_switched_off():
    # lims close to one half: the closed form everywhere but at the very centre. Far out the oracle rounds 1 − λ.
    outside = LOGITS[(LOGITS.abs() > 1e-2) & (LOGITS.abs() < 10)]
    oracle = torch.distributions.ContinuousBernoulli(logits=outside, lims=(0.5 - 1e-9, 0.5 + 1e-9))
    for value in (0.0, 0.37, 1.0):
        x = torch.full_like(outside, value)
        torch.testing.assert_close(ContinuousBernoulli(outside).log_prob(x), oracle.log_prob(x), rtol=1e-12, atol=1e-11)
    torch.testing.assert_close(ContinuousBernoulli(outside).mean, oracle.mean, rtol=0, atol=1e-11)


def test_continuous_bernoulli_is_its_own_mirror_image_and_exponential_far_out():
    x = torch.linspace(0, 1, LOGITS.numel(), dtype=torch.float64)
    mirrored = ContinuousBernoulli(-LOGITS).log_prob(1 - x)
    torch.testing.assert_close(ContinuousBernoulli(LOGITS).log_prob(x), mirrored, rtol=0, atol=1e-13)
    # At η = −40 it is the density 40 e^{−40x} but for a factor 1 − e^{−40}.
    far = ContinuousBernoulli(torch.full_like(x, -40))
    torch.testing.assert_close(far.log_prob(x), math.log(40) - 40 * x, rtol=0, atol=1e-13)
    torch.testing.assert_close(far.mean, torch.full_like(x, 1 / 40), rtol=0, atol=1e-15)


@pytest.mark.parametrize("probability", [1e-6, 0.2, 0.5 - 1e-6, 0.5, 0.5 + 1e-6, 0.55, 0.62, 0.63, 0.99, 1 - 1e-6])
def test_continuous_bernoulli_integrates_to_one_and_to_its_mean(probability):
    distribution = ContinuousBernoulli(torch.tensor([probability], dtype=torch.float64).logit())
    total = integral_over_unit_interval(lambda x: distribution.log_prob(x).exp())
    mean = integral_over_unit_interval(lambda x: x * distribution.log_prob(x).exp())
    assert total.item() == pytest.approx(1, abs=1e-12)
    assert mean.item() == pytest.approx(distribution.mean.item(), abs=1e-12)


def test_continuous_bernoulli_constant_is_what_the_cross_entropy_lacks():
    x = torch.full_like(LOGITS, 0.37)
    difference = ContinuousBernoulli(LOGITS).log_prob(x) - Bernoulli(LOGITS).log_prob(x)
    torch.testing.assert_close(ContinuousBernoulli(LOGITS).log_constant, difference, rtol=0, atol=1e-13)
    probability = torch.tensor([0.2, 0.9], dtype=torch.float64)
    written_out = (2 * torch.atanh(1 - 2 * probability) / (1 - 2 * probability)).log()
    torch.testing.assert_close(ContinuousBernoulli(probability.logit()).log_constant, written_out, rtol=0, atol=1e-13)


def test_continuous_bernoulli_gradient_at_one_half_is_x_minus_one_half():
    x = torch.tensor([0.0, 0.3, 1.0], dtype=torch.float64)
    logits = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(ContinuousBernoulli(logits).log_prob(x).sum(), logits)
    torch.testing.assert_close(gradient, x - 0.5, rtol=0, atol=1e-15)


def test_continuous_bernoulli_gradients_pass_gradcheck_on_both_sides_of_the_series():
    logits = torch.tensor([-3.0, -0.4, 0.0, 0.1, 0.7, 30.0], dtype=torch.float64, requires_grad=True)
    x = torch.full_like(logits, 0.2).detach()
    assert torch.autograd.gradcheck(lambda eta: ContinuousBernoulli(eta).log_prob(x), logits)
    assert torch.autograd.gradcheck(lambda eta: ContinuousBernoulli(eta).mean, logits)


def test_continuous_bernoulli_in_float32_follows_float64():
    logits = torch.linspace(-30, 30, 6001)
    x = torch.full_like(logits, 0.8)
    narrow, wide = ContinuousBernoulli(logits), ContinuousBernoulli(logits.double())
    torch.testing.assert_close(narrow.log_prob(x).double(), wide.log_prob(x.double()), rtol=1e-6, atol=3e-6)
    torch.testing.assert_close(narrow.mean.double(), wide.mean, rtol=0, atol=3e-7)


@pytest.mark.parametrize("logit", [-1e30, -200.0, 200.0, 1e30])
def test_continuous_bernoulli_has_no_nan_far_out(logit):
    logits = torch.tensor([logit], requires_grad=True)
    distribution = ContinuousBernoulli(logits)
    value = distribution.log_prob(torch.tensor([0.5])) + distribution.mean
    (gradient,) = torch.autograd.grad(value.sum(), logits)
    assert value.isfinite().all() and gradient.isfinite().all()
    assert ((distribution.sample(generator()) >= 0) & (distribution.sample(generator()) <= 1)).all()


def test_categorical_is_torch_distributions_categorical():
    logits = torch.randn(4, 5, 1, 3, 3, generator=generator(), dtype=torch.float64)
    level = torch.randint(5, (4, 1, 3, 3), generator=generator())
    oracle = torch.distributions.Categorical(logits=logits.movedim(1, -1)).log_prob(level)
    torch.testing.assert_close(Categorical(logits, 5).log_prob(level.double() / 4), oracle, rtol=1e-13, atol=1e-13)


def test_categorical_masses_sum_to_one_and_give_its_mean():
    logits = 3 * torch.randn(2, 7, 4, generator=generator(), dtype=torch.float64)
    distribution = Categorical(logits)
    greys = torch.linspace(0, 1, 7, dtype=torch.float64)
    masses = torch.stack([distribution.log_prob(grey.expand(2, 4)).exp() for grey in greys])
    torch.testing.assert_close(masses.sum(0), torch.ones(2, 4, dtype=torch.float64), rtol=0, atol=1e-14)
    expected = (masses * greys.view(7, 1, 1)).sum(0)
    torch.testing.assert_close(distribution.mean, expected, rtol=0, atol=1e-14)


def test_categorical_with_two_levels_is_bernoulli_on_binary_pixels():
    logits = 5 * torch.randn(3, 2, 1, 4, 4, generator=generator(), dtype=torch.float64)
    x = torch.randint(2, (3, 1, 4, 4), generator=generator()).double()
    bernoulli = Bernoulli(logits[:, 1] - logits[:, 0])
    torch.testing.assert_close(Categorical(logits, 2).log_prob(x), bernoulli.log_prob(x), rtol=0, atol=1e-12)
    torch.testing.assert_close(Categorical(logits, 2).mean, bernoulli.mean, rtol=0, atol=1e-12)


def test_categorical_moves_grey_to_the_nearest_level_and_ties_up():
    distribution = Categorical(torch.tensor([[0.0, 1.0, 2.0]]).unsqueeze(-1).expand(1, 3, 6))
    x = torch.tensor([[0.0, 0.24, 0.25, 0.74, 0.75, 1.0]])
    expected = torch.log_softmax(torch.tensor([0.0, 1.0, 2.0]), 0)[torch.tensor([0, 0, 1, 1, 2, 2])]
    torch.testing.assert_close(distribution.log_prob(x), expected.unsqueeze(0), rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape, levels", [((3, 4), 5), ((3, 1, 2), None), ((3,), None)])
def test_categorical_refuses_logits_without_their_levels(shape, levels):
    with pytest.raises(ValueError, match="levels on its logits' second axis"):
        Categorical(torch.zeros(shape), levels)


SOME = torch.tensor([-2.0, 0.0, 1.5])
RAW = {
    "continuous_bernoulli": torch.tensor([-8.0, 0.0, 3.0]),
    "categorical": torch.tensor([[0.0, 1.0, -1.0], [1.0, 0.0, 0.0], [0.5, -2.0, -30.0]]),
}


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_samples_have_the_mean_and_come_from_the_generator_alone(name):
    n = 20_000
    raw = RAW.get(name, SOME)
    raw = raw.expand(n, *raw.shape)
    distribution = likelihoods.make(name, raw, levels=3, variance=0.25)
    sample = distribution.sample(generator(7))
    assert sample.shape == distribution.shape == (n, 3) and sample.dtype == torch.float32
    assert torch.equal(sample, distribution.sample(generator(7)))
    assert not torch.equal(sample, distribution.sample(generator(8)))
    # Five standard errors; no standard deviation here is above one half.
    torch.testing.assert_close(sample.mean(0), distribution.mean[0], rtol=0, atol=5 * 0.5 / math.sqrt(n))
    if name == "bernoulli":
        assert set(sample.unique().tolist()) == {0.0, 1.0}
    if name == "categorical":
        assert set(sample.unique().tolist()) == {0.0, 0.5, 1.0}
    if LIKELIHOODS[name].setting == "noise_variance":
        torch.testing.assert_close(sample.var(0), torch.full((3,), 0.25), rtol=0.05, atol=0)


def test_continuous_bernoulli_samples_follow_its_distribution_function():
    n = 20_000
    for logit in (-8.0, 0.0, 3.0):
        sample = ContinuousBernoulli(torch.full((n,), logit)).sample(generator()).double().sort().values
        torch_logits = torch.tensor(logit, dtype=torch.float64)
        function = torch.distributions.ContinuousBernoulli(logits=torch_logits).cdf(sample)
        ranks = (torch.arange(n, dtype=torch.float64) + 0.5) / n
        # Kolmogorov–Smirnov: above 1.95 / √n once in a thousand seeds.
        assert (function - ranks).abs().max().item() < 1.95 / math.sqrt(n)


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_reconstruction_sums_over_pixels_and_keeps_the_examples(name):
    raw = torch.randn(4, likelihoods.parameters_per_pixel(name, 3), 1, 5, 5, generator=generator(), dtype=torch.float64)
    raw = raw.squeeze(1)
    x = torch.rand(4, 1, 5, 5, generator=generator(1), dtype=torch.float64)
    distribution = likelihoods.make(name, raw, levels=3, variance=0.5)
    loss = likelihoods.reconstruction(distribution, x)
    assert loss.shape == (4,)
    for index in range(4):
        single = likelihoods.make(name, raw[index : index + 1], levels=3, variance=0.5)
        total = -math.fsum(single.log_prob(x[index : index + 1]).flatten().tolist())
        assert loss[index].item() == pytest.approx(total, rel=1e-13)
    # One image against many codes, as the bounds need it.
    spread = likelihoods.reconstruction(distribution, x[:1])
    torch.testing.assert_close(spread, likelihoods.reconstruction(distribution, x[:1].expand_as(x)), rtol=0, atol=0)


def test_reconstruction_refuses_shapes_that_would_broadcast_by_accident():
    with pytest.raises(ValueError, match=r"x has shape \(4, 28, 28\), but the likelihood is over \(4, 1, 28, 28\)"):
        likelihoods.reconstruction(Bernoulli(torch.zeros(4, 1, 28, 28)), torch.zeros(4, 28, 28))


def test_make_widens_half_precision_and_names_what_there_is():
    assert likelihoods.make("bernoulli", torch.zeros(2, 3, dtype=torch.bfloat16)).mean.dtype == torch.float32
    numbers = {name: likelihoods.parameters_per_pixel(name, 16) for name in likelihoods.NAMES}
    assert numbers == dict.fromkeys(likelihoods.NAMES, 1) | {"categorical": 16}
    for call in (likelihoods.make, likelihoods.parameters_per_pixel):
        with pytest.raises(ValueError, match="no likelihood 'poisson'; there are bernoulli, gaussian"):
            call("poisson", torch.zeros(1, 2))
