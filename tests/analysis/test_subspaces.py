"""Principal angles against SciPy, against angles that are known, and where rounding would spoil them."""

import math

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles

from vaedemo.analysis import subspaces


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize(("first", "second"), [(3, 3), (1, 4), (6, 2), (8, 8)])
def test_angles_are_scipys(first, second):
    a, b = normal(20, first), normal(20, second, seed=1)
    expected = np.sort(subspace_angles(a.numpy(), b.numpy()))
    np.testing.assert_allclose(subspaces.principal_angles(a, b), expected, atol=1e-12)


def test_the_same_plane_from_other_vectors():
    a = normal(784, 5)
    angles = subspaces.principal_angles(a, a @ normal(5, 5, seed=2) * 1e-3)
    assert angles.max() < 1e-10


@pytest.mark.parametrize("angle", [1e-10, 1e-6, 0.1, math.pi / 4, 1.5, math.pi / 2 - 1e-10])
def test_a_known_angle_keeps_its_digits(angle):
    a = torch.eye(6, dtype=torch.float64)[:, :2]
    b = a.clone()
    b[0, 0], b[3, 0] = math.cos(angle), math.sin(angle)
    found = subspaces.principal_angles(a, b)
    assert found[0].item() == pytest.approx(0, abs=1e-14)
    assert found[1].item() == pytest.approx(angle, rel=1e-5, abs=1e-15)


def test_the_length_of_a_column_does_not_count():
    a, b = normal(10, 3), normal(10, 3, seed=1)
    scales = torch.tensor([1e-8, 1.0, 1e6], dtype=torch.float64)
    torch.testing.assert_close(
        subspaces.principal_angles(a * scales, b), subspaces.principal_angles(a, b), rtol=0, atol=1e-9
    )


def test_cosines_of_columns():
    a, b = normal(7, 2), normal(7, 3, seed=1)
    found = subspaces.cosines(a, b)
    assert found.shape == (2, 3)
    expected = torch.nn.functional.cosine_similarity(a[:, 1], b[:, 2], dim=0)
    assert found[1, 2].item() == pytest.approx(expected.item(), abs=1e-12)
    assert subspaces.cosines(torch.zeros(7, 1), b).abs().max() == 0


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="20 and 19 dimensions"):
        subspaces.principal_angles(normal(20, 2), normal(19, 2))
    with pytest.raises(ValueError, match=r"columns \(D, k\) with 1 <= k <= D, got shape \(2, 3\)"):
        subspaces.basis(normal(2, 3))
    with pytest.raises(ValueError, match="2 columns are linearly dependent"):
        subspaces.basis(normal(5, 1) @ torch.ones(1, 2, dtype=torch.float64))
