"""Response times of the pages in a real Chromium: every slider of every page, and a click that draws a 10 × 10 grid.

The time runs from the key press or click to the paint of its last change, by the browser's clock, on idle servers. The
text of an input field does not count as a change: Streamlit's number field shows a new seed a frame later, after a
second pass. Each figure is compared with a bare page on a server of the same kind, alternately click by click: a grid
of a hundred images and its button, or a slider and a curve that follows it. The promise limits the ratio of both times.
"""

import statistics
import tempfile
from pathlib import Path

import psutil

from benchmarks import browser
from benchmarks.report import Figure
from benchmarks.sessions import until_at_rest

TITLE = "Click to paint"
FIRST_PRESSES, MORE_PRESSES = 3, 8  # presses of each slider to find the slowest; more presses of that one
WARM_CLICKS, CLICKS = 3, 40  # clicks on the button that draws a grid
MOST_OVER_BARE = {"grid": 2, "slider": 2.5}
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
BARE_SLIDER = """\
import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch


@st.fragment
def curve():
    width = st.slider("Width", 0.1, 3.0, 1.0, step=0.05)
    x = np.linspace(-5, 5, 161)
    lines = [layers.line(x, np.exp(-0.5 * (x / width) ** 2), color="#888888", width=2)]
    sketch(Sketch(Axis("x", -5, 5), Axis("y", 0, 1), lines), key="curve", label="A curve", height=360)


curve()
st.caption("References")
"""
BARE_PAGES = {"grid": BARE, "slider": BARE_SLIDER}
BARE_APP = """\
import streamlit as st
from starlette.middleware import Middleware

from vaedemo.app.components.common.assets import route
from vaedemo.app.server.serve import Gate, lifespan

app = st.App("bare_main.py", lifespan=lifespan, middleware=[Middleware(Gate)], routes=[route()])
"""
BARE_MAIN = """\
import streamlit as st

st.navigation([st.Page("grid.py", default=True), st.Page("slider.py")], position="hidden").run()
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
        bare.with_name("bare_main.py").write_text(BARE_MAIN, encoding="utf-8")
        for name, script in BARE_PAGES.items():
            bare.with_name(f"{name}.py").write_text(script, encoding="utf-8")
        with running_server(Path(folder)) as server, running_server(Path(folder) / "bare", bare) as peer:
            for each in (server, peer):
                until_at_rest(psutil.Process(each.process.pid))
            found = grid_clicks(chromium, f"{server.url}/gallery?step=draw&side=10", peer.url)
            page, alone = browser.visitor(chromium), browser.visitor(chromium)
            open_page(alone, f"{peer.url}/slider")
            for lesson in sorted(LESSONS.glob("*/__init__.py")):
                found += slowest_slider(page, alone, server.url, lesson.parent.name)
            return found


def grid_clicks(chromium, gallery: str, bare: str) -> list[Figure]:
    """The gallery's button that draws 100 new images, alternately with a page that has nothing else."""
    pages = [browser.visitor(chromium) for _ in range(2)]
    ours, alone = ends = [], []
    for page, url in zip(pages, (gallery, bare), strict=True):
        open_page(page, url)
    for _ in range(WARM_CLICKS + CLICKS):
        for page, times in zip(pages, ends, strict=True):
            page.bring_to_front()
            times.append(answer(page, page.get_by_role("button", name="New samples").click))
    for page in pages:
        page.context.close()
    name = "10 × 10 grid"
    over = statistics.median(ours[WARM_CLICKS:]) / statistics.median(alone[WARM_CLICKS:])
    return [
        *quantiles(f"{name}, click to paint", ours),
        *quantiles(f"{name}, alone on a page, click to paint", alone),
        Figure(f"{name}, over the same grid alone", over, "times", f"at most {MOST_OVER_BARE['grid']}"),
    ]


def quantiles(label: str, times: list[float]) -> list[Figure]:
    """The median and the 95th percentile of the times after the warm-up clicks."""
    warm = sorted(times[WARM_CLICKS:])
    return [
        Figure(f"{label}, p50", statistics.median(warm), "ms"),
        Figure(f"{label}, p95", warm[round(0.95 * (len(warm) - 1))], "ms"),
    ]


def slowest_slider(page, alone, url: str, lesson: str) -> list[Figure]:
    """The median of a page's slowest slider, and its ratio to a bare one's; empty for a page without a slider."""
    open_lesson(page, url, lesson)
    page.bring_to_front()
    medians = {}
    for place in range(page.locator(SLIDERS).count()):
        times = [press(page, place, turn) for turn in range(FIRST_PRESSES + 1)][1:]  # the first has cold caches
        if any(times):
            medians[place] = statistics.median(filter(None, times))
    if not medians:
        return []
    slowest = max(medians, key=medians.get)
    label = page.locator(SLIDERS).nth(slowest).get_attribute("aria-label")
    ours, bare = [], []
    for turn in range(MORE_PRESSES):
        for each, place, times in ((page, slowest, ours), (alone, 0, bare)):
            each.bring_to_front()
            times.append(press(each, place, turn))
    median, bare_median = (statistics.median(filter(None, times)) for times in (ours, bare))
    most = f"at most {MOST_OVER_BARE['slider']:g}"
    return [
        Figure(f"{lesson}, slider {label}, p50", median, "ms"),
        Figure(f"{lesson}, over a slider alone", median / bare_median, "times", most),
    ]


def open_lesson(page, url: str, lesson: str) -> None:
    open_page(page, f"{url}/{'' if lesson == 'home' else lesson}")


def open_page(page, url: str) -> None:
    """Open a page, and wait until all of it is on the screen and no animation plays."""
    page.goto(url)
    page.get_by_text("References").first.wait_for()  # the last element of a page
    # Widgets' code is loaded on first use: until then a grey bar is in their place.
    page.wait_for_function("!document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')")
    browser.settle(page)
    # Stop animations, so that only effects of an action count.
    for player in page.get_by_test_id("stMain").get_by_role("button", name="Pause", exact=True).all():
        player.click()
        browser.settle(page)


def press(page, place: int, turn: int) -> float | None:
    """Milliseconds for a press of an arrow key, alternately left and right; None if it changes nothing."""
    page.locator(SLIDERS).nth(place).focus()
    key = "ArrowRight" if turn % 2 == 0 else "ArrowLeft"
    return answer(page, lambda: page.keyboard.press(key))


def answer(page, act) -> float | None:
    """Milliseconds until an action's last change is painted; None if nothing changes."""
    act()
    browser.settle(page)
    return browser.answer_time(page)
