r"""Holes in a latent space: regions with samples but no encoded data, and regions with data but no samples."""

import torch
from torch import Tensor

from vaedemo.analysis import quality
from vaedemo.probability import check_numbers, checks

SHARE = 0.99


def code_spacing(places: Tensor, share: float = SHARE) -> float:
    r"""The spacing of codes: the distance within which a share of them has a neighbour.

    $$r = \text{quantile}_{0.99} \Bigl( \min_{j \ne i} \lVert z_i - z_j \rVert \Bigr)$$

    `places`: (N, d), N >= 2, codes on which the decoder was trained: an autoencoder's codes, or one sample from each
    q(z|x). Returns r in units of z. Raises `ValueError` for fewer than two places, a share outside 0 to 1, or numbers
    that are not finite.
    """
    places = checks.array("places", places, "N", "d", least=2)
    share = check_numbers.number("share", share, high=1, above=0)
    # The nearest one is the place itself or a copy of it, at distance 0.
    distances = quality.nearest(places, places, k=2)[1][:, 1]
    return torch.quantile(distances.double(), share).item()


def in_holes(z: Tensor, places: Tensor, spacing: float) -> Tensor:
    r"""Which codes are farther from every place than the spacing of the places: bool (n,).

    $$\min_i \lVert z - z_i \rVert > r$$

    If z had the distribution of the places, about 1 % would be (for `code_spacing`'s share of 99 %); more means holes.
    `z`: (n, d); `places`: (N, d); `spacing`: r. Related: the precision of Kynkäänniemi et al. 2019 (arXiv 1904.06991).
    Raises `ValueError` for no place, a negative spacing or numbers that are not finite.
    """
    sizes: dict[str, int] = {}
    z = checks.array("z", z, "n", "d", sizes=sizes)
    places = checks.array("places", places, "N", "d", sizes=sizes, least=1)
    spacing = check_numbers.number("spacing", spacing, 0)
    return quality.nearest(z, places)[1][:, 0] > spacing


def beyond_prior(z: Tensor, mass: float = SHARE) -> Tensor:
    r"""Which codes are outside the ball that contains 99 % of N(0, I): bool (n,).

    $$\Pr\bigl(\lVert \zeta \rVert > \lVert z \rVert\bigr) = \frac{\Gamma(d/2,\; \lVert z \rVert^2 / 2)}{\Gamma(d/2)}
    < 1 - 0.99, \qquad \zeta \sim \mathcal{N}(0, I)$$

    `z`: (n, d). If the codes had the distribution N(0, I), 1 % would be outside: prior samples hardly ever fall there.
    Raises `ValueError` for a mass outside 0 to 1 or numbers that are not finite.
    """
    z, mass = checks.array("z", z, "n", "d"), check_numbers.number("mass", mass, 0, 1)
    squares = z.double().square().sum(1) / 2
    half = torch.full_like(squares, z.shape[1] / 2)
    return torch.special.gammaincc(half, squares) < 1 - mass
