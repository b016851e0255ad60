r"""Kullback–Leibler divergences between normal distributions, in closed form and in nats."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number

__all__ = [
    "KlTerms",
    "at_least",
    "at_least_unchecked",
    "kl_diagonal_per_axis",
    "kl_normal",
    "kl_standard_normal",
    "kl_standard_normal_unchecked",
    "kl_terms",
]

# A covariance may differ from its transpose by this many rounding errors of its largest entry.
ASYMMETRY_ROUNDINGS = 1000
# Singular: an axis keeps, given the axes before it, less than this many rounding errors (per axis) of its variance.
SINGULAR_ROUNDINGS = 8


def kl_standard_normal(mu: Tensor, logvar: Tensor) -> Tensor:
    r"""The KL divergence from q(z|x), a normal with diagonal covariance, to the prior N(0, I), axis by axis.

    $$\mathrm{KL}\bigl(\mathcal{N}(\mu_j, \sigma_j^2) \,\|\, \mathcal{N}(0, 1)\bigr)
    = \tfrac{1}{2} \bigl(\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2\bigr)$$

    `mu`, `logvar` (log σ², not σ): shape (N, d). Returns (N, d), in nats, each at least 0; the KL of an example is the
    **sum** over its axes. Raises `ValueError` for shapes that differ, NaN or infinity.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix B.
    """
    mu, logvar = checks.array("mu", mu), checks.array("logvar", logvar)
    checks.check_one_shape(mu=mu, logvar=logvar)
    return kl_standard_normal_unchecked(mu, logvar)


def kl_standard_normal_unchecked(mu: Tensor, logvar: Tensor) -> Tensor:
    """`kl_standard_normal` of any shape and without checks, for training."""
    # expm1: σ² − 1 without cancellation where q is close to the prior.
    return 0.5 * (mu.square() + torch.expm1(logvar) - logvar)


def at_least(kl_per_axis: Tensor, bound: float) -> Tensor:
    r"""Free bits: what each axis is charged, so that an axis whose mean KL is below the bound is charged the bound.

    $$\frac1N \sum_i c_{ij} = \max\Big(\lambda,\ \frac1N \sum_i \mathrm{KL}_{ij}\Big)$$

    `kl_per_axis`: (…, N, d) in nats for a batch of N examples; `bound`: λ ≥ 0 in nats per axis. Returns c, (…, N, d):
    the KL itself on the axes above the bound, λ on the others, which so have no gradient.
    Raises `ValueError` for fewer axes or an empty one, NaN or infinity, and a bound below 0.
    Source: Kingma et al. 2016 (arXiv 1606.04934), equation 15.
    """
    kl_per_axis = checks.array("kl_per_axis", kl_per_axis, ..., "N", "d", least=1)
    return at_least_unchecked(kl_per_axis, number("bound", bound, 0))


def at_least_unchecked(kl_per_axis: Tensor, bound: float) -> Tensor:
    """`at_least` without checks, for training."""
    above = kl_per_axis.mean(dim=-2, keepdim=True) > bound
    return torch.where(above, kl_per_axis, bound)


def kl_diagonal_per_axis(variance: Tensor, mean: Tensor) -> Tensor:
    r"""What one axis of a diagonal q pays to the prior N(0, 1), as a function of its variance V and its mean E.

    $$\mathrm{KL}(V, E) = \tfrac{1}{2} \bigl(V - \log V - 1 + E^2\bigr), \qquad
    \frac{\partial}{\partial V} = \tfrac{1}{2} \bigl(1 - \tfrac{1}{V}\bigr), \quad \frac{\partial}{\partial E} = E$$

    `variance`: V > 0, `mean`: E, shapes that broadcast. Returns the broadcast shape, in nats: 0 at V = 1, E = 0 alone.
    It is `kl_standard_normal` with V = exp(logvar). Raises `ValueError` for a variance that is not above 0, for NaN,
    for infinity or for shapes that do not fit.
    """
    variance, mean = checks.floats("variance", variance), checks.array("mean", mean)
    checks.check_positive("variance", variance)
    checks.check_broadcast(variance=variance, mean=mean)
    # V − 1 first: it is exact near V = 1, where the three terms cancel.
    return 0.5 * ((variance - 1) - variance.log() + mean.square())


def kl_normal(mu0: Tensor, cov0: Tensor, mu1: Tensor, cov1: Tensor) -> Tensor:
    r"""The KL divergence between two normal distributions with full covariances.

    $$\mathrm{KL}\bigl(\mathcal{N}(\mu_0, \Sigma_0) \,\|\, \mathcal{N}(\mu_1, \Sigma_1)\bigr) = \tfrac{1}{2} \Bigl(
    \operatorname{tr}(\Sigma_1^{-1} \Sigma_0) + (\mu_1 - \mu_0)^{\top} \Sigma_1^{-1} (\mu_1 - \mu_0) - d
    + \log \frac{\det \Sigma_1}{\det \Sigma_0} \Bigr)$$

    `mu0`, `mu1`: shape (..., d). `cov0`, `cov1`: shape (..., d, d), symmetric and positive definite. Leading axes
    broadcast. Returns shape (...), in nats. No inverse and no determinant is formed: with Σ = L Lᵀ the trace is the
    squared norm of L₁⁻¹ L₀ and the determinants are products of the diagonals of L.
    Raises `ValueError` naming the argument whose shape does not fit, that is not finite, asymmetric, or singular.
    Source: Bishop 2006, “Pattern Recognition and Machine Learning”, exercise 2.13.
    """
    terms, kept_type = double_terms(mu0, cov0, mu1, cov1)
    return terms.total.to(kept_type)


@dataclass(frozen=True)
class KlTerms:
    """The four terms of `kl_normal`, each with its factor ½, in nats, shape (...); only their sum is at least 0.

    `trace`: how wide the first is in units of the second. `mahalanobis`: how far apart their means are.
    `minus_dimension`: −d/2, so that equal widths cost nothing. `log_determinant`: what a smaller volume costs.
    """

    trace: Tensor
    mahalanobis: Tensor
    minus_dimension: Tensor
    log_determinant: Tensor

    @property
    def total(self) -> Tensor:
        """The divergence: the sum of the four."""
        return self.trace + self.minus_dimension + self.log_determinant + self.mahalanobis


def kl_terms(mu0: Tensor, cov0: Tensor, mu1: Tensor, cov1: Tensor) -> KlTerms:
    r"""The KL divergence between two normal distributions, term by term.

    $$\mathrm{KL} = \underbrace{\tfrac{1}{2} \operatorname{tr}(\Sigma_1^{-1} \Sigma_0)}_{\text{trace}}
    + \underbrace{\tfrac{1}{2} (\mu_1 - \mu_0)^{\top} \Sigma_1^{-1} (\mu_1 - \mu_0)}_{\text{Mahalanobis}}
    - \tfrac{d}{2} + \underbrace{\tfrac{1}{2} \log \frac{\det \Sigma_1}{\det \Sigma_0}}_{\text{log-determinant}}$$

    Arguments and errors as for `kl_normal`. Returns `KlTerms`, each of shape (...), in nats.
    """
    terms, kept_type = double_terms(mu0, cov0, mu1, cov1)
    return KlTerms(*(getattr(terms, each.name).to(kept_type) for each in fields(terms)))


def double_terms(mu0: Tensor, cov0: Tensor, mu1: Tensor, cov1: Tensor) -> tuple[KlTerms, torch.dtype]:
    """`kl_terms` in float64, for the four nearly cancel where the two are close, and the type of the arguments."""
    named = {"mu0": mu0, "cov0": cov0, "mu1": mu1, "cov1": cov1}
    mu0, cov0, mu1, cov1 = to_one_type(*(checks.floats(name, each) for name, each in named.items()))
    dimension = mu0.shape[-1] if mu0.ndim else 0
    for name, tensor, shape in (("mu0", mu0, 1), ("cov0", cov0, 2), ("mu1", mu1, 1), ("cov1", cov1, 2)):
        if tensor.ndim < shape or tensor.shape[-shape:] != (dimension,) * shape or dimension == 0:
            accepts = "(..., d)" if shape == 1 else "(..., d, d)"
            raise ValueError(
                f"{name} must have shape {accepts} with the d >= 1 of mu0, which is {dimension}; "
                f"got {tuple(tensor.shape)}."
            )
        checks.check_range(name, tensor)
    checks.check_broadcast(mu0=mu0.shape[:-1], cov0=cov0.shape[:-2], mu1=mu1.shape[:-1], cov1=cov1.shape[:-2])
    kept_type = mu0.dtype
    factor0, factor1 = cholesky("cov0", cov0), cholesky("cov1", cov1)
    if kept_type != torch.float64:
        factor0, factor1 = torch.linalg.cholesky(cov0.double()), torch.linalg.cholesky(cov1.double())
        mu0, mu1 = mu0.double(), mu1.double()
    ratio = torch.linalg.solve_triangular(factor1, factor0, upper=False)
    shift = torch.linalg.solve_triangular(factor1, (mu1 - mu0).unsqueeze(-1), upper=False)
    log_determinant = log_diagonal(factor1) - log_diagonal(factor0)
    trace, mahalanobis = 0.5 * ratio.square().sum((-2, -1)), 0.5 * shift.square().sum((-2, -1))
    terms = torch.broadcast_tensors(trace, mahalanobis, trace.new_tensor(-0.5 * dimension), log_determinant)
    return KlTerms(*terms), kept_type


def cholesky(name: str, covariance: Tensor) -> Tensor:
    """The lower factor L of Σ = L Lᵀ; `ValueError` with the argument's name if Σ is asymmetric or singular."""
    rounding = torch.finfo(covariance.dtype).eps
    with torch.no_grad():
        gap = (covariance - covariance.mT).abs().amax((-2, -1))
        largest = covariance.abs().amax((-2, -1))
    if (gap > ASYMMETRY_ROUNDINGS * rounding * largest).any():
        raise ValueError(f"{name} is not symmetric: an entry differs from its mirror by {gap.max().item():.3g}.")
    factor, failed = torch.linalg.cholesky_ex(covariance)
    # L_jj² is the variance that axis j keeps given the axes before it: rounding noise if Σ is singular.
    own = covariance.diagonal(dim1=-2, dim2=-1)
    kept = factor.diagonal(dim1=-2, dim2=-1).square()
    if failed.any() or (kept <= SINGULAR_ROUNDINGS * covariance.shape[-1] * rounding * own).any():
        raise ValueError(f"{name} is not positive definite: it is singular or has an eigenvalue below zero.")
    return factor


def log_diagonal(factor: Tensor) -> Tensor:
    """The sum of the logarithms of the diagonal: half the log determinant of L Lᵀ."""
    return factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def to_one_type(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Tensors of float32 and float64 in the wider of the two."""
    wide = any(tensor.dtype == torch.float64 for tensor in tensors)
    return tuple(tensor.double() if wide else tensor for tensor in tensors)
