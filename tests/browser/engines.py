"""Firefox and WebKitGTK behind one small interface: open a page, run a script in it, click and press like a hand.

Playwright drives Debian's Firefox ESR (WebDriver BiDi), selenium WebKitGTK's MiniBrowser, which needs a display: Xvfb
is one without a screen. Components draw in shadow roots, so an element is found by a search through all of them; a
selector can't name what stands outside the element's own root.
"""

import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Playwright
from selenium import webdriver
from selenium.common.exceptions import NoSuchFrameException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

SIZE = (1280, 900)
SECONDS = 60  # how long any wait of a test may take: a busy machine has time, and a wait ends when it comes true
HARMLESS = "ResizeObserver loop"  # a size changed while sizes were told: the rest is told in the next frame
# All elements that match a selector, in and outside shadow roots.
ALL = """const all = (selector) => {
    const found = [];
    const visit = (root) => {
        found.push(...root.querySelectorAll(selector));
        for (const each of root.querySelectorAll("*")) if (each.shadowRoot) visit(each.shadowRoot);
    };
    visit(document);
    return found;
};
"""
# What is thrown or written as an error from here on. Streamlit itself asks for its server under the page's path first.
LISTEN = """window.complaints = [];
addEventListener("error", (event) => window.complaints.push(String(event.message)));
addEventListener("unhandledrejection", (event) => window.complaints.push(String(event.reason)));
const error = console.error;
console.error = (...words) => { window.complaints.push(words.map(String).join(" ")); error(...words); };
"""
# A script has run to its end, no widget waits for its code, and each canvas in the window has a picture of more than
# one colour.
DRAWN = """const app = all("[data-testid=stApp]")[0];
if (app?.dataset.testScriptState !== "notRunning" || !all("h1").length) return null;
if (all("[data-testid=stSkeleton]").length) return false;
const canvases = all("canvas").filter((each) => each.width && each.offsetParent);
const empty = canvases.filter((each) => {
    const blank = Object.assign(document.createElement("canvas"), { width: each.width, height: each.height });
    blank.getContext("2d"); // Firefox notes in the PNG whether there was one
    return each.toDataURL() === blank.toDataURL();
});
const charts = all(".js-plotly-plot .main-svg, svg[role=img], .tree");
return !empty.length && canvases.length + charts.length > 0;
"""
# All that a control may change: the link, and what the canvases show.
STATE = """const canvases = all("canvas").filter((each) => each.width);
return [location.search, ...canvases.map((each) => each.toDataURL())].join(" ");
"""
FAILED = """return all("[data-testid=stException], [data-testid=stAlertContentError], .katex-error")
    .map((each) => each.textContent)"""
LOADED = "return document.readyState === 'complete' && location.href === arguments[0]"


class Engine(Protocol):
    """A browser with one page."""

    def open(self, url: str) -> None:
        """Go to an address, and listen to what its scripts complain of."""

    def run(self, script: str, *values: Any) -> Any:
        """The value of a function's body in the page; `values` are its `arguments`."""

    def click(self, selector: str) -> None:
        """Press the first element that matches."""

    def press(self, selector: str, key: str) -> None:
        """Give the first element that matches the focus and press a key, such as "ArrowRight"."""

    def write(self, selector: str, text: str) -> None:
        """Put a text into the first field that matches, an empty one."""

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Choose files in the first field for files that matches, which may be hidden behind a button."""


class Firefox:
    def __init__(self, page):
        self.page = page

    def open(self, url: str) -> None:
        self.page.goto(url)

    def run(self, script: str, *values: Any) -> Any:
        return self.page.evaluate(f"values => (function () {{ {ALL}{script} }}).apply(null, values)", list(values))

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def press(self, selector: str, key: str) -> None:
        self.page.locator(selector).first.press(key)

    def write(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def choose_files(self, selector: str, *paths: Path) -> None:
        self.page.locator(selector).first.set_input_files(paths)


class WebKit:
    def __init__(self, driver):
        self.driver = driver
        self.aside = 4  # pixels from an element's middle: a second press in one place is taken for a double click

    def open(self, url: str) -> None:
        self.run("window.isLeft = true")
        self.driver.get(url)  # does not wait for the page's scripts: see `webkit`
        wait_for(self, f"if (window.isLeft) return false; if (!window.complaints) {{ {LISTEN} }} {LOADED}", url)

    def run(self, script: str, *values: Any) -> Any:
        try:
            return self.driver.execute_script(ALL + script, *values)
        except NoSuchFrameException:  # the page was left while the script ran in it
            return None

    def element(self, selector: str):
        return self.run("return all(arguments[0])[0]", selector)

    def click(self, selector: str) -> None:
        self.aside = -self.aside
        move = ActionChains(self.driver).move_to_element_with_offset(self.element(selector), self.aside, 0)
        move.click().perform()

    def press(self, selector: str, key: str) -> None:
        element = self.element(selector)
        self.driver.execute_script("arguments[0].focus()", element)
        self.driver.switch_to.active_element.send_keys(getattr(Keys, KEYS[key]))

    def write(self, selector: str, text: str) -> None:
        self.element(selector).send_keys(text.replace("\n", Keys.ENTER))  # the driver leaves out line breaks

    def choose_files(self, selector: str, *paths: Path) -> None:
        self.element(selector).send_keys("\n".join(map(str, paths)))


KEYS = {"ArrowRight": "ARROW_RIGHT", "ArrowLeft": "ARROW_LEFT", "Enter": "ENTER"}  # as selenium names them


def wait_for(engine: Engine, script: str, *values: Any, seconds: float = SECONDS) -> Any:
    """Run a script until its value is true, and return that. Raises AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while not (value := engine.run(script, *values)):
        assert time.monotonic() < end, f"This did not come true: {script} {values}"
        time.sleep(0.05)  # neither driver tells when a page has changed
    return value


def complaints(engine: Engine) -> list[str]:
    """What the page's scripts complained of since it was opened."""
    return [each for each in engine.run("return window.complaints ?? ['nobody listened']") if HARMLESS not in each]


@contextmanager
def firefox(path: str, playwright: Playwright):
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path, headless=True)
    page = browser.new_page(viewport=dict(zip(("width", "height"), SIZE, strict=True)), color_scheme="null")
    page.set_default_timeout(1000 * SECONDS)
    page.add_init_script(LISTEN)
    try:
        yield Firefox(page)
    finally:
        browser.close()


@contextmanager
def webkit(path: str):
    options = webdriver.WebKitGTKOptions()
    options.binary_location = path
    options.add_argument("--automation")
    options.page_load_strategy = "none"  # so that `LISTEN` runs before the page's own scripts have all run
    with display() as environment:
        service = webdriver.WebKitGTKService("/usr/bin/WebKitWebDriver", env=environment)
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            driver.set_window_size(*SIZE)
            yield WebKit(driver)
        finally:
            driver.quit()


@contextmanager
def display():
    """The environment of a program that draws on a display without a screen."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            yield os.environ | {"DISPLAY": f":{server.stdout.readline().strip()}"}
        finally:
            server.terminate()
