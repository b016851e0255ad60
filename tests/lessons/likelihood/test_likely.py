"""How likely a blank image, noise, a shoe and a drawing are: the claims of the step, and its picture."""

import itertools
import random

import pytest
import torch

from tests.app.drawn import SEVEN, switch_on
from tests.app.pages import link_of, open_page, sentences
from tests.app.test_code_of_view import check_twin
from tests.lessons.likelihood.test_claims import view
from tests.lessons.test_steps import words
from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import likely, steps
from vaedemo.app.shell.steps import MOST_WORDS
from vaedemo.datasets import drawing
from vaedemo.probability import bounds
from vaedemo.training import novelty

OTHERS = (likely.SHOE, likely.NOISE, likely.BLANK)


def marks(score: str, text: str = "") -> dict[str, likely.Mark]:
    return likely.marks(view("likely", by=score, drawing=text))


def said(score: str, text: str = "") -> str:
    return likely.sentence(view("likely", by=score, drawing=text))


def dot() -> str:
    """A drawing of 3 × 3 white pixels."""
    pixels = torch.zeros(1, 28, 28, dtype=torch.uint8)
    pixels[0, 13:16, 13:16] = 255
    return drawing.write(pixels)


def test_claim_a_blank_image_is_more_likely_than_most_digits_and_than_each_that_is_no_1():
    found, rows = marks(novelty.LOG_P), likely.rows(novelty.LOG_P)
    blank = found[likely.BLANK]
    assert blank.nats > max(row.nats + 1 for row in rows if row.others)
    assert blank.share == pytest.approx(0.95, abs=0.005) and "more than 95% of the test digits" in said(novelty.LOG_P)
    lowest = min(row.nats for row in rows)
    assert found[likely.NOISE].nats < found[likely.SHOE].nats < lowest, "left of all bars"


def test_claim_white_pixels_are_hard_to_predict_and_black_ones_are_easy():
    model, x = catalogue.run(novelty.DIGITS).model, catalogue.images("mnist-55k")[0].as_data("binary")[::50]
    cost = -model.decode(model.encode(x).mean).log_prob(x).reshape(x.shape)
    assert cost[x == 1].mean() > 5 * cost[x == 0].mean()


def test_claim_by_the_elbo_a_blank_image_is_an_average_digit():
    exact, bound = (marks(score)[likely.BLANK] for score in (novelty.LOG_P, novelty.ELBO))
    assert bound.share == pytest.approx(0.5, abs=0.05)
    model = catalogue.run(novelty.DIGITS).model
    x = catalogue.images("mnist-55k")[0].as_data("binary")[::50]
    gaps = bounds.kl_to_posterior(model, x)
    assert exact.nats - bound.nats > gaps.quantile(0.95), "the encoder misses it by more than it misses digits"


def test_claim_two_models_tell_all_three_from_digits_and_one_score_alone_does_not():
    found, rows = marks(novelty.RATIO), likely.rows(novelty.RATIO)
    assert abs(found[likely.BLANK].nats) < 5, "as easy for a VAE of clothes"
    assert 1 - found[likely.BLANK].share == pytest.approx(0.99, abs=0.005)
    assert max(found[name].nats for name in (likely.SHOE, likely.NOISE)) < min(row.nats for row in rows)
    assert "99% of the test digits have more" in said(novelty.RATIO)
    goal = steps.GOALS[-1]
    assert [goal.met(view("likely", by=score)) for score in novelty.SCORES] == [False, False, True]


def test_claim_digits_beat_clothes_under_a_vae_of_clothes_on_grey_pixels_alone():
    model = catalogue.run(novelty.CLOTHES).model
    won = {}
    for pixels in ("grey", "binary"):
        digits, clothes = (
            bounds.log_marginal_grid(model, catalogue.images(name)[0].as_data(pixels)[::step])
            for name, step in (("mnist-55k", 40), ("fashion", 5))
        )
        won[pixels] = (digits[:, None] > clothes).double().mean().item()
    assert won == pytest.approx({"grey": 0.59, "binary": 0.26}, abs=0.08)
    assert won["binary"] < 0.5 < won["grey"]


def test_a_drawing_is_scored_as_black_and_white_and_said():
    x = (drawing.read(SEVEN)[None] >= 128).float()
    own = marks(novelty.LOG_P, SEVEN)[likely.OWN]
    exact = bounds.log_marginal_grid(catalogue.run(novelty.DIGITS).model, x, points=301).item()
    assert own.nats == pytest.approx(exact, abs=0.01)
    assert f"Yours has {likely.in_words(novelty.LOG_P, own.nats)}, more than" in said(novelty.LOG_P, SEVEN)
    (goal,) = steps.STEPS[-1].goals
    assert [goal.met(view("likely", drawing=text)) for text in ("", SEVEN, dot())] == [False, False, True]


@pytest.mark.parametrize("text", ["", SEVEN], ids=["without", "drawn"])
def test_each_score_s_sentence_is_short(text):
    assert all(words(said(score, text)) <= MOST_WORDS for score in novelty.SCORES)


def test_images_keep_their_order_and_their_distance():
    draw = random.Random(0)
    for count in (1, 4, 5, 5, 5, 5):
        places = [draw.uniform(-2, 1.2) for _ in range(count)]
        found = likely.spread(places, likely.WIDE)
        assert sorted(range(count), key=found.__getitem__) == sorted(range(count), key=places.__getitem__)
        ends = [likely.WIDE / 2, *sorted(found), 1 - likely.WIDE / 2]
        assert ends[0] <= ends[1] + 1e-9 and ends[-2] <= ends[-1] + 1e-9
        assert all(b - a >= likely.WIDE - 1e-9 for a, b in itertools.pairwise(ends[1:-1]))
    assert likely.spread([0.5, 0.2], likely.WIDE) == [0.5, 0.2], "those with room stay"


def test_the_bars_count_every_digit():
    for score in novelty.SCORES:
        _, ones, rest = likely.binned(score, likely.rows(score))
        assert (sum(ones), sum(rest)) == (500, 4_500)
        assert min(row.nats for row in likely.rows(score)) >= likely.BINS[score][0], "no digit lies left of the axis"
        assert max(row.nats for row in likely.rows(score)) < likely.BINS[score][1]


@pytest.mark.parametrize("query", [{"part": "likely"}, {"part": "likely", "by": "ratio", "drawing": SEVEN}])
def test_its_code_prints_its_numbers(query):
    check_twin("likelihood", query)


def test_a_drawing_of_a_link_is_offered_after_the_answer_and_is_in_this_part_alone():
    at = open_page("likelihood", {"step": "likely", "drawing": SEVEN})
    at.button(key="likelihood.option0").click().run()
    at = switch_on(at, "likelihood")
    assert not at.exception and link_of(at) == {"step": "likely", "drawing": SEVEN}
    at = open_page("likelihood", {"part": "grid", "drawing": SEVEN})
    assert not at.exception and sentences(at) == [] and "drawing" not in link_of(at)
