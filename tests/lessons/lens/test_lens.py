"""The lesson on one training step: its numbers against the code that it shows, and its views."""

import json
import struct

import numpy as np
import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page
from tests.app.test_code_of_view import check_twin
from vaedemo.app.lessons.lens import controls, facts, sketches, texts
from vaedemo.app.lessons.lens.steps import STEPS
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.datasets import drawing
from vaedemo.training import repeated_step

PAGE = "lens"
SEVEN = drawing.write(torch.randint(0, 256, (1, 28, 28), generator=torch.Generator().manual_seed(1), dtype=torch.uint8))


@pytest.mark.parametrize(
    "query",
    [
        {"when": "untrained", "digit": "3", "seed": "11", "rate": "0.02", "beta": "5", "stage": "2"},
        {"part": "adam", "when": "untrained"},
        {"part": "balance", "beta": "2"},
        {"part": "repeat", "n": "5", "noise": "new", "digit": "12"},
        {"drawing": SEVEN},
        {"part": "repeat", "n": "2", "drawing": SEVEN, "when": "untrained"},
    ],
)
def test_the_numbers_are_the_code_s(query):
    check_numbers(PAGE, query)


def test_the_code_runs_in_a_process_of_its_own():
    assert check_twin(PAGE, {"part": "repeat", "n": "1"})


def header_of(at) -> dict:
    """What the picture's component was sent."""
    (sent,) = [each.proto for each in at.get("bidi_component") if each.proto.id.endswith("-lens.path")]
    content = sent.bytes
    (length,) = struct.unpack("<I", content[:4])
    return json.loads(content[4 : 4 + length])


@pytest.mark.parametrize(("step", "shown"), [("forward", 4), ("back", 6)])
def test_a_step_sends_no_stage_beyond_its_own_and_a_question_none_beyond_its_start(step, shown):
    at = open_page(PAGE, {"step": step}, numbers=False)
    start = next(each for each in STEPS if each.name == step).ask.start["stage"]
    before = header_of(at)
    assert (before["stage"], len(before["stages"]), before["player"]) == (start, start + 1, False)
    at.button(key=f"{PAGE}.option{NOT_SURE}").click().run()
    after = header_of(at)
    assert (after["stage"], len(after["stages"]), after["player"]) == (shown, shown + 1, True)


def test_a_link_s_stage_does_not_answer_an_open_question():
    header = header_of(open_page(PAGE, {"step": "forward", "stage": "8"}, numbers=False))
    assert header["stage"] == 0 and len(header["stages"]) == 1


def test_a_stage_of_the_link_is_lit():
    at = open_page(PAGE, {"stage": "3"}, numbers=False)
    assert link_of(at) == {"stage": "3"} and at.session_state["lens.step"] == EXPLORE
    header = header_of(at)
    assert header["stage"] == 3 and len(header["stages"]) == 9


def test_the_picture_shows_the_step_s_numbers():
    header, shown = header_of(open_page(PAGE, numbers=False)), figures(open_page(PAGE))
    assert header["lines"]["reconstruction"] == [f"{float(shown['l_recon before'].split()[0]):.1f} nats"]
    last = dict((row[0], row[1:]) for row in header["stages"][8]["table"])
    for name, label in (("l_recon", "l_recon"), ("β · l_KL", "β · l_KL"), ("the loss", "Loss")):
        assert last[name] == [f"{float(shown[f'{label} {when}'].split()[0]):.1f}" for when in ("before", "after")]
    names = [row[0] for row in header["stages"][6]["table"]]
    assert names == ["layer", "encoder 1", "encoder 2", "decoder 1", "decoder 2"]


def test_numbers_have_about_three_digits_and_a_true_minus_sign():
    values = (473.08, 42.04, -1.214, -0.4977, 0.0612, 0.00042, 0.0, -0.0)
    assert [texts.short(value) for value in values] == [
        "473", "42.0", "−1.21", "−0.498", "0.061", "0.00042", "0", "0"
    ]  # fmt: skip
    assert texts.number(-0.004) == "0.00" and texts.number(12345.6, 1) == "12,345.6"


def test_dots_are_spread_evenly_over_the_sizes():
    size = torch.arange(1000.0)
    mask = size >= 500
    chosen = facts.spread(size, mask)
    assert len(chosen) == facts.MOST_DOTS and chosen[0] == 500 and chosen[-1] == 999
    assert (chosen.diff() > 0).all()
    assert facts.spread(size, size >= 990).tolist() == list(range(990, 1000))


def test_the_charts_hold_what_was_computed():
    found = repeated_step.Repeated((3.0, 2.0, 1.0), (4.0, 5.0, 6.0))
    lines = [layer for layer in sketches.repeated_chart(found).layers if layer["kind"] == "line"]
    assert [list(line["y"]) for line in lines] == [[4.0, 5.0, 6.0], [3.0, 2.0, 1.0]]
    balance = facts.Balance(np.full((20, 2), 0.5), np.full((20, 2), -0.25))
    drawn = sketches.balance_chart(balance, [place // 2 for place in range(20)])
    assert [layer["at"] for layer in drawn.layers if layer["kind"] == "level"] == [0, 0.5, -0.25]
    said = [layer["text"] for layer in drawn.layers if layer["kind"] == "words"]
    assert said == ["l_recon: +0.50 on average", "β · l_KL: −0.25 on average"]


def test_explore_shows_the_controls_that_its_exhibit_follows():
    view = {"part": "path"}
    assert set(controls.explored(view)) >= {"when", "rate", "beta", "seed", "digit", "own"}
    assert "rate" not in controls.explored({"part": "balance"})
    assert {"n", "noise"} <= set(controls.explored({"part": "repeat"})) - set(controls.explored(view))
