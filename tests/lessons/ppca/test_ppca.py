"""The page on pPCA without a browser: links, the closed forms in its numbers, its pictures, its code."""

import math

import numpy as np
import pytest

from tests.app.pages import figures, open_page
from tests.app.test_code_of_view import check_twin
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca import sketches, views
from vaedemo.probability import ppca, ppca_axes

PAGE = "ppca"
GAP, CLOSED = "Gap", "½[Σ log M_ii − log det M]"


def nats(query):
    shown = figures(open_page(PAGE, query))
    return {label: float(value.removesuffix(" nats")) for label, value in shown.items() if value.endswith("nats")}


def test_turning_loses_the_closed_form_and_leaves_log_p():
    straight, turned = nats({"theta": "0"}), nats({"theta": "45"})
    assert straight[GAP] == straight[CLOSED] == 0
    assert straight["Mean ELBO"] == straight["Mean log p(x)"] == turned["Mean log p(x)"]
    assert turned[GAP] == turned[CLOSED] == 0.2596
    assert nats({"theta": "90"})[GAP] == 0
    assert nats({"theta": "45", "lambda1": "5", "lambda2": "5"})[GAP] == 0


@pytest.mark.parametrize(("data", "alive"), [("mnist-55k", 12), ("fashion", 8), ("ring", 0)])
def test_axes_that_live_at_a_noise_variance_of_one(data, alive):
    shown = figures(open_page(PAGE, {"data": data, "beta": "1"}))
    assert shown["Axes alive"] == f"{alive} of {2 if data == 'ring' else 20}"
    assert shown["Gap at β"] == "0.0000 nats"


def test_away_from_beta_one_the_bound_is_missed_and_log_p_is_lower():
    best = nats({"beta": "1"})
    for beta in ("0.3", "3"):
        shown = nats({"beta": beta})
        assert shown["Gap at β"] > 0.01
        assert shown["Mean log p(x) at β"] < best["Mean log p(x) at β"]


@pytest.mark.parametrize(
    "query",
    [
        {"lambda1": "4", "theta": "71", "beta": "0.7", "variance": "0.35"},
        {"data": "fashion", "other": "3", "theta": "20"},
        {"data": "ring", "variance": "0.1", "beta": "2"},
    ],
)
def test_the_code_of_another_view_prints_its_numbers(query):
    assert check_twin(PAGE, query) != figures(open_page(PAGE))


def test_the_window_of_the_posteriors_does_not_turn_with_them():
    covariance, angle = np.diag([0.2, 0.9]), 0.4
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    straight = sketches.posteriors_sketch(covariance, np.diag(covariance), 1)
    turned = sketches.posteriors_sketch(turn @ covariance @ turn.T, np.diag(covariance), 1)
    assert math.isclose(straight.x.high, turned.x.high)
    assert [axis.title for axis in (turned.x, turned.y)] == ["z₁ − μ₁", "z₂ − μ₂"]


def test_a_dead_axis_has_no_weight():
    drawn = sketches.spectrum_sketch(np.array([9.0, 2.0]), 3.0)
    heights = [layer["y"] for layer in drawn.layers if layer["kind"] == "bar"]
    assert heights == [[0.0, 3.0], [3.0, 9.0], [0.0, 2.0], [2.0, 2.0]]
    assert sketches.spectrum_sketch(np.array([9.0, 2.0]), 50.0).y.high < 20.5


@pytest.mark.parametrize(("name", "noise"), [("gaussian", 1.0), ("gaussian", 4.0), ("ring", 0.05), ("fashion", 0.5)])
def test_the_curves_are_those_of_the_model_at_each_of_their_points(name, noise):
    data, _ = ppca_data.along_axes(name, 9.0, 2.0)
    log_likelihood, elbo = ppca_data.beta_curves(data, noise)
    each = [ppca_axes.evidence(data, noise, beta) for beta in ppca_data.BETAS.tolist()]
    assert log_likelihood == pytest.approx([one.log_likelihood.mean().item() for one in each])
    assert elbo == pytest.approx([one.elbo.mean().item() for one in each])
    straight = ppca_axes.weights_on_axes(data.eigenvalues, noise)
    turned = [ppca.rotate(straight, angle, (0, 1)) for angle in np.radians(ppca_data.ANGLES)]
    gaps = ppca_data.gap_curve(data.eigenvalues.numpy(), noise, 1)
    assert gaps == pytest.approx([ppca.gap(weights, noise).item() for weights in turned], abs=1e-12)


def test_views_are_kept_by_data_noise_angle_axis_and_beta():
    data, other = ppca_data.gaussian(9.0, 2.0), ppca_data.gaussian(8.0, 2.0)
    turned = [views.turned(*place) for place in ((data, 1.0, 30, 1), (data, 1.0, 20, 1), (data, 0.5, 30, 1))]
    turned.append(views.turned(other, 1.0, 30, 1))
    assert len({id(each) for each in turned}) == len(turned)  # noise changes no figure, only the pictures
    assert views.turned(data, 1.0, 30, 1) is turned[0]
    models = [views.of_beta(*place) for place in ((data, 1.0, 3.0), (data, 1.0, 2.0), (data, 0.5, 3.0))]
    models.append(views.of_beta(other, 1.0, 3.0))
    assert len({each.elbo for each in models}) == len(models)
    assert views.of_beta(data, 1.0, 3.0) is models[0]
