"""What the browser tests read off a page, and how they wait for it."""

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect


def query(page: Page) -> dict[str, str]:
    """The parameters in the address bar."""
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def numbers(page: Page) -> dict[str, str]:
    """The page's numbers, label to value, once they are there and the script has come to its end."""
    part = page.get_by_text("The numbers of this view, and their code")
    part.or_(page.get_by_test_id("stMetric")).first.wait_for()
    if not page.get_by_test_id("stMetric").count():
        part.click()  # a page with steps shows them when they are asked for
    page.get_by_test_id("stMetric").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    pairs = page.evaluate(
        """[...document.querySelectorAll('[data-testid=stMetric]')].map(metric => [
            metric.querySelector('[data-testid=stMetricLabel]').innerText,
            metric.querySelector('[data-testid=stMetricValue]').innerText])"""
    )
    return dict(pairs)


def button(page: Page, name: str) -> Locator:
    """A button of the page itself: Streamlit's header has a Stop of its own."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def box_at_rest(target: Locator, quiet: int = 300) -> dict[str, float]:
    """The box of an element in the window once it has not moved for `quiet` milliseconds, for a mouse that goes there.

    While styles and pictures arrive the page still grows: a press on the place of before would miss. A busy browser
    draws few frames in that time, so ten frames without a move are awaited, too.
    """
    target.scroll_into_view_if_needed()
    target.evaluate(
        """(element, quiet) => new Promise((done) => {
            let [before, since, frames] = ["", 0, 0];
            const look = (now) => {
                const { x, y, width, height } = element.getBoundingClientRect();
                const box = [x, y, width, height].join();
                if (box !== before) [before, since, frames] = [box, now, 0];
                if (now - since >= quiet && ++frames >= 10) done(); else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        })""",
        quiet,
    )
    return target.bounding_box()


def menu(page: Page) -> Locator:
    """The list of pages in the sidebar."""
    return page.get_by_role("navigation", name="The pages of the lecture")


def go_to(page: Page, title: str) -> None:
    """Choose a page in the menu and wait for its title."""
    menu(page).get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def wait_for_query(page: Page, **wanted: str) -> None:
    """Wait until the address bar has these parameters, among others."""
    pattern = "".join(rf"(?=.*[?&]{name}={re.escape(value)}(&|$))" for name, value in wanted.items())
    page.wait_for_url(re.compile(pattern))


def cells(page: Page, label: str) -> Locator:
    """The images of the grid with this label."""
    return page.locator(f"[aria-label='{label}'] .cell")
