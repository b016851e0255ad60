"""What strangers put into the bounds and the likelihoods: bytes as floats, nothing, NaN, other types, other shapes."""

import math

import numpy
import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import (
    bounds,
    derivation,
    gaussian_fits,
    gradient_draws,
    gradients,
    grey_levels,
    hermite,
    likelihoods,
    ppca_axes,
    streams,
)
from vaedemo.probability.amortization import best_diagonal_gaussian

BYTES = r"bytes: 0 … 255 as uint8; floats in \[0, 1\]\), got floats from 0 to 255"


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def model(likelihood: str = "bernoulli"):
    config = RunConfig(dataset="digits", hidden=(6,), latent_dim=2, likelihood=likelihood, levels=4)
    return build(config, (1, 4, 4)).eval().requires_grad_(False)


def images(count: int = 3) -> torch.Tensor:
    return torch.randint(0, 256, (count, 1, 4, 4), dtype=torch.uint8, generator=seeded())


def bytes_as_floats() -> torch.Tensor:
    x = images().float()
    x[0, 0, 0, 0], x[0, 0, 0, 1] = 0, 255
    return x


def rows(x) -> int:
    return x.shape[0] if len(x.shape) else 1


OF_BATCHES = {
    "elbo": lambda m, x: bounds.elbo(m, x, samples=2, generator=seeded()),
    "iwae": lambda m, x: bounds.iwae(m, x, samples=2, generator=seeded()),
    "monte carlo": lambda m, x: bounds.log_marginal_monte_carlo(m, x, samples=2, generator=seeded()),
    "grid": lambda m, x: bounds.log_marginal_grid(m, x, points=11),
    "coarse grid": lambda m, x: bounds.log_marginal_grid(m, x, points=11, refine=False),
    "gap": lambda m, x: bounds.kl_to_posterior(m, x, points=11, order=8),
    "hermite": lambda m, x: bounds.elbo_hermite(m, x, order=8),
    "prior stream": lambda m, x: streams.prior_stream(m, x, 3, seeded()).log_weights.sum(1),
    "gaussian stream": lambda m, x: streams.gaussian_stream(m, x, 3, seeded()).log_weights.sum(1),
    "own codes": lambda m, x: bounds.log_weights(m, x, torch.zeros(rows(x), 2, 2)).sum(1),
    "expected": lambda m, x: hermite.expected_log_likelihood(m, x, torch.zeros(rows(x), 2), torch.zeros(rows(x), 2), 8),
}
OF_ONE_IMAGE = {
    "posterior grid": lambda m, x: bounds.posterior_grid(m, x, points=5).log_joint,
    "pathwise": lambda m, x: gradients.pathwise(m, x, 3, seeded()),
    "score function": lambda m, x: gradients.score_function(m, x, 3, seeded()),
    "exact gradient": lambda m, x: gradients.exact(m, x, order=4),
    "draws": lambda m, x: gradient_draws.draw(m, x, 3, 0).score,
    "best q": lambda m, x: best_diagonal_gaussian(m, x, most_steps=2).mu,
    "derivation": lambda m, x: torch.tensor(
        derivation.derivation(m, x, torch.zeros(1, 2), torch.zeros(1, 2), -9.0).log_likelihood
    ),
}


