"""Arrows, iterates and errors under noise, with maps whose answers are known."""

import math

import pytest
import torch

from vaedemo.analysis import denoising
from vaedemo.probability import ring_score, transforms


class Map:
    """A stand-in for a model: any function as its `reconstruct`."""

    def __init__(self, function):
        self.reconstruct = function


def test_the_exact_map_matches_itself():
    found = denoising.match_on_ring(lambda x: ring_score.posterior_mean(x, 0.2), 0.2, 1.75, 15)
    assert (
        found.cosine == pytest.approx(1, abs=1e-6)
        and found.weighted == pytest.approx(1, abs=1e-6)
        and found.length_error < 1e-6
        and found.close == 1
    )
    assert 0 < found.known.sum() < len(found.known)


def test_turned_and_stretched_arrows_are_told_apart():
    exact = torch.randn(50, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    even = torch.zeros(50, dtype=torch.float64)
    turn = torch.tensor([[math.cos(0.6), -math.sin(0.6)], [math.sin(0.6), math.cos(0.6)]], dtype=torch.float64)
    turned, longer = denoising.match(exact @ turn, exact, even), denoising.match(1.5 * exact, exact, even)
    assert turned.cosine == pytest.approx(math.cos(0.6)) and turned.close == 0
    assert turned.length_error == pytest.approx(2 * math.sin(0.3))
    assert longer.cosine == pytest.approx(1) and longer.close == 1 and longer.length_error == pytest.approx(0.5)


def test_what_lies_where_nothing_falls_does_not_count():
    exact, learned = torch.ones(2, 2), torch.tensor([[1.0, 1.0], [-1.0, -1.0]])
    found = denoising.match(learned, exact, torch.tensor([0.0, -60.0]))
    assert found.cosine == found.weighted == pytest.approx(1) and found.known.tolist() == [True, False]
    with pytest.raises(ValueError, match=r"exact must have shape \(N, 2\) with N = 2, got"):
        denoising.match(learned, exact[:1], torch.zeros(2))


def test_the_grid_runs_row_by_row_upwards():
    grid = denoising.plane_grid(1.0, 3)
    assert grid[:3].tolist() == [[-1, -1], [0, -1], [1, -1]] and grid[-1].tolist() == [1, 1]


def test_iterating_a_contraction_reaches_its_fixed_point():
    path = denoising.iterate(Map(lambda x: 0.5 * x + 1), torch.tensor([[4.0, 0.0]]), 30)
    assert path.shape == (31, 1, 2) and path[1].tolist() == [[3, 1]]
    torch.testing.assert_close(path[-1], torch.full((1, 2), 2.0))
    assert denoising.iterate(Map(lambda x: x + 1), torch.zeros(1, 1, 2, 2), 3)[-1].max() == 1  # images are clipped


def test_the_error_of_masked_images_is_the_share_masked():
    ones = torch.ones(200, 1, 8, 8)
    errors = denoising.error_over_levels(None, ones, "masking", (0.0, 0.3, 1.0), seed=0)
    assert errors == pytest.approx([0, 0.3, 1], abs=0.02)
    perfect = denoising.error_over_levels(Map(torch.ones_like), ones, "gaussian", (0.0, 0.5), seed=0)
    assert perfect == [0, 0]


def test_the_best_map_for_many_examples_is_the_exact_one_and_for_one_example_the_example():
    points = denoising.plane_grid(1.5, 7)
    examples = transforms.ring(torch.randn(200_000, 2, generator=torch.Generator().manual_seed(0)))
    exact = ring_score.posterior_mean(points, 0.4)
    found = denoising.best_from_examples(points, examples, 0.4)
    torch.testing.assert_close(found.double(), exact, rtol=0, atol=0.01)
    alone = denoising.best_from_examples(points, torch.tensor([[1.0, 2.0]]), 0.4)
    assert (alone == torch.tensor([1.0, 2.0], dtype=alone.dtype)).all()
