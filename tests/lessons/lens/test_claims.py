"""What the lesson on one training step says of the shipped run and of its first weights."""

import math

import numpy as np
import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.lens import facts
from vaedemo.app.lessons.lens.lens import DIGIT
from vaedemo.app.lessons.lens.steps import COIN, GOALS, STEPS, on_encoder
from vaedemo.app.shared import twenty
from vaedemo.probability import gradient_draws, gradients

VIEW = {
    "part": "path",
    "when": "trained",
    "stage": 8,
    "digit": DIGIT,
    "drawing": "",
    "seed": 0,
    "rate": 0.001,
    "beta": 1.0,
    "n": 10,
    "noise": "same",
}
DIGITS = range(twenty.COUNT)
BY_NAME = {step.name: step for step in STEPS}


def view_of(step: str, **changed) -> dict:
    return VIEW | dict(BY_NAME[step].view) | changed


def test_claim_the_step_lowers_the_digit_s_loss():
    step = facts.of(VIEW).step
    assert step.before.loss == pytest.approx(135.5, abs=0.05) and step.after.loss == pytest.approx(121.2, abs=0.05)
    said = BY_NAME["answer"].say(VIEW)
    assert "**135.5 nats**" in said and "**121.2 nats**" in said
    assert not BY_NAME["answer"].holds(VIEW | {"rate": 0.01}), "a step too far is not a fall"


def test_the_digit_is_one_whose_loss_is_ordinary():
    x = twenty.grey()
    losses = catalogue.run(facts.RUN).model.loss(x, None, torch.Generator().manual_seed(0))["total"]
    assert losses.quantile(0.2) < losses[DIGIT] < losses.quantile(0.8)


@pytest.mark.parametrize("digit", DIGITS)
def test_claim_untrained_each_pixel_is_a_coin_toss_and_q_the_prior(digit):
    before = facts.of(view_of("forward", digit=digit)).step.before
    assert pytest.approx(784 * math.log(2)) == COIN
    assert before.reconstruction == pytest.approx(COIN, rel=0.03)
    assert before.kl < 0.05
    assert before.image.min() > 0.25 and before.image.max() < 0.8
    assert before.image.mean() == pytest.approx(0.5, abs=0.02), "about ½"


@pytest.mark.parametrize("digit", DIGITS)
def test_claim_untrained_the_encoder_s_gradient_is_of_the_reconstruction(digit):
    step = facts.of(view_of("back", digit=digit)).step
    recon, kl = on_encoder(step)
    assert recon > 25 * kl
    assert all(layer.kl == 0 for layer in step.layers if layer.name.startswith("decoder"))


def test_claim_a_trained_sigma_balances_both_terms():
    found = facts.balance(view_of("balance"))
    assert ((found.kl > -0.5) & (found.kl < -0.48)).all()
    assert (found.reconstruction > 0).sum() == 39, "of 40: for both axes of nearly every digit"
    assert abs(found.reconstruction.mean() + found.kl.mean()) < 0.02
    untrained = facts.balance(view_of("balance", when="untrained"))
    assert untrained.reconstruction.mean() + untrained.kl.mean() > 2, "before training there is no balance"


def test_the_balance_is_that_of_drawn_epsilon_too():
    """The quadrature against the mean over 4,000 draws, by the gradient of the decoder."""
    model, x = catalogue.run(facts.RUN).model, twenty.grey()[DIGIT : DIGIT + 1]
    drawn = -gradients.pathwise(model, x, 4000, torch.Generator().manual_seed(3)).double()[:, 2:]
    error = (drawn.std(0) / len(drawn) ** 0.5).numpy()
    away = np.abs(drawn.mean(0).numpy() - facts.balance(VIEW).reconstruction[DIGIT])
    assert (away < 4 * error).all() and (error < 0.05).all()


def test_claim_the_reconstruction_is_about_twenty_times_the_kl():
    steps = [facts.of(VIEW | {"digit": digit}).step.before for digit in DIGITS]
    ratio = np.mean([step.reconstruction for step in steps]) / np.mean([step.kl for step in steps])
    assert 15 < ratio < 25
    assert 15 < facts.of(VIEW).step.before.reconstruction / facts.of(VIEW).step.before.kl < 30


def test_claim_on_mu_the_means_of_both_terms_oppose_each_other_for_most_digits():
    model, x = catalogue.run(facts.RUN).model, twenty.grey()
    exact = torch.stack([-gradient_draws.on_grid(model, x[place : place + 1])[:2] for place in DIGITS])
    mu, _ = model.posterior(x)  # the gradient of the KL
    assert ((exact * mu).sum(1) < 0).sum() == 15 and "15 of the twenty" in BY_NAME["balance"].notes


def test_claim_on_mu_one_step_is_far_from_balance():
    """With one ε the gradient of l_recon on μ is many times that of the KL."""
    pulls = [facts.of(VIEW | {"digit": digit}).step.pulls for digit in DIGITS]
    ratios = [(each["reconstruction"].mu.norm() / each["kl"].mu.norm()).item() for each in pulls]
    assert np.median(ratios) > 20


@pytest.mark.parametrize("when", ["trained", "untrained"])
@pytest.mark.parametrize("digit", [0, DIGIT, 13])
def test_claim_adam_moves_weights_equally_far_whatever_their_gradients(when, digit):
    shown = facts.of(VIEW | {"part": "adam", "when": when, "digit": digit})
    assert shown.alike > 0.9
    assert shown.ninety > 30, "the gradients themselves differ much"
    for name in ("encoder", "decoder"):
        size, moved = shown.gradient[name], shown.moved[name]
        assert moved == pytest.approx(size / (size + 1e-8), abs=1e-3)


def test_claim_ten_steps_help_the_digit_and_harm_the_others():
    found = facts.repeated(view_of("others"))
    assert found.own[-1] < found.own[0] / 2 + 5 and found.others[-1] > found.others[0] + 20
    assert BY_NAME["others"].holds(view_of("others"))


@pytest.mark.parametrize("digit", [0, 3, DIGIT, 13])
def test_claim_untrained_they_help_the_others_too(digit):
    view = view_of("others", when="untrained", digit=digit)
    found = facts.repeated(view)
    assert found.others[-1] < found.others[0] - 100
    trained = facts.repeated(view | {"when": "trained"})
    assert trained.others[-1] > trained.others[0]


def test_the_goals_can_be_met():
    (help_others,) = BY_NAME["others"].goals
    assert help_others.met(view_of("others", when="untrained")) and not help_others.met(view_of("others"))
    worse, lower = GOALS
    assert worse.met(VIEW | {"rate": 0.01}) and not worse.met(VIEW)
    assert lower.met(view_of("others")) and not lower.met(view_of("others", n=5)) and not lower.met(VIEW)
