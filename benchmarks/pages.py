"""How fast the pages answer in a real Chromium: every slider of every page, and a click that draws a 10 × 10 grid.

Timed from the key press or click to the paint of the last change it makes, by the browser's own clock, on servers at
rest. The gallery sends the next samples along with those it shows, and the press paints them; what is promised of its
grid is about the rerun all the same, whose last change are the numbers, the code and the samples after these. What an
input field shows is no change to that clock: the seed in its field follows a frame later, for Streamlit's number field
takes a second pass. The paint of what was sent along has a row of its own, as has the same grid on a page that has
nothing else than its button, and sends nothing along, from a server like ours: what a rerun takes that draws a grid
and nothing else.
"""

import statistics
import tempfile
from pathlib import Path

import psutil

from benchmarks import browser
from benchmarks.report import Figure
from benchmarks.sessions import until_at_rest

TITLE = "Click to paint"
FIRST_PRESSES, MORE_PRESSES = 3, 8  # of each slider, to find a page's slowest; then of that one
WARM_CLICKS, CLICKS = 3, 40  # on the button that draws a grid
SLIDERS = "[data-testid=stMain] [data-testid=stSlider] :is([role=slider], input[type=range])"
BARE = """\
import numpy as np
import streamlit as st

from vaedemo.app.components.image_grid import image_grid


@st.fragment
def samples():
    st.button("New samples")
    st.session_state.seed = st.session_state.get("seed", 0) + 1
    images = np.random.default_rng(st.session_state.seed).random((100, 1, 28, 28), dtype=np.float32)
    image_grid(images, 10, key="grid", label="Noise", clickable=False)


samples()
st.caption("References")
"""
BARE_APP = """\
import streamlit as st
from starlette.middleware import Middleware

from vaedemo.app.components.common.addresses import route
from vaedemo.app.server.serve import Gate, lifespan

app = st.App("bare_page.py", lifespan=lifespan, middleware=[Middleware(Gate)], routes=[route()])
"""
LESSONS = Path(__file__).parents[1] / "vaedemo" / "app" / "lessons"


def measure() -> list[Figure]:
    from tests.browser.serving import running_server

    with browser.chromium() as chromium, tempfile.TemporaryDirectory() as folder:
        if chromium is None:
            print("No Chromium here: the pages are not measured.")
            return []
        bare = Path(folder) / "bare_app.py"
        bare.write_text(BARE_APP, encoding="utf-8")
        bare.with_name("bare_page.py").write_text(BARE, encoding="utf-8")
        with running_server(Path(folder)) as server, running_server(Path(folder) / "bare", bare) as peer:
            for each in (server, peer):
                until_at_rest(psutil.Process(each.process.pid))
            found = grid_clicks(chromium, f"{server.url}/gallery", peer.url)
            page = browser.visitor(chromium)
            for lesson in sorted(LESSONS.glob("*/__init__.py")):
                found += slowest_slider(page, server.url, lesson.parent.name)
            return found


def grid_clicks(chromium, gallery: str, bare: str) -> list[Figure]:
    """The gallery's button that draws 100 new images, click by click beside a page that has nothing else."""
    pages = {"": browser.visitor(chromium), ", alone on a page": browser.visitor(chromium)}
    grids, ends = ({where: [] for where in pages} for _ in range(2))
    for page, url in zip(pages.values(), (gallery, bare), strict=True):
        open_page(page, url)
    for _ in range(WARM_CLICKS + CLICKS):
        for where, page in pages.items():
            page.bring_to_front()
            ends[where].append(answer(page, page.get_by_role("button", name="New samples").click))
            grids[where].append(browser.answer_time(page, "hundred"))
    for page in pages.values():
        page.context.close()
    return [
        *quantiles("10 × 10 grid, click to paint", ends[""], "at most 50", "at most 80"),
        *quantiles("10 × 10 grid, sent along, press to its paint", grids[""]),
        *quantiles("10 × 10 grid, alone on a page, click to its paint", grids[", alone on a page"]),
    ]


def quantiles(label: str, times: list[float], p50: str = "", p95: str = "") -> list[Figure]:
    """The median and the 95th percentile of what came after the warm clicks, and what was promised of each."""
    warm = sorted(times[WARM_CLICKS:])
    return [
        Figure(f"{label}, p50", statistics.median(warm), "ms", p50),
        Figure(f"{label}, p95", warm[round(0.95 * (len(warm) - 1))], "ms", p95),
    ]


def slowest_slider(page, url: str, lesson: str) -> list[Figure]:
    """The median of a page's slowest slider; nothing for a page without sliders."""
    open_lesson(page, url, lesson)
    medians = {}
    for place in range(page.locator(SLIDERS).count()):
        times = presses(page, place, FIRST_PRESSES + 1)[1:]  # the first finds the caches cold
        if times:
            medians[place] = statistics.median(times)
    if not medians:
        return []
    slowest = max(medians, key=medians.get)
    label = page.locator(SLIDERS).nth(slowest).get_attribute("aria-label")
    times = presses(page, slowest, MORE_PRESSES)
    return [Figure(f"{lesson}, slider {label}, p50", statistics.median(times), "ms", "at most 150")]


def open_lesson(page, url: str, lesson: str) -> None:
    open_page(page, f"{url}/{'' if lesson == 'home' else lesson}")


def open_page(page, url: str) -> None:
    """Go there, and wait until all of it is on the screen and nothing plays."""
    page.goto(url)
    page.get_by_text("References").first.wait_for()  # what a page draws last
    # Widgets are fetched when a page first needs them: until then a grey bar stands in their place.
    page.wait_for_function("!document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')")
    browser.settle(page)
    # What plays on its own would be painted for ever: it is stopped, so that only what a change causes is counted.
    for player in page.get_by_test_id("stMain").get_by_role("button", name="Pause", exact=True).all():
        player.click()
        browser.settle(page)


def presses(page, place: int, count: int) -> list[float]:
    """Milliseconds of so many presses of the arrow keys, there and back; those that change nothing are left out."""
    times = []
    for index in range(count):
        page.locator(SLIDERS).nth(place).focus()
        key = "ArrowRight" if index % 2 == 0 else "ArrowLeft"
        times.append(answer(page, lambda key=key: page.keyboard.press(key)))
    return [milliseconds for milliseconds in times if milliseconds is not None]


def answer(page, act) -> float | None:
    """Milliseconds until an act's last change is painted; None where nothing changes."""
    act()
    browser.settle(page)
    return browser.answer_time(page)
