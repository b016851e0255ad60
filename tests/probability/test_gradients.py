"""Both gradient estimators against quadrature, a closed form and each other; all in float64 where it matters."""

import pytest
import torch
from torch import nn
from torch.nn.functional import gelu

import vaedemo as vd
from vaedemo.probability import gradients
from vaedemo.probability.likelihoods import Bernoulli, Gaussian


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class SmoothModel(nn.Module):
    """A small VAE with GELU units, float64, 2 latent axes, 12 black and white pixels."""

    def __init__(self):
        super().__init__()
        draw = seeded(1)
        self.encoder = nn.Parameter(0.2 * torch.randn(12, 4, generator=draw, dtype=torch.float64))
        self.inner = nn.Parameter(torch.randn(2, 16, generator=draw, dtype=torch.float64))
        self.outer = nn.Parameter(torch.randn(16, 12, generator=draw, dtype=torch.float64))

    def posterior(self, x):
        mu, logvar = (x @ self.encoder).chunk(2, dim=1)
        return mu, logvar - 1

    def decode(self, z):
        return Bernoulli(gelu(z @ self.inner) @ self.outer)


class LinearModel(nn.Module):
    """x|z ~ N(W z, 0.5 I): the expectation's gradient has a closed form."""

    def __init__(self, latent_dim=2):
        super().__init__()
        self.mu = torch.linspace(-0.5, 0.8, latent_dim, dtype=torch.float64).unsqueeze(0)
        self.logvar = torch.linspace(-1.0, 0.5, latent_dim, dtype=torch.float64).unsqueeze(0)
        self.weights = nn.Parameter(torch.randn(4, latent_dim, generator=seeded(3), dtype=torch.float64))

    def posterior(self, x):
        return self.mu, self.logvar

    def decode(self, z):
        return Gaussian(z @ self.weights.T, 0.5)

    def closed_form(self, x, mu, logvar):
        weights = self.weights.detach()
        to_mu = (x - mu @ weights.T) @ weights / 0.5
        return torch.cat([to_mu, -0.5 * logvar.exp() * weights.square().sum(0) / 0.5], 1)[0]


def binary_image():
    return (torch.rand(1, 12, generator=seeded(2), dtype=torch.float64) < 0.5).double()


def agrees(rows, referee):
    """Whether the mean over samples is within 4 standard errors, which must be small beside the gradient itself."""
    error = rows.std(0) / len(rows) ** 0.5
    half = len(referee) // 2
    for part in (slice(None, half), slice(half, None)):
        assert error[part].norm() < 0.05 * referee[part].norm(), "too few samples to tell"
    return bool(((rows.mean(0) - referee).abs() < 4 * error).all())


def flipped(rows, part):
    """The same gradients with the sign of μ's or of log σ²'s half turned."""
    sign = torch.ones(rows.shape[1], dtype=rows.dtype)
    half = rows.shape[1] // 2
    sign[:half] *= -1 if part == "mu" else 1
    sign[half:] *= -1 if part == "logvar" else 1
    return rows * sign


@pytest.fixture(scope="module")
def referee():
    return gradients.exact(SmoothModel(), binary_image())


@pytest.mark.parametrize(
    "estimate, options, samples",
    [(gradients.pathwise, {}, 40_000), (gradients.score_function, {"baseline": "leave_one_out"}, 160_000)],
    ids=["pathwise", "score function with baseline"],
)
def test_estimators_agree_with_quadrature_and_not_with_a_flipped_sign(estimate, options, samples, referee):
    rows = estimate(SmoothModel(), binary_image(), samples=samples, generator=seeded(), **options)
    assert rows.shape == (samples, 4) and rows.dtype == torch.float64 and not rows.requires_grad
    assert agrees(rows, referee)
    assert not agrees(flipped(rows, "mu"), referee)
    assert not agrees(flipped(rows, "logvar"), referee)


