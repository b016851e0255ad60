"""The β page: its figures are the runs', bad input is one sentence, and a sweep of one's own is trained."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.app.pages import code_of, figures, link_of, open_page, sentences
from vaedemo.app import catalogue
from vaedemo.app.lessons.beta import charts, data, form, names
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.training import shipped_runs

PAGE = "beta"


def runs_of(name):
    return [catalogue.run(each) for each in shipped_runs.members(name)]


@pytest.fixture(scope="module")
def ring():
    found = runs_of("sweep-ring")
    return data.sweep(tuple(run.digest for run in found), found)


@pytest.mark.parametrize("name", shipped_runs.SWEEPS)
def test_a_shipped_sweep_trades_reconstruction_for_kl(name):
    found = runs_of(name)
    assert [run.config.beta for run in found] == list(shipped_runs.BETAS)
    kl = [run.metrics["test_kl"] for run in found]
    loss = [run.metrics["test_reconstruction"] for run in found]
    assert kl == sorted(kl, reverse=True)
    strict = loss[4:]  # from β = 2 on; below it, what little a smaller β gains is lost in training's own noise
    assert all(after > before for before, after in itertools.pairwise(strict)) and max(loss[:4]) < strict[1]
    assert min(found, key=lambda run: run.metrics["test_negative_elbo"]).config.beta in (0.5, 1.0, 2.0)


def test_the_largest_beta_collapses_and_the_page_says_so(ring):
    assert [each.collapsed for each in ring.figures] == [False] * 7 + [True]
    at = open_page(PAGE, {"sweep": "sweep-ring"})
    assert any("At β = 50 the posterior has collapsed" in element.value for element in at.info)


def test_the_split_adds_up_to_the_kl(ring):
    for each in ring.figures:
        assert abs(each.split.information + each.split.marginal - each.split.kl) < 1e-10
        assert each.split.information <= each.split.log_count + 1e-9


def test_every_chart_has_a_place_for_each_model(ring):
    for chart in charts.charts(ring, "nats per point"):
        assert chart.track.shape == (8, 2)
        (low, high), (left, right) = (chart.drawn.y.low, chart.drawn.y.high), (chart.drawn.x.low, chart.drawn.x.high)
        assert ((chart.track[:, 0] >= left) & (chart.track[:, 0] <= right)).all()
        assert ((chart.track[:, 1] >= low) & (chart.track[:, 1] <= high)).all()


def test_a_tangent_has_slope_minus_beta():
    for beta in (0.01, 1, 50):
        drawn = charts.tangent((2.0, 100.0), beta, (0, 10), (50, 250))
        rise = (drawn["y"][1] - drawn["y"][0]) / (drawn["x"][1] - drawn["x"][0])
        assert rise == pytest.approx(-beta, rel=1e-2)


def test_beta_0_has_a_place_on_the_axis(ring):
    zero = [replace(ring.figures[0], beta=0.0), *ring.figures[1:]]
    assert charts.positions(zero)[0] == pytest.approx(0.01)
    assert charts.beta_axis(zero).ticks[0][1] == "0"


@pytest.mark.parametrize("betas", ["", "1", "1,1", "1,1.0,1", "low,high", "1,-2", ",".join(map(str, range(1, 18)))])
def test_a_list_that_is_no_sweep_is_one_sentence(betas):
    at = open_page(PAGE, {"sweep": "own", "betas": betas})
    assert len(sentences(at)) == 1 and "2 to 16 different numbers" in sentences(at)[0]
    at = open_page(PAGE, {"sweep": "own"})
    at.text_input(key="beta.betas").set_value(betas or "1").run()
    assert len(sentences(at)) == 1 and "2 to 16 different numbers" in sentences(at)[0]


def test_a_sweep_that_is_too_large_is_one_sentence():
    at = open_page(PAGE, {"sweep": "own", "dataset": "mnist", "epochs": "60", "betas": "0.1,1,2,4,8,16,32,64"})
    assert len(sentences(at)) == 1 and "in one sweep on this server" in sentences(at)[0]


def test_the_configs_differ_in_beta_alone():
    values = {"dataset": "ring", "width": 16, "latent_dim": 2, "epochs": 3, "seed": 5}
    configs = form.configs_of(values, (0.1, 1, 4))
    assert len({config.replace(beta=1).digest for config in configs}) == 1
    assert [config.beta for config in configs] == [0.1, 1, 4] and configs[0].hidden == (16, 16)


@pytest.mark.parametrize(("place", "model"), [("2.5", 3), ("2.49", 2), ("0", 0), ("7", 7)])
def test_a_place_between_two_models_opens_the_nearer_one(place, model):
    at = open_page(PAGE, {"a": place})
    assert sentences(at) == [] and at.session_state["beta.a"] == model
    assert link_of(at) == ({"step": EXPLORE} if model == 7 else {"a": str(model)})


def test_names_on_a_plane_keep_apart_and_near_their_codes():
    codes, labels = np.array([[0.0, 0.0], [0.1, 0.0], [3.0, 3.0]]), [4, 9, 1]
    placed = names.placed(codes, labels, 4.0, False, 4)
    (one, four, nine) = (np.array(each[:2]) for each in placed)
    assert [each[2] for each in placed] == ["1", "4", "9"]
    assert np.linalg.norm(four - nine) >= 0.99 * names.APART[4] * 4 and (one == 3).all()
    assert names.placed(codes, labels, 4.0, True, 4) == [(0.0, 0.0, "1–9")]


def test_a_view_before_training_has_the_code_that_trains():
    at = open_page(PAGE, {"sweep": "own", "dataset": "ring", "width": "16", "epochs": "2", "betas": "0.1,1"})
    assert "vd.sweep" in code_of(at) and "Floor" not in code_of(at) and figures(at) == {}
    assert at.button(key="beta.train.begin")


def test_the_first_view_shows_the_least_bound():
    shown = figures(open_page(PAGE))
    assert shown["Least −ELBO"].endswith("nats") and {"Floor", "Ceiling"} <= set(shown)
