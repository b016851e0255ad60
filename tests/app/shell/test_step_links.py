"""Links of pages with steps: what was written reads back the same, a step costs its name, an answer never travels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import EXPLORE, Option, Question, Reveal, Step
from vaedemo.rules import one_of, real, whole

QUICK = settings(max_examples=300, deadline=None, derandomize=True, database=None)
PARAMETERS = (
    Parameter("part", "pair", one_of("pair", "areas")),
    Parameter("sigma", 1.0, real(0.0, 3.0)),
    Parameter("seed", 0, whole(0, 9)),
)


def question(**start) -> Question:
    return Question("Which?", (Option("this", "", right=True), Option("that", "")), start=start)


def words(values) -> str:
    return "Words."


STEPS = (
    Step("answer", "The answer", {"part": "areas"}, words, ask=question(sigma=2.0)),
    Step("width", "The width", {"part": "areas", "sigma": 2.0}, words, ask=question(sigma=0.5)),
    Step("plain", "Plain", {"seed": 3}, words),
    Step("same", "A question that moves nothing", {"seed": 4}, words, ask=question()),
)
TABLE = StepTable(STEPS, ("sigma", "seed"), *PARAMETERS)


def view(part="pair", sigma=1.0, seed=0, **frame) -> dict:
    base = {"step": "answer", "hide": "", "only": "", "handout": 0, "present": 0, "walk": 0, "room": ""}
    return {"part": part, "sigma": sigma, "seed": seed, **base, **frame}


@pytest.mark.parametrize(
    ("query", "answered", "expected"),
    [
        ({}, (), view("areas")),
        ({"present": "1"}, (), view("areas", present=1)),
        ({"step": "width"}, (), view("areas", 0.5, step="width")),
        ({"step": "width"}, ("width",), view("areas", 2.0, step="width")),
        ({"step": "width"}, ("plain",), view("areas", 0.5, step="width")),
        ({"step": "width", "seed": "2"}, (), view("areas", 2.0, 2, step="width")),
        ({"sigma": "0.3"}, (), view("pair", 0.3, step=EXPLORE)),
        ({"step": EXPLORE}, (), view(step=EXPLORE)),
        ({"walk": "4"}, (), view("areas", 2.0, walk=4)),  # in the walk a first step asks too
        ({"walk": "4"}, ("answer",), view("areas", walk=4)),
        ({"hide": "seed,sigma"}, (), view("areas", hide="seed,sigma")),
        ({"only": "exhibit", "sigma": "2"}, (), view("pair", 2.0, step=EXPLORE, only="exhibit")),
        ({"handout": "1"}, (), view("areas", handout=1)),
        ({"handout": "1", "step": "width", "sigma": "2", "walk": "4"}, (), view("areas", handout=1)),
        ({"handout": "1", "only": "exhibit", "hide": "seed", "present": "1"}, (), view("areas", handout=1)),
        ({"handout": "0", "step": "plain"}, (), view(seed=3, step="plain")),
    ],
)
def test_a_link_is_a_view(query, answered, expected):
    reading = TABLE.read(query, answered)
    assert reading.refusals == [] and reading.values == expected


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"step": "nowhere"}, "step accepts one of answer, width, plain, same, explore, got 'nowhere'."),
        ({"step": "nowhere", "sigma": "2"}, "step accepts one of"),
        ({"step": ""}, "step accepts one of"),
        (
            {"hide": "sigma,all"},
            "hide accepts controls of this page, separated by commas: sigma, seed, got 'sigma,all'.",
        ),
        ({"only": "words"}, "only accepts"),
        ({"handout": "2"}, "handout accepts a whole number from 0 to 1, got 2."),
        ({"handout": "yes"}, "handout accepts"),
        ({"walk": "-1"}, "walk accepts"),
        ({"walk": "1000"}, "walk accepts"),
    ],
)
def test_bad_parts_are_a_sentence_and_the_first_step(query, says):
    reading = TABLE.read(query)
    (sentence,) = reading.refusals
    assert says in sentence
    assert reading.values == view("areas")


def test_a_step_costs_its_name_and_the_first_one_nothing():
    for step in TABLE.steps:
        values = view(**TABLE.view_of(step), step=step)
        assert TABLE.write(values) == ({} if step == "answer" else {"step": step})
    assert TABLE.write(view(step=EXPLORE)) == {"step": EXPLORE}
    assert TABLE.write(view(sigma=2.0, step=EXPLORE)) == {"sigma": "2"}


def test_a_link_carries_no_answer():
    answered = view(**TABLE.view_of("width"), step="width")
    asked = view(**TABLE.view_of("width", is_open=True), step="width")
    assert TABLE.write(answered) == TABLE.write(asked, is_open=True) == {"step": "width"}
    assert TABLE.read(TABLE.write(answered)).values == asked


VIEWS = some.builds(
    view,
    part=some.sampled_from(["pair", "areas"]),
    sigma=some.sampled_from([0.5, 1.0, 2.0, 2.5]) | some.floats(0, 3),
    seed=some.integers(0, 9),
    step=some.sampled_from([*TABLE.steps, EXPLORE]),
    hide=some.sampled_from(["", "sigma", "seed,sigma"]),
    only=some.sampled_from(["", "exhibit"]),
    present=some.integers(0, 1),
    walk=some.integers(0, 200),
)


@QUICK
@given(values=VIEWS, known=some.booleans())
def test_reading_what_was_written_gives_the_same(values, known):
    asks = TABLE.asks(values["step"], bool(values["walk"]))
    answered = (values["step"],) if known else ()
    query = TABLE.write(values, is_open=asks and not known)
    reading = TABLE.read(query, answered)
    assert reading.refusals == [] and reading.values == values


@QUICK
@given(values=VIEWS)
def test_a_touched_view_is_the_same_for_who_has_answered_nothing(values):
    own = {name: values[name] for name in TABLE.own}
    if own != TABLE.view_of(values["step"]):
        assert TABLE.read(TABLE.write(values)).values == values


LINES = Reveal("seed", 3, asks_at=2)


def test_every_part_that_is_revealed_is_a_link():
    lines = Step("lines", "Lines", {"seed": 1}, words, ask=question(), reveals=LINES)
    table = StepTable((STEPS[0], lines), (), *PARAMETERS)
    links = [{"step": "lines"}, {"step": "lines", "seed": "2"}, {"step": "lines", "seed": "3"}]
    for shown, link in enumerate(links, 1):
        for answered in ((), ("lines",)):
            assert table.read(link, answered).values == view(seed=shown, step="lines")
        for is_open in (False, True):
            assert table.write(view(seed=shown, step="lines"), is_open=is_open) == link


@pytest.mark.parametrize(
    ("steps", "parameters", "says"),
    [
        ((), PARAMETERS, "steps need names of their own"),
        ((STEPS[0], STEPS[0]), PARAMETERS, "steps need names of their own"),
        ((Step(EXPLORE, "", {}, words),), PARAMETERS, "other than 'explore'"),
        ((Step("a", "", {"tau": 1}, words),), PARAMETERS, "Step 'a' sets tau, which the page has not."),
        ((Step("a", "", {}, words),), (Parameter("walk", 0, whole(0, 1)),), "belong to the frame: walk"),
        ((Step("a", "", {}, words, reveals=LINES),), PARAMETERS, "Step 'a' begins with one part, seed = 1"),
        ((Step("a", "", {"seed": 1}, words, ask=question(sigma=2.0), reveals=LINES),), PARAMETERS, "also its question"),
    ],
)
def test_a_wrong_lesson_is_refused_when_it_is_made(steps, parameters, says):
    with pytest.raises(ValueError, match=says):
        StepTable(steps, (), *parameters)
