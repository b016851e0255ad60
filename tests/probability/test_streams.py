"""Streams of importance weights against a model whose log p(x) is known, and their repeats against plain sums."""

import math

import numpy as np
import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.probability import bounds, streams


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def known():
    torch.manual_seed(3)  # of the data that torch.distributions draws
    return LinearGaussian(variance=2.0)


def standard_errors_off(log_weights, exact):
    """By how many standard errors the mean weight, in units of p(x), differs from one."""
    weights = (log_weights.double() - exact.unsqueeze(1)).exp()
    return (weights.mean(1) - 1) / (weights.std(1) / weights.shape[1] ** 0.5)


def test_prior_weights_average_to_the_likelihood(known):
    x = known.data(6)
    stream = streams.prior_stream(known.model, x, 40_000, generator())
    assert stream.codes.shape == (40_000, 2)
    assert stream.log_weights.shape == (6, 40_000)
    assert standard_errors_off(stream.log_weights, known.log_marginal(x)).abs().max() < 4


def test_all_images_share_the_prior_s_codes(known):
    x = known.data(3)
    stream = streams.prior_stream(known.model, x, 50, generator())
    expected = bounds.log_weights(known.model, x, stream.codes.expand(3, 50, 2))
    torch.testing.assert_close(stream.log_weights, expected, rtol=1e-11, atol=1e-10)


@pytest.mark.parametrize("by_hand", [False, True])
def test_weights_of_any_q_average_to_the_likelihood(known, by_hand):
    x = known.data(6)
    q = (torch.full((6, 2), 0.3).double(), torch.full((6, 2), 0.2).double()) if by_hand else ()
    stream = streams.gaussian_stream(known.model, x, 40_000, generator(), *q)
    assert standard_errors_off(stream.log_weights, known.log_marginal(x)).abs().max() < 4
    if by_hand:
        assert (stream.codes.mean((0, 1)) - 0.3).abs().max() < 0.02
        assert (stream.codes.var((0, 1)).log() - 0.2).abs().max() < 0.02


def test_a_stream_is_fixed_by_its_generator(known):
    x = known.data(1)
    for make in (streams.prior_stream, streams.gaussian_stream):
        first, again, other = (make(known.model, x, 30, generator(seed)).log_weights for seed in (5, 5, 6))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)


def test_repeats_are_disjoint_runs():
    weights = np.random.default_rng(0).normal(size=17)
    expected = [math.log(np.exp(weights[start : start + 5]).mean()) for start in (0, 5, 10)]
    assert streams.repeats(torch.from_numpy(weights), 5).tolist() == pytest.approx(expected, abs=1e-12)
    assert streams.repeats(torch.from_numpy(weights), 1).tolist() == pytest.approx(weights.tolist())


def test_repeats_of_several_lengths_are_those_of_each_alone():
    weights = 30 * torch.randn(1003, generator=torch.Generator().manual_seed(1))
    weights[17] = -math.inf
    counts = (1, 2, 5, 10, 30, 7, 1003)
    for count, found in zip(counts, streams.repeats_of_each(weights, counts), strict=True):
        torch.testing.assert_close(found, streams.repeats(weights, count))


def test_huge_weights_neither_overflow_nor_vanish():
    weights = torch.tensor([-2000.0, -2000.0, 3000.0, 3000.0]).double()
    assert streams.repeats(weights, 2).tolist() == [-2000.0, 3000.0]


def test_a_climb_is_mean_spread_and_error_of_its_repeats():
    weights = torch.randn(1000, generator=generator(), dtype=torch.float64)
    climb = streams.climb(weights, (1, 10, 300, 1000))
    assert climb.repeats == (1000, 100, 3, 1)
    values = streams.repeats(weights, 10).numpy()
    assert climb.mean[1].item() == pytest.approx(values.mean())
    assert climb.standard_error[1].item() == pytest.approx(values.std(ddof=1) / 10)
    assert climb.low[1].item() == pytest.approx(np.quantile(values, 0.1, method="nearest"))
    assert climb.high[1].item() == pytest.approx(np.quantile(values, 0.9, method="nearest"))
    assert climb.low.isnan().tolist() == climb.high.isnan().tolist() == [False, False, True, True]
    assert climb.standard_error.isnan().tolist() == [False, False, False, True]


def test_the_mean_climbs_to_the_exact_value_from_below(known):
    """K = 1 is the ELBO of whatever z is drawn from; larger K lie higher, none above log p(x)."""
    x = known.data(1)
    exact = known.log_marginal(x).item()
    q = streams.gaussian_stream(known.model, x, 40_000, generator(1))
    climb = streams.climb(q.log_weights[0], (1, 4, 16, 64))
    assert (climb.mean.diff() > 0).all()
    assert (climb.mean < exact + 4 * climb.standard_error).all()
    elbo = bounds.elbo_hermite(known.model, x).item()
    assert abs(climb.mean[0].item() - elbo) < 4 * climb.standard_error[0].item()

    prior = streams.climb(streams.prior_stream(known.model, x, 40_000, generator(2)).log_weights[0], (1, 16))
    zero = torch.zeros(1, 2, dtype=torch.float64)
    elbo_of_the_prior = bounds.elbo_hermite(known.model, x, mu=zero, logvar=zero).item()
    assert abs(prior.mean[0].item() - elbo_of_the_prior) < 4 * prior.standard_error[0].item()
    assert prior.mean[0] < prior.mean[1] < exact


def test_weights_of_zero_make_no_nan():
    weights = torch.full((20,), -math.inf)
    weights[3] = 0.0
    climb = streams.climb(weights, (2, 20))
    assert climb.mean.tolist() == pytest.approx([-math.inf, -math.log(20)])
    assert climb.low[0] == -math.inf


@pytest.mark.parametrize("count", [0, -1, 11])
def test_a_run_of_no_or_too_many_weights_is_refused(count):
    with pytest.raises(ValueError, match=f"K must be a whole number from 1 to 10, got {count}"):
        streams.repeats(torch.zeros(10), count)


def test_a_stream_of_nothing_is_refused(known):
    for make in (streams.prior_stream, streams.gaussian_stream):
        with pytest.raises(ValueError, match="samples must be a whole number from 1 to 10,000,000, got 0"):
            make(known.model, known.data(1), 0, generator())
