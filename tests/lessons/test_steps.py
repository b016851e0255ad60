"""What holds of every lesson that is told in steps: short words, fair questions, no answer before it is asked for."""

import importlib
import re

import pytest
from google.protobuf.json_format import MessageToJson

from tests.app.pages import PAGES, link_of, open_page, sentences
from vaedemo.app.lessons import index
from vaedemo.app.shell.step_view import ANSWERS, NOT_SURE
from vaedemo.app.shell.steps import EXPLORE, MOST_WORDS, Step

STEPS = {page: importlib.import_module(f"vaedemo.app.lessons.{page}.steps").STEPS for page in PAGES}
EVERY_STEP = [pytest.param(page, step, id=f"{page}-{step.name}") for page in PAGES for step in STEPS[page]]
QUESTIONS = [pytest.param(page, step, id=f"{page}-{step.name}") for page in PAGES for step in STEPS[page] if step.ask]
LATER = [each for each in QUESTIONS if each.values[1] is not STEPS[each.values[0]][0]]
# Elements and containers of a page's first view in the frame of before.
ELEMENTS_BEFORE = {
    "holes": 53,
    "home": 44,
    "losses": 49,
    "kl": 52,
    "elbo": 58,
    "ring": 58,
    "beta": 44,
    "autoencoder": 50,
    "pca": 36,
    "discriminative": 53,
    "plane": 49,
    "denoising": 44,
    "likelihood": 50,
    "taxonomy": 70,
    "overcomplete": 27,
    "pretraining": 34,
    "gallery": 65,
    "ppca": 59,
    "reparameterization": 56,
    "axes": 41,
    "interpolation": 85,
    "lab": 56,
}


def query_of(page: str, step: Step) -> dict[str, str]:
    """The link of a step; if its question comes with a later part, the link of that part."""
    query = {} if step is STEPS[page][0] else {"step": step.name}
    waits = step.ask and step.reveals and step.reveals.asks_at > 1
    return query | ({step.reveals.name: str(step.reveals.asks_at)} if waits else {})


def words(text: str) -> int:
    """The words of a text without its displayed formulas, symbols and links."""
    return len(
        re.findall(r"[A-Za-z]{2,}|[AaIEVxzqp]\b|\d[\d.]*", re.sub(r"\$\$.*?\$\$|\]\(\w+\)", " ", text, flags=re.DOTALL))
    )


def everything(at) -> str:
    """All that was sent to the browser, of every element, but for the components' style."""
    sent = (element.proto for element in elements(at.main) if getattr(element, "proto", None) is not None)
    texts = "\n".join(MessageToJson(each, ensure_ascii=False) for each in sent)
    return re.sub(r'"cssContent": "(?:[^"\\]|\\.)*"', "", texts)


def own_view(step: Step) -> dict:
    """A step's view, with the parts that are shown when its question is asked."""
    return dict(step.view) | ({step.reveals.name: step.reveals.asks_at} if step.ask and step.reveals else {})


def values_of(at, page: str, step: Step) -> dict:
    return {name: at.session_state[f"{page}.{name}"] for name in step.view}


@pytest.mark.parametrize("page", PAGES)
def test_a_lesson_has_three_to_six_steps_with_names_that_say_something(page):
    steps = STEPS[page]
    assert 3 <= len(steps) <= 6
    assert len({step.title for step in steps}) == len(steps)
    assert all(1 <= words(step.title) <= 5 for step in steps)
    assert {slide for step in steps for slide in step.slides} == set(index.BY_NAME[page].slides)
    assert all(step.notes for step in steps if step.slides)
    # An aside is on no slide, so the walk never comes to it.
    assert steps[0].ask is not None or not index.BY_NAME[page].slides, "the walk starts with a question"


@pytest.mark.parametrize(("page", "step"), EVERY_STEP)
def test_a_step_s_link_opens_it_and_its_words_are_few(page, step):
    at = open_page(page, query_of(page, step))
    assert not at.exception and sentences(at) == []
    assert link_of(at) == query_of(page, step)
    if not step.ask or step is STEPS[page][0]:
        assert values_of(at, page, step) == own_view(step)
    if step.ask and step is not STEPS[page][0]:
        at.button(key=f"{page}.option{NOT_SURE}").click().run()
        said = at.markdown[1].value  # after the verdict
    else:
        said = at.markdown[0].value
    assert 5 <= words(said) <= MOST_WORDS, words(said)
    assert " -" not in re.sub(r"\$\$.*?\$\$", "", said, flags=re.DOTALL), "a minus sign is −"


PARTS = [each for each in EVERY_STEP if each.values[1].reveals]


