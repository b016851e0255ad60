"""A page lives through a quick hand, beside another visitor and a training, and its link brings back what it shows.

`make test` makes one visit to every second page; `make load` makes 14 to each page, which press every slider, field
and button of it.
"""

import random
import time
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.app.pages import PATHS
from tests.browser.fixtures import wait_until_idle
from tests.browser.hand import burst, differences, view_of, widgets
from tests.browser.reading import button
from tests.browser.serving import running_server

VISITS = 14  # a page: 308 in all
SECONDS = 15  # that a page may take to show what its link says
TRAINING = "/lab?network=conv&hidden=32,64&batch_size=16&epochs=200"  # of many minutes
LIMITS = {"VAEDEMO_MAX_SECONDS": "7200", "VAEDEMO_UNWATCHED_MINUTES": "120"}
STATE = "document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState"


@pytest.fixture(scope="module")
def busy_server(tmp_path_factory):
    """A server of its own: what the bursts train and fill lies in nobody else's cache."""
    with running_server(tmp_path_factory.mktemp("bursts"), **LIMITS) as running:
        yield running


@pytest.fixture(scope="module")
def beside(browser, busy_server):
    """Another visitor, who began a training, which goes on, and reads another page meanwhile."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(busy_server.url + TRAINING)
    button(page, "Train").click()
    page.get_by_test_id("stProgress").wait_for()
    page.goto(busy_server.url + "/kl")
    page.get_by_text("References").first.wait_for()
    yield
    assert page.evaluate(STATE) == "CONNECTED"
    page.goto(busy_server.url + TRAINING)
    page.get_by_text("began exactly this training, and it goes on").wait_for()  # all visits were beside it
    page.close()


def leave_training(page: Page) -> None:
    """Stop what the hand has begun to train: its figures would change from look to look."""
    stop = button(page, "Stop")
    if stop.is_visible():
        stop.click()
        expect(stop).to_be_hidden()
        wait_until_idle(page)


def looked_at(page: Page, enough: Callable[[dict, dict | None], bool]) -> dict:
    """What a page shows, looked at again and again until `enough(view, the view before)`, or for SECONDS."""
    deadline, before = time.monotonic() + SECONDS, None
    while True:
        view = view_of(page)
        if enough(view, before) or time.monotonic() > deadline:
            return view
        before = view
        page.wait_for_timeout(300)


def quick_visit(visit, server, path: str, number: int) -> None:
    """Press the `number`-th share of what a page has, and open its link in another browser."""
    page = visit(path, server=server)
    page.get_by_text("References").first.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')")
    found = widgets(page)
    rng = random.Random(zlib.crc32(path.encode()) + number)
    pressed = [burst(page, each, rng) for each in found[number % len(found) :: VISITS]]
    assert any(pressed)
    wait_until_idle(page, quiet=600)
    assert page.evaluate(STATE) == "CONNECTED"
    assert page.get_by_test_id("stException").count() == 0
    leave_training(page)
    shown = looked_at(page, lambda view, before: view == before)
    again = visit(shown["link"], visitor="second", server=server)
    reopened = looked_at(again, lambda view, _: view == shown)
    assert reopened == shown, differences(shown, reopened)


@pytest.mark.parametrize(
    "path", [path if place % 2 == 0 else pytest.param(path, marks=pytest.mark.load) for place, path in enumerate(PATHS)]
)
@pytest.mark.usefixtures("beside")
def test_a_page_lives_through_a_quick_hand(visit, busy_server, path):
    quick_visit(visit, busy_server, path, number=0)


@pytest.mark.load
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("number", range(1, VISITS))
@pytest.mark.usefixtures("beside")
def test_every_part_of_a_page_lives_through_a_quick_hand(visit, busy_server, path, number):
    quick_visit(visit, busy_server, path, number)
