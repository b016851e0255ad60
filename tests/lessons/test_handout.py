"""The hand-out of each lesson in steps: all of its steps, nothing to press, and no answer before the last page."""

import re

import pytest

from tests.app.pages import PAGES, link_of, open_page, script_of, sentences
from tests.lessons.test_steps import STEPS, everything
from vaedemo.app.lessons import index
from vaedemo.app.shell.handout import ANSWERS
from vaedemo.app.shell.steps import Step

WIDGETS = ("button", "button_group", "checkbox", "expander", "multiselect", "number_input", "radio", "select_slider")
WIDGETS += ("selectbox", "slider", "text_input", "toggle")
CHART = '"spec": "{'  # of Plotly
IGNORED = [
    {"only": "exhibit"},
    {"walk": "1"},
    {"present": "1"},
    {"step": "explore"},
    {"hide": ""},
]


@pytest.fixture(scope="module")
def handouts():
    return {page: open_page(page, {"handout": "1"}) for page in PAGES}


def parts(sent: str, steps: tuple[Step, ...]) -> tuple[list[str], str]:
    """What was sent of each step, and of the answers."""
    before, answers = sent.split(f'"body": "{ANSWERS}"')
    places = [before.index(f"[{number} · {step.title}](") for number, step in enumerate(steps, 1)]
    ends = [*places[1:], before.index('"body": "The mathematics"')]
    return [before[start:end] for start, end in zip(places, ends, strict=True)], answers


def asked(page: str) -> list[tuple[int, Step]]:
    """The steps that ask on a hand-out: all that have a question but the first, which answers the page's question."""
    return [(number, step) for number, step in enumerate(STEPS[page], 1) if step.ask and number > 1]


@pytest.mark.parametrize("page", PAGES)
def test_it_has_all_steps_and_nothing_to_press(handouts, page):
    at = handouts[page]
    assert not at.exception and sentences(at) == []
    assert link_of(at) == {"handout": "1"}
    assert [each.value for each in at.title] == [index.BY_NAME[page].title]
    sections, _ = parts(everything(at), STEPS[page])
    for number, (step, section) in enumerate(zip(STEPS[page], sections, strict=True), 1):
        words = step.ask.options[-1].text if step.ask and number > 1 else "$$"
        has_picture = '"componentName": "vaedemo_' in section or "$" in section.split(words)[-1] or CHART in section
        assert has_picture, "a picture, a chart, or formulas"
        assert all(f"{slide}" in section for slide in step.slides)
    for widget in WIDGETS:
        assert len(at.get(widget)) == 0, widget
    assert not at.sidebar.children


@pytest.mark.parametrize("page", PAGES)
def test_a_step_that_asks_has_its_options_and_its_answer_is_at_the_end(handouts, page):
    sections, answers = parts(everything(handouts[page]), STEPS[page])
    for number, step in asked(page):
        question, section = step.ask, sections[number - 1]
        texts = [question.text, *(option.text for option in question.options)]
        assert all(text.replace("\\", "\\\\") in section for text in texts)
        assert [section.index(f"**{letter}**") for letter in "ABC"] == sorted(
            section.index(f"**{letter}**") for letter in "ABC"
        )
        assert not any(option.feedback in section for option in question.options)
        right = question.options[question.right]
        assert f"**{'ABCD'[question.right]}\u2002{right.text}.** {right.feedback}" in answers
        assert all(giveaway in answers for giveaway in question.giveaways)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_tells_an_answer_before(handouts, page):
    """Words that give an answer away stand nowhere before the answers; a number not in the step that asks for it."""
    sections, _ = parts(everything(handouts[page]), STEPS[page])
    for number, step in asked(page):
        for giveaway in step.ask.giveaways:
            pattern = re.compile(rf"(?<![\d.]){re.escape(giveaway)}")
            found = [place for place, section in enumerate(sections, 1) if pattern.search(section)]
            assert number not in found, giveaway
            assert not found or re.fullmatch(r"[−\d.]+", giveaway), (giveaway, found)


@pytest.mark.parametrize("page", PAGES)
def test_its_mathematics_is_the_equations_alone(handouts, page):
    before, _ = everything(handouts[page]).split(f'"body": "{ANSWERS}"')
    mathematics = before.split('"body": "The mathematics"')[1].split('"body": "References"')[0]
    assert mathematics.count("$$") >= 2
    assert "Raises" not in mathematics and "vaedemo." not in mathematics


@pytest.mark.parametrize("query", IGNORED)
def test_the_rest_of_its_link_does_not_count(query):
    at = open_page("kl", {"handout": "1", **query})
    assert sentences(at) == [] and link_of(at) == {"handout": "1"}
    assert f'"body": "{ANSWERS}"' in everything(at)


def test_a_wrong_value_is_a_sentence_and_the_page():
    for value in ("2", "-1", "yes", ""):
        at = open_page("kl", {"handout": value})
        (sentence,) = sentences(at)
        assert sentence.startswith("handout accepts a whole number from 0 to 1")
        assert link_of(at) == {} and len(at.slider) == 2


def test_who_comes_back_from_the_menu_finds_the_page():
    at = open_page("kl", {"handout": "1"})
    at.query_params.clear()
    at.switch_page(script_of("gallery")).run()
    at.switch_page(script_of("kl")).run()
    assert link_of(at) == {} and len(at.slider) == 2


def test_an_answer_of_this_visit_is_not_on_it():
    at = open_page("kl", {"step": "width"})
    at.button(key="kl.option0").click().run()
    at.query_params.clear()
    at.query_params["handout"] = "1"
    at.run()
    sections, _ = parts(everything(at), STEPS["kl"])
    assert STEPS["kl"][1].ask.text in sections[1]
    assert not any(giveaway in sections[1] for giveaway in STEPS["kl"][1].ask.giveaways)
    at.query_params.clear()
    at.query_params["step"] = "width"
    assert "Right: twice the width" in everything(at.run()), "and the answer is kept"


@pytest.mark.parametrize("page", PAGES)
def test_each_lesson_in_steps_links_to_its_hand_out(page):
    path = "./" if page == index.HOME.name else page
    assert f"]({path}?handout=1)" in everything(open_page(page))
    assert "handout=1" not in everything(open_page(page, {"present": "1"}))
