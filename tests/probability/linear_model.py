"""A linear Gaussian VAE whose log p(x), posterior and bound are known in closed form."""

import torch
from torch.distributions import MultivariateNormal

from vaedemo.config import RunConfig
from vaedemo.models import build


class LinearGaussian:
    """x = W z + b + noise, W with columns that are not orthogonal; the encoder gives the best diagonal q of each x.

    `model` in float64, `weight` (9, d), `centre` (9,), `variance`; data are (N, 1, 3, 3).
    """

    def __init__(self, latent_dim: int = 2, variance: float = 0.3, size: float = 1.0):
        noise = torch.Generator().manual_seed(7)
        config = RunConfig(
            dataset="digits",
            network="linear",
            likelihood="gaussian",
            noise_variance=variance,
            latent_dim=latent_dim,
        )
        self.model = build(config, (1, 3, 3)).double().requires_grad_(False)
        self.variance = variance
        self.weight = size * torch.randn(9, latent_dim, generator=noise, dtype=torch.float64)
        self.centre = torch.randn(9, generator=noise, dtype=torch.float64)
        self.precision = torch.eye(latent_dim).double() + self.weight.T @ self.weight / variance
        slope = torch.linalg.solve(self.precision, self.weight.T / variance)
        decoder, encoder = self.model.decoder[0], self.model.encoder[1]
        decoder.weight.copy_(self.weight)
        decoder.bias.copy_(self.centre)
        encoder.weight.zero_()
        encoder.weight[:latent_dim] = slope
        encoder.bias[:latent_dim] = -slope @ self.centre
        encoder.bias[latent_dim:] = -self.precision.diagonal().log()

    def data(self, count: int) -> torch.Tensor:
        return self.marginal.sample((count,)).reshape(count, 1, 3, 3)

    @property
    def marginal(self) -> MultivariateNormal:
        covariance = self.weight @ self.weight.T + self.variance * torch.eye(9).double()
        return MultivariateNormal(self.centre, covariance)

    def log_marginal(self, x: torch.Tensor) -> torch.Tensor:
        return self.marginal.log_prob(x.flatten(1))

    def posterior_covariance(self) -> torch.Tensor:
        return torch.linalg.inv(self.precision)
