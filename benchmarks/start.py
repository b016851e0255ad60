"""The time until a complete page: after a start of the process, and for the second visitor.

The peers are Streamlit pages with one line of text: one only imports torch and plotly, one imports nothing. `streamlit
run` serves all of them in the same environment; a real Chromium with an empty cache opens them alternately. The second
visitors come when our server has finished its preparations after the start. The first paint is that of the page's
title. A page is complete when its script has ended and its last change is on the screen. Our page has a chart, formulas
and images; the peers have one line.
"""

import socket
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks import browser
from benchmarks.report import Figure
from benchmarks.sessions import until_at_rest

TITLE = "From start to first page"
ROUNDS, VISITS = 5, 9  # starts of each server; second visitors of each
PACE = 0.01  # seconds between attempts to connect; they wait for the process, so that its end is noticed


class Shown(NamedTuple):
    """Seconds until the page's title is on the screen, and until the page is complete."""

    title: float
    page: float


PEERS = {
    "torch and plotly": "import plotly.graph_objects\nimport streamlit as st\nimport torch\n\nst.title('Ready')\n",
    "trivial": "import streamlit as st\n\nst.title('Ready')\n",
}


def measure() -> list[Figure]:
    with browser.chromium() as chromium, tempfile.TemporaryDirectory() as name:
        if chromium is None:
            print("No Chromium here: the start is not measured.")
            return []
        return compare(chromium, Path(name))


def compare(chromium, folder: Path) -> list[Figure]:
    from tests.browser.serving import REPOSITORY, running_server

    scripts = {"ours": REPOSITORY / "streamlit_app.py"}
    for peer, text in PEERS.items():
        scripts[peer] = folder / f"{peer.replace(' ', '_')}.py"
        scripts[peer].write_text(text, encoding="utf-8")
    starts = {"ours": [], "torch and plotly": []}
    for _ in range(ROUNDS):
        for name, seconds in starts.items():
            seconds.append(from_start(chromium, folder / name, scripts[name]))
    second = {"ours": [], "trivial": []}
    with (
        running_server(folder / "second", scripts["ours"]) as ours,
        running_server(folder / "trivial", scripts["trivial"]) as trivial,
    ):
        servers = {"ours": ours, "trivial": trivial}
        for server in servers.values():
            open_page(chromium, server.url)  # the first visitor
        until_at_rest(psutil.Process(ours.process.pid))
        for _ in range(VISITS):
            for name, seconds in second.items():
                seconds.append(open_page(chromium, servers[name].url))
    return figures(starts, second)


def from_start(chromium, folder: Path, script: Path) -> Shown:
    """The times from the start of a server's process."""
    from tests.browser.serving import free_port, start, stop, wait

    port = free_port()
    begun = time.monotonic()
    process = start(script, port, folder, {})
    try:
        while not is_open(port):
            if wait(process, PACE):
                raise RuntimeError(f"The server ended: {(folder / 'server.log').read_text(errors='replace')}")
            if time.monotonic() - begun > browser.PATIENCE / 1000:
                raise TimeoutError(f"Nobody listens on port {port}.")
        asked = time.monotonic()
        return Shown(*(asked - begun + seconds for seconds in open_page(chromium, f"http://127.0.0.1:{port}")))
    finally:
        stop(process)


def is_open(port: int) -> bool:
    """Whether a server listens on a port of the loopback address."""
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def open_page(chromium, url: str) -> Shown:
    """The times of a new visitor from the request for a page."""
    page = browser.visitor(chromium)
    page.goto(url, wait_until="commit")
    browser.settle(page)
    shown = Shown(
        *(milliseconds / 1000 for milliseconds in page.evaluate("[window.clock.titled, window.clock.painted]"))
    )
    page.context.close()
    return shown


def figures(starts: dict[str, list[Shown]], second: dict[str, list[Shown]]) -> list[Figure]:
    (our_title, our_page), (peer_title, peer_page) = (median(starts[name]) for name in ("ours", "torch and plotly"))
    (our_next, our_next_page), (trivial_next, trivial_page) = (median(second[name]) for name in ("ours", "trivial"))
    promise = "at most 1.3"
    return [
        Figure("start to first paint, over torch and plotly", our_title / peer_title, "×", promise),
        Figure("start to first paint", our_title, "s"),
        Figure("start to whole page, over torch and plotly", our_page / peer_page, "×"),
        Figure("start to whole page", our_page, "s"),
        Figure("second visitor's first paint, over a trivial page", our_next / trivial_next, "×", promise),
        Figure("second visitor's first paint", our_next, "s"),
        Figure("second visitor's whole page, over a trivial page", our_next_page / trivial_page, "×"),
        Figure("second visitor's whole page", our_next_page, "s"),
    ]


def median(shown: list[Shown]) -> Shown:
    return Shown(*(statistics.median(each) for each in zip(*shown, strict=True)))
