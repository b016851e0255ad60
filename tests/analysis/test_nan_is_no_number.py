"""NaN, infinity and nothing at all never become a number that one would believe."""

import math

import pytest
import torch
from torch import nn

from vaedemo.analysis import (
    attributes,
    best_input,
    code_density,
    denoising,
    frechet,
    hidden_units,
    histograms,
    holes,
    kl_split,
    mixture_fit,
    mutual_information,
    paths,
    point_densities,
    psnr,
    quality,
    reduction,
    subspaces,
    total_correlation,
    walks,
    warp,
)
from vaedemo.config import RunConfig
from vaedemo.models import build


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def codes():
    return normal(40, 3)


LABELS = torch.arange(40) % 4
OF_CODES = {
    "correlation": total_correlation.correlation,
    "gaussian_total_correlation": total_correlation.gaussian_total_correlation,
    "mixture_total_correlation": lambda z: total_correlation.mixture_total_correlation(z, codes(), codes()),
    "shuffled_total_correlation": lambda z: total_correlation.shuffled_total_correlation(
        codes(), z, codes(), generator()
    ),
    "total_variation": lambda z: histograms.total_variation(z[:, :2], codes()[:, :2], 2.0),
    "in_holes": lambda z: holes.in_holes(z, codes(), 0.5),
    "in_holes, places": lambda z: holes.in_holes(codes(), z, 0.5),
    "code_spacing": holes.code_spacing,
    "beyond_prior": holes.beyond_prior,
    "nearest": lambda z: quality.nearest(z, codes()),
    "nearest, library": lambda z: quality.nearest(codes(), z),
    "linear_probe": lambda z: quality.linear_probe(z, LABELS, codes(), LABELS),
    "linear_probe, test": lambda z: quality.linear_probe(codes(), LABELS, z, LABELS),
    "frechet_distance": lambda z: frechet.frechet_distance(z, codes()),
    "split": lambda z: kl_split.split(z, codes(), generator()),
    "log_mixture": lambda z: kl_split.log_mixture(z, codes(), codes()),
    "fit_gaussian": code_density.fit_gaussian,
    "fit_mixture": lambda z: code_density.fit_mixture(z, 2),
    "k_means": lambda z: mixture_fit.k_means(z, 2, generator()),
    "information_matrix": lambda z: mutual_information.information_matrix(LABELS[:, None], z),
    "bins": lambda z: mutual_information.bins(z[:, 0], 4),
    "gaps": mutual_information.gaps,
    "mig": mutual_information.mig,
    "best_two": lambda z: mutual_information.best_two(z, 0, 1),
    "mean_codes": lambda z: attributes.mean_codes(z, LABELS, 4),
    "fires": lambda z: hidden_units.fires(z, "relu"),
    "match": lambda z: denoising.match(z[:, :2], codes()[:, :2], torch.zeros(40)),
    "best_from_examples": lambda z: denoising.best_from_examples(z[:, :2], codes()[:, :2], 0.3),
    "share_inside": lambda z: warp.share_inside(z[:, :2], 1.0),
    "radius_moments": lambda z: warp.radius_moments(z[:, :2]),
    "lengths": paths.lengths,
    "through": lambda z: paths.through(z, 3),
    "log_density": lambda z: point_densities.log_density("ring", z[:, :2]),
    "psnr": lambda z: psnr.psnr(z, codes()),
    "pixel_error": lambda z: reduction.pixel_error(z, codes()),
    "cosines": lambda z: subspaces.cosines(z, codes()),
    "basis": subspaces.basis,
    "walk": lambda z: walks.walk(z[0], 3, 0.5, generator()),
}


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("measure", OF_CODES.values(), ids=OF_CODES.keys())
def test_a_broken_code_is_one_sentence(measure, broken):
    """The total correlation of NaN was 0, the correlation the identity, the total variation 1."""
    measure(codes())
    z = codes()
    z[0, 0] = broken
    with pytest.raises(ValueError, match=r"not a finite number|finite"):
        measure(z)


@pytest.mark.parametrize("measure", OF_CODES.values(), ids=OF_CODES.keys())
def test_nothing_at_all_is_a_sentence_or_nothing(measure):
    try:
        found = measure(codes()[:0])
    except (ValueError, IndexError) as error:
        assert "\n" not in str(error)
    else:
        assert not isinstance(found, float)


def test_a_model_with_a_broken_weight_has_no_number_of_active_units():
    model = build(RunConfig(hidden=(5,), latent_dim=2), (1, 4, 4)).requires_grad_(False)
    x = torch.rand(20, 1, 4, 4, generator=generator())
    assert quality.active_units(model, x, threshold=0.0) == 2
    model.encoder[-1].bias[0] = math.nan
    with pytest.raises(ValueError, match="finite"):
        quality.active_units(model, x)


def test_an_ascent_does_not_start_from_nan():
    class Line(nn.Module):
        def logits(self, x):
            return torch.stack([-x.flatten(1).sum(1), x.flatten(1).sum(1)], 1)

    start = torch.full((1, 1, 2, 2), 0.5)
    best_input.ascend(Line(), start, 1, 2, 0.1)
    start[0, 0, 0, 0] = math.nan
    with pytest.raises(ValueError, match="finite"):
        best_input.ascend(Line(), start, 1, 2, 0.1)


def test_a_share_of_no_noise_and_an_error_relative_to_nothing_are_not_defined():
    config = RunConfig(model="autoencoder", network="linear", hidden=(), latent_dim=2)
    model = build(config, (1, 4, 4)).requires_grad_(False)
    x = torch.rand(3, 1, 4, 4, generator=generator())
    with pytest.raises(ValueError, match="noise must not be 0 throughout"):
        hidden_units.noise_passed(model, x, torch.zeros_like(x))
    x[1] = 0
    with pytest.raises(ValueError, match="no example that is 0 throughout"):
        hidden_units.error_on(model, x)
    for measure in (hidden_units.squared_error, hidden_units.error_on):
        with pytest.raises(ValueError, match="x"):
            measure(model, x[:0])
