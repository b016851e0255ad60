"""The lecture in its order: the map of its parts, and the index of its slides."""

from itertools import groupby

import streamlit as st

from vaedemo.app.components.lecture_map import Card, lecture_map
from vaedemo.app.lessons import index
from vaedemo.app.shell.guide import href
from vaedemo.app.shell.walk import Stop, walk


def draw_map() -> None:
    """Draw the parts of the lecture as cards with links to the lessons."""
    lecture_map(cards(), key="home.map", label="The map of the lecture")


def cards() -> list[Card]:
    """A card for each section, with its lessons."""
    made = []
    for section in index.SECTIONS:
        pages = {entry.name: entry.title for entry in index.LESSONS if entry.section == section}
        if index.HOME.name not in pages:
            made.append(Card(section, [*pages.items()]))
    return made


def draw_index(present: bool) -> None:
    """The index of the slides: the symbols of each, where it abbreviates, and the steps that show it."""
    rows = ["| Slide | On the slide | Where the slide abbreviates | Here |", "|--:|---|---|---|"]
    for number, slide in index.SLIDES.items():
        cells = (str(number), slide.symbols, slide.slips, shown_in(number, present))
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    st.markdown("\n".join(rows))
    handouts = (f"[{each.title}]({href(each.name, False, handout='1')})" for each in index.LESSONS)
    st.markdown(f":small[Hand-outs, for printing: {', '.join(handouts)}.]")


def shown_in(slide: int, present: bool) -> str:
    """The lessons that show a slide, each with links to the steps that do."""
    stops = [stop for stop in walk.stops() if stop.slide == slide]
    return "; ".join(links(name, [*group], present) for name, group in groupby(stops, lambda stop: stop.lesson))


def links(name: str, stops: list[Stop], present: bool) -> str:
    """The title of a lesson and links to these stops of it."""
    lesson = index.BY_NAME[name]
    titles = {step.name: step.title for step in walk.steps_of(name)}
    return f"{lesson.title}: " + ", ".join(
        f"[{titles[stop.step]}]({href(name, present, step=stop.step)})" for stop in stops
    )
