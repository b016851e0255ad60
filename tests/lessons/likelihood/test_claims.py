"""What the steps of the lesson on the likelihood say, against the shipped runs."""

import math

import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import carriers, climbing, draws, grid, needed, steps
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_links import StepTable
from vaedemo.probability import bounds, streams
from vaedemo.rules import one_of, whole
from vaedemo.training import novelty

DEFAULTS = (
    Parameter("part", "both", one_of("both", "needed", "sum", "q", "grid", "likely")),
    twenty.parameter(draws.FIRST_DIGIT),
    Parameter("source", "prior", one_of("prior", "encoder")),
    Parameter("draws", 10_000, draws.count),
    Parameter("seed", draws.FIRST_SEED, whole(0, 99_999)),
    Parameter("collapsed", 0, whole(0, 1)),
    Parameter("by", novelty.LOG_P, one_of(*novelty.SCORES)),
    own_digit.PARAMETER,
)
TABLE = StepTable(steps.STEPS, (), *DEFAULTS)


def view(name: str, **changes) -> dict:
    return TABLE.view_of(name) | changes


def said(name: str) -> str:
    return TABLE.steps[name].say(view(name))


def test_claim_about_e_to_the_kl_draws_are_enough_with_2_axes():
    """For each digit: a tenth of e^KL draws miss log p(x) by more than 2 nats, ten times as many by less than 1."""
    run = catalogue.run("mnist-2d")
    exact = twenty.exact(run.digest, run)[0]
    for digit, found in enumerate(draws.prior_draws(run.digest, run, 0)):
        few, many = (
            min(draws.COUNTS, key=lambda count: abs(math.log(count) - nats))
            for nats in (needed.row(2, digit).needed + math.log(share) for share in (0.1, 10))
        )
        missing = {
            count: float(exact[digit] - found.climb.mean[found.climb.counts.index(count)]) for count in (few, many)
        }
        assert missing[few] > 2 and missing[many] < 1, (digit, missing)


def test_claim_how_many_are_needed():
    assert math.exp(needed.row(2, draws.FIRST_DIGIT).needed) == pytest.approx(300, rel=0.2)
    assert needed.row(20, draws.FIRST_DIGIT).needed / math.log(10) == pytest.approx(11, abs=0.5)
    assert "about **300**" in said("answer") and "about **10¹¹**" in said("answer")
    two, twenty_axes = needed.curves(view("answer"))
    assert abs(two.missing[two.counts.index(1_000)]) < 0.5, "the question says that 1,000 are enough"
    assert twenty_axes.missing[-1] < -20


def test_claim_one_z_has_the_sum_with_20_axes_and_many_share_it_with_2():
    cuts = carriers.cuts_of(view("sum"))
    assert cuts["20"].shares[0] > 0.99 and cuts["2"].shares[0] < 0.1
    half = int((cuts["2"].shares.cumsum(0) < 0.5).sum()) + 1
    assert 5 < half < 100, "with 2 axes some tens, not one and not thousands"
    model, x = catalogue.run("mnist-20d").model, twenty.binary()[draws.FIRST_DIGIT : draws.FIRST_DIGIT + 1]
    estimates = [cuts["20"].estimate]
    for seed in (1, 2, 3):
        weights = streams.prior_stream(model, x, 10_000, torch.Generator().manual_seed(seed)).log_weights[0]
        assert weights.double().softmax(0).topk(3).values.sum() > 0.5, "one, or a few"
        estimates.append(bounds.log_mean_exp(weights).item())
    assert max(estimates) - min(estimates) > 3, f"other draws, another sum: {estimates}"


def test_claim_a_grid_of_2_axes_is_log_p_and_one_of_20_is_too_large():
    model, x = catalogue.run("mnist-2d").model, twenty.binary()[draws.FIRST_DIGIT : draws.FIRST_DIGIT + 1]
    summed = bounds.log_marginal_grid(model, x, points=grid.VALUES, extent=grid.EXTENT, refine=False)
    assert summed.item() == pytest.approx(bounds.log_marginal_grid(model, x).item(), abs=0.02)
    assert grid.points(2) == 10_201 and math.log10(grid.points(20)) == pytest.approx(40, abs=0.5)
    assert "10⁴⁰" in said("grid")


def test_claim_one_z_of_q_gives_the_elbo_more_than_all_random_z():
    found = climbing.found(view("q"))
    x, model = twenty.binary()[draws.FIRST_DIGIT : draws.FIRST_DIGIT + 1], catalogue.run("mnist-20d").model
    elbo = bounds.elbo(model, x, samples=5_000, generator=torch.Generator().manual_seed(5)).item()
    assert found.elbo == pytest.approx(elbo, abs=0.5)
    assert found.elbo - found.prior.mean[-1].item() == pytest.approx(22, abs=0.5) and "22 nats more" in said("q")
    for climb in (found.prior, found.encoder):
        assert (climb.mean.diff() > 0).all(), "the log of a mean rises with K"
    assert found.encoder.mean[-1] < needed.row(20, draws.FIRST_DIGIT).log_marginal


def test_claim_a_collapsed_model_needs_one_z_and_explains_x_worse():
    found = needed.collapsed(view("collapsed"))
    assert needed.draws_in_words(found.needed) == "1"
    model, x = catalogue.run(needed.COLLAPSED).model, twenty.binary()[draws.FIRST_DIGIT : draws.FIRST_DIGIT + 1]
    single = streams.prior_stream(model, x, 500, torch.Generator().manual_seed(3)).log_weights[0].mean().item()
    assert found.log_marginal - single < 0.3
    assert needed.row(2, draws.FIRST_DIGIT).log_marginal > found.log_marginal + 40
    assert catalogue.run(needed.COLLAPSED).config.beta == 50


def test_numbers_of_draws_in_words():
    assert [needed.draws_in_words(math.log(each)) for each in (1.1, 325, 9_400, 60_000, 9e10)] == [
        "1",
        "300",
        "9,000",
        "10⁵",
        "10¹¹",
    ]


def test_the_goals_can_be_reached_and_are_not_met_at_first():
    effective, digit, _ = steps.GOALS
    assert not effective.met(view("explore"))
    assert effective.met(view("explore", source="encoder"))
    assert not digit.met(view("answer"))
    assert digit.met(view("answer", digit=3))
