"""A quick hand: it presses sliders, number fields and buttons in bursts, as fast as keys and a mouse go.

A burst goes there and back: what a page showed three runs ago comes again. That is when a browser that keeps messages
was asked for one that it had just dropped.
"""

import json
import random
from dataclasses import dataclass

from playwright.sync_api import Error, Locator, Page

MAIN = "[data-testid=stMain]"
SLIDERS = f"{MAIN} :is([role=slider], input[type=range])"
FIELDS = f"{MAIN} input[type=number]"
# Not among the buttons: an explanation, an opener of a list, and downloads, which change no view.
BUTTONS = f"{MAIN} button:not([aria-label^='Help for'], [aria-label=Open], [data-testid=stDownloadButton] button)"
KEYS = 16
PAUSES = (0, 60, 120, 200)  # milliseconds between two keys, at most; a hand's own unevenness is drawn below them
CLICKS = 5


@dataclass(frozen=True)
class Widget:
    """The `place`-th element of a selector on the page as it was opened."""

    selector: str
    place: int

    def on(self, page: Page) -> Locator:
        return page.locator(self.selector).nth(self.place)


def widgets(page: Page) -> list[Widget]:
    """Everything on the page that can be pressed now."""
    found = []
    for selector in (SLIDERS, FIELDS, BUTTONS):
        all_of_it = page.locator(selector)
        found += [Widget(selector, place) for place in range(all_of_it.count()) if all_of_it.nth(place).is_visible()]
    return found


def burst(page: Page, widget: Widget, rng: random.Random) -> bool:
    """Press one widget quickly; False where an earlier press has taken it off the page."""
    target = widget.on(page)
    try:
        if widget.selector == BUTTONS:
            click(page, target, rng)
        else:
            target.focus(timeout=2_000)
            press(page, rng, ("ArrowRight", "ArrowLeft") if widget.selector == SLIDERS else ("ArrowUp", "ArrowDown"))
    except Error:
        if target.count():
            raise
        return False
    return True


def press(page: Page, rng: random.Random, keys: tuple[str, str]) -> None:
    there, pause = rng.choice((1, 2, 3, 4)), rng.choice(PAUSES)
    for index in range(KEYS):
        page.keyboard.press(keys[(index // there) % 2])
        if pause:
            page.wait_for_timeout(pause * rng.random())


def click(page: Page, target: Locator, rng: random.Random) -> None:
    """Click where the button is, whatever stands there after the first click: as a hand does that does not look."""
    target.scroll_into_view_if_needed(timeout=2_000)
    box = target.bounding_box(timeout=2_000)
    if box is None:
        return
    pause = rng.choice(PAUSES)
    for _ in range(CLICKS):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if pause:
            page.wait_for_timeout(pause * rng.random())


def view_of(page: Page) -> dict:
    """What a page shows that its link must bring back: link, figures, sliders, and the code of the view."""
    shown = page.evaluate(
        """() => {
            const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.innerText.trim());
            return {
                link: location.pathname + location.search,
                title: texts("[data-testid=stMain] h1"),
                figures: texts("[data-testid=stMain] [data-testid=stMetric]"),
                sliders: [...document.querySelectorAll("[data-testid=stMain] [data-testid=stSlider] [role=slider]")]
                    .map((each) => `${each.getAttribute("aria-label")} ${each.getAttribute("aria-valuenow")}`),
            };
        }"""
    )
    code = page.locator(".listing code")
    return shown | {"code": code.first.text_content() if code.count() else ""}


def differences(one: dict, other: dict) -> str:
    """What two views do not share, for a failed test."""
    return json.dumps({part: [one[part], other[part]] for part in one if one[part] != other[part]}, ensure_ascii=False)
