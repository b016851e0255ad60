"""Rank-one terms against NumPy, and against other matrices of the same rank."""

import numpy as np
import pytest
import torch

from vaedemo.analysis import rank_one
from vaedemo.datasets import load


@pytest.fixture(scope="module")
def image():
    return load("digits", "test").x[7, 0]


def test_values_and_partial_sums_are_numpys(image):
    found = rank_one.decompose(image)
    matrix = image.double().numpy() / 255
    left, values, right = np.linalg.svd(matrix)
    assert found.rank == np.linalg.matrix_rank(matrix)
    np.testing.assert_allclose(found.values, values[: found.rank], atol=1e-12)
    for k in (0, 1, 5, found.rank):
        expected = left[:, :k] @ np.diag(values[:k]) @ right[:k]
        np.testing.assert_allclose(found.partial(k), expected, atol=1e-12)
    np.testing.assert_allclose(found.partial(found.rank), matrix, atol=1e-12)


def test_what_is_left_is_the_tail_of_the_squares(image):
    found = rank_one.decompose(image)
    assert found.shares().sum().item() == pytest.approx(1, abs=1e-12)
    matrix = image.double() / 255
    for k in range(found.rank + 1):
        left = (matrix - found.partial(k)).square().sum() / matrix.square().sum()
        assert left.item() == pytest.approx(found.shares()[k:].sum().item(), abs=1e-12)


def test_no_other_matrix_of_the_same_rank_is_nearer(image):
    found, matrix = rank_one.decompose(image), image.double() / 255
    generator = torch.Generator().manual_seed(0)
    best = (matrix - found.partial(3)).norm()
    for _ in range(20):
        columns = torch.randn(28, 3, generator=generator, dtype=torch.float64)
        rows = torch.linalg.lstsq(columns, matrix).solution
        assert (matrix - columns @ rows).norm() > best


def test_each_term_has_rank_one(image):
    for term in rank_one.decompose(image).terms[:4]:
        assert torch.linalg.matrix_rank(term) == 1


def test_an_exact_rank_is_found():
    outer = torch.outer(torch.arange(5.0), torch.tensor([1.0, 0.0, 2.0]))
    found = rank_one.decompose(outer)
    assert found.rank == 1
    torch.testing.assert_close(found.partial(1), outer.double(), rtol=0, atol=1e-12)
    assert rank_one.decompose(torch.zeros(4, 4)).rank == 0


def test_what_cannot_be_is_refused(image):
    found = rank_one.decompose(image)
    for k in (-1, found.rank + 1):
        with pytest.raises(ValueError, match=f"k must be a whole number from 0 to {found.rank}, got {k}"):
            found.partial(k)
    with pytest.raises(ValueError, match=r"shape \(H, W\), got \(1, 28, 28\)"):
        rank_one.decompose(image[None])
    with pytest.raises(ValueError, match="finite"):
        rank_one.decompose(torch.full((2, 2), torch.nan))