@pytest.mark.parametrize(("page", "step"), PARTS)
def test_each_part_says_something_else_in_few_words(page, step):
    name, shown = step.reveals.name, range(1, step.reveals.last + 1)
    at = [open_page(page, {"step": step.name, name: str(part)}) for part in shown]
    said = []
    for part, each in zip(shown, at, strict=True):
        assert not each.exception and sentences(each) == []
        assert link_of(each) == {"step": step.name} | ({name: str(part)} if part > 1 else {})
        if step.ask and part >= step.reveals.asks_at:
            each.button(key=f"{page}.option{NOT_SURE}").click().run()
            assert each.session_state[f"{page}.{name}"] == part, "an answer takes no part away"
        said.append(each.markdown[1 if step.ask and part == step.reveals.asks_at else 0].value)
    assert all(5 <= words(each) <= MOST_WORDS for each in said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(("page", "step"), QUESTIONS)
def test_a_question_is_fair(page, step):
    question = step.ask
    assert words(question.text) <= MOST_WORDS
    assert 3 <= len(question.options) <= 4
    assert 0 <= question.right < len(question.options)
    assert len({option.text for option in question.options}) == len(question.options)
    assert all(words(option.feedback) >= 4 for option in question.options)
    assert question.giveaways


def test_the_right_option_is_neither_in_one_place_nor_the_longest():
    questions = [each.values[1].ask for each in QUESTIONS]
    places = [question.right for question in questions]
    assert max(map(places.count, set(places))) <= 0.5 * len(places)
    longest = [max(range(len(each.options)), key=lambda place: len(each.options[place].text)) for each in questions]
    assert sum(place == right for place, right in zip(longest, places, strict=True)) <= 0.5 * len(places)


@pytest.mark.parametrize(("page", "step"), QUESTIONS)
def test_nothing_tells_the_answer_before(page, step):
    query = query_of(page, step) if step is not STEPS[page][0] else walked(page, step)
    at = open_page(page, query)  # with every part open
    assert not at.exception and sentences(at) == []
    assert step.ask.text in everything(at)
    sent = everything(at)
    for giveaway in step.ask.giveaways:
        assert not re.search(rf"(?<![\d.]){re.escape(giveaway)}", sent), giveaway


def walked(page: str, step: Step) -> dict[str, str]:
    """The link of a step in the walk."""
    from vaedemo.app.shell.walk import walk

    open_page("taxonomy")  # any page: main hands the steps over
    (place,) = (place for place, stop in enumerate(walk.stops(), 1) if (stop.lesson, stop.step) == (page, step.name))
    return query_of(page, step) | {"walk": str(place)}


@pytest.mark.parametrize(("page", "step"), LATER)
def test_every_option_moves_the_view_and_says_why(page, step):
    for choice, _ in enumerate(step.ask.options):
        first = choice == 0  # the numbers of the view are the same after each
        at = open_page(page, query_of(page, step), numbers=first)
        at.button(key=f"{page}.option{choice}").click().run()
        assert not at.exception
        sent = everything(at)
        assert step.ask.options[choice].feedback in sent
        assert not first or all(giveaway in sent for giveaway in step.ask.giveaways), "said after, hidden before"
        assert at.session_state[ANSWERS] == {(page, step.name): choice}
        assert values_of(at, page, step) == own_view(step)
        assert link_of(at) == query_of(page, step), "a link carries no answer"


def test_who_is_not_sure_is_told():
    page, step = LATER[0].values
    at = open_page(page, query_of(page, step))
    at.button(key=f"{page}.option{NOT_SURE}").click().run()
    assert step.ask.options[step.ask.right].feedback in everything(at)


@pytest.mark.parametrize("page", PAGES)
def test_explore_shows_goals_and_every_control_of_the_view(page):
    at = open_page(page, {"step": EXPLORE})
    assert not at.exception and sentences(at) == []
    assert everything(at).count("radio_button_unchecked") + everything(at).count("check_circle") >= 2
    assert len(at.slider) + len(at.select_slider) + len(at.get("button_group")) >= 1


@pytest.mark.parametrize(("page", "other"), [
    ("gallery", {"run": "fashion-20d"}), ("plane", {"run": "fashion-20d"}), ("interpolation", {"run": "fashion-20d"}),
    ("beta", {"sweep": "own"}),
])  # fmt: skip
def test_a_goal_about_another_model_is_not_shown(page, other):
    shown, others = (everything(open_page(page, {"step": EXPLORE} | more)) for more in ({}, other))
    count = [each.count("radio_button_unchecked") + each.count("check_circle") for each in (shown, others)]
    assert count == [2, 1 if page == "beta" else 0]


@pytest.mark.parametrize("page", [page for page in PAGES if page in ELEMENTS_BEFORE])
def test_a_rerun_draws_fewer_elements_than_before(page):
    at = open_page(page, numbers=False)
    assert len(list(elements(at.main))) < 0.75 * ELEMENTS_BEFORE[page]


def elements(node):
    """Elements and blocks below a node."""
    for child in node.children.values():
        yield child
        if hasattr(child, "children"):
            yield from elements(child)