@pytest.mark.parametrize("estimate", [gradients.pathwise, gradients.score_function])
def test_estimators_agree_with_the_closed_form_of_a_linear_model(estimate):
    model, x = LinearModel(), torch.tensor([[0.5, -1.0, 0.3, 0.8]], dtype=torch.float64)
    expected = model.closed_form(x, model.mu, model.logvar)
    rows = estimate(model, x, samples=200_000, generator=seeded())
    assert agrees(rows, expected)
    assert not agrees(flipped(rows, "mu"), expected)
    assert not agrees(flipped(rows, "logvar"), expected)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_referee_is_the_closed_form_of_a_linear_model(latent_dim):
    model, x = LinearModel(latent_dim), torch.tensor([[0.5, -1.0, 0.3, 0.8]], dtype=torch.float64)
    expected = model.closed_form(x, model.mu, model.logvar)
    torch.testing.assert_close(gradients.exact(model, x), expected, rtol=1e-7, atol=1e-8)


def test_the_referee_is_the_slope_of_the_quadrature(referee):
    # The same expectation on a dense flat grid of ε, differentiated by autograd.
    model, x = SmoothModel(), binary_image()
    parameters = torch.cat(model.posterior(x), 1)[0].detach().requires_grad_()
    axis = torch.linspace(-8, 8, 161, dtype=torch.float64)
    noise = torch.cartesian_prod(axis, axis)
    weights = torch.softmax(-0.5 * noise.square().sum(1), 0)
    z = parameters[:2] + (0.5 * parameters[2:]).exp() * noise
    (weights @ model.decode(z).log_prob(x).sum(1)).backward()
    torch.testing.assert_close(referee, parameters.grad, rtol=2e-4, atol=0)
    torch.testing.assert_close(gradients.exact(model, x, order=200), parameters.grad, rtol=1e-6, atol=0)


def test_another_q_can_be_given():
    model, x = LinearModel(), torch.tensor([[0.5, -1.0, 0.3, 0.8]], dtype=torch.float64)
    mu, logvar = torch.tensor([1.0, -1.0]), torch.tensor([[-2.0, 0.0]])
    expected = model.closed_form(x, mu.double(), logvar.double())
    torch.testing.assert_close(gradients.exact(model, x, mu=mu, logvar=logvar), expected, rtol=1e-7, atol=1e-8)
    for estimate in (gradients.pathwise, gradients.score_function):
        assert agrees(estimate(model, x, 200_000, seeded(), mu=mu, logvar=logvar), expected)


def test_the_same_seed_gives_both_the_same_z():
    model, x = SmoothModel(), binary_image()
    sigma = (0.5 * model.posterior(x)[1].detach()).exp()
    path = gradients.pathwise(model, x, samples=20, generator=seeded(5))
    score = gradients.score_function(model, x, samples=20, generator=seeded(5))
    noise = 2 * path[:, 2:] / (sigma * path[:, :2])
    torch.testing.assert_close(score[:, 2:] / score[:, :2], sigma * (noise.square() - 1) / (2 * noise))
    torch.testing.assert_close(noise, torch.randn(20, 2, generator=seeded(5), dtype=torch.float64))


def test_the_baseline_is_the_mean_of_the_other_samples():
    model, x = SmoothModel(), binary_image()
    mu, logvar = model.posterior(x)
    noise = torch.randn(5, 2, generator=seeded(6), dtype=torch.float64)
    value = model.decode(mu + (0.5 * logvar).exp() * noise).log_prob(x).sum(1)
    expected = []
    for k in range(5):
        others = [value[j] for j in range(5) if j != k]
        q = torch.cat([mu[0], logvar[0]]).detach().requires_grad_()
        z = (mu + (0.5 * logvar).exp() * noise)[k].detach()
        torch.distributions.Normal(q[:2], (0.5 * q[2:]).exp()).log_prob(z).sum().backward()
        expected.append((value[k] - sum(others) / 4) * q.grad)
    rows = gradients.score_function(model, x, samples=5, generator=seeded(6), baseline="leave_one_out")
    torch.testing.assert_close(rows, torch.stack(expected).detach(), rtol=1e-10, atol=1e-12)


