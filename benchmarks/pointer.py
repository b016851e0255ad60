"""How many frames a second the latent plane draws while a pointer moves over it, each with the image decoded there.

Two runs of a second each, alternately, in one page of a real Chromium: the frames that the browser offers while nothing
moves, and the explorer's own frames while one pointer event comes before each of them. The promise limits their ratio.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks import browser
from benchmarks.report import Figure

TITLE = "The image under the pointer"
SECONDS, TURNS = 1.0, 5
LEAST_OF_OFFERED = 0.8
DECODED = """root => new Promise((tell) => {
    const look = () => (root.shown ? tell() : requestAnimationFrame(look));
    look();
})"""
OFFERED = """async seconds => {
    const frame = () => new Promise(requestAnimationFrame);
    let begun = await frame(), count = 0, now = begun;
    while (now - begun < 1000 * seconds) { now = await frame(); count++; }
    return 1000 * count / (now - begun);
}"""
MOVED = """async (root, seconds) => {
    const plane = root.querySelector(".plane"), box = plane.getBoundingClientRect();
    const frame = () => new Promise(requestAnimationFrame);
    const begun = await frame(), first = Number(root.dataset.frames);
    let now = begun;
    while (now - begun < 1000 * seconds) {
        const angle = (now - begun) / 200;
        plane.dispatchEvent(new PointerEvent("pointermove", {
            pointerType: "mouse",
            clientX: box.left + box.width * (0.5 + 0.3 * Math.cos(angle)),
            clientY: box.top + box.height * (0.5 + 0.3 * Math.sin(angle)),
        }));
        now = await frame();
    }
    return 1000 * (Number(root.dataset.frames) - first) / (now - begun);
}"""


def measure() -> list[Figure]:
    from tests.browser.serving import running_server

    with browser.chromium() as chromium, tempfile.TemporaryDirectory() as folder:
        if chromium is None:
            print("No Chromium here: the pointer is not measured.")
            return []
        with running_server(Path(folder)) as server:
            page = browser.visitor(chromium)
            page.goto(f"{server.url}/plane?step=explore")
            explorer = page.locator(".explorer")
            explorer.locator(".readout dd").first.wait_for()
            explorer.evaluate(DECODED)
            browser.settle(page)
            explorer.locator(".plane").scroll_into_view_if_needed()
            offered, moved = [], []
            for _ in range(TURNS):
                offered.append(page.evaluate(OFFERED, SECONDS))
                moved.append(explorer.evaluate(MOVED, SECONDS))
    ours, most = statistics.median(moved), statistics.median(offered)
    return [
        Figure("frames that the browser offers", most, "a second"),
        Figure("frames with the image of where the pointer is", ours, "a second"),
        Figure("these over those", ours / most, "times", f"at least {LEAST_OF_OFFERED}"),
    ]
