"""A server and real browsers for the browser tests, and a check after each that Chromium had no complaint."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser import engines, find_browsers
from tests.browser.find_browsers import command_to_run, find
from tests.browser.serving import Server, running_server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
MILLISECONDS = 45_000  # how long any wait of a test may take
TRAINED = 240_000  # how long a training may take: its process comes after all that servers and browsers do
TALLEST = 8_000  # pixels of a screenshot
expect.set_options(timeout=MILLISECONDS)
SCREENSHOTS = os.environ.get("VAEDEMO_SCREENSHOTS")  # read here: tests run without the developer's variables

# On a deep link Streamlit looks for its server under the page's own path first; these 404s are its own.
OWN_PROBE = re.compile(r"^https?://[^/]+/[^?]+/_stcore/(health|host-config)(\?.*)?$")


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Server:
    """The app, served for the whole session with one cache."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def another_server(tmp_path):
    """`running_server` for a test that needs settings of its own: `with another_server(VAEDEMO_MAX_EPOCHS="3")`."""
    return lambda **environment: running_server(tmp_path / "another", **environment)


@pytest.fixture(scope="session")
def playwright() -> Playwright:
    """The one Playwright of the session: a second one can't start in the same process."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request):
    """Firefox, then WebKitGTK: a test that asks for it is run in both, unless it names one."""
    path = getattr(find_browsers, request.param)()
    if path is None:
        pytest.skip(find_browsers.skipped(request.param))
    if request.param == "firefox":
        starting = engines.firefox(path, request.getfixturevalue("playwright"))
    else:
        starting = engines.webkit(path)
    with starting as running:
        yield running


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find()  # before there is a `playwright`: the search may start one of its own
    if path is None:
        pytest.fail(f"The browser tests need Chromium. Run: make test, or {command_to_run('chromium')}")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path, playwright) -> Browser:
    chromium = playwright.chromium.launch(executable_path=chromium_path, headless=True, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def contexts() -> dict[tuple, BrowserContext]:
    """Each visitor's browser, kept from test to test: the app's scripts are then in its cache, as after a first visit.

    Nothing else is carried over: cookies are cleared, and who a visitor is hangs on the connection of a page.
    """
    return {}


class Visits:
    """Opens pages of the app, each visitor in a browser context of its own, and keeps what the browser complained of.

    `visit("/sampling_gallery?seed=3")` returns the Playwright page, settled. `visit(path, visitor="second")` is
    somebody else's browser. A test that provokes a complaint adds a regular expression to `visit.expected`.
    """

    def __init__(self, browser: Browser, server: Server, contexts: dict[tuple, BrowserContext]):
        self.browser, self.server, self.contexts = browser, server, contexts
        self.pages: list[Page] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def __call__(
        self,
        path: str = "/",
        *,
        visitor: str = "first",
        width: int = 1280,
        height: int = 900,
        colour_scheme: str = "light",
        settled: bool = True,
        server: Server | None = None,
    ) -> Page:
        """Open a path of the app; with `settled` wait until its script has run."""
        page = self.context(visitor, width, height, colour_scheme).new_page()
        self.pages.append(page)
        page.on("console", self.hear_console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught error: {error}"))
        page.on("request", self.hear_request)
        page.on("requestfailed", self.hear_failed_request)
        page.on("response", self.hear_response)
        page.goto((server or self.server).url + path)
        if settled:
            wait_until_idle(page)
        return page

    def context(self, visitor: str, width: int, height: int, colour_scheme: str) -> BrowserContext:
        key = (visitor, width, height, colour_scheme)
        if key not in self.contexts:
            context = self.browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colour_scheme, accept_downloads=True
            )
            context.set_default_timeout(MILLISECONDS)
            context.on("close", lambda _: self.contexts.pop(key, None))  # a test may send a visitor away
            self.contexts[key] = context
        return self.contexts[key]

    def hear_console(self, message):
        # A failed request is judged by its response below, with the address in hand.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def hear_request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            self.complaints.append(f"request to the outside, a classroom may be offline: {request.url}")

    def hear_failed_request(self, request):
        # What the browser itself gives up when a page is left or reloaded is no failure of ours.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"request failed: {request.url} ({request.failure})")

    def hear_response(self, response):
        if response.status >= 400 and not OWN_PROBE.match(response.url):
            self.complaints.append(f"HTTP {response.status}: {response.url}")

    def unexpected(self) -> list[str]:
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self.expected)]

    def close(self):
        for page in self.pages:
            if not page.is_closed():
                page.close()
        for context in list(self.contexts.values()):
            context.clear_cookies()


@pytest.fixture
def visit(browser, server, contexts) -> Visits:
    """Open pages with `visit(path)`; the test fails when the browser logged an error or a request failed."""
    visits = Visits(browser, server, contexts)
    yield visits
    visits.close()
    assert not visits.unexpected(), "the browser complained:\n" + "\n".join(visits.unexpected())


def wait_until_idle(page: Page, quiet: int = 300):
    """Wait until the app is connected and no script has run for `quiet` milliseconds.

    The quiet time bridges the gap between a click and the server's word that it runs. A fragment that reruns itself
    is idle in between. On a first visit Streamlit draws grey boxes until a widget's script has come; the page moves
    when they go.
    """
    page.wait_for_function(
        """quiet => {
            const app = document.querySelector('[data-testid="stApp"]');
            const idle = app && app.dataset.testConnectionState === "CONNECTED"
                && app.dataset.testScriptState === "notRunning"
                && !document.querySelector("[data-testid=stSkeleton]");
            if (!idle) { window.idleSince = null; return false; }
            window.idleSince = window.idleSince ?? performance.now();
            return performance.now() - window.idleSince >= quiet;
        }""",
        arg=quiet,
        timeout=MILLISECONDS,
        polling=30,
    )
    page.evaluate("window.idleSince = null")


@pytest.fixture(name="wait_until_idle")
def wait_until_idle_fixture():
    """The function `wait_until_idle(page)`, for tests that click."""
    return wait_until_idle


@pytest.fixture
def screenshot(visit, tmp_path):
    """`screenshot(path, name, width=390, colour_scheme="dark")` opens a page and saves a picture of its whole length.

    The PNG lands in the folder VAEDEMO_SCREENSHOTS where that is set, else in the test's own; its path is returned.
    """

    def take(path: str, name: str, width: int = 1280, height: int = 900, colour_scheme: str = "light") -> Path:
        page = visit(path, width=width, height=height, colour_scheme=colour_scheme)
        # Streamlit scrolls inside its main element, so the window is made as tall as that.
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(int(tall), TALLEST))})
        wait_until_idle(page)
        folder = Path(SCREENSHOTS or tmp_path)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-{width}-{colour_scheme}.png"
        page.screenshot(path=file)
        return file

    return take


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show the end of the server's output beside a failed browser test."""
    report = yield
    if report.failed and "server" in getattr(item, "funcargs", {}):
        report.sections.append(("server output", item.funcargs["server"].log[-4000:]))
    return report
