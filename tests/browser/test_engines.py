"""Every lesson in Firefox and in WebKitGTK: its first step draws, the stepper and the exhibit are operated.

`make test` opens each lesson in one of the two, by turns; `make load` in both.
"""

import time

import pytest

from tests.app.pages import PAGES
from tests.browser.engines import ALL, DRAWN, FAILED, SECONDS, STATE, complaints, wait_for
from vaedemo.app.lessons import index

SLIDERS = "input[type=range]"
ROOM = """const [slider] = all(arguments[0]);
return Number(slider.value) < Number(slider.max) ? "ArrowRight" : "ArrowLeft";
"""
CHOICES = "[data-testid=stMain] [data-testid=stButtonGroup] [role=radio][aria-checked=false]"
OPERATED = [SLIDERS, CHOICES, "canvas[role=application]", ".cell"]
VIEWS = [
    pytest.param(engine, page, marks=() if place % 2 == turn else pytest.mark.load)
    for turn, engine in enumerate(("firefox", "webkit"))
    for place, page in enumerate(PAGES)
]


def wait_until_still(engine) -> None:
    """Wait until all is drawn and nothing changes any more: a control is then where it will be pressed."""
    wait_for(engine, DRAWN)
    end = time.monotonic() + SECONDS
    before, now = "", engine.run(STATE)
    while before != now:
        assert time.monotonic() < end, "The page never rests."
        time.sleep(0.3)
        before, now = now, engine.run(STATE)


@pytest.mark.parametrize(("engine", "page"), VIEWS, indirect=["engine"])
def test_a_lesson_draws_and_is_operated(engine, server, page):
    address = server.url + ("/" if page == index.HOME.name else f"/{page}")
    engine.open(address)
    wait_for(engine, "return all('.stepper .next').some((each) => each.offsetParent)")
    wait_until_still(engine)
    assert engine.run(FAILED) == [] and complaints(engine) == []
    engine.click(".stepper .next")
    wait_for(engine, "return location.search.includes('step=')")
    engine.open(f"{address}?step=explore")
    wait_until_still(engine)
    selector = wait_for(engine, "return arguments[0].find((each) => all(each).length)", OPERATED)
    before = engine.run(STATE)
    if selector == SLIDERS:
        engine.press(selector, engine.run(ROOM, selector))
    else:
        engine.click(selector)
    wait_for(engine, f"const before = arguments[0]; return (function () {{ {ALL}{STATE} }})() !== before", before)
    wait_for(engine, DRAWN)
    assert engine.run(FAILED) == [] and complaints(engine) == []
