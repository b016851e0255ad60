"""The walk through the slides: all of them, in order, with a stop for every step."""

from tests.app.pages import link_of, open_page, sentences
from vaedemo.app.lessons import index
from vaedemo.app.lessons.index import Entry
from vaedemo.app.shell.steps import Option, Question, Reveal, Step
from vaedemo.app.shell.walk import Stop, Walk, stops, walk

ASK = Question("?", (Option("a", "", right=True), Option("b", "")))


def step(name: str, *slides: int, ask: Question | None = None, reveals: Reveal | None = None) -> Step:
    return Step(name, name, {}, lambda values: "", ask=ask, slides=slides, reveals=reveals)


def test_stops_follow_the_slides_and_leave_asides_out():
    lessons = (
        Entry("told", "A", "Told", "", (1, 4)),
        Entry("other", "A", "Other", "", (2, 4)),
        Entry("aside", "A", "Aside", "", ()),
    )
    lines = Reveal("line", 3)
    steps = {
        "told": (step("one", 1, ask=ASK), step("four", 4, reveals=lines), step("a"), step("five", 4, ask=ASK)),
        "other": (step("two", 2, 4),),
        "aside": (step("none"),),
    }
    assert stops(steps.__getitem__, lessons) == (
        Stop(1, "told", "one", True),
        Stop(2, "other", "two", False),
        Stop(4, "told", "four", False, lines),
        Stop(4, "told", "five", True),
        Stop(4, "other", "two", False),
    )


def test_a_page_alone_has_no_walk():
    assert Walk().stops() == ()


def lecture():
    """The stops of the app; `main` has handed the steps over once a page was opened."""
    open_page("taxonomy")
    return walk.stops()


def test_the_walk_of_the_lecture_passes_every_slide_in_order():
    slides = [stop.slide for stop in lecture()]
    assert slides == sorted(slides) and set(slides) == set(range(1, 25))


def test_every_lesson_with_a_slide_is_passed():
    for entry in index.LESSONS:
        found = [stop for stop in lecture() if stop.lesson == entry.name]
        assert {stop.slide for stop in found} == set(entry.slides)


def test_a_stop_s_link_opens_the_stop():
    found = list(enumerate(lecture(), 1))
    asked = [each for each in found if each[1].step]
    for place, stop in (found[2], *asked[::3], found[-1]):
        query = {"walk": str(place)} | ({"step": stop.step} if stop.step else {})
        at = open_page(stop.lesson, query)
        assert not at.exception and sentences(at) == []
        shown = link_of(at)
        assert shown.pop("walk") == str(place)
        assert shown in ({}, {"step": stop.step})


def test_a_place_past_the_end_is_a_sentence_and_the_first_step():
    at = open_page("taxonomy", {"walk": "99"})
    assert sentences(at) == [f"The walk has {len(lecture())} stops, got walk=99."]
    assert link_of(at) == {}
    at = open_page("kl", {"step": "general", "walk": "99"})
    assert sentences(at) == [f"The walk has {len(lecture())} stops, got walk=99."]
    assert link_of(at) == {}


def test_who_goes_elsewhere_leaves_the_walk():
    (place,) = (place for place, stop in enumerate(lecture(), 1) if (stop.lesson, stop.step) == ("kl", "general"))
    assert link_of(open_page("kl", {"step": "general", "walk": str(place)})) == {"step": "general", "walk": str(place)}
    assert link_of(open_page("kl", {"step": "width", "walk": str(place)})) == {"step": "width"}
    assert link_of(open_page("taxonomy", {"walk": str(place)})) == {}
    at = open_page("ring", {"walk": str(place)})
    assert link_of(at) == {} and at.session_state["ring.t"] == 1.0, "outside the walk a first step shows its result"
