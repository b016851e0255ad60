r"""The total correlation of q(z), the mean of q(z|x) over the data: its KL to the product of its axes."""

import math

import torch
from torch import Tensor

from vaedemo.models.autoencoder import Autoencoder, NoBoundError
from vaedemo.probability import check_numbers, checks

ROWS = 256  # codes per chunk of the mixture density
ROUNDINGS = 8  # rounding errors of an axis's largest value, or of a correlation: less counts as zero variance
MOST_LOGVAR = 160.0  # limit for |log σ²|, for the range of float32


@torch.no_grad()
def posterior_of(model, x: Tensor) -> tuple[Tensor, Tensor]:
    """mu and logvar (N, d) of a VAE's q(z|x). Raises `NoBoundError` for an autoencoder, which has no q(z)."""
    if isinstance(model, Autoencoder) or not hasattr(model, "posterior"):
        raise NoBoundError("The aggregated posterior q(z)")
    return model.posterior(x)


def correlation(z: Tensor) -> Tensor:
    """The correlation matrix of codes (N, d), float64 (d, d); a constant axis has correlation 0 with all others.

    Raises `ValueError` for fewer than two codes or numbers that are not finite.
    """
    z = checks.array("z", z, "N", "d", least=2).double()
    # Scale each axis by its largest value, so that squares do not overflow; the mean of a constant may round.
    z = z / z.abs().amax(0).clamp(min=torch.finfo(z.dtype).tiny)
    centred = z - z.mean(0)
    scale = centred.square().mean(0).sqrt()
    varies = scale > ROUNDINGS * torch.finfo(z.dtype).eps
    scaled = torch.where(varies, centred / torch.where(varies, scale, 1), 0)
    matrix = scaled.T @ scaled / len(z)
    return matrix.fill_diagonal_(1)


def gaussian_total_correlation(z: Tensor) -> float:
    r"""The total correlation of a Gaussian with the codes' correlations.

    $$\mathrm{TC}_{\text{Gauss}} = -\tfrac{1}{2} \log \det \operatorname{corr}(z)$$

    0 if no two axes are correlated, −½ log(1 − ρ²) for one pair with correlation ρ, infinite if an axis is a linear
    combination of others. It contains only correlations: axes with another kind of dependence can have the value 0.
    `z`: draws from q(z), (N, d): one z ~ q(z|x) for each of N examples. In nats, at least 0. For d independent axes
    about d(d − 1) / 4N. Raises `ValueError` for fewer than two codes or numbers that are not finite.
    Source: Watanabe 1960, "Information theoretical analysis of multivariate correlation".
    """
    eigenvalues = torch.linalg.eigvalsh(correlation(z))
    # The least eigenvalue of linearly dependent axes is only a rounding error, and so is its logarithm.
    if eigenvalues[0] <= ROUNDINGS * len(eigenvalues) * torch.finfo(eigenvalues.dtype).eps:
        return math.inf
    return max(0.0, -0.5 * eigenvalues.log().sum().item())


def mixture_total_correlation(z: Tensor, mu: Tensor, logvar: Tensor) -> float:
    r"""The total correlation of q(z), with q(z) as the mixture of the N posteriors.

    $$\hat{\mathrm{TC}} = \frac{1}{N} \sum_n \Bigl[ \log \frac{1}{N} \sum_m q(z_n \mid x_m)
    - \sum_j \log \frac{1}{N} \sum_m q(z_{nj} \mid x_m) \Bigr]$$

    `z`: one sample from each q(z|x), (N, d); `mu`, `logvar`: (N, d). In nats. For narrow posteriors it is biased
    upwards by several nats: z_n was drawn from one of the N components, so it is near the centre of that component in
    the joint mixture, but among many components in each axis's mixture. Compare it with `shuffled_total_correlation`.
    The computation is centred at the mean of μ, so that codes far from 0 lose no digits.
    Raises `ValueError` for different shapes, no example, or numbers that are not finite.
    Source: Chen et al. 2018 (arXiv 1802.04942), section 3 and appendix C.1, with the whole set as the batch.
    """
    z, mu, logvar = _draws_and_posteriors(z, mu, logvar)
    middle = mu.double().mean(0)
    z, mu = ((part.double() - middle).to(part) for part in (z, mu))
    mean, deviation = mu, (0.5 * logvar).exp()
    constant = logvar + math.log(2 * math.pi)
    total = 0.0
    for rows in z.split(ROWS):
        each = -0.5 * (((rows[:, None] - mean) / deviation).square() + constant)  # (rows, N, d)
        joint = each.sum(2).logsumexp(1) - math.log(len(z))
        axes = each.logsumexp(1) - math.log(len(z))
        total += (joint - axes.sum(1)).double().sum().item()
    return total / len(z)


def _draws_and_posteriors(z: Tensor, mu: Tensor, logvar: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    sizes: dict[str, int] = {}
    z = checks.array("z", z, "N", "d", sizes=sizes, least=1)
    mu = checks.array("mu", mu, "N", "d", sizes=sizes)
    logvar = checks.array("logvar", logvar, "N", "d", sizes=sizes, low=-MOST_LOGVAR, high=MOST_LOGVAR)
    return z, mu, logvar


def shuffled_total_correlation(z: Tensor, mu: Tensor, logvar: Tensor, generator: torch.Generator) -> float:
    """`mixture_total_correlation` of the same codes with each axis shuffled independently over the examples.

    The shuffled axes are independent, so the true value is 0 and the result is the estimate's bias. Same arguments.
    """
    z, mu, logvar = _draws_and_posteriors(z, mu, logvar)
    generator = check_numbers.one_generator(generator)
    order = torch.stack([torch.randperm(len(z), generator=generator) for _ in range(z.shape[1])], dim=1)
    return mixture_total_correlation(*(part.gather(0, order) for part in (z, mu, logvar)))
