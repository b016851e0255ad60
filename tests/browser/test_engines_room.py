"""A student in Firefox or WebKitGTK, in a window as narrow as a phone, in the room of a lecturer in Chromium."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.engines import FAILED, LISTEN, Firefox, complaints, wait_for
from tests.browser.reading import button
from tests.browser.test_room import ASKED, FOLLOWS, RIGHT, WRONG, expect_answered, expect_counts

WIDTH, HEIGHT = 390, 844  # WebKitGTK's window is a little wider
# A script has run to its end, no widget waits for its code, and the first element that matches has not moved for a
# moment: a press will meet it.
RESTS = """const [app, element] = [all("[data-testid=stApp]")[0], all(arguments[0])[0]];
if (app?.dataset.testScriptState !== "notRunning" || all("[data-testid=stSkeleton]").length) return false;
if (!element?.offsetParent) return false;
element.scrollIntoView({ block: "center", behavior: "instant" });
const { x, y, width, height } = element.getBoundingClientRect();
const box = [arguments[0], x, y, width, height].join();
if (window.restingBox !== box) Object.assign(window, { restingBox: box, restsSince: performance.now() });
return performance.now() - window.restsSince > 300;
"""
SAYS = "return all('.room').some((each) => each.innerText.includes(arguments[0]))"
OWN = """return all(".amount .count").map((each) => each.textContent).filter((each) => each.endsWith("you"));"""
CHOSEN = "return all('.choice').findIndex((each) => each.ariaPressed === 'true') === arguments[0]"
ON_STEP = "return location.pathname === '/kl' && location.search.includes('step=' + arguments[0])"
LEAVE = ".bar .quiet"


@pytest.fixture(autouse=True)
def narrow(engine) -> None:
    resize(engine)


@pytest.fixture
def lecturer(visit) -> Page:
    """A lecturer's projector with an open room."""
    page = visit("/kl?present=1")
    button(page, "Open a room").click()
    expect(page.locator(".chip")).to_be_visible()
    return page


def code_of(lecturer: Page) -> str:
    return lecturer.locator(".chip").inner_text().removeprefix("Room ")


def resize(engine) -> None:
    if isinstance(engine, Firefox):
        engine.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    else:
        engine.driver.set_window_size(WIDTH, HEIGHT)


def follow_link(engine, link: str) -> None:
    """As `engine.open`, for a link whose page goes on to another address at once."""
    if isinstance(engine, Firefox):
        engine.open(link)
        return
    engine.run("window.isLeft = true")
    engine.driver.get(link)
    wait_for(engine, f"if (window.isLeft) return false; if (!window.complaints) {{ {LISTEN} }} return true")


def press(engine, selector: str) -> None:
    wait_for(engine, RESTS, selector)
    engine.click(selector)


def type_into(engine, selector: str, text: str) -> None:
    wait_for(engine, RESTS, selector)
    if isinstance(engine, Firefox):
        engine.page.locator(selector).press_sequentially(text)
    else:
        engine.element(selector).send_keys(text)


@contextmanager
def away(engine):
    """A page that is offline for a moment in Firefox, hidden in WebKit: neither driver can do both."""
    if isinstance(engine, Firefox):
        engine.page.context.set_offline(True)
    else:
        engine.driver.minimize_window()
        wait_for(engine, "return document.hidden")
    yield
    if isinstance(engine, Firefox):
        engine.page.context.set_offline(False)
    else:
        resize(engine)
        wait_for(engine, "return !document.hidden")


def choose(engine, place: int) -> None:
    press(engine, f".choice:nth-of-type({place + 1})")
    wait_for(engine, CHOSEN, place)


def expect_no_complaint(engine) -> None:
    assert engine.run(FAILED) == [] and complaints(engine) == []


def test_a_student_comes_by_the_link_votes_twice_and_follows(engine, server, lecturer):
    follow_link(engine, f"{server.url}/?room={code_of(lecturer)}")
    wait_for(engine, SAYS, FOLLOWS)
    wait_for(engine, "return location.pathname === '/kl' && !location.search.includes('room')")
    expect(lecturer.get_by_text("1 here")).to_be_visible()
    button(lecturer, "Next").click()
    choose(engine, WRONG)
    choose(engine, RIGHT)
    expect_answered(lecturer, 1, 1)
    button(lecturer, "Leave the projector view").click()  # it has no counts
    first = [int(place == RIGHT) for place in range(len(ASKED.options))]
    expect_counts(lecturer, *first)

    expect_no_complaint(engine)
    engine.open(engine.run("return location.href"))
    wait_for(engine, CHOSEN, RIGHT)
    expect_answered(lecturer, 1, 1)
    button(lecturer, "Vote again").click()
    wait_for(engine, SAYS, "Second vote: talk with your neighbour")
    wait_for(engine, "return all('.choice')[arguments[0]].innerText.includes('your first answer')", RIGHT)
    choose(engine, WRONG)
    second = [int(place == WRONG) for place in range(len(ASKED.options))]
    expect_counts(lecturer, *(count for both in zip(first, second, strict=True) for count in both))
    expect_answered(lecturer, 1, 1)

    button(lecturer, "Show the answer").click()
    wait_for(engine, SAYS, "The class")
    assert engine.run(OWN) == ["1 · 100% · you"] * 2
    button(lecturer, "Next").click()
    wait_for(engine, ON_STEP, "direction")
    wait_for(engine, SAYS, FOLLOWS)
    press(engine, LEAVE)
    wait_for(engine, "return !all(arguments[0]).length", LEAVE)
    expect(lecturer.get_by_text("0 here")).to_be_visible(timeout=15_000)  # who is just not heard of stays longer
    expect_no_complaint(engine)


def test_a_student_types_the_code_and_was_away_when_the_lecturer_went_on(engine, server, lecturer):
    code, field = code_of(lecturer), "form.room input"
    button(lecturer, "Next").click()
    engine.open(f"{server.url}/gallery")
    press(engine, "[data-testid=stExpandSidebarButton]")
    press(engine, "button.join")
    type_into(engine, field, code.lower())
    # At smaller letters an iPhone zooms in, and stays so.
    assert engine.run("return parseFloat(getComputedStyle(all(arguments[0])[0]).fontSize)", field) >= 16
    press(engine, "form.room button")
    wait_for(engine, ON_STEP, "width")
    wait_for(engine, "return all('[data-testid=stSidebar]')[0].getBoundingClientRect().right <= 0")
    choose(engine, WRONG)
    expect_answered(lecturer, 1, 1)
    with away(engine):
        if isinstance(engine, Firefox):
            press(engine, f".choice:nth-of-type({RIGHT + 1})")
            wait_for(engine, SAYS, "The server cannot be reached.")
        lecturer.get_by_role("link", name="Step 3:").click()
        expect_answered(lecturer, 0, 1)
    wait_for(engine, ON_STEP, "direction")
    wait_for(engine, SAYS, FOLLOWS)
    wait_for(engine, SAYS, "Answer for yourself first.")
    choose(engine, 0)
    expect_answered(lecturer, 1, 1)
    expect_no_complaint(engine)
