"""A fragment's quick rerun is not announced to the browser: only one that lasts is said to be running.

Streamlit 1.67 tells each browser that its script runs, and again that it does not. The first word has the browser draw
its whole page anew, though nothing on it changes: a fifth of what a click takes that is answered at once. What it is
for, the mark in the corner and the paling of what is out of date, is nothing to see in a tenth of a second. Runs of a
whole page are announced as ever: who asks for one waits for the word.
"""

import asyncio
import logging
import weakref

from streamlit.runtime.app_session import AppSession

logger = logging.getLogger(__name__)
NAME = "_enqueue_forward_msg"
SECONDS = 0.1


def announce_late() -> bool:
    """Let this process do so; False, and nothing changed, where Streamlit has no such function."""
    enqueue = getattr(AppSession, NAME, None)
    if enqueue is None:
        logger.info("This Streamlit sends its messages in another way: it is left as it is.")
        return False
    if not hasattr(enqueue, "streamlits"):
        setattr(AppSession, NAME, announcing_late(enqueue))
    return True


def announcing_late(enqueue):
    """Streamlit's function that queues a session's messages, with the word that a fragment runs kept back at first."""
    fragments = weakref.WeakSet()  # sessions whose latest run is a fragment's
    kept = weakref.WeakKeyDictionary()  # by session: the timer that lets the word go

    def late(session, message) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            (fragments.add if message.metadata.run.fragment_ids else fragments.discard)(session)
        elif kind == "session_status_changed":
            if session in kept:
                kept.pop(session).cancel()
            if message.session_status_changed.script_is_running and session in fragments:
                kept[session] = asyncio.get_running_loop().call_later(SECONDS, enqueue, session, message)
                return
        enqueue(session, message)

    late.streamlits = enqueue
    return late
