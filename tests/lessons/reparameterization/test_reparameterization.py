"""The page on the reparameterization trick without a browser: links, numbers, its code, and what its steps claim."""

import numpy as np
import pytest
import torch

from tests.app.pages import figures, link_of, open_page, press
from tests.app.test_code_of_view import check_twin
from vaedemo.app import catalogue
from vaedemo.app.lessons.reparameterization import draws, sketches
from vaedemo.app.lessons.reparameterization.code import SIZES, three_digits
from vaedemo.app.lessons.reparameterization.draws import RING
from vaedemo.app.lessons.reparameterization.steps import GOALS, STEPS
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.probability import gradients

PAGE = "reparameterization"
DEFAULTS = {"run": "mnist-2d", "image": 42, "angle": 210, "seed": 0, "draw": 0, "k": 1, "score": "plain"}


def shown(**changed):
    return draws.of(DEFAULTS | changed)


def test_claim_the_ratios():
    assert shown().ratio("score") == pytest.approx(1990, abs=1)
    assert 4 < shown().ratio("baselined") < 5
    for seed in (0, 1):
        assert 6 < shown(run=RING, seed=seed).ratio("score") < 7.5
        assert 2.5 < shown(run=RING, seed=seed).reward[0] < 3.5


def test_claim_the_ratio_of_other_draws_and_a_second_implementation():
    """Other draws of ε, and gradients by `gradients`, which differentiates the decoder, not by the page's own code."""
    model, x = catalogue.run("mnist-2d").model, draws.example("mnist-2d", 42)
    pathwise, score = (
        gradients.total_variance(estimate(model, x, 4000, torch.Generator().manual_seed(7)))
        for estimate in (gradients.pathwise, gradients.score_function)
    )
    assert score / pathwise == pytest.approx(1990, rel=0.15)


@pytest.mark.parametrize("seed", [0, 1])
def test_claim_both_means_agree_with_the_exact_gradient(seed):
    found = shown(seed=seed)
    for kind in draws.KINDS:
        away = (found.means[kind] - found.exact) / found.errors[kind]
        assert (abs(away) < (2 if seed == 0 else 4)).all(), kind
    raw = found.draws.score.double().numpy()
    assert found.errors["score"] == pytest.approx(np.std(raw, axis=0, ddof=1) / len(raw) ** 0.5)


def test_claim_the_constant_is_what_the_baseline_takes_away():
    found = shown()
    score, left = found.variances["score"][0], found.variances["baselined"][0]
    assert found.from_mean == pytest.approx(score - left, rel=0.05)


def test_claim_the_kl_needs_no_draw():
    q = torch.distributions.Normal(shown().draws.mu, shown().draws.sigma)
    exact = torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).sum().item()
    assert shown().kl == shown(seed=3).kl == pytest.approx(exact, abs=1e-4)


def test_claim_z_is_the_sum_that_the_formula_shows():
    said = STEPS[0].say(DEFAULTS)
    assert all(f"{{{number}}}" in said for number in ("-1.61", "-1.51", "0.09", "-1.13"))
    assert pytest.approx(-1.61, abs=0.005) == -1.51 + 0.0906 * -1.1258
    assert STEPS[0].say(DEFAULTS | {"draw": 1}) != said


def test_the_goals_can_be_met():
    close, few = GOALS
    view = DEFAULTS | {"part": "clouds"}
    assert close.met(view | {"k": SIZES[-1]}) and not close.met(view)
    assert few.met(view | {"run": RING, "angle": 225}) and not few.met(view)


@pytest.mark.parametrize("step", ["kl", "score", "baseline", "ring"])
def test_an_answer_changes_the_picture(step):
    at = open_page(PAGE, {"step": step})
    before = [each.proto.json for each in at.get("bidi_component")]
    at.button(key=f"{PAGE}.option{NOT_SURE}").click().run()
    assert [each.proto.json for each in at.get("bidi_component")] != before


def test_the_next_draw_moves_on_and_keeps_the_means():
    at = open_page(PAGE, {"draw": "1999"})
    before = figures(at)
    at = press(at, "reparameterization.next")
    assert link_of(at) == {"step": "explore"}
    assert figures(at) == before


@pytest.mark.parametrize(
    "query",
    [
        {"image": "7", "seed": "3", "pair": "axis1", "score": "baseline", "k": "5"},
        {"run": "ring-2d", "angle": "95", "pair": "logvar"},
        {"part": "variance"},
    ],
)
def test_the_code_of_another_view_prints_its_numbers(query):
    assert check_twin(PAGE, query)


def test_numbers_have_three_digits():
    assert [three_digits(value) for value in (2935412.3, 1474.6, 0.05234, 4.515)] == [
        "2,940,000",
        "1,470",
        "0.0523",
        "4.51",
    ]


def test_the_cloud_is_centred_on_the_exact_gradient():
    estimates = np.array([[0.0, 5.0], [2.0, 9.0], [4.0, 1.0]])
    cloud = sketches.cloud_sketch("score", estimates, np.array([2.0, 5.0]), np.array([3.0, 6.0]), ("a", "b"), marked=1)
    assert (cloud.x.low, cloud.x.high, cloud.y.low, cloud.y.high) == (-1.0, 5.0, -1.0, 11.0)
    marked = cloud.layers[-1]
    assert (marked["x"], marked["y"]) == ([2.0], [9.0])


def test_many_estimates_are_thinned_out_but_for_the_marked_one():
    estimates = np.arange(4000.0).reshape(2000, 2)
    cloud = sketches.cloud_sketch("pathwise", estimates, estimates[0], np.ones(2), ("a", "b"), marked=1)
    assert [len(layer["x"]) for layer in cloud.layers if layer["kind"] == "dots"] == [sketches.MOST_DOTS, 1]


def test_a_cloud_has_three_round_ticks():
    assert sketches.ticks(170.0) == [(-100.0, "−100"), (0.0, "0"), (100.0, "100")]
    assert [value for value, _ in sketches.ticks(29.0)] == [-20, 0, 20]
    assert sketches.ticks(4000.0)[2] == (2000.0, "2,000")


def test_variance_lines_fall_by_one_power_in_one_power():
    measured = {kind: [1000.0, 100.0, 10.0] for kind in sketches.CURVES}
    lines = [trace for trace in sketches.variance_chart((1, 10, 100), measured, 400).data if trace.mode == "lines"]
    assert [list(line.y) for line in lines] == [[1000.0, 100.0, 10.0]] * 3
