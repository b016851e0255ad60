"""Shared by the benchmarks of pages: a real Chromium, and a clock in the page that records paint times."""

from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60_000  # timeout in milliseconds for everything in a page
QUIET = 400  # milliseconds without a change after which a page counts as settled

# Records the time of the last change of the page (elements, text, a canvas), and the paint times of that change and of
# the first title.
# requestAnimationFrame runs right before a frame; a task posted there runs after it. The content of a closed expander
# is not visible and not counted.
CLOCK = """
window.clock = {begun: 0, changed: 0, painted: 0, titled: 0};
const note = () => {
    const now = performance.now();
    if (window.clock.changed === now) return;
    window.clock.changed = now;
    const titled = document.querySelector('[data-testid="stMain"] h1') !== null;
    requestAnimationFrame(() => setTimeout(() => {
        window.clock.painted = performance.now();
        if (titled) window.clock.titled ||= window.clock.painted;
    }, 0));
};
const hidden = node => (node.nodeType === 1 ? node : node.parentElement)?.closest("details:not([open])");
for (const name of ["fill", "stroke", "fillRect", "drawImage", "putImageData"]) {
    const drawn = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...values) {
        note();
        return drawn.apply(this, values);
    };
}
new MutationObserver(changes => { if (changes.some(change => !hidden(change.target))) note(); })
    .observe(document, {subtree: true, childList: true, characterData: true});
for (const name of ["keydown", "pointerdown"]) {
    document.addEventListener(name, () => {
        Object.assign(window.clock, {begun: performance.now(), changed: 0, painted: 0});
    }, {capture: true});
}
"""
SETTLED = """quiet => {
    const answered = ({begun, changed, painted}, now, quiet) =>
        changed ? painted >= changed && now - changed > quiet : begun > 0 && now - begun > 4 * quiet;
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning"
        && document.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]')
        && answered(window.clock, performance.now(), quiet);
}"""


@contextmanager
def chromium() -> Iterator:
    """A headless Chromium as in the browser tests, or None when it or playwright is not installed."""
    try:
        from playwright.sync_api import sync_playwright

        from tests.browser.find_browsers import find
        from tests.browser.fixtures import FLAGS
    except ImportError:
        yield None
        return
    path = find()
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


def visitor(browser):
    """A page in a new browser context, with an empty cache and the clock."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(CLOCK)
    return page


def settle(page, quiet: int = QUIET) -> None:
    """Wait until the script has run and nothing has changed for a while (or an action has changed nothing at all)."""
    page.wait_for_function(SETTLED, arg=quiet, polling=20)


def answer_time(page) -> float | None:
    """Milliseconds from the latest key press or click to the paint of its last change; None if nothing changed."""
    begun, seen = page.evaluate("[window.clock.begun, window.clock.painted]")
    return seen - begun if begun and seen else None
