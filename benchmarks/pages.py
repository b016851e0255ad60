"""How fast the pages answer in a real Chromium: every slider of every page, and a click that draws a 10 × 10 grid.

Timed from the key press or click to the paint of the last change it makes, by the browser's own clock.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks import browser
from benchmarks.report import Figure

TITLE = "Click to paint"
FIRST_PRESSES, MORE_PRESSES = 3, 8  # of each slider, to find a page's slowest; then of that one
WARM_CLICKS, CLICKS = 3, 40  # on the button that draws a grid
SLIDERS = "[data-testid=stMain] [data-testid=stSlider] :is([role=slider], input[type=range])"
LESSONS = Path(__file__).parents[1] / "vaedemo" / "app" / "lessons"


def measure() -> list[Figure]:
    from tests.browser.serving import running_server

    with browser.chromium() as chromium, tempfile.TemporaryDirectory() as folder:
        if chromium is None:
            print("No Chromium here: the pages are not measured.")
            return []
        with running_server(Path(folder)) as server:
            page = browser.visitor(chromium)
            found = grid_clicks(page, server.url)
            for lesson in sorted(LESSONS.glob("*.py")):
                found += slowest_slider(page, server.url, lesson.stem)
            return found


def grid_clicks(page, url: str) -> list[Figure]:
    """The gallery's button that draws 100 new images."""
    open_lesson(page, url, "gallery")
    button = page.get_by_role("button", name="New samples")
    times = sorted([answer(page, button.click) for _ in range(WARM_CLICKS + CLICKS)][WARM_CLICKS:])
    return [
        Figure("10 × 10 grid, click to paint, p50", statistics.median(times), "ms", "at most 50"),
        Figure("10 × 10 grid, click to paint, p95", times[round(0.95 * (len(times) - 1))], "ms", "at most 80"),
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
    page.goto(f"{url}/{'' if lesson == 'home' else lesson}")
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
