"""The page on the bound without a browser: links, the terms, q by hand, and what its code prints."""

import pytest
import torch

from tests.app.pages import figures, link_of, open_page, sentences
from tests.app.test_code_of_view import check_twin
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo import q as elbo_q
from vaedemo.app.lessons.elbo import sketches
from vaedemo.app.shared import twenty
from vaedemo.probability import bounds, streams

ELBO = "elbo"
EXPLORE = {"step": "explore"}
BY_HAND = {"q": "hand", "mu_1": "1.5", "mu_2": "-2", "logvar_1": "-3", "logvar_2": "-4.5"}


def nats(at) -> dict[str, float]:
    """The page's numbers, without their units and errors."""
    return {label: float(value.split()[0]) for label, value in figures(at).items()}


@pytest.mark.parametrize(
    "query",
    [
        {"digit": "14", "q": "best", "slice": "2"},
        BY_HAND,
        {"seed": "7", "present": "1"},
        {"part": "slices"},
        {"part": "draws"},
        {"step": "lines", "line": "2"},
        {"part": "film", "frame": "3"},
    ],
)
def test_a_link_opens_its_view_and_stays(query):
    check_link(ELBO, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("digit", "20", "digit accepts a whole number from 0 to 19"),
        ("q", "posterior", "q accepts one of encoder, best, hand"),
        ("mu_1", "6.5", "mu_1 accepts a number from -6 to 6"),
        ("logvar_2", "nan", "logvar_2 accepts a number from -10 to 2"),
        ("slice", "3", "slice accepts a whole number from 1 to 2"),
        ("line", "7", "line accepts a whole number from 1 to 6"),
        ("frame", "10", "frame accepts a whole number from 0 to 9"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(name, value, words):
    check_refused(ELBO, name, value, words)


@pytest.mark.parametrize(
    "query", [{}, {"digit": "14", "q": "best"}, BY_HAND | {"digit": "3", "seed": "5"}, {"part": "film", "frame": "2"}]
)
def test_its_code_prints_its_numbers(query):
    check_twin(ELBO, query)


@pytest.mark.parametrize("query", [{}, EXPLORE, {"q": "best"}, BY_HAND])
def test_the_terms_add_up_whatever_q_is(query):
    shown = nats(open_page(ELBO, query))
    total = shown["E[log p(x|z)]"] - shown["KL to the prior"] + shown["KL to the posterior"]
    assert total == pytest.approx(shown["log p(x)"], abs=7e-3)  # rounded to a thousandth, the last to a hundredth
    parts = shown.get("Amortization", shown.get("Off the best Gaussian")) + shown["Approximation"]
    assert parts == pytest.approx(shown["KL to the posterior"], abs=7e-3)
    assert shown["KL to the posterior"] > 0
    assert shown["Approximation"] > 0


def test_the_terms_are_those_of_another_quadrature():
    run = elbo_facts.model_run()
    x = twenty.binary()[11:12]
    mu, logvar = torch.tensor([[1.5, -2.0]]), torch.tensor([[-3.0, -4.5]])
    shown = nats(open_page(ELBO, BY_HAND))
    assert shown["ELBO"] == pytest.approx(float(bounds.elbo_hermite(run.model, x, 100, mu, logvar)), abs=5e-3)
    assert shown["log p(x)"] == pytest.approx(float(bounds.log_marginal_grid(run.model, x, points=301)), abs=5e-3)


def test_every_line_of_the_derivation_is_the_same_number():
    """All but the last, which leaves a KL out."""
    at = open_page(ELBO, BY_HAND | {"part": "lines"})
    *values, bound = [each.value for each in at.markdown if each.value.endswith("**") and "−" in each.value]
    shown = {label: f"{value:.2f}".replace("-", "−") for label, value in nats(at).items()}
    assert values == [f"**{shown['log p(x)']}**"] * 5
    assert bound == f"ELBO = **{shown['ELBO']}**"


def test_snapping_and_sliding():
    at = open_page(ELBO, EXPLORE)
    encoder = figures(at)
    at.button(key="elbo.slider.best").click().run()
    assert link_of(at) == {"q": "best"}
    assert figures(at)["Amortization"] == "0.000 nats"
    best = at.slider(key="elbo.slider.mu_1").value

    at.slider(key="elbo.slider.mu_2").set_value(-1.0).run()
    link = link_of(at)
    assert link["q"] == "hand"
    assert float(link["mu_2"]) == -1
    assert float(link["mu_1"]) == pytest.approx(best, abs=0.005)  # what was not moved keeps its own value, unrounded
    assert nats(at)["Off the best Gaussian"] > 10
    assert figures(at)["log p(x)"] == encoder["log p(x)"]
    assert figures(open_page(ELBO, link)) == figures(at)

    at.button(key="elbo.slider.encoder").click().run()
    assert link_of(at) == EXPLORE
    assert figures(at) == encoder


def test_hand_values_of_a_link_that_does_not_ask_for_them_are_dropped():
    at = open_page(ELBO, {"q": "best", "mu_1": "3"})
    assert link_of(at) == {"q": "best"}


def test_the_plane_grows_to_keep_q_in_view():
    at = open_page(ELBO, BY_HAND | {"mu_1": "-5.5"})
    check_whole(at)
    assert nats(at)["KL to the posterior"] > 100


def test_a_dragged_q_stays_within_the_sliders():
    view = {"digit": 11, "q": "encoder", "drawing": ""} | dict.fromkeys(elbo_q.SLIDERS, 0.0)
    run = elbo_facts.model_run()
    facts = elbo_facts.facts(run.digest, run, 11)
    elbo_q.dragged(view, -70.0, 0.12345)
    assert (view["q"], view["mu_1"], view["mu_2"]) == ("hand", -6.0, 0.1235 if view["mu_2"] > 0.1234 else 0.1234)
    assert view["logvar_1"] == pytest.approx(facts.encoder[1][0, 0].item(), abs=1e-4)


def test_the_levels_hold_their_shares_of_the_posterior():
    run = elbo_facts.model_run()
    facts = elbo_facts.facts(run.digest, run, 11)
    density = facts.field**2
    held = [density[density > level**2].sum() / density.sum() for level in facts.levels]
    assert held == pytest.approx(list(elbo_facts.SHARES), abs=0.01)


def test_digits_whose_log_p_may_be_off_are_named(monkeypatch):
    run = elbo_facts.model_run()
    log_marginal, error = twenty.exact(run.digest, run)
    assert error.max() < twenty.LARGEST_ERROR
    assert sentences(open_page(ELBO)) == []
    error = error.clone()
    error[4] = 0.125
    monkeypatch.setattr(twenty, "exact", lambda digest, run: (log_marginal, error))
    (sentence,) = sentences(open_page(ELBO))
    assert sentence == (
        "The quadrature of log p(x) may be off by more than 0.01 nats for number 5 (a 2, up to 0.125 nats)."
    )


def test_what_is_kept_of_a_q_is_that_of_its_digit_its_q_and_its_seed():
    digest, asked = elbo_facts.model_run().digest, (3, (1.5, -2.0), (-3.0, -4.5))
    terms = elbo_facts.terms(digest, *asked)
    assert elbo_facts.terms(digest, *asked) is terms
    for other in ((4, *asked[1:]), (3, (1.6, -2.0), asked[2]), (*asked[:2], (-3.0, -4.0))):
        assert elbo_facts.terms(digest, *other).elbo != terms.elbo
    climbs = [elbo_facts.climb(digest, *asked, 1_000, (1, 50), seed).mean for seed in (0, 1, 0)]
    assert climbs[0] is climbs[2]
    assert not torch.equal(climbs[0], climbs[1])
    run = elbo_facts.model_run()
    x, q = twenty.binary()[3:4], [torch.tensor([values]) for values in asked[1:]]
    weights = streams.gaussian_stream(run.model, x, 1_000, torch.Generator().manual_seed(1), *q).log_weights[0]
    assert torch.equal(streams.climb(weights, (1, 50)).mean, climbs[1])


def test_the_pictures_q_moves_over_parts_that_stay():
    run = elbo_facts.model_run()
    facts = elbo_facts.facts(run.digest, run, 11)
    here, there = (sketches.flat_sum(facts, 1, mu) for mu in (0.5, 0.75))
    assert here.layers[:-1] == there.layers[:-1]
    assert [drawn.layers[-1]["at"] for drawn in (here, there)] == [0.5, 0.75]
    assert sketches.flat_sum(facts, 0, 0.5).readout != here.readout
