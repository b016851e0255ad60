"""The VAE's bound against `torch.distributions` in float64, and its parts one by one."""

import math

import pytest
import torch
from torch import distributions

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.vae import reparameterize

IMAGE = (1, 6, 5)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def grey(count=7, shape=IMAGE):
    return torch.rand((count, *shape), generator=generator(3), dtype=torch.float64)


def vae(data_shape=IMAGE, **changes):
    return build(RunConfig(**{"hidden": (9,), "latent_dim": 3, **changes}), data_shape).double()


def textbook_weights(model):
    """The two weight matrices and biases on each side, so that the oracle shares no forward code with the model."""
    linear = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    return [(layer.weight, layer.bias) for layer in linear]


def oracle(model, x, noise):
    """(reconstruction, kl per axis) by the textbook, with torch's own distributions."""
    (w1, b1), (w2, b2), (w3, b3), (w4, b4) = textbook_weights(model)
    h = torch.relu(x.reshape(len(x), -1) @ w1.T + b1)
    mu, logvar = (h @ w2.T + b2).split(model.latent_dim, dim=1)
    q = distributions.Normal(mu, logvar.exp().sqrt())
    z = mu + q.scale * noise
    raw = torch.relu(z @ w3.T + b3) @ w4.T + b4
    config, flat = model.config, x.reshape(len(x), -1)
    kind = config.resolved_likelihood
    if kind == "bernoulli":
        p = distributions.Bernoulli(logits=raw, validate_args=False)
    elif kind == "continuous_bernoulli":
        p = distributions.ContinuousBernoulli(logits=raw)
    elif kind == "gaussian":
        learned = config.noise_variance == "learned"
        scale = (0.5 * model.log_noise_variance).exp() if learned else math.sqrt(config.noise_variance)
        p = distributions.Normal(raw, scale)
    else:
        p = distributions.Categorical(logits=raw.reshape(len(x), config.levels, -1).movedim(1, 2))
        flat = (flat * (config.levels - 1)).round()
    kl = distributions.kl_divergence(q, distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu)))
    return -p.log_prob(flat).sum(dim=1), kl


@pytest.mark.parametrize(
    ("data_shape", "changes"),
    [
        (IMAGE, {"likelihood": "bernoulli"}),
        (IMAGE, {"likelihood": "gaussian", "noise_variance": 0.3}),
        (IMAGE, {"likelihood": "gaussian", "noise_variance": "learned"}),
        (IMAGE, {"likelihood": "continuous_bernoulli"}),
        (IMAGE, {"likelihood": "categorical", "levels": 5}),
        ((2,), {"dataset": "ring", "noise_variance": 0.01}),
    ],
    ids=str,
)
def test_the_bound_is_that_of_torch_distributions(data_shape, changes):
    model = vae(data_shape, **changes)
    if hasattr(model, "log_noise_variance"):
        model.log_noise_variance.data.fill_(-1.3)
    x = grey(shape=data_shape)
    noise = torch.randn((len(x), 3), generator=generator(5), dtype=torch.float64)
    terms = model.elbo(x, generator=generator(5))
    reconstruction, kl = oracle(model, x, noise)
    # torch's own ContinuousBernoulli is a Taylor series near λ = 1/2, good to about 1e-8 a pixel.
    tolerance = 1e-6 if changes.get("likelihood") == "continuous_bernoulli" else 1e-10
    torch.testing.assert_close(terms.reconstruction, reconstruction, rtol=0, atol=tolerance)
    torch.testing.assert_close(terms.kl_per_axis, kl, rtol=0, atol=1e-10)
    torch.testing.assert_close(terms.kl, kl.sum(dim=1), rtol=0, atol=1e-10)
    torch.testing.assert_close(terms.elbo, -(reconstruction + kl.sum(dim=1)), rtol=0, atol=tolerance)


@pytest.mark.parametrize("beta", [0.0, 1.0, 7.5])
def test_beta_multiplies_the_kl_of_the_loss_and_nothing_else(beta):
    model = vae(beta=beta)
    losses = model.loss(grey(), None, generator(1))
    terms = model.elbo(grey(), generator=generator(1))
    torch.testing.assert_close(losses["total"], terms.reconstruction + beta * terms.kl, rtol=0, atol=1e-12)
    torch.testing.assert_close(losses["reconstruction"], terms.reconstruction, rtol=0, atol=0)
    torch.testing.assert_close(losses["kl"], terms.kl, rtol=0, atol=0)
    torch.testing.assert_close(terms.elbo, -(losses["reconstruction"] + losses["kl"]), rtol=0, atol=0)


@torch.no_grad()
def test_the_sampled_bound_has_the_mean_of_the_analytic_one():
    r"""Linear decoder, Gaussian noise: E_q |x - Wz - b|^2 = |x - W mu - b|^2 + tr(W diag(sigma^2) W^T)."""
    model = vae((2,), dataset="ring", network="linear", hidden=(), latent_dim=2, noise_variance=0.5)
    x = grey(1, (2,))
    (weight, bias) = textbook_weights(model)[-1]
    mu, logvar = model.posterior(x)
    squares = (x - mu @ weight.T - bias).square().sum() + (weight.square() @ logvar.exp().T).sum()
    expected = float(squares / (2 * 0.5) + math.log(2 * math.pi * 0.5))
    draws = model.elbo(x.expand(40_000, 2), generator=generator(2)).reconstruction
    error = float(draws.std()) / math.sqrt(len(draws))
    assert abs(float(draws.mean()) - expected) < 4 * error


