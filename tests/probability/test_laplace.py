"""The Laplace likelihood against torch.distributions and integrals, and from the config to a trained model."""

import math

import numpy
import pytest
import torch
from torch.distributions import Normal

from vaedemo.analysis import plane_mass, portable
from vaedemo.config import ConfigError, RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import build
from vaedemo.models.ensemble import Stacked, ensemble
from vaedemo.probability import bounds, losses
from vaedemo.probability.likelihoods import Laplace
from vaedemo.training.loop import fit

ORACLE = torch.distributions.Laplace


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("variance", [0.04, torch.tensor([0.5, 2.0, 9.0], dtype=torch.float64)])
def test_it_is_torch_distributions_laplace_constant_included(variance):
    mean = torch.randn(5, 3, generator=generator(), dtype=torch.float64)
    x = torch.randn(5, 3, generator=generator(1), dtype=torch.float64)
    oracle = ORACLE(mean, (torch.as_tensor(variance, dtype=torch.float64) / 2).sqrt())
    found = Laplace(mean, variance)
    torch.testing.assert_close(found.log_prob(x), oracle.log_prob(x), rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(found.mean, oracle.mean)
    torch.testing.assert_close(torch.as_tensor(found.variance, dtype=torch.float64).expand(5, 3), oracle.variance)


@pytest.mark.parametrize("variance", [0.002, 1.0, 50.0])
def test_it_integrates_to_one_with_its_mean_and_variance(variance):
    """On each side of the mean, where it is smooth, by Gauss–Legendre, out to 40 scales: e^−40 is left out."""
    distribution = Laplace(torch.full((1,), 0.5, dtype=torch.float64), variance)
    nodes, weights = (torch.from_numpy(each) for each in numpy.polynomial.legendre.leggauss(200))
    reach = 40 * distribution.scale
    x = torch.cat([0.5 - reach * (1 + nodes) / 2, 0.5 + reach * (1 + nodes) / 2])
    mass = distribution.log_prob(x).exp() * weights.repeat(2) * reach / 2
    assert mass.sum().item() == pytest.approx(1, abs=1e-12)
    assert (mass * x).sum().item() == pytest.approx(0.5, abs=1e-12)
    assert (mass * (x - 0.5) ** 2).sum().item() == pytest.approx(variance, rel=1e-12)


@pytest.mark.parametrize("variance", [0, -1.0, math.nan, math.inf])
def test_a_variance_that_is_not_positive_is_refused(variance):
    with pytest.raises(ValueError, match="positive finite number, got"):
        Laplace(torch.zeros(1, 2), variance)


def test_samples_follow_the_distribution_function():
    n = 20_000
    sample = Laplace(torch.full((n,), 0.3), 0.5).sample(generator()).double().sort().values
    ranks = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    # Kolmogorov–Smirnov: above 1.95 / √n once in a thousand seeds.
    assert (ORACLE(0.3, 0.5).cdf(sample) - ranks).abs().max().item() < 1.95 / math.sqrt(n)


def test_its_gradients_are_signs_and_the_best_constant_is_the_median():
    x = torch.tensor([0.0, 0.1, 0.2, 0.9, 3.0], dtype=torch.float64)
    mean = torch.full((5,), 0.2, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(Laplace(mean, 0.5).log_prob(x).sum(), mean)
    torch.testing.assert_close(gradient, torch.tensor([-2.0, -2.0, 0.0, 2.0, 2.0], dtype=torch.float64))
    away = torch.tensor([0.7, -0.4], dtype=torch.float64, requires_grad=True)
    variance = torch.tensor([0.3, 2.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda m, v: Laplace(m, v).log_prob(torch.zeros_like(m)), (away, variance))


def test_a_pixel_costs_its_absolute_error():
    prediction = torch.linspace(-1, 2, 31, dtype=torch.float64)
    found = losses.pixel_loss("laplace", 0.7, prediction, noise_variance=0.5)
    torch.testing.assert_close(found, 2 * (0.7 - prediction).abs(), rtol=0, atol=1e-12)  # b = ½, and log 2b = 0


def test_the_config_takes_it_for_images_and_points():
    for dataset in ("digits", "ring"):
        config = RunConfig(dataset=dataset, likelihood="laplace", noise_variance="learned")
        assert RunConfig.from_query(config.to_query()) == config
        assert config.digest != config.replace(likelihood="gaussian").digest
        assert config.digest != config.replace(noise_variance=0.5).digest
    with pytest.raises(ConfigError, match="likelihood accepts gaussian for the points of ring, or laplace, got"):
        RunConfig(dataset="ring", likelihood="bernoulli")


@pytest.mark.parametrize("noise", [0.3, "learned"])
@pytest.mark.parametrize(("dataset", "shape"), [("digits", (1, 4, 4)), ("ring", (2,))])
def test_a_vae_s_bound_is_that_of_torch_distributions(dataset, shape, noise):
    model = build(RunConfig(dataset=dataset, likelihood="laplace", noise_variance=noise, hidden=(6,)), shape).double()
    if noise == "learned":
        model.log_noise_variance.data.fill_(math.log(0.3))
    x = torch.rand(7, *shape, generator=generator(), dtype=torch.float64)
    terms = model.elbo(x, generator=generator(5))
    z = model.encode(x).mean + model.encode(x).stddev * torch.randn(7, 2, generator=generator(5), dtype=torch.float64)
    expected = -ORACLE(model.decode(z).mean, math.sqrt(0.15)).log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(terms.reconstruction, expected, rtol=1e-12, atol=1e-12)


def test_a_stack_s_losses_are_its_members():
    config = RunConfig(likelihood="laplace", noise_variance="learned", hidden=(6,))
    members = [build(config.replace(beta=beta), (1, 4, 4)) for beta in (1, 3)]
    x = torch.rand(1, 8, 1, 4, 4, generator=generator())
    own = [member.loss(x[0], None, generator(1))["total"].detach() for member in members]
    stack = ensemble(members)
    assert isinstance(stack, Stacked)
    torch.testing.assert_close(stack.loss(x, None, [generator(1)])["total"].detach(), torch.stack(own))


@pytest.fixture(scope="module")
def trained():
    """A small VAE of the data's own kind: points on a segment, with Laplace noise of variance 0.02 across it."""
    t = 4 * torch.rand(2000, 1, generator=generator()) - 2
    x = torch.cat([t, 0.5 * t], dim=1) + Laplace(torch.zeros(2000, 2), 0.02).sample(generator(1))
    data = ImageSet(x, torch.zeros(2000, dtype=torch.int64), "ring")
    config = RunConfig(
        dataset="ring", likelihood="laplace", noise_variance="learned", latent_dim=1, hidden=(32,), epochs=60,
        batch_size=100, learning_rate=5e-3,
    )  # fmt: skip
    return fit(config, data, data), x


def test_training_lowers_the_loss_and_finds_the_noise(trained):
    run, _ = trained
    loss = run.history["test_negative_elbo"]
    assert loss.iloc[-1] < loss.iloc[0] - 0.5
    assert run.model.log_noise_variance.exp().item() == pytest.approx(0.02, rel=0.5)


def test_the_marginal_s_grid_is_the_integral_and_iwae_comes_near(trained):
    run, x = trained
    model, some = run.model.double(), x[:20].double()
    value, error = bounds.log_marginal_grid(model, some, return_error=True)
    z = torch.linspace(-9, 9, 40_001, dtype=torch.float64).unsqueeze(1)
    decoded = ORACLE(model.decode(z).mean, (model.log_noise_variance.exp() / 2).sqrt())
    joint = [decoded.log_prob(each).sum(1) + Normal(0.0, 1.0).log_prob(z[:, 0]) for each in some]
    exact = torch.stack(joint).logsumexp(1) + math.log(18 / 40_000)
    assert error.max() < 0.01
    torch.testing.assert_close(value.double(), exact, rtol=0, atol=0.01)
    bound = bounds.iwae(model, some, samples=4000, generator=generator(3)).double()
    assert (bound - exact).abs().max() < 0.1 and (bound - exact).mean() < 0.02


def test_the_browser_gets_the_mean_itself_and_no_map_of_normals():
    model = build(RunConfig(dataset="ring", likelihood="laplace", hidden=(6,)), (2,)).requires_grad_(False)
    assert portable.layers(model).mean == "identity"
    with pytest.raises(ValueError, match="likelihood must be gaussian, this model's is laplace"):
        plane_mass.decoded_density_map(model, -1, 1, 4)
