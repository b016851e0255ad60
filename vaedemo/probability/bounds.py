r"""Bounds on log p(x) by sampling, per image and in nats; exact by quadrature is `log_marginal_grid`."""

import math

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_models import q_for
from vaedemo.probability.check_numbers import count, one_generator
from vaedemo.probability.divergences import kl_standard_normal_unchecked
from vaedemo.probability.hermite import elbo_hermite
from vaedemo.probability.likelihood_matrix import log_prior_unchecked, own_log_likelihood
from vaedemo.probability.quadrature import log_marginal_grid, posterior_grid

__all__ = [
    "LARGEST_SAMPLES",
    "effective_sample_size",
    "elbo",
    "elbo_hermite",
    "iwae",
    "kl_to_posterior",
    "log_marginal_grid",
    "log_marginal_monte_carlo",
    "log_mean_exp",
    "log_weights",
    "posterior_grid",
]

LARGEST_SAMPLES = 100_000  # the K that a page clamps to
DRAWN_CODES = 2**20  # drawn at once, so that memory does not grow with K


@torch.no_grad()
def elbo(model, x: Tensor, *, samples: int, generator: torch.Generator) -> Tensor:
    r"""The evidence lower bound, its expectation by K draws from q(z|x) and its KL in closed form.

    $$\mathrm{ELBO}(x) = \frac{1}{K} \sum_{k=1}^{K} \log p(x \mid z^{(k)})
    - \mathrm{KL}\bigl(q(z|x) \,\|\, p(z)\bigr), \qquad z^{(k)} \sim q(z|x)$$

    `x`: (N, ...), as the model reads it. Returns (N,) in float64, in nats per image; at most log p(x) in expectation.
    Raises `ValueError` for samples below 1 and, like every function here, for x of another shape, x that is not finite
    or images outside [0, 1].
    Source: Kingma & Welling 2013 (arXiv 1312.6114), equation 7.
    """
    x = checks.data_for(model, x)
    mu, logvar = model.posterior(x)
    total = torch.zeros(len(x), dtype=torch.float64, device=mu.device)
    for z in draws(mu, logvar, samples, generator):
        total += own_log_likelihood(model, x, z).double().sum(1)
    return total / samples - kl_standard_normal_unchecked(mu, logvar).double().sum(1)


@torch.no_grad()
def iwae(model, x: Tensor, *, samples: int, generator: torch.Generator) -> Tensor:
    r"""The importance-weighted bound of K draws from q(z|x).

    $$\mathrm{IWAE}_K(x) = \log \frac{1}{K} \sum_{k=1}^{K} \frac{p(x \mid z^{(k)})\, p(z^{(k)})}{q(z^{(k)} \mid x)},
    \qquad z^{(k)} \sim q(z|x)$$

    K = 1 is the sampled ELBO; the expectation rises with K towards log p(x). The sum is streamed, with its largest
    term taken out. `x`: (N, ...). Returns (N,) in float64, in nats per image.
    Raises `ValueError` for samples below 1.
    Source: Burda, Grosse & Salakhutdinov 2016 (arXiv 1509.00519), equation 8.
    """
    x = checks.data_for(model, x)
    mu, logvar = model.posterior(x)
    return streamed_log_mean(model, x, draws(mu, logvar, samples, generator), samples, mu, logvar)


@torch.no_grad()
def log_marginal_monte_carlo(model, x: Tensor, *, samples: int, generator: torch.Generator) -> Tensor:
    r"""log p(x) by K draws from the prior.

    $$\log \hat{p}_K(x) = \log \frac{1}{K} \sum_{k=1}^{K} p(x \mid z^{(k)}), \qquad z^{(k)} \sim p(z)$$

    The log of a mean is biased low (Jensen): its expectation rises with K, and at K = 1 it is the ELBO with q = the
    prior. Each image has draws of its own. `x`: (N, ...). Returns (N,) in float64, in nats per image.
    Raises `ValueError` for samples below 1.
    Source: Doersch 2016 (arXiv 1606.05908), section 2.
    """
    x = checks.data_for(model, x)
    mu = checks.first_parameter(model).new_zeros(len(x), model.latent_dim)
    logvar = torch.zeros_like(mu)
    return streamed_log_mean(model, x, draws(mu, logvar, samples, generator), samples, mu, logvar)


