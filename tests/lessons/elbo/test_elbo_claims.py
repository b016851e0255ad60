"""What the steps of the lesson on the bound claim, against the shipped run and its training."""

import math
from itertools import pairwise
from statistics import median

import pytest
import torch

from tests.app.pages import open_page
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo import film, gap, lines, q, ruler, steps
from vaedemo.app.lessons.elbo.steps import GOALS, STEPS
from vaedemo.app.shared import twenty
from vaedemo.probability.likelihood_matrix import log_likelihood
from vaedemo.training.bound_film import STEPS as FRAMES

ENCODER = {"q": "encoder"} | dict.fromkeys(q.SLIDERS, 0.0)
DEFAULTS = {
    "part": "gap",
    "digit": 11,
    "slice": 1,
    "seed": 0,
    "line": 1,
    "drawing": "",
    "frame": len(FRAMES) - 1,
} | ENCODER


def step(name: str):
    return next(each for each in STEPS if each.name == name)


def view(name: str, **changes) -> dict:
    """The values of a step's own view."""
    return DEFAULTS | step(name).view | changes


def gap_of(digit: int, choice: str = "encoder") -> float:
    return q.terms(DEFAULTS | {"digit": digit, "q": choice}).kl_posterior


def test_the_first_digit_s_gap_is_near_the_median_of_the_twenty():
    gaps = sorted(map(gap_of, range(twenty.COUNT)))
    assert abs(gaps.index(gap_of(steps.DIGIT)) - 9.5) <= 0.5, "one of the two in the middle"
    assert gap_of(steps.DIGIT) == pytest.approx(median(gaps), abs=0.1)


@pytest.mark.parametrize("moved", [{}, {"q": "best"}, {"q": "hand", "mu_1": -1.2, "mu_2": -0.3, "logvar_1": -5.0}])
def test_claim_the_elbo_lies_under_log_p_by_the_gap_and_log_p_stands_still(moved):
    here, there = q.terms(view("answer")), q.terms(view("answer", **moved))
    assert there.log_marginal == here.log_marginal
    assert there.log_marginal - there.elbo == pytest.approx(there.kl_posterior, abs=2e-3)
    assert f"**{there.kl_posterior:.2f} nats**" in step("answer").say(view("answer", **moved))


def test_claim_every_line_but_the_last_has_the_same_value_for_each_q():
    for moved in ({}, {"q": "best"}, {"q": "hand", "mu_1": -0.5, "mu_2": -0.5, "logvar_1": -3.0, "logvar_2": -3.0}):
        *same, bound = (lines.value(view("lines", **moved), place) for place in range(1, 7))
        assert same == pytest.approx([same[0]] * 5, abs=2e-3)
        assert bound < same[0]


def test_claim_what_the_elbo_gains_the_kl_to_the_posterior_loses_and_no_other_term_does():
    before, after = q.terms(view("bound", q="encoder")), q.terms(view("bound"))
    gain = after.elbo - before.elbo
    assert gain > 1
    assert before.kl_posterior - after.kl_posterior == pytest.approx(gain, abs=2e-3)
    assert f"{gain:.2f}" == f"{before.kl_posterior - after.kl_posterior:.2f}", "both are printed as one number"
    assert abs(before.kl_prior - after.kl_prior - gain) > 0.3
    assert before.log_marginal == after.log_marginal


def test_claim_the_kl_to_the_prior_need_not_fall_when_the_elbo_rises():
    rises = [
        q.terms(DEFAULTS | {"digit": digit, "q": "best"}).kl_prior > q.terms(DEFAULTS | {"digit": digit}).kl_prior
        for digit in range(twenty.COUNT)
    ]
    assert any(rises) and not all(rises)


def test_claim_the_elbo_rises_in_training_while_log_p_falls():
    before, after = film.row(steps.TRAINED, steps.FROM), film.row(steps.TRAINED, steps.TO)
    assert after.elbo > before.elbo + 5
    assert after.log_marginal < before.log_marginal - 1
    last = film.row(steps.TRAINED, len(FRAMES) - 1)
    assert last.elbo > after.elbo and last.log_marginal > after.log_marginal, "in the end both have risen"
    said = step("theta").say(view("theta"))
    assert "**7.9 nats**" in said and "**1.6**" in said


def test_the_end_of_the_film_is_the_page_s_own_model():
    for digit in (0, 7, 13):
        shown, row = q.terms(DEFAULTS | {"digit": digit}), film.row(digit, len(FRAMES) - 1)
        assert (row.log_marginal, row.elbo) == pytest.approx((shown.log_marginal, shown.elbo), abs=0.01)


