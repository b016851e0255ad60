"""The latent plane: the geometry drawn is the geometry of the normal distribution."""

import numpy as np
import plotly.io
import pytest
from scipy import stats

from vaedemo.figures import latent, palette, style


def trace(figure, name: str):
    found = [one for one in figure.data if one.name == name]
    assert found, f"no trace called {name!r} among {[one.name for one in figure.data]}"
    return found[0]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9, 0.99])
def test_prior_radius_against_the_chi_distribution(share):
    assert latent.prior_radius(share) == pytest.approx(stats.chi(2).ppf(share), abs=1e-12)


def test_prior_radius_refuses_everything():
    with pytest.raises(ValueError, match="below 1"):
        latent.prior_radius(1.0)


def test_prior_circles_are_drawn_at_those_radii():
    line = trace(latent.latent_plane(), "prior p(z)")
    radii = np.hypot(np.array(line.x, float), np.array(line.y, float))
    drawn = np.unique(radii[np.isfinite(radii)].round(9))
    np.testing.assert_allclose(drawn, stats.chi(2).ppf([0.5, 0.9, 0.99]), atol=1e-8)


def test_equal_aspect_and_window():
    figure = latent.latent_plane(extent=4.0)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (-4.0, 4.0)
    assert latent.plane_extent() > latent.prior_radius(0.99)
    assert latent.plane_extent(np.full((10, 2), -7.0)) > 7


def test_large_clouds_are_thinned_the_same_way_every_time():
    means = np.random.default_rng(0).normal(size=(9001, 2))
    labels = np.arange(9001) % 10
    first, second = (latent.latent_plane(means, labels, [f"class {i}" for i in range(10)]) for _ in range(2))
    assert plotly.io.to_json(first) == plotly.io.to_json(second)
    clouds = [one for one in first.data if one.customdata is not None]
    assert len(clouds) == 10
    assert sum(len(one.x) for one in clouds) == latent.LARGEST_SCATTER
    for index, cloud in enumerate(clouds):
        rows = np.array(cloud.customdata)
        assert (labels[rows] == index).all()
        np.testing.assert_array_equal(np.stack([cloud.x, cloud.y], axis=1), means[rows])
        assert (cloud.marker.color, cloud.marker.symbol) == (palette.CLASS_COLOURS[index], palette.CLASS_MARKERS[index])


def test_a_class_keeps_its_colour_when_another_is_absent():
    figure = latent.latent_plane(np.zeros((2, 2)), [2, 2], ["a", "b", "c"])
    assert len(trace(figure, "a").x) == 0
    assert trace(figure, "c").marker.color == palette.CLASS_COLOURS[2]


def test_posterior_ellipses_stand_at_one_and_two_standard_deviations():
    mu, sigma = np.array([0.7, -1.2]), np.array([0.3, 0.1])
    figure = latent.latent_plane(highlight=(mu, sigma), sample=[0.8, -1.1], ellipses=(mu[None], sigma[None]))
    for name, deviations in (("q(z|x): 1 and 2 sd", 1), ("q(z|x), 2 sd", 2), ("q(z|x), 1 sd", 1)):
        line = trace(figure, name)
        scaled = (np.stack([line.x, line.y], axis=1) - mu) / sigma
        np.testing.assert_allclose(np.linalg.norm(scaled, axis=1), deviations, atol=1e-12)
    assert trace(figure, "sampled z").x[0] == 0.8
    assert trace(figure, "μ(x)").marker.color == palette.POSTERIOR


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"means": np.zeros((3, 3))}, r"means must have the shape \(N, 2\)"),
        ({"means": np.zeros((3, 2)), "labels": [0, 1]}, r"labels must have the shape \(3,\)"),
        ({"highlight": ([0, 0, 0], [1, 1, 1])}, "highlight must be"),
    ],
)
def test_wrong_shapes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        latent.latent_plane(**arguments)


def test_an_axis_must_have_a_name():
    with pytest.raises(ValueError, match="Every axis needs a name"):
        style.new_figure("", "y", height=100, view="v")