@pytest.mark.parametrize("door", OF_BATCHES | OF_ONE_IMAGE)
@pytest.mark.parametrize("likelihood", likelihoods.NAMES)
def test_bytes_as_floats_are_refused_and_bytes_are_read(door, likelihood):
    function, vae = (OF_BATCHES | OF_ONE_IMAGE)[door], model(likelihood)
    x, bad = (images(1), bytes_as_floats()[:1]) if door in OF_ONE_IMAGE else (images(), bytes_as_floats())
    with pytest.raises(ValueError, match=BYTES):
        function(vae, bad)
    as_bytes = function(vae, x)
    assert as_bytes.isfinite().all()
    for same in (x.float() / 255, (x.double() / 255).numpy(), (x.float() / 255).requires_grad_()):
        torch.testing.assert_close(function(vae, same), as_bytes, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("door", OF_BATCHES | OF_ONE_IMAGE)
def test_nan_and_infinity_are_refused(door):
    count = 1 if door in OF_ONE_IMAGE else 3
    for bad in (math.nan, math.inf):
        x = images(count).float() / 255
        x[0, 0, 1, 1] = bad
        with pytest.raises(ValueError, match="x has an entry that is not a finite number: 1 of"):
            (OF_BATCHES | OF_ONE_IMAGE)[door](model(), x)


@pytest.mark.parametrize("door", OF_BATCHES)
@pytest.mark.parametrize("likelihood", likelihoods.NAMES)
def test_an_empty_batch_has_an_empty_answer(door, likelihood):
    answer = OF_BATCHES[door](model(likelihood), torch.zeros(0, 1, 4, 4))
    assert answer.shape == (0,)


def test_an_empty_batch_has_no_error_either():
    value, error = bounds.log_marginal_grid(model(), torch.zeros(0, 1, 4, 4), return_error=True)
    assert value.shape == error.shape == (0,)


@pytest.mark.parametrize("door", OF_ONE_IMAGE)
@pytest.mark.parametrize("count", [0, 2])
def test_what_takes_one_image_says_so(door, count):
    with pytest.raises(ValueError, match=f"takes one image, got {count}"):
        OF_ONE_IMAGE[door](model(), torch.zeros(count, 1, 4, 4))


@pytest.mark.parametrize("door", OF_BATCHES)
@pytest.mark.parametrize("shape", [(3, 16), (3, 1, 4, 5), (1, 4, 4), (3, 1, 1, 4, 4), ()])
def test_other_shapes_are_named(door, shape):
    with pytest.raises(ValueError, match=r"x must have shape \(N, 1, 4, 4\), got \("):
        OF_BATCHES[door](model(), torch.zeros(shape))


def test_a_q_needs_both_of_its_parameters():
    """`elbo_hermite` took the encoder's q without a word where only mu was given."""
    x, mu = images(), torch.zeros(3, 2)
    for call in (
        lambda: bounds.elbo_hermite(model(), x, mu=mu),
        lambda: streams.gaussian_stream(model(), x, 3, seeded(), logvar=mu),
        lambda: bounds.log_weights(model(), x, torch.zeros(3, 2, 2), mu=mu),
    ):
        with pytest.raises(ValueError, match="both mu and logvar, or neither"):
            call()
    with pytest.raises(ValueError, match=r"mu must have shape \(N, d\) with N = 3, d = 2, got \(3, 3\)"):
        bounds.elbo_hermite(model(), x, mu=torch.zeros(3, 3), logvar=torch.zeros(3, 3))


@pytest.mark.parametrize("samples", [0, -1, 1.5, math.nan, "2", None])
def test_samples_are_a_whole_number(samples):
    for bound in (bounds.elbo, bounds.iwae, bounds.log_marginal_monte_carlo):
        with pytest.raises(ValueError, match="samples must be a whole number of at least 1, got"):
            bound(model(), images(), samples=samples, generator=seeded())


def test_a_generator_is_asked_for():
    for bound in (bounds.elbo, bounds.iwae, bounds.log_marginal_monte_carlo):
        with pytest.raises(TypeError, match=r"generator must be a torch\.Generator, got None"):
            bound(model(), images(), samples=2, generator=None)


BOUNDED = {
    "bernoulli": likelihoods.Bernoulli(torch.zeros(2, 3)),
    "continuous bernoulli": likelihoods.ContinuousBernoulli(torch.zeros(2, 3)),
    "categorical": likelihoods.Categorical(torch.zeros(2, 4, 3)),
}


@pytest.mark.parametrize("distribution", BOUNDED.values(), ids=BOUNDED)
def test_each_bounded_likelihood_checks_its_support(distribution):
    for bad in (torch.full((2, 3), 1.5), torch.full((2, 3), -0.5), torch.full((2, 3), 255.0)):
        for score in (distribution.log_prob, lambda x: likelihoods.reconstruction(distribution, x)):
            with pytest.raises(ValueError, match=r"x must hold pixels \(bytes.*floats in \[0, 1\]\), got floats from"):
                score(bad)
    dropped = torch.tensor([[0.5, math.nan, 0.5]]).expand(2, 3)
    with pytest.raises(ValueError, match="2 of 6 are NaN"):
        distribution.log_prob(dropped)
    as_bytes = torch.tensor([[0, 51, 255]], dtype=torch.uint8).expand(2, 3)
    torch.testing.assert_close(distribution.log_prob(as_bytes), distribution.log_prob(as_bytes.float() / 255))
    with pytest.raises(ValueError, match="x and likelihood must have one shape"):
        distribution.log_prob(torch.zeros(2, 5))
    assert distribution.log_prob(numpy.zeros((2, 3))).dtype == torch.float32


def test_a_gaussian_takes_any_finite_number():
    distribution = likelihoods.Gaussian(torch.zeros(2, 3), 1.0)
    assert distribution.log_prob(torch.full((2, 3), -40.0)).isfinite().all()
    with pytest.raises(ValueError, match="not a finite number"):
        distribution.log_prob(torch.full((2, 3), math.nan))


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_a_decoder_that_is_not_a_number_draws_no_pictures(name):
    raw = torch.full((2, likelihoods.parameters_per_pixel(name, 4), 3), math.nan).squeeze(1)
    distribution = likelihoods.make(name, raw, levels=4)
    assert distribution.mean.isnan().all()
    with pytest.raises(ValueError, match="are NaN"):
        distribution.sample(seeded())


@pytest.mark.parametrize("likelihood", likelihoods.NAMES)
def test_the_loss_of_training_is_not_checked(likelihood, monkeypatch):
    """One pass over the data at each step would be paid thousands of times: `fit` has checked the whole set."""

    def forbidden(*arguments, **keywords):
        raise AssertionError("the training's inner loop called a check")

    vae, x = model(likelihood), images().float() / 255
    before = vae.loss(x, None, seeded())["total"]
    monkeypatch.setattr("vaedemo.probability.checks.extremes", forbidden)
    assert torch.equal(vae.loss(x, None, seeded())["total"], before)


def test_too_many_levels_samples_and_points_are_one_sentence():
    """A number of which no array fits into memory ended in torch's own words."""
    x = torch.zeros(3)
    for call in (
        lambda: grey_levels.one_hot(x, 10**12),
        lambda: likelihoods.make("categorical", torch.zeros(2, 4), levels=10**12),
        lambda: ppca_axes.turned_gaussian(torch.ones(2), 10**12, 0),
        lambda: streams.prior_stream(None, x, 10**12, torch.Generator()),
        lambda: gaussian_fits.regular_grid(0, 1, 10**6, 3),
    ):
        with pytest.raises(ValueError, match=r"whole number from \d+ to [\d,]+, got|at most 16,777,216 points"):
            call()
