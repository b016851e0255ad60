"""The index of the slides: all of them, once each, with a link to every step that shows them."""

import re
from urllib.parse import parse_qsl, urlsplit

from tests.app.pages import link_of, open_page, sentences
from vaedemo.app.lessons import index
from vaedemo.app.shell import lecture
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.shell.walk import walk

SLIDES = range(1, 25)
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def shown(query: dict[str, str] | None = None) -> list[list[str]]:
    """The cells of each row of the index on the first page."""
    at = open_page(index.HOME.name, query)
    assert not any("On the slide" in each.value for each in at.markdown), "drawn once it is opened"
    at.session_state["home.slides"] = True
    (table,) = [each.value for each in at.run().markdown if "On the slide" in each.value]
    rows = [re.split(r"(?<!\\)\|", row)[1:-1] for row in table.splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in rows]


def opened(href: str) -> tuple[str, dict[str, str]]:
    """The lesson and the parameters of a relative link."""
    parts = urlsplit(href)
    return parts.path if parts.path != "./" else index.HOME.name, dict(parse_qsl(parts.query))


def test_every_slide_is_there_with_every_stop_of_it():
    rows = shown()
    assert [int(row[0]) for row in rows] == [*SLIDES] == [*index.SLIDES]
    assert all(len(row) == 4 for row in rows)
    linked = [(int(row[0]), *opened(href)) for row in rows for _, href in LINK.findall(row[3])]
    assert linked == [(stop.slide, stop.lesson, {"step": stop.step} if stop.step else {}) for stop in walk.stops()]
    assert all(set(entry.slides) <= set(SLIDES) for entry in index.LESSONS)


def test_no_formula_has_a_bar_that_would_end_its_cell():
    for slide in index.SLIDES.values():
        formulas = re.findall(r"\$[^$]+\$", f"{slide.symbols} {slide.slips}")
        assert not any("|" in formula for formula in formulas)


def test_no_topic_is_listed_twice_in_a_row():
    for row in shown():
        links = LINK.findall(row[3])
        assert len({text for text, _ in links}) == len({href for _, href in links}) == len(links) > 0
        for entry in index.LESSONS:
            assert row[3].count(entry.title) <= 1


def test_each_link_opens_its_stop():
    open_page("taxonomy")  # any page: main hands the steps over
    for stop in dict.fromkeys((stop.lesson, stop.step) for stop in walk.stops() if stop.step):
        lesson, name = stop
        _, query = opened(lecture.href(lesson, False, step=name))
        at = open_page(lesson, query)
        assert not at.exception and sentences(at) == []
        assert at.session_state[f"{lesson}.step"] == name != EXPLORE
        assert at.title[0].value == index.BY_NAME[lesson].title
        assert set(link_of(at)) <= {"step"}


def test_the_links_keep_the_projector_view():
    for row in shown({"step": EXPLORE, "present": "1"}):
        hrefs = [href for _, href in LINK.findall(row[3])]
        assert hrefs and all(opened(href)[1]["present"] == "1" for href in hrefs)


def test_on_the_stage_a_step_of_home_has_no_map():
    at = open_page(index.HOME.name, {"present": "1"})
    assert not any("map" in each.value for each in at.header)
