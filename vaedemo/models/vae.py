"""The variational autoencoder (Kingma & Welling 2013, arXiv 1312.6114)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.distributions import Normal

from vaedemo.config import RunConfig
from vaedemo.models import networks
from vaedemo.models.check_data import scaled
from vaedemo.models.doors import behind, door
from vaedemo.models.latent_model import LatentModel
from vaedemo.probability import check_numbers, checks, divergences, likelihoods


@dataclass(frozen=True)
class Elbo:
    """The terms of the bound for each of N examples, in nats; none contains beta.

    `reconstruction` (N,): -log p(x|z) at one sampled z. `kl` (N,): KL(q(z|x) || p(z)). `kl_per_axis` (N, latent_dim).
    """

    reconstruction: Tensor
    kl: Tensor
    kl_per_axis: Tensor

    @property
    def elbo(self) -> Tensor:
        """-(reconstruction + kl), (N,): a lower bound on log p(x) in expectation over z."""
        return -(self.reconstruction + self.kl)


class VAE(LatentModel):
    r"""q(z|x) = N(mu(x), diag exp(logvar(x))), p(z) = N(0, I), p(x|z) one of the likelihoods.

    $$-\text{ELBO}(x) = \underbrace{\mathbb E_{q(z|x)}[-\log p(x|z)]}_{\text{reconstruction}}
    + \beta\,\underbrace{\mathrm{KL}\big(q(z|x)\,\Vert\,\mathcal N(0, I)\big)}_{\text{kl}}
    \qquad (\beta = 1)$$

    The expectation is estimated with one z = mu + sigma * epsilon, epsilon ~ N(0, I) (Kingma & Welling 2013, eq. 7;
    beta: Higgins et al. 2017).

    `encoder`, `decoder`: networks of your own in place of those that the config describes. The encoder maps
    (N, *data_shape) to (N, 2 * latent_dim), mu and then logvar. The decoder maps (N, latent_dim) to the likelihood's
    parameters before any sigmoid, in any shape with the right number of elements (for bernoulli and gaussian one for
    each value of an example). Both are tried once, on two examples of zeros. Raises `ValueError` for other shapes,
    `ConfigError` for a thing that is no module.
    """

    def __init__(
        self,
        config: RunConfig,
        data_shape: tuple[int, ...],
        *,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
    ):
        super().__init__(config, data_shape, 2 * config.latent_dim, encoder, decoder)

    @door
    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and logvar of q(z|x), both (N, latent_dim)."""
        return self.posterior_unchecked(checks.data_for(self, x))

    def posterior_unchecked(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """`posterior` without checks, for training."""
        # Convert possible half-precision products: z and the KL have the data's precision.
        mu, raw_logvar = self.encoder(x).to(x.dtype).chunk(2, dim=1)
        return mu, networks.soften(raw_logvar)

    @door
    def encode(self, x: Tensor) -> Normal:
        """q(z|x) as a `torch.distributions.Normal` over (N, latent_dim)."""
        return self.encode_unchecked(checks.data_for(self, x))

    def encode_unchecked(self, x: Tensor) -> Normal:
        """`encode` without checks, for training."""
        mu, logvar = behind(self, "posterior")(x)
        return Normal(mu, (0.5 * logvar).exp(), validate_args=False)

    @door
    def elbo(self, x: Tensor, *, generator: torch.Generator) -> Elbo:
        """The terms of the bound for each example of x (N, *data_shape), at one z drawn from q(z|x).

        Raises `TypeError` for an invalid generator.
        """
        return self.elbo_unchecked(checks.data_for(self, x), generator=check_numbers.one_generator(generator))

    def elbo_unchecked(self, x: Tensor, *, generator: torch.Generator) -> Elbo:
        """`elbo` without checks, for training."""
        return self._elbo(x, x, generator)

    def loss(self, x: Tensor, y: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        r"""Per-example terms (N,) in nats; training minimises `total` = reconstruction + beta * kl.

        beta is that in force: `config.beta` unless `changes` or a warm-up say otherwise. With `free_bits` λ, the KL in
        `total` costs $\sum_j \max(\lambda, \overline{\mathrm{KL}}_j)$, with the batch's mean per axis.

        For the training loop: it checks the shape of x, but neither its range nor that it is finite.
        """
        x = scaled(x, self.data_shape)
        terms = self._elbo(self.corrupted(x, generator), x, generator)
        charged = terms.kl
        if self.config.free_bits:
            charged = divergences.at_least_unchecked(terms.kl_per_axis, self.config.free_bits).sum(dim=1)
        total = terms.reconstruction + self.in_force.beta * charged
        return {"total": total, "reconstruction": terms.reconstruction, "kl": terms.kl}

    def _elbo(self, seen: Tensor, target: Tensor, generator: torch.Generator) -> Elbo:
        mu, logvar = behind(self, "posterior")(seen)
        z = reparameterize_unchecked(mu, logvar, generator)
        kl_per_axis = divergences.kl_standard_normal_unchecked(mu, logvar)
        reconstruction = likelihoods.reconstruction_unchecked(behind(self, "decode")(z), target)
        return Elbo(reconstruction, kl_per_axis.sum(dim=1), kl_per_axis)


def reparameterize(mu: Tensor, logvar: Tensor, generator: torch.Generator) -> Tensor:
    r"""A sample from q(z|x) through which gradients flow.

    $$z = \mu + \sigma\odot\varepsilon,\qquad \varepsilon\sim\mathcal N(0, I),\quad \sigma = e^{\frac12\log\sigma^2}$$

    mu, logvar and z: (N, latent_dim). Raises `ValueError` for other shapes or numbers that are not finite, `TypeError`
    for an invalid generator. Source: Kingma & Welling 2013, section 2.4.
    """
    sizes: dict[str, int] = {}
    mu = checks.array("mu", mu, "N", "d", sizes=sizes)
    logvar = checks.array("logvar", logvar, "N", "d", sizes=sizes)
    return reparameterize_unchecked(mu, logvar, check_numbers.one_generator(generator))


def reparameterize_unchecked(mu: Tensor, logvar: Tensor, generator: torch.Generator) -> Tensor:
    """`reparameterize` without checks, for the training loop."""
    noise = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
    return mu + (0.5 * logvar).exp() * noise
