"""Every lesson in Firefox and in WebKitGTK: its first step draws, the stepper and the exhibit are operated."""

import time

import pytest

from tests.app.pages import PAGES
from tests.browser import engines, find_browsers
from tests.browser.engines import ALL, complaints, wait_for
from vaedemo.app.lessons import index

# A script has run to its end, no widget waits for its code, and each canvas in the window has a picture of more than
# one colour.
DRAWN = """const app = all("[data-testid=stApp]")[0];
if (app?.dataset.testScriptState !== "notRunning" || !all("h1").length) return null;
if (all("[data-testid=stSkeleton]").length) return false;
const canvases = all("canvas").filter((each) => each.width && each.offsetParent);
const empty = canvases.filter((each) => {
    const blank = Object.assign(document.createElement("canvas"), { width: each.width, height: each.height });
    return each.toDataURL() === blank.toDataURL();
});
const charts = all(".js-plotly-plot .main-svg, svg[role=img], .tree");
return !empty.length && canvases.length + charts.length > 0;
"""
# All that a control may change: the link, and what the canvases show.
STATE = """const canvases = all("canvas").filter((each) => each.width);
return [location.search, ...canvases.map((each) => each.toDataURL())].join(" ");
"""
WRONG = """return all("[data-testid=stException], [data-testid=stAlertContentError], .katex-error")
    .map((each) => each.textContent)"""
SLIDERS = "input[type=range]"
ROOM = """const [slider] = all(arguments[0]);
return Number(slider.value) < Number(slider.max) ? "ArrowRight" : "ArrowLeft";
"""
CHOICES = "[data-testid=stMain] [data-testid=stButtonGroup] [role=radio][aria-checked=false]"
OPERATED = [SLIDERS, CHOICES, "canvas[role=application]", ".cell"]


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request):
    path = getattr(find_browsers, request.param)()
    if path is None:
        pytest.skip(find_browsers.skipped(request.param))
    if request.param == "firefox":
        starting = engines.firefox(path, request.getfixturevalue("playwright"))
    else:
        starting = engines.webkit(path)
    with starting as running:
        yield running


def wait_until_still(engine) -> None:
    """Wait until all is drawn and nothing changes any more: a control is then where it will be pressed."""
    wait_for(engine, DRAWN)
    before, now = "", engine.run(STATE)
    while before != now:
        time.sleep(0.3)
        before, now = now, engine.run(STATE)


@pytest.mark.parametrize("page", PAGES)
def test_a_lesson_draws_and_is_operated(engine, server, page):
    address = server.url + ("/" if page == index.HOME.name else f"/{page}")
    engine.open(address)
    wait_for(engine, "return all('.stepper .next').some((each) => each.offsetParent)")
    wait_until_still(engine)
    assert engine.run(WRONG) == [] and complaints(engine) == []
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
    assert engine.run(WRONG) == [] and complaints(engine) == []
