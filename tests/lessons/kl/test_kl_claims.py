"""What the steps of the lesson on the KL claim, against closed forms and sums."""

import math

import pytest
import torch

from vaedemo.app.lessons.kl import integrand, modes
from vaedemo.app.lessons.kl.steps import GOALS, SMALL_SHARE, STEPS


def step(name: str):
    return next(each for each in STEPS if each.name == name)


@pytest.mark.parametrize("e", [-3.0, 0.0, 1.5])
@pytest.mark.parametrize("sigma", [0.2, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("direction", ["qp", "pq"])
def test_claim_kl_is_the_positive_area_minus_the_negative(e, sigma, direction):
    high, low = integrand.areas(e, sigma, direction)
    assert high >= 0 >= low
    assert high + low == pytest.approx(integrand.divergence(e, sigma**2, direction), abs=1e-9)


def test_the_divergence_is_torch_s():
    q, p = (
        torch.distributions.Normal(torch.tensor(m).double(), torch.tensor(s).double())
        for m, s in ((1.5, 0.5), (0.0, 1.0))
    )
    assert integrand.divergence(1.5, 0.25) == pytest.approx(torch.distributions.kl_divergence(q, p).item(), abs=1e-12)
    assert integrand.divergence(1.5, 0.25, "pq") == pytest.approx(
        torch.distributions.kl_divergence(p, q).item(), abs=1e-12
    )


def test_claim_mean_and_width_add_up_and_only_p_itself_costs_nothing():
    for e in (-2.0, 0.3, 1.5):
        for variance in (0.25, 1.0, 4.0):
            parts = integrand.divergence(e, 1.0) + integrand.divergence(0.0, variance)
            assert integrand.divergence(e, variance) == pytest.approx(parts, abs=1e-12)
            assert (parts > 1e-3) == ((e, variance) != (0.0, 1.0))
    assert integrand.divergence(1.5, 1.0) == pytest.approx(1.5**2 / 2)


def test_claim_twice_the_width_costs_more_than_half():
    assert integrand.divergence(0.0, 4.0) > 2 * integrand.divergence(0.0, 0.25)
    assert step("width").ask.options[step("width").ask.right].text == "Twice the width"


def test_claim_the_other_direction_is_larger():
    assert integrand.divergence(0.0, 0.25, "pq") > 2 * integrand.divergence(0.0, 0.25)
    assert step("direction").ask.options[step("direction").ask.right].text == "Larger"


def test_claim_the_search_ends_on_the_mode_where_it_starts_and_the_larger_would_be_cheaper():
    view = step("modes").view
    _, _, fits, _ = modes.fits_of_mixture(view["distance"], view["share"], 1)
    assert fits["right"].mean.item() == pytest.approx(view["distance"] / 2, abs=0.01)
    assert fits["right"].divergence == pytest.approx(-math.log(SMALL_SHARE), abs=2e-3)
    assert fits["left"].divergence == pytest.approx(-math.log(1 - SMALL_SHARE), abs=2e-3)


def test_the_goals_can_be_met_and_are_not_met_at_first():
    first, second = GOALS
    start = {"part": "integrand", "e": 1.5, "sigma": 0.5}
    assert not first.met(start) and not second.met(start)
    assert first.met(start | {"e": 0.0, "sigma": 0.4}) and not first.met(start | {"e": 0.1, "sigma": 0.4})
    assert second.met(start | {"e": 0.0, "sigma": 0.7}) and not second.met(start | {"e": 0.3, "sigma": 0.7})
