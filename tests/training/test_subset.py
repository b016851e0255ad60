"""Balanced subsets: even over the classes, nested, always the same."""

from itertools import pairwise

import pytest
import torch

from vaedemo.config import ConfigError
from vaedemo.datasets import ImageSet
from vaedemo.training.subset import balanced


@pytest.fixture
def lopsided():
    """40 points of class 0, 7 of class 3, 3 of class 5, in mixed order; x tells the example's number."""
    y = torch.tensor([0] * 40 + [3] * 7 + [5] * 3)[torch.randperm(50, generator=torch.Generator().manual_seed(0))]
    x = torch.arange(50, dtype=torch.float32)[:, None].expand(50, 2).contiguous()
    return ImageSet(x, y, "lopsided", factors=torch.arange(50)[:, None])


def numbers(image_set):
    return image_set.x[:, 0].int().tolist()


@pytest.mark.parametrize("size", [0, 50])
def test_the_whole_set_is_given_back_as_it_is(lopsided, size):
    assert balanced(lopsided, size) is lopsided


@pytest.mark.parametrize("size", range(1, 50))
def test_classes_are_as_even_as_can_be(lopsided, size):
    chosen = balanced(lopsided, size)
    counts = [int((chosen.y == label).sum()) for label in (0, 3, 5)]
    assert len(chosen) == size == sum(counts) == len(set(numbers(chosen)))
    for count, there in zip(counts, (40, 7, 3), strict=True):
        assert count == there or count >= max(counts) - 1, "no class is short while it has more to give"


def test_smaller_subsets_lie_in_larger_ones(lopsided):
    subsets = [numbers(balanced(lopsided, size)) for size in range(1, 50)]
    assert all(smaller == larger[: len(smaller)] for smaller, larger in pairwise(subsets))


def test_another_seed_is_another_subset_with_the_same_virtues(lopsided):
    first, again, other = (numbers(balanced(lopsided, 12, seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert first == numbers(balanced(lopsided, 30, 1))[:12]
    assert [balanced(lopsided, 9, seed).y.tolist() for seed in (0, 5)] == [[0, 3, 5] * 3] * 2


def test_examples_keep_their_class_and_factors(lopsided):
    chosen = balanced(lopsided, 20)
    assert chosen.y.tolist() == lopsided.y[numbers(chosen)].tolist()
    assert chosen.factors.flatten().tolist() == numbers(chosen) and chosen.name == "lopsided"


def test_more_than_there_is_is_refused(lopsided):
    with pytest.raises(
        ConfigError, match="train_size accepts 0 for all, or at most the 50 examples of lopsided, got 51"
    ):
        balanced(lopsided, 51)