@torch.no_grad()
def log_weights(model, x: Tensor, z: Tensor, mu: Tensor | None = None, logvar: Tensor | None = None) -> Tensor:
    r"""The logarithms of the importance weights of codes drawn from a diagonal Gaussian.

    $$\log w = \log p(x \mid z) + \log p(z) - \log \mathcal{N}(z; \mu, \operatorname{diag} \sigma^2)$$

    `x`: (N, ...). `z`: (N, K, d), K codes for each example. `mu`, `logvar`: (N, d), the proposal the codes were drawn
    from; left out, the prior, and then log w = log p(x|z). Returns (N, K) in float64, in nats.
    Raises `ValueError` where z is of another shape, or only one of mu and logvar is given.
    """
    x, like = checks.data_for(model, x), checks.first_parameter(model)
    z = checks.to_like("z", checks.array("z", z, "N", "K", "d", sizes={"N": len(x), "d": model.latent_dim}), like)
    return log_weights_unchecked(model, x, z, *((None, None) if mu is logvar is None else q_for(model, x, mu, logvar)))


def log_weights_unchecked(model, x: Tensor, z: Tensor, mu: Tensor | None, logvar: Tensor | None) -> Tensor:
    """`log_weights` of checked arguments, for codes that arrive in pieces."""
    fit = own_log_likelihood(model, x, z).double()
    return fit if mu is None else weighed(fit, z, mu, logvar)


def weighed(fit: Tensor, z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """`log_weights` where log p(x|z) is known, `fit` (N, K)."""
    noise = (z - mu.unsqueeze(1)).double() * (-0.5 * logvar.double()).exp().unsqueeze(1)
    log_proposal = log_prior_unchecked(noise) - 0.5 * logvar.double().sum(1, keepdim=True)
    return fit + log_prior_unchecked(z.double()) - log_proposal


def log_mean_exp(log_weights: Tensor) -> Tensor:
    r"""$\log \frac{1}{K} \sum_k w_k$ over the last axis, in float64; −∞ where every weight is 0. (..., K) to (...).

    Raises `ValueError` for no weight, NaN or +∞.
    """
    log_weights = checks.array("log_weights", log_weights, ..., "K", least=1, minus_infinity=True)
    return log_weights.double().logsumexp(-1) - math.log(log_weights.shape[-1])


def effective_sample_size(log_weights: Tensor) -> Tensor:
    r"""How many equal weights would be worth as much.

    $$\mathrm{ESS} = \frac{\bigl(\sum_k w_k\bigr)^2}{\sum_k w_k^2}$$

    `log_weights`: (..., K), in nats; −∞ is a weight of 0. Returns (...) in float64, from 1 to K; 0 where all are 0.
    Source: Kong 1992, "A note on importance sampling using standardized weights".
    """
    log_weights = checks.array("log_weights", log_weights, ..., "K", least=1, minus_infinity=True).double()
    size = (2 * log_weights.logsumexp(-1) - (2 * log_weights).logsumexp(-1)).exp()
    return torch.where(log_weights.amax(-1) == -math.inf, 0.0, size)


def kl_to_posterior(model, x: Tensor, points: int = 101, order: int = 64) -> Tensor:
    r"""The gap of the bound, from two quadratures that share nothing.

    $$\mathrm{KL}\bigl(q(z|x) \,\|\, p(z|x)\bigr) = \log p(x) - \mathrm{ELBO}(x)$$

    log p(x) is `log_marginal_grid`, the ELBO `elbo_hermite`. `x`: (N, ...). Returns (N,) in float64, in nats per image.
    Raises `ValueError` for latent_dim > 2.
    """
    return log_marginal_grid(model, x, points=points) - elbo_hermite(model, x, order=order)


def draws(mu: Tensor, logvar: Tensor, samples: int, generator: torch.Generator):
    """K codes of each example, drawn from N(mu, exp logvar) and yielded as (N, up to K, d) of bounded size."""
    samples = count("samples", samples)
    one_generator(generator)
    deviation = (0.5 * logvar).exp().unsqueeze(1)
    at_once = max(1, DRAWN_CODES // max(1, len(mu)))
    for start in range(0, samples, at_once):
        shape = (len(mu), min(at_once, samples - start), mu.shape[1])
        noise = torch.randn(shape, generator=generator, dtype=mu.dtype, device=generator.device).to(mu.device)
        yield mu.unsqueeze(1) + deviation * noise


def streamed_log_mean(model, x: Tensor, codes, samples: int, mu: Tensor, logvar: Tensor) -> Tensor:
    """log of the mean weight of `samples` codes that arrive in pieces, each example's largest weight taken out."""
    total = torch.full((len(x),), -math.inf, dtype=torch.float64, device=mu.device)
    for z in codes:
        total = torch.logaddexp(total, log_weights_unchecked(model, x, z, mu, logvar).logsumexp(1))
    return total - math.log(samples)
