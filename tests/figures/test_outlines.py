"""Outlines of normals in the plane."""

import numpy as np
import pytest

from vaedemo.figures import style


@pytest.mark.parametrize("covariance", [[[2.0, 0.8], [0.8, 1.0]], [[0.5, 0.0], [0.0, 3.0]]])
def test_an_ellipse_lies_at_its_mahalanobis_distance(covariance):
    mean = np.array([1.0, -2.0])
    apart = style.ellipse(mean, covariance, 2) - mean
    distance = np.einsum("ni,ij,nj->n", apart, np.linalg.inv(covariance), apart)
    np.testing.assert_allclose(distance, 4, rtol=1e-12)
    np.testing.assert_allclose(apart[0], apart[-1], atol=1e-12)


def test_a_singular_covariance_gives_a_line():
    np.testing.assert_allclose(style.ellipse((0, 0), [[1.0, 1.0], [1.0, 1.0]])[:, 0].max(), 1, rtol=1e-3)
    assert not style.ellipse((0, 0), np.zeros((2, 2))).any()
