"""Oracle 2: trained networks, where quadratures, bounds and an importance sampler that share nothing must agree."""

import math

import pytest
import torch

from tests.probability import importance
from vaedemo.config import RunConfig
from vaedemo.datasets import load
from vaedemo.probability import amortization, bounds
from vaedemo.training import engine, store

SMALL_BETA = RunConfig(
    dataset="digits", pixels="binary", beta=0.05, hidden=(64,), epochs=4, batch_size=100, learning_rate=3e-3
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def binary_images(name="mnist-55k", count=300):
    return load(name, "test").as_data("binary")[:count]


def log_p_on(picture) -> float:
    """log p(x) by a plain sum over a picture of the joint."""
    return float(picture.log_joint.flatten().logsumexp(0)) + sum(map(math.log, picture.spacing))


def wide_box(model, x):
    """A box that holds the posterior and q out to seven standard deviations."""
    q = model.encode(x)
    own = bounds.posterior_grid(model, x, points=11).axes
    low, high = q.mean - 7 * q.stddev, q.mean + 7 * q.stddev
    sides = zip(own, low[0].tolist(), high[0].tolist(), strict=True)
    return tuple((min(float(axis[0]), a), max(float(axis[-1]), b)) for axis, a, b in sides)


def test_three_ways_to_the_same_number():
    """On an image whose posterior has more than one mode: the best Gaussian is 0.3 nats away."""
    model, x = store.load("mnist-2d").model, binary_images()[6:7]
    picture = bounds.posterior_grid(model, x, points=401, box=wide_box(model, x))
    sampled, standard_error = importance.log_marginal(model, x, picture, 1_000_000, generator())
    allowed = max(1e-3, 4 * standard_error)
    assert allowed < 0.005
    exact = bounds.log_marginal_grid(model, x, tolerance=5e-4).item()
    assert exact == pytest.approx(sampled, abs=allowed)

    q = model.encode(x)
    columns, rows = torch.meshgrid(*picture.axes, indexing="xy")
    log_q = q.log_prob(torch.stack([columns, rows], dim=-1).float()).double().sum(-1)
    area = math.prod(picture.spacing)
    gap = (log_q.exp() * (log_q - picture.log_joint + log_p_on(picture))).sum().item() * area
    assert bounds.elbo_hermite(model, x).item() + gap == pytest.approx(sampled, abs=allowed)


@pytest.fixture
def model_and_data(request, shared_cache):
    if request.param == "small beta":
        return engine.train(SMALL_BETA).model, binary_images("digits")
    model = store.load(request.param).model
    return model, load("ring", "test").x[:300] if request.param == "ring-2d" else binary_images()


@pytest.mark.parametrize("model_and_data", ["mnist-2d", "small beta", "ring-2d"], indirect=True)
def test_doubling_the_points_changes_less_than_a_hundredth_of_a_nat(model_and_data):
    model, x = model_and_data
    once, error = bounds.log_marginal_grid(model, x, points=101, return_error=True)
    twice, second_error = bounds.log_marginal_grid(model, x, points=202, return_error=True)
    assert (twice - once).abs().max() < 0.01
    assert torch.maximum(error, second_error).max() < 0.01
    assert len(x) == 300


def test_a_fine_flat_grid_finds_no_more_mass():
    model, x = store.load("ring-2d").model, load("ring", "test").x[:10]
    flat = bounds.log_marginal_grid(model, x, points=601, extent=6.0, refine=False)
    torch.testing.assert_close(bounds.log_marginal_grid(model, x), flat, rtol=0, atol=0.005)


def test_the_bounds_are_in_order():
    model, x = store.load("mnist-2d").model, binary_images(count=1000)
    climb = [bounds.elbo(model, x, samples=5, generator=generator()).mean()]
    climb += [bounds.iwae(model, x, samples=k, generator=generator(k)).mean() for k in (5, 50, 500)]
    climb += [bounds.log_marginal_grid(model, x).mean()]
    assert climb == sorted(climb)


def test_the_best_gaussian_stands_between_the_encoder_and_the_truth():
    model, x = store.load("mnist-2d").model, binary_images(count=4)
    encoder, exact = bounds.elbo_hermite(model, x), bounds.log_marginal_grid(model, x)
    for image in range(len(x)):
        best = amortization.best_diagonal_gaussian(model, x[image : image + 1])
        assert encoder[image] - 1e-3 < best.elbo < exact[image] + 5e-3
        nudges = 0.02 * torch.randn(5, 2, 2, generator=generator())
        for shift, stretch in nudges:
            nearby = bounds.elbo_hermite(
                model, x[image : image + 1], 64, best.mu + shift * (0.5 * best.logvar).exp(), best.logvar + stretch
            )
            assert nearby.item() < best.elbo + 0.03
    again = [amortization.best_diagonal_gaussian(model, x[:1]).elbo for _ in range(2)]
    assert again[0] == again[1]
