"""Normals as pictures: densities, ellipses of a full covariance, the valley of the KL and its frames."""

import numpy as np
import pytest

from vaedemo.figures import kl_valley, mean_field, normals, palette

COVARIANCE = np.array([[2.0, 0.8], [0.8, 1.0]])


def test_a_density_integrates_to_one_and_has_its_moments():
    grid = np.linspace(-20, 20, 4001)
    values = normals.density(grid, 1.5, 0.7)
    step = grid[1] - grid[0]
    assert values.sum() * step == pytest.approx(1, abs=1e-9)
    assert (values * grid).sum() * step == pytest.approx(1.5, abs=1e-9)
    assert (values * (grid - 1.5) ** 2).sum() * step == pytest.approx(0.49, abs=1e-9)


def test_an_ellipse_lies_at_its_mahalanobis_distance():
    mean = np.array([1.0, -2.0])
    apart = normals.ellipse(mean, COVARIANCE, sds=2) - mean
    distance = np.einsum("ni,ij,nj->n", apart, np.linalg.inv(COVARIANCE), apart)
    np.testing.assert_allclose(distance, 4, atol=1e-12)


def test_each_normal_has_one_entry_in_the_legend():
    shown = {"q": ((0, 0), COVARIANCE, palette.POSTERIOR, "solid"), "p": ((1, 1), np.eye(2), palette.PRIOR, "solid")}
    figure = normals.plane(shown, extent=((-4, 4), (-3, 3)))
    assert [trace.name for trace in figure.data if trace.showlegend is None] == ["q", "p"]
    assert figure.layout.yaxis.scaleanchor == "x"
    free = normals.plane(shown, extent=((-4, 4), (-3, 3)), equal=False)
    assert free.layout.yaxis.scaleanchor is None and free.layout.yaxis.range == (-3, 3)


def test_a_target_lies_behind():
    grid = np.linspace(-3, 3, 7)
    line = normals.curves(grid, {"q": (grid**2, palette.POSTERIOR, "dash")}, target=("p", grid * 0), top=1)
    assert [trace.name for trace in line.data] == ["p", "q"]
    assert line.data[1].line.dash == "dash"
    shown = {"q": ((0, 0), COVARIANCE, palette.POSTERIOR, "solid")}
    plane = normals.plane(shown, target=("p", grid, grid, np.zeros((7, 7))), extent=((-4, 4), (-3, 3)))
    assert plane.data[0].type == "heatmap"


def test_the_valley_s_point_rolls_along_the_path():
    means, variances = np.linspace(-3, 3, 5), np.geomspace(0.1, 10, 6)
    path = (np.array([0.1, 0.5, 1.0]), np.array([-2.0, -1.0, 0.0]))
    figure = kl_valley.valley(means, variances, np.ones((6, 5)), path=path)
    point, q = figure.data[-1], figure.data[-2]
    assert (point.x[0], point.y[0]) == (-2.0, -1.0)
    assert np.argmax(q.y) == np.argmin(np.abs(np.array(q.x) + 2))
    assert len(figure.frames) == 3
    last = figure.frames[-1]
    assert last.traces == (len(figure.data) - 2, len(figure.data) - 1)
    assert (last.data[1].x[0], last.data[1].y[0]) == (0.0, 0.0)
    (menu,) = figure.layout.updatemenus
    assert menu.buttons[0].method == "animate"


def test_the_mean_field_picture_has_both_fits_and_the_point():
    figure = mean_field.mean_field(
        COVARIANCE, (1.36, 0.68), (2.0, 1.0), [-0.5, 0, 0.5], [0.75, 1, 0.75], chosen=(0.566, 0.68), extent=4
    )
    ellipses = {trace.name: trace for trace in figure.data if trace.mode == "lines" and trace.showlegend is None}
    assert list(ellipses) == ["target p", "q by KL(p‖q)", "q by KL(q‖p)"]
    assert max(ellipses["q by KL(q‖p)"].x) == pytest.approx(1.36**0.5, abs=1e-9)
    assert max(ellipses["q by KL(p‖q)"].y) == pytest.approx(1, abs=1e-9)
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (0.566, 0.68)
