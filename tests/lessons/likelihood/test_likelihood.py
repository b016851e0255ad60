"""The likelihood page without a browser: links, what the numbers say, K at its cap, and what its code prints."""

import pytest
import torch

from tests.app.pages import figures, link_of, open_page, press, sentences
from tests.app.test_code_of_view import check_twin
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import draws, sketches
from vaedemo.app.shared import twenty
from vaedemo.probability import bounds

LIKELIHOOD = "likelihood"


def nats(at) -> dict[str, float]:
    return {label: float(value.split()[0]) for label, value in figures(at).items()}


@pytest.mark.parametrize(
    "query",
    [{"digit": "3", "draws": "1"}, {"source": "encoder", "draws": "100000"}, {"draws": "100000", "present": "1"}],
)
def test_a_link_opens_its_view_and_stays(query):
    check_link(LIKELIHOOD, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("digit", "-1", "digit accepts a whole number from 0 to 19"),
        ("source", "posterior", "source accepts one of prior, encoder"),
        ("draws", "0", "draws accepts one of the slider's steps from 1 to 100,000"),
        ("draws", "1234", "draws accepts one of the slider's steps from 1 to 100,000"),
        ("seed", "1.5", "seed accepts a whole number from 0"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(name, value, words):
    check_refused(LIKELIHOOD, name, value, words)


def test_too_many_draws_are_held_at_the_cap_with_a_word():
    at = open_page(LIKELIHOOD, {"draws": "5000000"})
    check_whole(at)
    assert sentences(at) == ["K is held at 100,000, the most that this page draws."]
    assert link_of(at) == {"draws": "100000"}


@pytest.mark.parametrize("query", [{}, {"part": "q"}, {"digit": "3", "source": "encoder", "draws": "50000"}])
def test_its_code_prints_its_numbers(query):
    check_twin(LIKELIHOOD, query)


def test_the_lesson_holds_for_the_first_view_and_at_the_cap():
    first, last = nats(open_page(LIKELIHOOD)), nats(open_page(LIKELIHOOD, {"draws": "100000"}))
    assert abs(first["Estimate, 2 axes"] - first["Exact log p(x), 2 axes"]) < 0.5
    assert last["Estimate, 20 axes"] < last["ELBO, 20 axes"] - 15
    assert last["ELBO, 20 axes"] < last["IWAE-2,000, 20 axes"]
    assert last["ELBO, 2 axes"] < last["Exact log p(x), 2 axes"]
    assert last["Effective draws, 20 axes"] < 10 < last["Effective draws, 2 axes"]


def test_draws_from_q_land_where_x_is_explained():
    prior = nats(open_page(LIKELIHOOD, {"step": "explore"}))
    q = nats(open_page(LIKELIHOOD, {"source": "encoder"}))
    assert q["Effective draws, 20 axes"] > 3 * prior["Effective draws, 20 axes"]
    assert q["Estimate, 20 axes"] > prior["Estimate, 20 axes"] + 15


def test_the_numbers_are_those_of_the_bounds_own_functions():
    shown = nats(open_page(LIKELIHOOD))
    x = twenty.binary()[13:14]
    model = catalogue.run("mnist-20d").model
    elbo = bounds.elbo(model, x, samples=20_000, generator=torch.Generator().manual_seed(9)).item()
    assert shown["ELBO, 20 axes"] == pytest.approx(elbo, abs=0.3)
    iwae = [
        bounds.iwae(model, x, samples=2000, generator=torch.Generator().manual_seed(seed)).item() for seed in range(8)
    ]
    assert shown["IWAE-2,000, 20 axes"] == pytest.approx(sum(iwae) / 8, abs=1.0)


def test_what_carries_the_sum_adds_up():
    run = catalogue.run("mnist-2d")
    cut = draws.cut(run.digest, run, 13, 0, "prior", 100)
    assert cut.shares.sum().item() == pytest.approx(1)
    assert (cut.shares.diff() <= 0).all()
    assert cut.effective == pytest.approx(1 / cut.shares.square().sum().item())
    assert cut.decoded.shape == (6, 1, 28, 28)
    single = draws.cut(run.digest, run, 13, 0, "prior", 1)
    assert (single.draws, len(single.decoded), single.effective) == (1, 1, pytest.approx(1))
    assert draws.cut(run.digest, run, 13, 0, "encoder", 100_000).draws == draws.MOST_FROM_Q


def test_a_cut_that_is_kept_is_found_again_for_its_own_choices_alone():
    run, other = catalogue.run("mnist-2d"), catalogue.run("mnist-20d")
    places = [(13, 0, "prior", 100), (13, 0, "prior", 200), (13, 0, "encoder", 100), (13, 1, "prior", 100)]
    cuts = [draws.cut(run.digest, run, *place) for place in [*places, (12, 0, "prior", 100)]]
    cuts.append(draws.cut(other.digest, other, *places[0]))
    assert len({each.estimate for each in cuts}) == len(cuts)
    assert draws.cut(run.digest, run, *places[0]) is cuts[0]


def test_both_models_share_their_axes_and_the_plane_has_the_narrowest():
    found = [draws.climbs(run.digest, run, 13, 0) for run in map(catalogue.run, ("mnist-2d", "mnist-20d"))]
    low, high = sketches.nats_range(*found)
    for climbs in found:
        assert low < climbs.elbo < high
        assert low < climbs.reference < high
    assert sketches.shown_axes(found[0]) == (0, 1)
    first, second = sketches.shown_axes(found[1])
    assert first < second
    assert set(found[1].logvar.topk(2, largest=False).indices.tolist()) == {first, second}


def test_other_draws_are_another_link():
    at = open_page(LIKELIHOOD, {"step": "explore"})
    before = figures(at)
    at = press(at, "likelihood.new")
    assert link_of(at) == {"seed": "1"}
    assert figures(at)["Estimate, 20 axes"] != before["Estimate, 20 axes"]
    assert figures(at)["Exact log p(x), 2 axes"] == before["Exact log p(x), 2 axes"]
