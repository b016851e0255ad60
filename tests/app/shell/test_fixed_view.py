"""A fixed view: a step for somebody who has answered nothing, the same whatever is set, with keys of its own."""

import pytest

from vaedemo.app.shell.fixed_view import FixedView
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.app.shell.steps import Option, Question, Step
from vaedemo.rules import real

ASK = Question("Which?", (Option("this", "", right=True), Option("that", "")), start={"sigma": 0.5})


def words(values) -> str:
    return f"{values['sigma']:g}"


LESSON = SteppedLesson(
    name="kl",
    question="?",
    parameters=(Parameter("sigma", 1.0, real(0.0, 3.0)),),
    steps=(
        Step("first", "The first", {"sigma": 2.0}, words, ask=ASK),
        Step("second", "The second", {"sigma": 3.0}, words, ask=ASK),
        Step("third", "The third", {}, words),
    ),
    controls={},
    picture=lambda view: None,
    work=lambda view: ({}, ""),
    goals=(),
    explained=(),
    references=(),
)


@pytest.mark.parametrize(
    ("step", "sigma", "is_open"), [("first", 2.0, False), ("second", 0.5, True), ("third", 1.0, False)]
)
def test_it_is_where_a_step_or_its_question_begins(step, sigma, is_open):
    view = FixedView(LESSON, step)
    assert view["sigma"] == view.own["sigma"] == sigma and view.step.name == view["step"] == step
    assert view.is_open is is_open
    assert not view.held and not view.walking and not view.is_touched and not view.can_be_led
    assert view.before is None and view.chosen is None
    assert view.values() == {name: view[name] for name in LESSON.table.parameters}


def test_setting_a_value_has_no_effect():
    view = FixedView(LESSON, "third")
    view["sigma"] = 2.5
    assert view["sigma"] == 1.0


def test_each_has_keys_of_its_own():
    keys = {FixedView(LESSON, step.name).key("areas") for step in LESSON.steps}
    assert len(keys) == 3 and "kl.areas" not in keys
