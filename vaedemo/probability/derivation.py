r"""The lecture's derivation of the evidence lower bound, each line as a number for one image and one q."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks, nearby_pixels
from vaedemo.probability.check_models import one_image, q_for
from vaedemo.probability.check_numbers import count, number
from vaedemo.probability.divergences import kl_standard_normal_unchecked
from vaedemo.probability.hermite import standard_normal_nodes
from vaedemo.probability.likelihood_matrix import log_likelihood_unchecked, log_prior_unchecked

__all__ = ["Derivation", "Slice", "derivation", "slice_along"]

NEGLIGIBLE = 1e-3  # weight of a node, over the rounding of the decoder's own precision: all of them stay far below it


@dataclass(frozen=True)
class Derivation:
    r"""From log p(x) to the bound, each line evaluated; all in nats, for one image.

    $$\begin{aligned}
    \log p(x) &= \mathbb{E}_{q}\bigl[\log p(x)\bigr] && p(x) \text{ does not depend on } z \\
    &= \mathbb{E}_{q}\left[\log \frac{p(x|z)\, p(z)}{p(z|x)}\right] && \text{Bayes' rule} \\
    &= \mathbb{E}_{q}\left[\log \frac{p(x|z)\, p(z)}{p(z|x)} \frac{q(z|x)}{q(z|x)}\right] && \text{multiply by one} \\
    &= \mathbb{E}_{q}[\log p(x|z)] - \mathrm{KL}\bigl(q \,\|\, p(z)\bigr) + \mathrm{KL}\bigl(q \,\|\, p(z|x)\bigr)
    && \text{three terms} \\
    &\ge \mathbb{E}_{q}[\log p(x|z)] - \mathrm{KL}\bigl(q \,\|\, p(z)\bigr) = \mathrm{ELBO} && \mathrm{KL} \ge 0
    \end{aligned}$$

    `log_marginal`: the first line, given. `bayes`, `times_one`: the second and the third.
    `log_likelihood`: E_q[log p(x|z)]. `kl_prior`: KL(q‖p(z)), in closed form. `kl_posterior`: KL(q‖p(z|x)).
    """

    log_marginal: float
    bayes: float
    times_one: float
    log_likelihood: float
    kl_prior: float
    kl_posterior: float

    @property
    def three_terms(self) -> float:
        """The fourth line."""
        return self.log_likelihood - self.kl_prior + self.kl_posterior

    @property
    def elbo(self) -> float:
        """The last line: the fourth without the divergence that nobody can compute when the code has many axes."""
        return self.log_likelihood - self.kl_prior


@torch.no_grad()
def derivation(model, x: Tensor, mu: Tensor, logvar: Tensor, log_marginal: float, order: int = 64) -> Derivation:
    r"""Every line of the derivation for one image and a diagonal Gaussian q, expectations by Gauss–Hermite.

    $$\mathbb{E}_q[f(z)] \approx \sum_g w_g f(\mu + \sigma \odot \varepsilon_g), \qquad
    \log p(z|x) = \log p(x|z) + \log p(z) - \log p(x)$$

    `x`: (1, ...). `mu`, `logvar`: (1, d), d at most 2. `log_marginal`: log p(x), which normalises the posterior, from
    `log_marginal_grid`. Computed in float64 from the decoder's own precision. Raises `ValueError` for more than one
    image, d > 2, and arguments of another shape, range or not finite.
    """
    x, log_marginal = one_image("derivation", model, x), number("log_marginal", log_marginal)
    mu, logvar = q_for(model, x, mu, logvar)
    nodes, weights = standard_normal_nodes(order, mu.shape[1])
    # Most nodes lie in corners where the normal has next to nothing: they are not decoded.
    heavy = weights > NEGLIGIBLE * torch.finfo(mu.dtype).eps
    nodes, weights = nodes[heavy].to(mu.device), weights[heavy].to(mu.device)
    z = mu + (0.5 * logvar).exp() * nodes.to(mu)
    fit = nearby_pixels.log_likelihood_unchecked(model, x, z)
    prior = log_prior_unchecked(mu.double() + (0.5 * logvar.double()).exp() * nodes)
    posterior = fit + prior - log_marginal
    q = log_prior_unchecked(nodes) - 0.5 * logvar.double().sum()
    return Derivation(
        log_marginal=log_marginal,
        bayes=float(weights @ (fit + prior - posterior)),
        times_one=float(weights @ ((fit + prior + q) - (posterior + q))),
        log_likelihood=float(weights @ fit),
        kl_prior=float(kl_standard_normal_unchecked(mu.double(), logvar.double()).sum()),
        kl_posterior=float(weights @ (q - posterior)),
    )


@dataclass(frozen=True)
class Slice:
    r"""Along one latent axis: three functions of z whose sum is the same everywhere.

    $$\log p(x|z) + \log p(z) - \log p(z|x) = \log p(x) \qquad \text{for every } z$$

    `z`: (M,), the coordinate that varies. `log_likelihood`, `log_prior`, `log_posterior`: (M,), float64, in nats.
    """

    z: Tensor
    log_likelihood: Tensor
    log_prior: Tensor
    log_posterior: Tensor

    @property
    def total(self) -> Tensor:
        """log [p(x|z) p(z) / p(z|x)], (M,): flat, at the height log p(x)."""
        return self.log_likelihood + self.log_prior - self.log_posterior


@torch.no_grad()
def slice_along(model, x: Tensor, through: Tensor, axis: int, z: Tensor, log_marginal: float) -> Slice:
    """The three functions along one axis through a point; p(z|x) is normalised by `log_marginal`.

    `x`: (1, ...). `through`: (d,). `axis`: which coordinate takes the values `z` (M,). Returns a `Slice`.
    Raises `ValueError` for more than one image, an axis that the code does not have, and arguments of another shape,
    range or not finite.
    """
    x, log_marginal = one_image("slice_along", model, x), number("log_marginal", log_marginal)
    through, z = checks.array("through", through, model.latent_dim), checks.array("z", z, "M")
    axis, like = count("axis", axis, 0, len(through) - 1), checks.first_parameter(model)
    codes = through.double().repeat(len(z), 1)
    codes[:, axis] = z.double()
    fit = log_likelihood_unchecked(model.decode(codes.to(like)), x)[0].double()
    prior = log_prior_unchecked(codes)
    return Slice(z.double(), fit, prior, fit + prior - log_marginal)
