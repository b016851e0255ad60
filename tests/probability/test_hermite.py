"""Gauss–Hermite nodes against the eigenvalues of the recurrence's matrix and against exact moments, at every order."""

import math

import pytest
import torch

from vaedemo.probability.hermite import LARGEST_ORDER, standard_normal_nodes

ORDERS = (1, 2, 3, 16, 64, 150, 200, LARGEST_ORDER)


@pytest.mark.parametrize("order", ORDERS)
def test_nodes_and_weights_are_those_of_golub_and_welsch(order):
    """The nodes are the eigenvalues of the matrix with √1, √2, … beside its diagonal."""
    beside = torch.arange(1, order, dtype=torch.float64).sqrt()
    values, vectors = torch.linalg.eigh(torch.diag(beside, 1) + torch.diag(beside, -1))
    weights = vectors[0].square()
    kept = weights > 1e-15
    nodes, ours = standard_normal_nodes(order, 1)
    mine = ours > 1e-15
    torch.testing.assert_close(nodes[mine, 0], values[kept], rtol=0, atol=1e-11)
    torch.testing.assert_close(ours[mine], weights[kept], rtol=0, atol=1e-14)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dimension", [1, 2])
def test_moments_are_exact(order, dimension):
    nodes, weights = standard_normal_nodes(order, dimension)
    assert weights.sum().item() == pytest.approx(1, abs=1e-14)
    for half in range(min(order, 5)):  # the nodes without weight that are left out would count at higher powers
        exact = math.prod(range(1, 2 * half, 2))
        assert (weights @ nodes[:, 0] ** (2 * half)).item() == pytest.approx(exact, rel=1e-9)
        if 2 * half + 1 < 2 * order:
            assert (weights @ nodes[:, 0] ** (2 * half + 1)).item() == pytest.approx(0, abs=1e-9 * exact)


@pytest.mark.parametrize("order", [0, -1, LARGEST_ORDER + 1, 380, 390, 10**8, 2.5, math.nan, "64", None, True])
def test_an_order_that_cannot_be_had_is_refused(order):
    """At 380 there were no nodes, at 390 a division by zero."""
    with pytest.raises(ValueError, match="order must be a whole number from 1 to 256, got"):
        standard_normal_nodes(order, 1)


@pytest.mark.parametrize("dimension", [0, -1, 3, 1.5])
def test_a_dimension_that_cannot_be_had_is_refused(dimension):
    with pytest.raises(ValueError, match=r"dimension must be a whole number|latent_dim 1 or 2, not 3"):
        standard_normal_nodes(4, dimension)
