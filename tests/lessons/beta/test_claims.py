"""What the steps of the β page say, measured on the shipped sweeps."""

import itertools

import numpy as np
import pytest
import torch

from vaedemo.analysis import latent
from vaedemo.app import catalogue
from vaedemo.app.lessons.beta import data, steps
from vaedemo.figures.latent import prior_radius
from vaedemo.training import shipped_runs

SWEEPS = (steps.DIGITS, steps.RING)


@pytest.fixture(scope="module")
def figures():
    return data.shipped(steps.DIGITS).figures


def runs_of(name):
    return [catalogue.run(each) for each in shipped_runs.members(name)]


def said(name):
    """The sentence and the question of a step."""
    (step,) = (step for step in steps.STEPS if step.name == name)
    defaults = {"sweep": steps.DIGITS, "part": "panels", "panels": "4", "a": 7, "b": 5, "c": 3, "d": 1}
    return step.say(defaults | step.view).replace("\u00a0", " "), step.ask.text, defaults | step.view


@pytest.mark.parametrize("name", SWEEPS)
def test_claim_the_kl_rises_with_every_smaller_beta(name):
    kl = [each.test[1] for each in data.shipped(name).figures]
    assert all(before > after for before, after in itertools.pairwise(kl))


@pytest.mark.parametrize("name", SWEEPS)
def test_claim_e_shrinks_and_v_grows_with_every_larger_beta(name):
    found = data.shipped(name).figures
    assert all(before.mean_size > after.mean_size for before, after in itertools.pairwise(found))
    assert all(before.mean_variance < after.mean_variance for before, after in itertools.pairwise(found))


@pytest.mark.parametrize("name", SWEEPS)
def test_claim_at_beta_50_every_x_has_the_same_cloud(name):
    run = runs_of(name)[-1]
    assert run.config.beta == 50
    mu, logvar = run.model.posterior(data.examples(run))
    assert mu.abs().max() < 0.05 and (logvar.exp() - 1).abs().max() < 0.05


def test_claim_at_beta_50_all_copies_are_one_grey_image():
    run = runs_of(steps.DIGITS)[-1]
    x = data.examples(run)
    copies = run.model.reconstruct(x)
    assert copies.std(0).max() < 0.01
    assert (copies.mean(0) - x.mean(0)).abs().mean() < 0.02, "it is the mean image"
    sweep = data.shipped(steps.DIGITS)
    assert sweep.figures[-1].test[0] == pytest.approx(sweep.ceiling, rel=0.01)


def test_claim_copies_are_sharper_at_beta_0_1_than_at_50(figures):
    assert figures[-1].test[0] - figures[1].test[0] > 50, "nats of the reconstruction loss"
    run = runs_of(steps.DIGITS)
    x = data.examples(run[0])
    contrast = [each.model.reconstruct(x).sub(0.5).abs().mean() for each in (run[1], run[-1])]
    assert contrast[0] > contrast[1]


def test_claim_at_beta_0_1_each_digit_has_a_small_cloud_and_47_percent_lie_outside(figures):
    sentence, _, values = said("answer")
    assert figures[1].beta == 0.1 and figures[1].mean_variance < 0.01
    assert round(100 * (1 - figures[1].inside)) == 47 and "**47%** of the codes lie outside" in sentence
    assert steps.falls_to_the_right(values)
    assert not steps.falls_to_the_right(values | {"a": 5}) and not steps.falls_to_the_right(values | {"c": 6})
    assert not steps.falls_to_the_right(values | {"sweep": steps.RING})


def test_claim_a_nat_of_kl_saves_more_than_10_and_less_than_50_nats(figures):
    sentence, question, _ = said("bargain")
    ten, fifty = figures[-2:]
    assert (ten.beta, fifty.beta) == (10, 50)
    kl, saved = ten.test[1] - fifty.test[1], fifty.test[0] - ten.test[0]
    assert 10 < saved / kl < 50
    assert f"rises by {kl:.1f} nats" in question and f"{kl:.1f} nats of KL save **{saved:.0f} nats**" in sentence


def test_claim_further_right_more_kl_saves_little(figures):
    after = [each for each in figures if each.beta <= 2]
    saved = max(each.test[0] for each in after) - min(each.test[0] for each in after)
    assert max(each.test[1] for each in after) - min(each.test[1] for each in after) > 25
    assert saved < 4, "of the 57 nats between the largest and the smallest loss"
    assert figures[-1].test[0] - min(each.test[0] for each in figures) > 50


def test_claim_more_codes_lie_in_the_circle_with_every_larger_beta(figures):
    inside = [each.inside for each in figures]
    assert all(before <= after for before, after in itertools.pairwise(inside)) and inside[0] < inside[1] < inside[2]
    sentence, _, values = said("reach")
    assert figures[steps.BEFORE].beta == 0.1 and figures[values["a"]].beta == 0.01
    assert f"**{inside[0]:.0%}** of the codes" in sentence and f"it was {inside[1]:.0%}" in sentence


def test_claim_almost_all_1s_lie_outside_the_circle_where_random_z_hardly_ever_fall():
    run = runs_of(steps.DIGITS)[0]
    labels = catalogue.images(run.config.dataset)[0].y[: data.EXAMPLES]
    ones = run.model.posterior(data.examples(run))[0][labels == 1]
    assert len(ones) > 80 and (ones.norm(dim=1) > prior_radius(data.CIRCLE)).float().mean() > 0.98
    z = latent.prior_samples(100_000, 2, torch.Generator().manual_seed(0))
    assert (z.norm(dim=1) > prior_radius(data.CIRCLE)).float().mean() == pytest.approx(0.01, abs=0.002)


def test_claim_most_of_the_kl_at_beta_0_01_is_not_information(figures):
    sentence, question, _ = said("parts")
    split = figures[0].split
    assert figures[0].beta == 0.01
    assert split.information <= split.log_count == pytest.approx(np.log(1_000))
    assert split.marginal > 3 * split.information
    assert f"is {split.kl:.0f} nats" in question and f"{split.log_count:.1f}" == "6.9"
    assert f"The other **{split.marginal:.0f} nats**" in sentence


def test_claim_a_hole_costs_little():
    z = latent.prior_samples(200_000, 2, torch.Generator().manual_seed(0))
    hole = z.norm(dim=1) < prior_radius(steps.EMPTY)
    # q is p without the hole: log q/p is −log(1 − share) wherever q has mass.
    assert -np.log(1 - hole.float().mean().item()) == pytest.approx(0.22, abs=0.01)
    assert "0.22" in said("parts")[0]


def test_claim_at_beta_50_the_ring_becomes_its_middle():
    assert steps.distance_to_middle() < 0.05 < 1 < steps.radius() < 1.2
    assert catalogue.images("ring")[0].x.mean(0).norm() < 0.1, "the mean of the data is the middle"
    assert f"**{steps.distance_to_middle():.2f}**" in said("ring")[0]
