"""The page on wide codes: the numbers of its three exhibits, and that they say what the page says."""

import numpy as np
import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, link_of, open_page, sentences
from vaedemo.app.lessons.overcomplete import form, sizes
from vaedemo.training import engine, overcomplete

PAGE = "overcomplete"
OWN = {"source": "own", "d": "6", "epochs": "1"}


def percent(text: str) -> float:
    return float(text.split()[0])


@pytest.mark.parametrize(
    "query",
    [
        {"step": "explore"},
        {},
        {"source": "16", "measure": "passed"},
        {"part": "units", "unit": "3", "image": "12"},
        {"part": "units", "kind": "kl", "order": "image", "side": "encoder"},
        {"part": "units", "kind": "l1", "source": "1024"},
        {"part": "noise", "digit": "7", "noise": "12", "draw": "5"},
    ],
)
def test_every_exhibit_s_numbers_are_its_code_s(query):
    check_numbers(PAGE, query)


def test_nets_of_one_s_own_offer_a_training_and_show_it_once_it_is_there():
    at = open_page(PAGE, OWN | {"part": "units"})
    assert not at.exception and sentences(at) == []
    assert "Train 3 models" in [button.label for button in at.button]
    assert figures(at) == {} and "vd.sweep" in code_of(at)
    values = {parameter.name: parameter.default for parameter in form.PARAMETERS} | {"d": 6, "epochs": 1}
    engine.sweep(list(form.configs_of(values).values()))
    for part in ("sizes", "units", "noise"):
        check_numbers(PAGE, OWN | ({"part": part} if part != "sizes" else {}))


def test_without_a_penalty_more_noise_passes():
    shown = figures(open_page(PAGE, {"part": "noise"}))
    assert percent(shown["Passed, no penalty"]) > 1.5 * percent(shown["Passed, KL"])
    assert percent(shown["Passed, no penalty"]) > 1.5 * percent(shown["Passed, L1"])
    assert percent(shown["Error on noise, no penalty"]) < percent(shown["Error on noise, L1"])


def test_a_penalty_keeps_most_units_silent():
    shown = figures(open_page(PAGE, {"measure": "firing"}))
    firing = {kind: percent(shown[f"Fire, {kind}"]) for kind in ("no penalty", "KL", "L1")}
    assert firing["no penalty"] > 128 > 80 > max(firing["KL"], firing["L1"])


def test_a_unit_that_the_nets_do_not_have_is_refused_in_one_sentence():
    at = open_page(PAGE, {"part": "units", "source": "16", "unit": "17"})
    (sentence,) = sentences(at)
    assert sentence.startswith("unit accepts a whole number from 1 to 16 for these nets, or 0 for the most active")
    assert link_of(at) == {"part": "units", "source": "16"}


def test_other_exhibits_keep_their_state():
    at = open_page(PAGE, {"part": "noise", "noise": "3"})
    at.segmented_control(key="overcomplete.part").set_value("units").run()
    assert link_of(at) == {"part": "units", "noise": "3"}
    at.segmented_control(key="overcomplete.part").set_value("noise").run()
    assert at.slider(key="overcomplete.noise").value == 3


@pytest.mark.parametrize("measure", list(sizes.MEASURES))
def test_each_line_ends_at_its_name_within_the_picture(measure):
    drawn = sizes.curves(measure, 16, {"none": 1.0, "kl": 0.5, "l1": 0.1}, is_open=False, tall=400)
    lines = [trace for trace in drawn.data if trace.mode == "lines+markers"]
    named = {note.text for note in drawn.layout.annotations} & set(sizes.NAMES.values())
    assert len(lines) == len(named) == (3 if measure == "firing" else 4)
    low, high = drawn.layout.yaxis.range
    for trace in drawn.data:
        heights = trace.y if measure == "passed" else np.log10(trace.y)
        assert all(low <= each <= high for each in heights)


def test_an_open_question_draws_no_line_that_would_answer_it():
    (share,) = sizes.curves("passed", 0, {}, sizes.ALONE, is_open=True, tall=400).data
    assert max(share.x) == 16
    (error,) = sizes.curves("squared_error", 0, {}, sizes.ALONE, is_open=True, tall=400).data
    assert list(error.y) == [row["squared_error"] for row in overcomplete.read() if row["kind"] == "none"]
    at = open_page(PAGE, {"step": "units"})
    assert any(each.value == "with penalty: **?** of 1,024 fire" for each in at.markdown)


def test_ticks_of_decades():
    ticks = sizes.decades(-1.1, 0.4)
    assert ticks["tickvals"] == pytest.approx([0.1, 0.2, 0.5, 1, 2]) and ticks["ticktext"][1] == "0.2"
    assert sizes.decades(-3.2, 0.1)["ticktext"] == ["0.001", "0.01", "0.1", "1"]
