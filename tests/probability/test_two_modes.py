"""Two-mode targets: normalised, with the moments of a mixture, and searches that start on the modes."""

import pytest
import torch

from vaedemo.probability.gaussian_fits import fit_covering, fit_seeking
from vaedemo.probability.two_modes import grid_points, start_at_highest, two_modes


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_density_integrates_to_one_and_has_the_mixture_s_moments(dimension):
    distance, share = 3.0, 0.7
    points, log_density = two_modes(distance, share, dimension)
    cell = (points[:, -1][1] - points[:, -1][0]) ** dimension
    mass = log_density.exp() * cell
    assert mass.sum().item() == pytest.approx(1, abs=1e-6)
    mean = mass @ points
    assert mean[0].item() == pytest.approx(distance * (0.5 - share), abs=1e-6)
    spread = mass @ (points[:, 0] - mean[0]).square()
    assert spread.item() == pytest.approx(0.49 + share * (1 - share) * distance**2, abs=1e-5)


def test_modes_in_the_plane_lean_opposite_ways():
    points, log_density = two_modes(5.0, 0.5, 2)
    starts = [start_at_highest(points, log_density, side) for side in ("left", "right")]
    fits = [fit_seeking(points, log_density, *start) for start in starts]
    for fit, centre, sign in zip(fits, (-2.5, 2.5), (1, -1), strict=True):
        assert fit.mean[0].item() == pytest.approx(centre, abs=0.02)
        assert fit.covariance[0, 1].item() == pytest.approx(sign * 0.6 * 0.49, abs=0.01)


def test_far_modes_one_is_taken_and_costs_its_share_s_logarithm():
    points, log_density = two_modes(6.0, 0.6, 1)
    for side, share in (("left", 0.6), ("right", 0.4)):
        fit = fit_seeking(points, log_density, *start_at_highest(points, log_density, side))
        assert fit.divergence == pytest.approx(-torch.tensor(share).log().item(), abs=2e-3)
    assert fit_covering(points, log_density).covariance.item() ** 0.5 > 3


def test_grid_points_are_laid_out_as_a_posterior_grid_is():
    first, second = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([-1.0, 1.0])
    laid = grid_points((first, second)).reshape(2, 3, 2)  # row z₂, column z₁
    assert laid[1, 2].tolist() == [3.0, 1.0]
    assert laid[0, 1].tolist() == [2.0, -1.0]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="dimension must be a whole number from 1 to 2, got 3"):
        two_modes(1.0, 0.5, 3)
    with pytest.raises(ValueError, match="share must be a number between 0 and 1"):
        two_modes(1.0, 1.0, 1)
    points, log_density = two_modes(1.0, 0.5, 1)
    with pytest.raises(ValueError, match="side must be one of 'left', 'right', got 'up'"):
        start_at_highest(points, log_density, "up")
