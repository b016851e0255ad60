"""Corruption: what it leaves, what it changes and how often."""

import math

import pytest
import torch

from vaedemo.models.corruption import corrupt


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def x():
    """Grey pixels strictly between 0 and 1, so that a changed one shows."""
    return 0.2 + 0.6 * torch.rand((50, 1, 28, 28), generator=generator(1))


def within(share, expected, count, deviations=4.5):
    return abs(share - expected) < deviations * math.sqrt(expected * (1 - expected) / count)


@pytest.mark.parametrize(("kind", "level"), [("none", 0.7), ("gaussian", 0), ("masking", 0), ("salt_pepper", 0)])
def test_no_corruption_is_the_very_image(x, kind, level):
    assert corrupt(x, kind, level, generator()) is x


def test_masking_blackens_that_share_and_keeps_the_rest(x):
    seen = corrupt(x, "masking", 0.3, generator())
    hit = seen != x
    assert (seen[hit] == 0).all() and within(float(hit.double().mean()), 0.3, x.numel())


def test_salt_and_pepper_are_equally_often(x):
    seen = corrupt(x, "salt_pepper", 0.3, generator())
    hit = seen != x
    assert ((seen[hit] == 0) | (seen[hit] == 1)).all() and within(float(hit.double().mean()), 0.3, x.numel())
    assert within(float(seen[hit].double().mean()), 0.5, int(hit.sum()))


@pytest.mark.parametrize("kind", ["masking", "salt_pepper"])
def test_a_level_of_one_leaves_nothing(x, kind):
    seen = corrupt(x, kind, 1.0, generator())
    assert not (seen == x).any()


def test_gaussian_noise_is_clipped_for_images_alone():
    images = torch.full((50, 1, 28, 28), 0.9)
    seen = corrupt(images, "gaussian", 0.5, generator())
    assert seen.min() >= 0 and seen.max() <= 1
    # P(0.9 + 0.5 e > 1) = 1 - Phi(0.2)
    assert within(float((seen == 1).double().mean()), 1 - 0.5 * (1 + math.erf(0.2 / math.sqrt(2))), images.numel())
    points = torch.full((40_000, 2), 2.5)
    noise = corrupt(points, "gaussian", 0.5, generator()) - points
    assert abs(float(noise.mean())) < 4 * 0.5 / math.sqrt(noise.numel())
    assert abs(float(noise.std()) - 0.5) < 4 * 0.5 / math.sqrt(2 * noise.numel())


@pytest.mark.parametrize("kind", ["gaussian", "masking", "salt_pepper"])
def test_the_draw_belongs_to_the_generator_and_x_is_not_written_to(x, kind):
    kept = x.clone()
    first, again, other = (corrupt(x, kind, 0.5, generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other) and torch.equal(x, kept)
    assert first.dtype == x.dtype and corrupt(x.double(), kind, 0.5, generator()).dtype == torch.float64
