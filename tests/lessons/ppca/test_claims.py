"""What the steps of the lesson on pPCA say, against the model itself with its full weights."""

import math

import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca import steps, turn
from vaedemo.models import pca
from vaedemo.probability import ppca, ppca_axes

NOISE = 1.0
DEFAULTS = {
    "part": "both",
    "data": "gaussian",
    "lambda1": 9.0,
    "lambda2": 2.0,
    "other": 12,
    "variance": NOISE,
    "theta": 30,
    "beta": 3.0,
}
MEAN = torch.zeros(2, dtype=torch.float64)


def said(name: str, **changes) -> str:
    step = next(each for each in steps.STEPS if each.name == name)
    return step.say(DEFAULTS | step.view | changes)


def measured(eigenvalues: tuple[float, float], degrees: float, beta: float = 1.0) -> tuple[float, float]:
    """The mean log p(x) and the mean ELBO of the examples, from the points and W in the plane itself."""
    variances = torch.tensor(eigenvalues, dtype=torch.float64)
    x, components = ppca_axes.turned_gaussian(variances, ppca_data.EXAMPLES, ppca_data.SEED)
    weights = ppca.rotate(ppca.optimal_weights(components, variances, NOISE, beta), math.radians(degrees))
    bound = ppca.elbo(x, weights, NOISE, MEAN, beta).mean().item()
    return ppca.log_likelihood(x, weights, NOISE, MEAN).mean().item(), bound


def test_claim_log_p_stays_and_the_elbo_meets_it_at_0_and_90_degrees():
    exact, bound = zip(*(measured((9.0, 2.0), degrees) for degrees in (0, 30, 45, 90)), strict=True)
    assert exact == pytest.approx([exact[0]] * 4)
    assert [bound[place] for place in (0, 3)] == pytest.approx([exact[0]] * 2)
    assert f"**{exact[2] - bound[2]:.2f} nats**" in said("answer")
    assert bound[2] < bound[1] < exact[1] - 0.1


def test_claim_with_equal_variances_nothing_is_lost_at_any_angle():
    for degrees in (20, 45, 71):
        exact, bound = measured((steps.EQUAL, steps.EQUAL), degrees)
        assert exact - bound == pytest.approx(0, abs=1e-9)
    assert "**0.00 nats**" in said("round")


def test_claim_at_beta_3_log_p_is_lower_and_the_elbo_lies_under_it_because_q_is_wider():
    (best, same), (exact, bound) = measured((9.0, 2.0), 0), measured((9.0, 2.0), 0, 3.0)
    assert best == pytest.approx(same)
    assert f"**{exact - bound:.2f} nats**" in said("beta") and f"{best - exact:.2f} nats lower" in said("beta")
    variances = torch.tensor([9.0, 2.0], dtype=torch.float64)
    weights = ppca.optimal_weights(torch.eye(2, dtype=torch.float64), variances, NOISE, 3.0)
    x = torch.zeros(1, 2, dtype=torch.float64)
    _, posterior = ppca.posterior(x, weights, NOISE, MEAN)
    _, q = ppca.best_diagonal(x, weights, NOISE, MEAN, 3.0)
    assert q.flatten()[0] > posterior[0, 0]


def test_claim_of_the_digits_12_axes_live_at_beta_1_and_3_at_beta_3():
    x = catalogue.images(steps.DIGITS)[0].as_data().flatten(1).double()
    variances = pca.fit(x, ppca_data.AXES).variances
    assert [int((variances > beta * NOISE).sum()) for beta in (1, 3)] == [12, 3]
    assert "**3** axes are left of 12" in said("digits")


def test_the_ruler_of_equal_variances_has_room_and_the_ghost_of_before():
    flat = turn.gaps(DEFAULTS | {"lambda1": 5.0, "lambda2": 5.0})
    before = turn.gaps(DEFAULTS)
    drawn = turn.over_angles(-4.0, flat, 45, 0.0, before)
    assert drawn.y.low < -4.0 - before.max() and drawn.y.high > -4.0
    assert any(layer.get("text") == "ELBO before" for layer in drawn.layers)


def test_the_goals_can_be_reached_and_are_not_met_at_first():
    wide, alive = steps.GOALS
    assert not wide.met(DEFAULTS | {"part": "bound", "theta": 45})
    assert wide.met(DEFAULTS | {"part": "bound", "theta": 45, "lambda1": 20.0})
    digits = DEFAULTS | {"part": "beta", "data": steps.DIGITS, "beta": 1.0}
    assert not alive.met(digits)
    assert alive.met(digits | {"variance": 0.5})
