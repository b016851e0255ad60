"""The mean KL of a VAE in two parts: the information of the code about x, and the KL of all codes to the prior."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks

ROWS = 500  # codes per chunk: (500, N) densities in memory
NUMBERS = 2**22  # numbers per chunk when differences are computed directly
FARTHEST = 1e8  # squared distance of a mean from the centre in standard deviations; beyond it, 8 digits are lost
MOST_LOGVAR = 700.0  # exp of more overflows float64


@dataclass(frozen=True)
class KlSplit:
    """Both parts, in nats, with their standard errors over the N examples; `kl` is their sum on the same samples.

    `information`: I_q(x; z), at most `log_count` = log N. `marginal`: KL(q(z) || p(z)).
    """

    information: float
    marginal: float
    kl: float
    information_error: float
    marginal_error: float
    log_count: float


@torch.no_grad()
def split(mu: Tensor, logvar: Tensor, generator: torch.Generator) -> KlSplit:
    r"""Split the mean KL of N examples, with one sampled z for each.

    $$\frac1N \sum_n \mathrm{KL}\big(q(z|x_n)\,\Vert\,p(z)\big) =
    \underbrace{I_q(x; z)}_{\le \log N} + \mathrm{KL}\big(q(z)\,\Vert\,p(z)\big), \qquad
    q(z) = \frac1N \sum_n q(z|x_n)$$

    estimated with z_n ~ q(z|x_n): the first part is the mean of log q(z_n|x_n) − log q(z_n), the second the mean of
    log q(z_n) − log p(z_n), so their sum is exact on the same samples. q(z) is the mixture of all N examples, not of a
    minibatch. Each term of the first mean is at most log N.

    `mu`, `logvar`: (N, d), in any precision, log σ² from −700 to 700; computed in float64, in nats.
    Raises `ValueError` for shapes that differ, fewer than two examples or numbers that are not finite.
    Source: Hoffman & Johnson 2016, "ELBO surgery", equation 6.
    """
    mu, logvar = _posteriors(mu, logvar, 2)
    generator = check_numbers.one_generator(generator)
    noise = torch.randn(mu.shape, generator=generator, dtype=torch.float64)
    z = mu + (0.5 * logvar).exp() * noise
    constant = -0.5 * mu.shape[1] * math.log(2 * math.pi)
    own = constant - 0.5 * (noise.square() + logvar).sum(1)
    prior = constant - 0.5 * z.square().sum(1)
    aggregate = torch.cat([_log_mixture(rows, mu, logvar) for rows in z.split(ROWS)])
    information, marginal = own - aggregate, aggregate - prior
    return KlSplit(
        information=information.mean().item(),
        marginal=marginal.mean().item(),
        kl=(own - prior).mean().item(),
        information_error=(information.std() / len(mu) ** 0.5).item(),
        marginal_error=(marginal.std() / len(mu) ** 0.5).item(),
        log_count=math.log(len(mu)),
    )


def log_mixture(z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    r"""$\log q(z) = \log \frac1N \sum_n \mathcal N(z; \mu_n, \sigma_n^2)$ for each z (M, d): (M,), in nats.

    The squares are expanded around the centre of the means, so that three matrix products replace a tensor (M, N, d).
    If that would lose digits, the differences are computed directly.
    Raises `ValueError` for shapes that differ, no example or numbers that are not finite.
    """
    mu, logvar = _posteriors(mu, logvar, 1)
    return _log_mixture(checks.array("z", z, "M", mu.shape[1]).double(), mu, logvar)


def _posteriors(mu: Tensor, logvar: Tensor, least: int) -> tuple[Tensor, Tensor]:
    sizes: dict[str, int] = {}
    mu = checks.array("mu", mu, "N", "d", sizes=sizes, least=least)
    logvar = checks.array("logvar", logvar, "N", "d", sizes=sizes, low=-MOST_LOGVAR, high=MOST_LOGVAR)
    return mu.double(), logvar.double()


def _log_mixture(z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """`log_mixture` of float64 without checks."""
    constant = logvar.sum(1) + z.shape[1] * math.log(2 * math.pi)
    middle = mu.mean(0)
    z, mu = z - middle, mu - middle
    precision = (-logvar).exp()
    if (mu.square() * precision).max() > FARTHEST:
        rows = max(1, NUMBERS // mu.numel())
        deviation = (0.5 * logvar).exp()
        parts = [((part[:, None] - mu) / deviation).square().sum(2) for part in z.split(rows)]
        return torch.logsumexp(-0.5 * (torch.cat(parts) + constant), dim=1) - math.log(len(mu))
    squares = z.square() @ precision.T - 2 * z @ (mu * precision).T + (mu.square() * precision).sum(1)
    log_density = -0.5 * (squares + constant)
    return torch.logsumexp(log_density, dim=1) - math.log(len(mu))
