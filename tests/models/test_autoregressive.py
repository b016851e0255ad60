"""The autoregressive model: each conditional against torch.distributions, its mass, its samples."""

import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

from vaedemo.analysis import plane_mass
from vaedemo.config import RunConfig
from vaedemo.models import Autoregressive, build

CONFIG = RunConfig(dataset="moons", model="autoregressive", hidden=(16, 16), components=5, seed=3)


def varied(config: RunConfig = CONFIG) -> Autoregressive:
    """A model whose parameters are far from where they start, so that no term of its density is trivial."""
    model = build(config, (2,)).double().requires_grad_(False)
    generator = torch.Generator().manual_seed(5)
    for parameter in model.parameters():
        parameter += 0.3 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return model


def points(count: int) -> torch.Tensor:
    return 1.5 * torch.randn(count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def mixture(raw: torch.Tensor) -> MixtureSameFamily:
    logits, means, logvars = raw.chunk(3, dim=1)
    return MixtureSameFamily(Categorical(logits=logits), Normal(means, (0.5 * logvars).exp()))


@pytest.mark.parametrize("components", [1, 5])
def test_the_density_is_that_of_two_mixtures(components):
    model, x = varied(CONFIG.replace(components=components)), points(50)
    first = mixture(model.first.expand(len(x), -1)).log_prob(x[:, 0])
    second = mixture(model.network(x[:, :1])).log_prob(x[:, 1])
    torch.testing.assert_close(model.conditional(0, x[:, 0], x[:, 0]), first, rtol=0, atol=1e-10)
    torch.testing.assert_close(model.conditional(1, x[:, 1], x[:, 0]), second, rtol=0, atol=1e-10)
    torch.testing.assert_close(model.log_prob(x), first + second, rtol=0, atol=1e-10)


def test_the_density_integrates_to_one():
    model = varied()
    reach = 8 * model.sample(2000, torch.Generator().manual_seed(0)).std(dim=0).max().item()
    coarse, fine = (plane_mass.mass(model, -reach, reach, count) for count in (200, 400))
    assert fine == pytest.approx(1, abs=1e-2)
    assert fine == pytest.approx(coarse, abs=1e-3)


def test_samples_have_the_moments_of_the_density():
    model = varied()
    drawn = model.sample(20_000, torch.Generator().manual_seed(2))
    edge, count = 12.0, 400
    weights = plane_mass.log_density_map(model, -edge, edge, count).exp().flatten() * (2 * edge / count) ** 2
    places = plane_mass.nodes(-edge, edge, count, torch.float64)
    mean = weights @ places
    covariance = (places - mean).T @ ((places - mean) * weights.unsqueeze(1))
    # Four standard errors of a mean; of a covariance about ten per cent is as many.
    torch.testing.assert_close(
        drawn.mean(0), mean, rtol=0, atol=4 * (covariance.diag().max() / len(drawn)).sqrt().item()
    )
    torch.testing.assert_close(torch.cov(drawn.T), covariance, rtol=0.1, atol=0.1)


def test_samples_are_drawn_axis_by_axis():
    model = varied()
    drawn = model.sample(20_000, torch.Generator().manual_seed(2))
    low, high = drawn[:, 0].quantile(0.2), drawn[:, 0].quantile(0.25)
    strip = drawn[(drawn[:, 0] > low) & (drawn[:, 0] < high)]
    shares = mixture(model.network(((low + high) / 2).reshape(1, 1))).cdf(strip[:, 1])
    # Uniform if x₂ was drawn from p(x₂|x₁): the largest gap to the diagonal, by Kolmogorov's bound at 1 in 10,000.
    ranks = (torch.arange(len(strip)) + 0.5) / len(strip)
    assert (shares.sort().values - ranks).abs().max() < 2.23 / len(strip) ** 0.5


def test_the_gradient_in_x_is_that_of_small_steps():
    assert torch.autograd.gradcheck(varied().log_prob, points(5).requires_grad_(True), atol=1e-6)


def test_it_takes_over_another_s_weights():
    one, other = varied(), build(CONFIG.replace(seed=9), (2,)).double()
    other.start_from(one)
    assert torch.equal(one.log_prob(points(10)), other.log_prob(points(10)))


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"x must have shape \(N, 2\)"):
        varied().log_prob(torch.zeros(3, 1))
    with pytest.raises(ValueError, match=r"of points \(2,\)"):
        Autoregressive(CONFIG, (1, 28, 28))
