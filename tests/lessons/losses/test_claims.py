"""What the steps on reconstruction losses say, against what the page computes."""

import math

import pytest
import torch

from tests.app.pages import open_page
from vaedemo.app.lessons.losses import axes, density, grey, levels, pixel_controls, sentences
from vaedemo.app.lessons.losses.steps import GOALS, STEPS
from vaedemo.probability.likelihoods import CLASSES
from vaedemo.probability.losses import gaussian_objective

DEFAULTS = {
    parameter.name: parameter.default
    for parameter in (*pixel_controls.PARAMETERS, *levels.PARAMETERS, *axes.PARAMETERS)
} | {"part": "pixel"}
BY_NAME = {step.name: step for step in STEPS}


def view(name: str, **changed) -> dict:
    return DEFAULTS | BY_NAME[name].view | changed


def start(name: str) -> dict:
    return view(name) | BY_NAME[name].ask.start


@pytest.mark.parametrize("variance", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("x", [0.0, 0.4, 0.75])
def test_claim_the_squared_error_is_minus_log_of_a_gaussian(x, variance):
    mistake, constant = density.terms(view("gaussian", x=x, variance=variance))
    normal = torch.distributions.Normal(torch.tensor(0.4, dtype=torch.float64), variance**0.5)
    assert mistake == pytest.approx((x - 0.4) ** 2 / (2 * variance), abs=1e-9)
    assert mistake + constant == pytest.approx(-normal.log_prob(torch.tensor(x, dtype=torch.float64)).item(), abs=1e-9)


def test_claim_the_slide_s_loss_is_this_one_with_variance_1_and_no_constant():
    mistake, _ = density.terms(view("gaussian", variance=1.0))
    assert mistake == pytest.approx(0.5 * (0.75 - 0.4) ** 2)


@pytest.mark.parametrize("prediction", [0.1, 0.4, 0.9])
def test_claim_the_variance_only_weighs_the_reconstruction_against_the_kl(prediction):
    """σ² (−log p(x|z) + β KL) is the slide's ½(x − x̂)² + β σ² KL, and a constant that no network changes."""
    kl, beta, variance = 3.0, 2.0, 0.1
    mistake, constant = density.terms(view("gaussian", prediction=prediction, variance=variance))
    slide, _ = density.terms(view("gaussian", prediction=prediction, variance=1.0))
    whole = variance * (mistake + constant + beta * kl)
    assert whole == pytest.approx(slide + (beta * variance) * kl + variance * constant)
    assert constant == pytest.approx(density.terms(view("gaussian", prediction=0.5, variance=variance))[1])


def test_claim_a_smaller_variance_raises_the_loss_of_the_same_mistake():
    before, now = start("sigma"), view("sigma")
    assert now["x"] - now["prediction"] == pytest.approx(0.35)
    assert (now["x"] - now["prediction"]) / now["variance"] ** 0.5 == pytest.approx(3.5)
    losses = [density.loss_of(each["x"], each["prediction"], each["variance"]) for each in (before, now)]
    assert losses[0] < losses[1]
    assert [f"{loss:.2f}" for loss in losses] == ["0.98", "4.74"]


def test_claim_a_loss_may_be_negative_because_the_density_is_above_1():
    _, least = density.terms(view("sigma"))
    assert least < 0 and math.exp(-least) > 1


def test_claim_the_categorical_sees_the_true_level_alone():
    before, now = start("categorical"), view("categorical")
    assert levels.true_level(now) == 2
    assert levels.favoured(2, 4, "next") == 3 and levels.favoured(2, 4, "far") == 0
    assert levels.loss_of(before) == pytest.approx(levels.loss_of(now), abs=1e-12)
    assert levels.loss_of(now) == pytest.approx(-math.log(0.4))
    assert levels.squared_error(before) < levels.squared_error(now)


@pytest.mark.parametrize("rest", levels.RESTS)
@pytest.mark.parametrize("count", range(2, 9))
@pytest.mark.parametrize("x", [0.0, 0.5, 1.0])
def test_the_levels_have_a_distribution_with_p_on_the_true_one(x, count, rest):
    values = view("categorical", x=x, levels=count, rest=rest)
    p = levels.probabilities(values)
    assert p.sum().item() == pytest.approx(1) and (p > 0).all()
    assert p[levels.true_level(values)].item() == pytest.approx(0.4)


def test_claim_a_perfect_grey_copy_costs_its_entropy_which_is_the_least():
    x = view("grey")["x"]
    assert grey.cross_entropy(x, x) == pytest.approx(grey.entropy(x))
    assert f"{grey.entropy(x):.2f}" == "0.56"
    assert all(grey.cross_entropy(x, each / 100) >= grey.entropy(x) - 1e-12 for each in range(1, 100))


def test_claim_only_black_and_white_can_reach_0():
    assert grey.entropy(0.0) == pytest.approx(0, abs=1e-6) and grey.entropy(1.0) == pytest.approx(0, abs=1e-6)
    assert all(grey.entropy(each / 20) > 0.19 for each in range(1, 20))


def test_claim_the_continuous_bernoulli_s_mean_is_nearer_to_a_half_than_its_parameter():
    grid = torch.linspace(0, 1, 20_001, dtype=torch.float64)
    for shape in [each / 100 for each in range(1, 100) if each != 50]:
        constant, mean = grey.continuous(shape)
        assert abs(mean - 0.5) < abs(shape - 0.5)
        assert (mean - 0.5) * (shape - 0.5) > 0
        plain = shape**grid * (1 - shape) ** (1 - grid)
        assert torch.trapezoid(plain, grid).item() == pytest.approx(1 / constant, rel=1e-4)
        assert torch.trapezoid(constant * plain * grid, grid).item() == pytest.approx(mean, rel=1e-4)
        assert 1 / constant < 1


def test_claim_most_of_the_area_lies_below_the_parameter_and_a_third_below_a_half():
    constant, _ = grey.continuous(0.75)
    grid = torch.linspace(0, 0.75, 2_001, dtype=torch.float64)
    assert torch.trapezoid(constant * 0.75**grid * 0.25 ** (1 - grid), grid).item() > 0.5
    dark = grid[grid <= 0.5]
    assert torch.trapezoid(constant * 0.75**dark * 0.25 ** (1 - dark), dark).item() > 1 / 3


def test_claim_the_mean_over_the_pixels_is_the_variance_784():
    error, kl = torch.tensor([80.0, 20.0, 0.0]).double(), torch.tensor([10.0, 3.0, 5.0]).double()
    ours = 0.5 * error / 784 + kl
    theirs = gaussian_objective(error, kl, 784, noise_variance=784.0)
    assert (theirs - ours).std().item() == pytest.approx(0, abs=1e-9)
    assert axes.threshold(view("mean")) == 784


def test_claim_the_mean_leaves_no_axis_and_the_sum_twelve():
    assert axes.kept(start("mean")).sum().item() == 12
    assert axes.kept(view("mean")).sum().item() == 0
    assert axes.axes_shown(view("mean")).variances[0].item() < 784
    shown = open_page("losses", {"step": "mean"})
    shown.button(key="losses.option2").click().run()
    assert "0 axes instead of 12" in shown.markdown[1].value


def test_claim_every_prediction_is_then_the_mean_image():
    from vaedemo.analysis import linear_vae
    from vaedemo.app import catalogue

    x = catalogue.images("mnist-55k")[0].x
    found = linear_vae.reconstruct(axes.axes_shown(view("mean")), x[:9], 1.0, 784.0)
    mean = (x.double() / 255).mean(0)
    torch.testing.assert_close(found, mean.expand_as(found), rtol=0, atol=1e-6)


def test_a_sentence_holds_where_its_step_says_so():
    for step in STEPS:
        assert step.holds(view(step.name)), step.name
        assert step.say(view(step.name))
    assert not BY_NAME["sigma"].holds(view("sigma", variance=10.0))
    assert not BY_NAME["grey"].holds(view("grey", prediction=0.5))
    assert not BY_NAME["mean"].holds(view("mean", reduction="sum"))


def test_a_formula_s_numbers_are_the_view_s():
    said = sentences.assumed(view("gaussian", variance=0.01, x=0.75, prediction=0.7))
    assert "\\underset{0.75}{x}" in said and "\\underset{0.70}{\\hat x}" in said and "\\underset{0.01}" in said
    assert "= -1.26" in said


def test_both_goals_can_be_reached_and_are_not_met_at_once():
    negative, many = GOALS
    assert not negative.met(DEFAULTS) and not many.met(DEFAULTS)
    assert not negative.met(view("gaussian")) and negative.met(view("gaussian", variance=0.01, prediction=0.75))
    assert not many.met(DEFAULTS | {"part": "axes"}) and many.met(DEFAULTS | {"part": "axes", "axes_variance": 0.01})


def test_the_continuous_bernoulli_s_panel_says_that_its_axis_is_not_the_mean():
    from vaedemo.app.lessons.losses import pixel

    drawn = pixel.panel("continuous_bernoulli", 0.75, 0.4).drawn
    assert "not the mean" in drawn.x.title
    assert all(layer["kind"] != "upright" for layer in drawn.layers), "x is no place on this axis"
    assert CLASSES["continuous_bernoulli"](torch.tensor([0.75]).logit()).mean.item() == pytest.approx(0.59, abs=0.01)
