"""What pages need at their first opening in a process and take long over, computed before anybody asks for it.

A visitor who is faster finds it under way and waits for the rest; nothing is computed twice.
"""

import logging
import threading
from collections.abc import Callable, Mapping

from vaedemo.app.lessons.axes import turn
from vaedemo.app.lessons.denoising import field
from vaedemo.app.lessons.holes import data
from vaedemo.app.lessons.likelihood import draws
from vaedemo.app.server import allocator

logger = logging.getLogger(__name__)
STREAMLIT = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")

# By page, the longest first.
OPENINGS: Mapping[str, Callable[[], object]] = {
    "likelihood": draws.prepare,
    "axes": turn.prepare,
    "holes": data.prepare,
    "denoising": field.prepare,
}


def prepare(closing: threading.Event, openings: Mapping[str, Callable[[], object]] = OPENINGS) -> None:
    """Compute what the openings need, page by page, until all is there or the server closes.

    What cannot be had is a warning on stderr, and its page says so too.
    """
    here = threading.get_ident()

    def is_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    # Streamlit warns that a cache with a spinner is asked for outside a page: here that is meant.
    STREAMLIT.addFilter(is_elsewhere)
    try:
        for page, opening in openings.items():
            if closing.is_set():
                return
            try:
                opening()
                allocator.trim()  # what is kept lies between large pieces that are free now: up to 200 MB of them
            except (OSError, ValueError, LookupError) as error:
                logger.warning("The page %s was not prepared: %s", page, error)
    finally:
        STREAMLIT.removeFilter(is_elsewhere)
