"""The pictures of the page on the KL: densities, ellipses of a full covariance, the valley, the mean field."""

import numpy as np
import pytest

from vaedemo.app.lessons.kl import sketches
from vaedemo.figures import palette

COVARIANCE = np.array([[2.0, 0.8], [0.8, 1.0]])


def named(drawn) -> dict[str, dict]:
    return {layer["name"]: layer for layer in drawn.layers if "name" in layer}


def test_a_density_integrates_to_one_and_has_its_moments():
    grid = np.linspace(-20, 20, 4001)
    values = sketches.density(grid, 1.5, 0.49)
    step = grid[1] - grid[0]
    assert values.sum() * step == pytest.approx(1, abs=1e-9)
    assert (values * grid).sum() * step == pytest.approx(1.5, abs=1e-9)
    assert (values * (grid - 1.5) ** 2).sum() * step == pytest.approx(0.49, abs=1e-9)


def test_a_target_lies_behind_its_fits():
    grid = np.linspace(-3, 3, 7)
    shown = {"q": (0.0, 1.0, palette.POSTERIOR, "dashed")}
    drawn = sketches.densities(grid, shown, top=1, target=("p", 0.1 * grid**2))
    assert list(named(drawn)) == ["p", "q"] and named(drawn)["q"]["dash"] == "dashed"
    plane = sketches.target_plane(np.eye(7), ((-3, 3), (-2, 2)), {"q": ((0, 0), COVARIANCE, "solid")}, equal=False)
    assert plane.layers[0]["kind"] == "heat" and not plane.equal
    assert (plane.y.low, plane.y.high) == (-2, 2)


def test_q_can_be_taken_hold_of_and_p_cannot():
    drawn = sketches.pair_plane((1.0, 2.0), COVARIANCE, (0.0, 0.0), np.eye(2), (8, 4))
    assert drawn.handle == (1.0, 2.0)
    assert [layer["color"] for layer in drawn.layers if layer.get("moves")] == [palette.POSTERIOR] * 3


def test_the_valley_s_point_stands_at_the_start_of_the_descent():
    path = (np.array([0.1, 0.5, 1.0]), np.array([-2.0, -1.0, 0.0]))
    kl = np.array([[8.0, 4.0], [2.0, 0.0]])
    drawn = sketches.valley(kl, ((-3, 3), (-1, 1)), path)
    parts = named(drawn)
    assert (parts["q"]["x"], parts["q"]["y"]) == ([-2.0], [-1.0]) and parts["q"]["moves"]
    assert drawn.handle == (-2.0, -1.0)
    assert parts["descent on the KL"]["x"] == [-2.0, -1.0, 0.0]
    assert (parts["prior"]["x"], parts["prior"]["y"]) == ([0.0], [0.0])
    assert drawn.layers[0]["levels"][1] == round(255 * (0.5 / 8) ** 0.5)


def test_the_mean_field_has_both_fits():
    parts = named(sketches.mean_field(COVARIANCE, (1.36, 0.68), (2.0, 1.0), 4))
    assert list(parts) == ["target p", "q by KL(p‖q)", "q by KL(q‖p)"]
    assert max(parts["q by KL(q‖p)"]["x"]) == pytest.approx(1.36**0.5, abs=1e-5)
    assert max(parts["q by KL(p‖q)"]["y"]) == pytest.approx(1, abs=1e-5)


def test_the_share_kept_has_its_point():
    drawn = sketches.kept_share([-0.5, 0.0, 0.5], [0.75, 1.0, 0.75], (0.5, 0.75))
    assert (drawn.layers[-1]["x"], drawn.layers[-1]["y"]) == ([0.5], [0.75])
    assert drawn.readout[0] == (-0.5, "ρ = -0.50: 0.750")
