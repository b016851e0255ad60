r"""Single latent axes: the KL of each, and its effect on an image."""

import torch
from torch import Tensor

from vaedemo.analysis.total_correlation import posterior_of
from vaedemo.probability import check_numbers
from vaedemo.probability.divergences import kl_standard_normal


@torch.no_grad()
def axis_kl(model, x: Tensor) -> Tensor:
    r"""The mean KL of each latent axis over a data set, an upper bound of the axis's information about x.

    $$\mathrm{KL}_j = \frac{1}{N} \sum_n \mathrm{KL}\bigl(q(z_j \mid x_n) \,\|\, \mathcal{N}(0, 1)\bigr)
    \;\ge\; I_q(x; z_j)$$

    `x`: (N, ...), as the model reads it. Returns float64 (d,), in nats. Raises `NoBoundError` for an autoencoder,
    `ValueError` for no example.
    Source: Hoffman & Johnson 2016, "ELBO surgery", for the inequality.
    """
    mu, logvar = posterior_of(model, x)
    if not len(mu):
        raise ValueError("x must have at least 1 example, got 0.")
    return kl_standard_normal(mu.double(), logvar.double()).mean(0)


@torch.no_grad()
def traverse(model, x: Tensor, axis: int, limit: float = 3.0, steps: int = 11) -> tuple[Tensor, Tensor]:
    r"""The images along one latent axis through the code of one image.

    $$z(t) = \mu(x) + (t - \mu_j(x))\, e_j, \qquad t \in [-\text{limit}, \text{limit}]$$

    So z_j takes the same values for every image, in the range of the prior, and all other axes keep the image's values.
    `x`: (1, ...). `axis`: j, from 0. Returns codes (steps, d) and the means of p(x|z) there, (steps, ...).
    Raises `ValueError` for more than one image, an axis that does not exist, a limit that is not above 0, or fewer
    than 2 steps.
    Source: Higgins et al. 2017, "beta-VAE", figure 1.
    """
    axis, steps = check_numbers.count("axis", axis, 0, model.latent_dim - 1), check_numbers.count("steps", steps, 2)
    limit = check_numbers.number("limit", limit, above=0)
    code = model.encode(x).mean
    if len(code) != 1:
        raise ValueError(f"A traversal starts from one image, got {len(code)}.")
    codes = code.repeat(steps, 1)
    codes[:, axis] = torch.linspace(-limit, limit, steps, dtype=codes.dtype)
    return codes, model.decode(codes).mean