def test_encode_is_the_posterior_as_a_normal():
    model = vae()
    mu, logvar = model.posterior(grey())
    q = model.encode(grey())
    assert isinstance(q, distributions.Normal)
    torch.testing.assert_close(q.mean, mu, rtol=0, atol=0)
    torch.testing.assert_close(q.variance.log(), logvar, rtol=0, atol=1e-12)


def test_the_noise_belongs_to_the_generator_given():
    model = vae()
    first, again, other = (model.elbo(grey(), generator=generator(seed)).elbo for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    before = torch.random.get_rng_state()
    model.loss(grey(), None, generator())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_reparameterized_draws_let_the_gradient_through():
    r"""dz/dmu = 1 and dz/dlogvar = (z - mu) / 2, whatever the noise."""
    mu = torch.tensor([[0.5, -2.0]], dtype=torch.float64, requires_grad=True)
    logvar = torch.tensor([[-1.0, 3.0]], dtype=torch.float64, requires_grad=True)
    z = reparameterize(mu, logvar, generator())
    to_mu, to_logvar = torch.autograd.grad(z.sum(), (mu, logvar))
    torch.testing.assert_close(to_mu, torch.ones_like(mu), rtol=0, atol=0)
    torch.testing.assert_close(to_logvar, (z - mu).detach() / 2, rtol=1e-13, atol=0)


def test_reparameterized_draws_have_the_mean_and_variance_asked_for():
    mu, logvar = torch.full((50_000, 1), 3.0), torch.full((50_000, 1), math.log(4.0))
    z = reparameterize(mu, logvar, generator())
    assert abs(float(z.mean()) - 3) < 4 * 2 / math.sqrt(50_000)
    assert abs(float(z.var()) - 4) < 4 * 4 * math.sqrt(2 / 50_000)


def test_a_reconstruction_is_never_clamped():
    model = vae(likelihood="gaussian")
    with torch.no_grad():
        textbook_weights(model)[-1][1].fill_(-3.0)
    x = grey()
    raw = model.decode(model.encode(x).mean).mean
    assert torch.equal(model.reconstruct(x), raw) and raw.max() < -1


@torch.no_grad()
def test_the_learned_variance_is_one_number_and_starts_at_one():
    model = vae(likelihood="gaussian", noise_variance="learned")
    assert float(model.noise_variance()) == 1.0
    model.log_noise_variance.data.fill_(math.log(0.25))
    assert float(model.decode(torch.zeros((1, 3)).double()).variance) == pytest.approx(0.25, rel=1e-12)


def test_a_denoising_vae_judges_the_clean_image():
    """With everything masked the encoder sees black, yet the loss is that of x."""
    model = vae(corruption="masking", corruption_level=1.0)
    losses = model.loss(grey(), None, generator(4))
    mu, logvar = model.posterior(torch.zeros_like(grey()))
    rest = generator(4)
    torch.rand(grey().shape, generator=rest, dtype=torch.float64)
    p = distributions.Bernoulli(logits=model.decode(reparameterize(mu, logvar, rest)).logits, validate_args=False)
    torch.testing.assert_close(losses["reconstruction"], -p.log_prob(grey()).flatten(1).sum(1), rtol=0, atol=1e-10)


def encoder_gradients(model, x, of):
    """The gradients of the encoder's weights for `of`(the loss's terms), with the noise of one seed."""
    model.zero_grad()
    of(model.loss(x, None, generator())).mean().backward()
    return [parameter.grad.clone() for parameter in model.encoder.parameters()]


def charge(terms):
    """beta times what the KL costs."""
    return terms["total"] - terms["reconstruction"]


def kl_per_axis(model, x):
    mu, logvar = model.posterior(x)
    return (0.5 * (mu**2 + logvar.exp() - 1 - logvar)).mean(dim=0)


def with_free_bits(bound, beta=2.0):
    torch.manual_seed(0)
    return vae(free_bits=bound, beta=beta)


def test_free_bits_change_the_total_and_no_other_term():
    x, plain = grey(), with_free_bits(0.0).loss(grey(), None, generator())
    found = kl_per_axis(with_free_bits(0.0), x)
    for bound in (found.min().item() / 2, found.median().item(), 5.0):
        terms = with_free_bits(bound).loss(x, None, generator())
        for name in ("reconstruction", "kl"):
            assert torch.equal(terms[name], plain[name])
        charged = sum(max(bound, each) for each in found.tolist())
        assert terms["total"].mean().item() == pytest.approx(terms["reconstruction"].mean().item() + 2 * charged)


def test_free_bits_leave_the_encoder_the_gradient_of_the_axes_above_the_bound():
    x = grey()
    found = kl_per_axis(with_free_bits(0.0), x).detach()
    whole = encoder_gradients(with_free_bits(found.min().item() / 2), x, charge)
    plain = encoder_gradients(with_free_bits(0.0), x, charge)
    none = encoder_gradients(with_free_bits(5.0), x, charge)
    some = encoder_gradients(with_free_bits(found.median().item()), x, charge)
    model = with_free_bits(0.0)
    (2 * kl_per_axis(model, x)[found > found.median()].sum()).backward()
    for ours, theirs in zip(whole, plain, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-15)
    assert all((each == 0).all() for each in none)
    for ours, parameter in zip(some, model.encoder.parameters(), strict=True):
        torch.testing.assert_close(ours, parameter.grad, rtol=1e-10, atol=1e-14)
        assert (ours != 0).any()