def test_claim_a_q_like_a_point_pays_without_end_and_gains_little():
    values = view("point")
    facts, run = elbo_facts.of(values), elbo_facts.model_run()
    peak = torch.tensor([[values["mu_1"], values["mu_2"]]])
    assert peak[0].tolist() == pytest.approx(facts.mode, abs=0.01)
    best = facts.best[1][0].tolist()
    assert best == pytest.approx([steps.AS_WIDE] * 2, abs=0.5), "it starts about as wide as the best q"
    widths = [steps.AS_WIDE, -7.0, -8.0, -9.0, steps.NARROW]
    narrowing = [q.terms(values | {"logvar_1": width, "logvar_2": width}) for width in widths]
    elbos, prices = [each.elbo for each in narrowing], [each.kl_prior for each in narrowing]
    assert elbos == sorted(elbos, reverse=True)
    # At a tenth of this width and less nothing is left to gain; each halving of σ on both axes costs 2 log 2.
    sharpest = float(log_likelihood(run.model.decode(peak), twenty.binary()[values["digit"]][None])[0, 0])
    assert narrowing[-1].log_likelihood == pytest.approx(sharpest, abs=0.05)
    assert prices[-1] - prices[-2] == pytest.approx(1.0, abs=1e-3), "½ for each unit of log σ² and axis"
    halved = q.terms(values | {"logvar_1": steps.NARROW + math.log(4)})
    assert narrowing[-1].kl_prior - halved.kl_prior == pytest.approx(math.log(2), abs=1e-3)


def test_claim_the_best_upright_gaussian_leaves_a_part_of_the_gap():
    facts = elbo_facts.of(view("do"))
    assert "0.34 nats" in step("do").say(view("do"))
    assert 0.3 < facts.log_marginal - facts.best_elbo < steps.ENOUGH < gap_of(steps.TASK)


def test_the_goals_can_be_met_and_are_not_met_at_first():
    (near,) = step("do").goals
    assert not near.met(view("do"))
    best = elbo_facts.of(view("do")).best[0][0].tolist()
    moved = dict(zip(("mu_1", "mu_2"), best, strict=True))
    encoder = dict(zip(("logvar_1", "logvar_2"), q.numbers(view("do"))[1], strict=True))
    assert near.met(view("do", q="hand", **moved, **encoder)), "the sliders of the mean are enough"
    assert not any(goal.met(DEFAULTS) for goal in GOALS)
    assert GOALS[0].met(DEFAULTS | {"digit": 15}) and GOALS[1].met(DEFAULTS | {"digit": 15, "q": "best"})
    assert [digit for digit in range(20) if gap_of(digit) > 20] == [15], "it is one of the two 7s"


def test_a_sentence_greys_for_a_view_of_which_it_is_not_said():
    for each in STEPS:
        assert each.holds(view(each.name))
        assert not each.holds(view(each.name, part="draws"))
    assert not step("theta").holds(view("theta", frame=0))
    assert not step("point").holds(view("point", logvar_1=-5.0))


@pytest.mark.parametrize("terms", [False, True])
def test_the_ruler_s_ends_stay_while_q_moves_and_hold_every_digit(terms):
    for digit in range(twenty.COUNT):
        facts = elbo_facts.of(DEFAULTS | {"digit": digit})
        low, high = ruler.ends(facts, digit, terms=terms)
        encoder = q.terms(DEFAULTS | {"digit": digit})
        assert low < encoder.elbo < encoder.log_marginal < high
        assert not terms or low < encoder.log_likelihood < high


def test_labels_of_the_ruler_do_not_touch():
    labels = [ruler.Label(at, str(at), "text") for at in (3.0, 3.01, 9.99, 3.02, 0.0)]
    placed = ruler.apart(labels, 0.0, 10.0)
    assert [label.text for label in placed] == ["0.0", "3.0", "3.01", "3.02", "9.99"]
    heights = [label.at for label in placed]
    assert all(b - a >= ruler.LINE * 10 - 1e-9 for a, b in pairwise(heights))
    assert heights[0] > 0 and heights[-1] < 10


def test_stripes_stay_in_their_rectangle():
    _, stripes = ruler.hatched((1.0, 2.0), (-5.0, -3.2), 0.5)
    for axis, (low, high) in {"x": (1, 2), "y": (-5, -3.2)}.items():
        inside = [value for value in stripes[axis] if value is not None]
        assert min(inside) >= low - 1e-6 and max(inside) <= high + 1e-6


def test_the_covered_terms_are_not_sent_before_the_answer():
    at = open_page("elbo", {"step": "bound"})
    label = next(each.proto.json for each in at.get("bidi_component") if "A ruler in nats" in each.proto.json)
    assert "log p(x) at" not in label and "q‖p(z|x)" not in label
    assert gap.WITH_TERMS[:2] == ("bound", "point")