def test_the_score_function_only_evaluates_the_decoder():
    class Blind(LinearModel):
        def decode(self, z):
            assert not torch.is_grad_enabled() and not z.requires_grad
            return super().decode(z)

    rows = gradients.score_function(Blind(), torch.zeros(1, 4, dtype=torch.float64), samples=3, generator=seeded())
    assert rows.shape == (3, 4)


def test_many_samples_go_through_the_decoder_in_pieces(monkeypatch):
    model, x = SmoothModel(), binary_image()
    whole = [estimate(model, x, 50, seeded()) for estimate in (gradients.pathwise, gradients.score_function)]
    monkeypatch.setattr(gradients, "PIXELS_AT_ONCE", 7 * 12)
    apart = [estimate(model, x, 50, seeded()) for estimate in (gradients.pathwise, gradients.score_function)]
    torch.testing.assert_close(apart, whole, rtol=1e-12, atol=1e-12)


def variance_ratios(name, dataset, count):
    """Total variances over the pathwise one's, of the score function without and with its baseline, (count, 2)."""
    model, x = vd.load(name).model, vd.datasets.load(dataset, "test").as_data("binary")
    ratios = []
    for index in range(count):
        image = x[index : index + 1]
        path = gradients.total_variance(gradients.pathwise(model, image, 1000, seeded()))
        plain = gradients.total_variance(gradients.score_function(model, image, 1000, seeded()))
        better = gradients.score_function(model, image, 1000, seeded(), baseline="leave_one_out")
        ratios.append([plain / path, gradients.total_variance(better) / path])
    return torch.tensor(ratios)


def test_the_score_function_is_a_thousand_times_noisier_on_mnist():
    plain, better = variance_ratios("mnist-2d", "mnist-55k", 8).median(0).values
    assert 2.5e3 < plain < 1e5
    assert 2 < better < 30


def test_the_score_function_is_only_a_few_times_noisier_on_the_ring():
    plain, better = variance_ratios("ring-2d", "ring", 40).median(0).values
    assert 4 < plain < 8
    assert 1.5 < better < plain


def test_one_image_of_the_data_set_is_taken_as_bytes_too():
    model, images = vd.load("mnist-2d").model, vd.datasets.load("mnist-55k", "test")
    rows = gradients.pathwise(model, images.x[0], samples=3, generator=seeded())
    torch.testing.assert_close(rows, gradients.pathwise(model, images.as_data()[:1], samples=3, generator=seeded()))
    assert rows.dtype == torch.float32
    assert next(model.parameters()).dtype == torch.float32 and next(model.parameters()).grad is None


def test_total_variance():
    rows = torch.tensor([[1.0, 10.0], [3.0, 10.0], [5.0, 16.0]])
    assert gradients.total_variance(rows) == pytest.approx(4 + 12)
    with pytest.raises(ValueError, match="gradients must hold at least 2 examples"):
        gradients.total_variance(rows[:1])


def test_what_cannot_be_is_refused():
    model, x = SmoothModel(), binary_image()
    for estimate in (gradients.pathwise, gradients.score_function):
        with pytest.raises(ValueError, match="one image"):
            estimate(model, x.repeat(2, 1), samples=3, generator=seeded())
        with pytest.raises(ValueError, match="samples must be a whole number from 1 to 10,000,000, got 0"):
            estimate(model, x, samples=0, generator=seeded())
        with pytest.raises(ValueError, match=r"mu must hold the model's 2 latent axes, got \(3,\)"):
            estimate(model, x, samples=3, generator=seeded(), mu=torch.zeros(3))
    with pytest.raises(ValueError, match="baseline must be one of None, 'leave_one_out', got 'mean'"):
        gradients.score_function(model, x, samples=3, generator=seeded(), baseline="mean")
    with pytest.raises(ValueError, match="samples must be a whole number from 2 to 10,000,000, got 1"):
        gradients.score_function(model, x, samples=1, generator=seeded(), baseline="leave_one_out")
    with pytest.raises(ValueError, match="1 or 2 latent axes, got 3"):
        gradients.exact(LinearModel(3), torch.zeros(1, 4, dtype=torch.float64))
