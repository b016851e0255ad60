"""The latent plane: the geometry drawn is the geometry of the normal distribution."""

import numpy as np
import pytest
from scipy import stats

from vaedemo.figures import latent, style


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9, 0.99])
def test_prior_radius_against_the_chi_distribution(share):
    assert latent.prior_radius(share) == pytest.approx(stats.chi(2).ppf(share), abs=1e-12)


def test_prior_radius_refuses_everything():
    with pytest.raises(ValueError, match="below 1"):
        latent.prior_radius(1.0)


def test_the_window_holds_the_prior_and_the_means():
    assert latent.plane_extent() > latent.prior_radius(0.99)
    assert latent.plane_extent(np.full((10, 2), -7.0)) > 7
    with pytest.raises(ValueError, match=r"means must have the shape \(N, 2\)"):
        latent.plane_extent(np.zeros((3, 3)))


def test_an_axis_must_have_a_name():
    with pytest.raises(ValueError, match="Every axis needs a name"):
        style.new_figure("", "y", height=100, view="v")
