"""Valid arguments for `vaedemo.probability`. Numbers are multiples of 1/8, which every floating type holds."""

from functools import cache

import torch
from torch import Tensor

from tests.public_names.sample import Registry, Sample
from vaedemo.config import RunConfig
from vaedemo.likelihood_index import POINT_LIKELIHOODS
from vaedemo.models import build
from vaedemo.probability import likelihoods, ppca_axes, transforms

ROWS = 5


@cache
def model():
    """A small VAE of images (1, 4, 4) with two latent axes."""
    vae = build(RunConfig(dataset="digits", hidden=(6,), latent_dim=2), (1, 4, 4))
    return vae.eval().requires_grad_(False)


def eighths(*shape: int, seed: int = 0) -> Tensor:
    """Multiples of 1/8 between −2 and 2."""
    return torch.randint(-16, 17, shape, generator=torch.Generator().manual_seed(seed)) / 8


def images(count: int) -> Tensor:
    """Grey images in [0, 1]."""
    return torch.randint(0, 9, (count, 1, 4, 4), generator=torch.Generator().manual_seed(1)) / 8


def real(*shape: int, seed: int = 0) -> Sample:
    return Sample(lambda: eighths(*shape, seed=seed))


def positive(*shape: int) -> Sample:
    return Sample(lambda: eighths(*shape).abs() + 0.125)


def number(value: float) -> Sample:
    return Sample(lambda: value, "number")


def count(value: int) -> Sample:
    return Sample(lambda: value, "count")


def other(make) -> Sample:
    return Sample(make, "other")


def fixed(*rows) -> Sample:
    return Sample(lambda: torch.tensor(rows))


PLANE = Sample(lambda: torch.cartesian_prod(torch.arange(-16, 17) / 4, torch.arange(-16, 17) / 4))
HILL = Sample(lambda: -PLANE.make().square().sum(1) / 2)
COVARIANCE = fixed([2.0, 0.5], [0.5, 1.0])
BATCH, ONE_IMAGE = Sample(lambda: images(ROWS), "pixels"), Sample(lambda: images(1), "pixels")
OF_ONE = {"x": ONE_IMAGE, "mu": real(1, 2), "logvar": real(1, 2, seed=3)}
OF_BATCH = {"x": BATCH, "mu": real(ROWS, 2), "logvar": real(ROWS, 2, seed=3)}
LINEAR = {"x": real(ROWS, 3), "weights": real(3, 2, seed=2), "mean": real(3, seed=4)}
POINTS = {"x": real(ROWS, 2)}
WEIGHTS = {"log_weights": real(24)}
TARGET = {"points": PLANE, "log_density": HILL}
ON_AXES = {"eigenvalues": fixed(4.0, 1.5)}

BY_NAME = {
    "model": other(model),
    "x": BATCH,
    "z": real(ROWS, 2),
    "mu": real(ROWS, 2),
    "logvar": real(ROWS, 2, seed=3),
    "generator": Sample(lambda: torch.Generator().manual_seed(0), "generator"),
    "samples": count(3),
    "seed": count(0),
    "levels": count(4),
    "order": count(8),
    "dimension": count(2),
    "noise_variance": number(0.5),
    "beta": number(2.0),
    "sigma": number(0.25),
    "log_marginal": number(-12.5),
    "log_weights": real(ROWS, 4),
    "weights": real(3, 2),
    "eigenvalues": fixed(4.0, 1.5),
    "covariance": COVARIANCE,
    "logits": real(ROWS, 1, 4, 4),
    "squared_error": positive(ROWS),
    "kl": positive(ROWS),
    "gradients": real(6, 4),
    "gradients_of_draws": real(6, 4),
    "distribution": other(lambda: likelihoods.Bernoulli(eighths(ROWS, 1, 4, 4))),
}

