"""The lesson on the loss: its numbers against the code that it shows, and what its steps claim of the shipped runs."""

import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, open_page
from vaedemo.app import catalogue
from vaedemo.app.lessons.loss import line
from vaedemo.app.lessons.loss.steps import GOALS, PLAIN, STEPS, STRONG, STRONG_RUN, WEAK, spread

VIEW = {"image": 3027, "t": 0.0, "beta": 1.0}  # the page's default digit
SWEEP = [f"sweep-mnist-{place}" for place in range(1, 9)]  # by rising β


@pytest.mark.parametrize("query", [{}, {"t": "0.5", "beta": "10"}, {"image": "12", "t": "1"}])
def test_the_numbers_are_the_code_s(query):
    check_numbers("loss", query)


def test_the_default_digit_is_near_the_median():
    model = catalogue.run(line.RUN).model
    x = catalogue.images(line.DATASET)[0].as_data()
    totals = -model.elbo(x, generator=torch.Generator().manual_seed(0)).elbo
    median = totals.median().item()
    assert median == pytest.approx(147, abs=1)
    assert line.here(VIEW).total(1) == pytest.approx(median, abs=3)


def test_both_ends_of_the_way_are_known():
    first, *_, last = line.along(VIEW)
    mu, logvar = catalogue.run(line.RUN).model.posterior(line.image(3027))
    assert first.mean == pytest.approx(mu[0].tolist()) and first.variance == pytest.approx(logvar[0].exp().tolist())
    assert last.mean == (0, 0) and last.variance == (1, 1) and last.kl == pytest.approx(0, abs=1e-6)


def test_the_reconstruction_is_the_elbo_s_mean_over_many_z():
    model, x = catalogue.run(line.RUN).model, line.image(3027)
    many = model.elbo(x.expand(4000, *x.shape[1:]), generator=torch.Generator().manual_seed(5)).reconstruction
    error = many.std().item() / line.DRAWS**0.5
    assert line.here(VIEW).reconstruction == pytest.approx(many.mean().item(), abs=4 * error)


def test_claim_half_way_the_sum_is_higher_and_the_encoder_s_q_is_the_best_at_beta_1():
    start, half = line.along(VIEW)[0], line.along(VIEW)[10]
    assert half.kl < start.kl and half.reconstruction - start.reconstruction > 5 * (start.kl - half.kl)
    assert line.least(VIEW) == 0.0


def test_claim_at_a_large_beta_the_sum_is_least_near_the_prior():
    assert line.least(VIEW | {"beta": STRONG}) == 0.8


def test_claim_with_a_larger_beta_codes_gather_and_v_grows():
    found = [spread(name) for name in SWEEP]
    assert [catalogue.run(name).config.beta for name in SWEEP] == [0.01, 0.1, 0.5, 1, 2, 4, 10, 50]
    assert all(near[0] < far[0] for near, far in zip(found[1:], found, strict=False)), "E shrinks"
    assert all(wide[1] > narrow[1] for wide, narrow in zip(found[1:], found, strict=False)), "V grows"
    assert spread(WEAK)[0] > 3 * spread(PLAIN)[0] and spread(WEAK)[1] < spread(PLAIN)[1] / 5
    assert spread(STRONG_RUN)[0] < 0.05 and spread(STRONG_RUN)[1] > 0.99


def test_the_goals_can_be_met_and_are_not_met_at_first():
    assert not any(goal.met(VIEW) for goal in GOALS)
    assert GOALS[0].met(VIEW | {"t": 0.9}) and GOALS[1].met(VIEW | {"beta": 50.0})


def test_the_sum_on_the_page_is_the_sum_of_its_parts():
    shown = figures(open_page("loss", {"t": "0.3", "beta": "5"}))
    recon, kl, total = (float(value.split()[0]) for value in shown.values())
    assert total == pytest.approx(recon + 5 * kl, abs=0.05)


def test_the_sentence_half_way_greys_for_a_digit_of_which_it_is_false():
    (pull,) = [step for step in STEPS if step.name == "pull"]
    assert pull.holds(VIEW | {"t": 0.5})
    other = VIEW | {"t": 0.5, "image": 3072}
    assert line.least(other) > 0 and not pull.holds(other)
