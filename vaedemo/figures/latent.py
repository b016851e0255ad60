"""Lengths on the latent plane: the circles and intervals of the prior, and the window of a picture."""

from statistics import NormalDist

import numpy as np

from vaedemo.figures import style

PRIOR_SHARES = (0.5, 0.9, 0.99)


def prior_radius(share: float) -> float:
    r"""The radius of the circle that contains `share` of $\mathcal N(0, I)$ in the plane: $r = \sqrt{-2 \log(1 - p)}$.

    $\lVert z \rVert^2$ is $\chi^2$ with two degrees of freedom, whose distribution function is $1 - e^{-r^2/2}$.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share must be at least 0 and below 1, got {share}.")
    return float(np.sqrt(-2.0 * np.log1p(-share)))


def prior_interval(share: float) -> float:
    r"""Half the width of the interval around 0 that contains `share` of $\mathcal N(0, 1)$: $\Phi^{-1}((1 + p)/2)$."""
    if not 0 <= share < 1:
        raise ValueError(f"share must be at least 0 and below 1, got {share}.")
    return NormalDist().inv_cdf((1 + share) / 2)


def plane_extent(means=None) -> float:
    """Half the side of a square window that shows the prior's 99 % circle and 99.5 % of the means (N, 2)."""
    extent = prior_radius(PRIOR_SHARES[-1])
    if means is not None and len(means):
        extent = max(extent, float(np.quantile(np.abs(style.planar(means, "means")), 0.995)))
    return round(1.08 * extent, 2)