BY_FUNCTION = {
    "amortization.best_diagonal_gaussian": {"x": ONE_IMAGE, "most_steps": count(3)},
    "hermite.elbo_hermite": OF_BATCH,
    "hermite.standard_normal_nodes": {"dimension": count(1)},
    "bounds.log_weights": OF_BATCH | {"z": real(ROWS, 3, 2)},
    "bounds.kl_to_posterior": {"points": count(11)},
    "quadrature.log_marginal_grid": {"points": count(11), "extent": number(5.0)},
    "quadrature.posterior_grid": {"x": ONE_IMAGE, "points": count(5), "box": fixed([-1.0, 1.0], [-2.0, 2.0])},
    "quadrature.posterior_box": {"x": ONE_IMAGE},
    "covariance.data_covariance_eigenvalues": POINTS,
    "covariance.data_moments": POINTS,
    "covariance.rows_of": POINTS,
    "derivation.derivation": OF_ONE,
    "derivation.slice_along": {"x": ONE_IMAGE, "through": real(2), "axis": count(1), "z": real(7)},
    "divergences.at_least": {"kl_per_axis": positive(ROWS, 2), "bound": number(0.5)},
    "divergences.kl_diagonal_per_axis": {"variance": positive(ROWS), "mean": real(ROWS)},
    "divergences.kl_normal": {"mu0": real(2), "cov0": COVARIANCE, "mu1": real(2, seed=1), "cov1": COVARIANCE},
    "divergences.kl_terms": {"mu0": real(2), "cov0": COVARIANCE, "mu1": real(2, seed=1), "cov1": COVARIANCE},
    "gaussian_fits.fit_covering": TARGET,
    "gaussian_fits.fit_seeking": TARGET | {"mean": real(2), "covariance": COVARIANCE},
    "gaussian_fits.mixture_log_density": {
        "points": PLANE,
        "shares": fixed(0.25, 0.75),
        "means": real(2, 2),
        "covariances": Sample(lambda: COVARIANCE.make().repeat(2, 1, 1)),
    },
    "gaussian_fits.normal_log_density": {"points": PLANE, "mean": real(2)},
    "gaussian_fits.regular_grid": {"low": number(-1.0), "high": number(1.0), "points": count(5)},
    "gradient_draws.draw": {"x": ONE_IMAGE},
    "gradient_draws.group_means": {"size": count(2)},
    "gradient_draws.on_grid": {"x": ONE_IMAGE, "points": count(15)},
    "gradient_draws.variance_by_size": {"sizes": other(lambda: (1, 2))},
    "gradient_draws.variance_from_mean": {"mean_log_likelihood": number(-12.5), "sigma": positive(2)},
    "gradients.exact": OF_ONE | {"order": count(8)},
    "gradients.pathwise": OF_ONE,
    "gradients.score_function": OF_ONE | {"baseline": Sample(lambda: "leave_one_out", "word")},
    "grey_levels.one_hot": {"x": Sample(lambda: torch.arange(5) / 4, "pixels")},
    "kl_descent.kl_descent": {"variance": number(4.0), "mean": number(1.5), "time": positive(ROWS)},
    "likelihood_matrix.log_likelihood": {"distribution": other(lambda: likelihoods.Bernoulli(eighths(3, 1, 4, 4)))},
    "likelihoods.categorical.Categorical": {"logits": real(ROWS, 3, 1, 4, 4), "levels": count(3)},
    "likelihoods.check_name": {"name": Sample(lambda: "bernoulli", "word")},
    "likelihoods.make": {"name": Sample(lambda: "gaussian", "word"), "raw": real(ROWS, 2), "variance": number(0.5)},
    "likelihoods.parameters_per_pixel": {"name": Sample(lambda: "categorical", "word")},
    "losses.pixel_loss": {
        "name": Sample(lambda: "bernoulli", "word"),
        "x": Sample(lambda: torch.arange(5) / 4, "pixels"),
        "prediction": Sample(lambda: torch.arange(1, 6) / 8),
    },
    "losses.true_level_logits": {
        "x": Sample(lambda: torch.arange(5) / 4, "pixels"),
        "probability": Sample(lambda: torch.arange(1, 6) / 8),
    },
    "minimise.minimise": {"function": other(lambda: lambda point: (point - 1).square().sum()), "start": real(3)},
    "nearby_pixels.log_likelihood": {"x": ONE_IMAGE},
    "nearby_pixels.value_and_slope": {"x": ONE_IMAGE},
    "pixel_cross_entropy.cross_entropy": {"prediction": Sample(lambda: images(ROWS) / 2 + 0.25, "pixels")},
    "ppca.best_diagonal": LINEAR,
    "ppca.elbo": LINEAR,
    "ppca.log_likelihood": LINEAR,
    "ppca.optimal_weights": {"components": fixed([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])},
    "ppca.posterior": LINEAR,
    "ppca.rotate": {"angle": number(0.5)},
    "ppca.terms": LINEAR,
    "ppca_axes.evidence": {
        "data": other(lambda: ppca_axes.see_from_axes(eighths(ROWS, 2), eighths(2), torch.eye(2), torch.ones(2))),
    },
    "ppca_axes.see_from_axes": {
        "x": real(ROWS, 3),
        "mean": real(3),
        "components": fixed([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
    },
    "ring_score.blurred_log_density": POINTS,
    "ring_score.blurred_score": POINTS,
    "ring_score.posterior_mean": POINTS,
    "streams.climb": WEIGHTS | {"counts": other(lambda: (1, 2, 4))},
    "streams.gaussian_stream": OF_BATCH,
    "streams.repeats": WEIGHTS | {"count": count(4)},
    "transforms.morph": {"t": number(0.25), "transform": other(lambda: transforms.ring)},
    "transforms.ring_density": POINTS,
    "transforms.ring_radius_density": {"radius": positive(ROWS)},
    "transforms.scale": {"factors": fixed(2.0, 0.5)},
    "transforms.scale_density": POINTS | {"factors": fixed(2.0, 0.5)},
    "transforms.spiral_density": POINTS,
    "transforms.two_modes_density": POINTS,
    "two_modes.grid_points": {"axes": other(lambda: (torch.arange(3.0), torch.arange(4.0)))},
    "two_modes.start_at_highest": TARGET | {"side": Sample(lambda: "left", "word")},
    "two_modes.two_modes": {"distance": number(4.0), "share": number(0.25), "dimension": count(1)},
}

INSTANCES = {
    f"likelihoods.{name}.{kind.__name__}": lambda name=name, kind=kind: likelihoods.make(
        name,
        eighths(ROWS, kind.outputs(3), *((2,) if name in POINT_LIKELIHOODS else (1, 4, 4))).squeeze(1),
        levels=3,
        variance=0.5,
    )
    for name, kind in likelihoods.CLASSES.items()
}
for each in POINT_LIKELIHOODS:
    label = f"likelihoods.{each}.{likelihoods.CLASSES[each].__name__}"
    BY_FUNCTION |= {label: {"mean": real(ROWS, 2), "variance": number(0.5)}}
    BY_FUNCTION |= {f"{label}.{method}": POINTS for method in ("checked", "log_prob")}
EXEMPT = {"likelihoods.base.Likelihood": "what the likelihoods have in common; each of them is tried"}

REGISTRY = Registry(BY_NAME, BY_FUNCTION, INSTANCES, EXEMPT)
