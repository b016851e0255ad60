"""Compute in advance what pages need when they are first opened in a process and what takes long.

The results are cached. A visitor who opens such a page meanwhile waits for the computation that is under way; nothing
is computed twice.
"""

import logging
import threading
from collections.abc import Callable, Mapping

from vaedemo.app.lessons.axes import strips
from vaedemo.app.lessons.denoising import field
from vaedemo.app.lessons.holes import data
from vaedemo.app.lessons.likelihood import draws
from vaedemo.app.server import allocator

logger = logging.getLogger(__name__)
STREAMLIT = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")

# By page, the slowest first.
OPENINGS: Mapping[str, Callable[[], object]] = {
    "likelihood": draws.prepare,
    "axes": strips.prepare,
    "holes": data.prepare,
    "denoising": field.prepare,
}


def prepare(closing: threading.Event, openings: Mapping[str, Callable[[], object]] = OPENINGS) -> None:
    """Compute the openings page by page, until all are done or the server closes.

    A failure is logged as a warning; the page itself shows the reason.
    """
    here = threading.get_ident()

    def is_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    # Streamlit warns when a cache with a spinner is called outside a page. Here the call is intended.
    STREAMLIT.addFilter(is_elsewhere)
    try:
        for page, opening in openings.items():
            if closing.is_set():
                return
            try:
                opening()
                allocator.trim()  # the kept results lie between large free blocks, up to 200 MB in all
            except (OSError, ValueError, LookupError) as error:
                logger.warning("The page %s was not prepared: %s", page, error)
    finally:
        STREAMLIT.removeFilter(is_elsewhere)
