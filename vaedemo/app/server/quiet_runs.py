"""Of a fragment's quick rerun a browser is first told what can be seen: not that it runs, and its link a moment later.

Streamlit 1.67 tells each browser that its script runs, and again that it does not. The first word has the browser draw
its whole page anew, though nothing on it changes: a fifth of what a click takes that is answered at once. What it is
for, the mark in the corner and the paling of what is out of date, is nothing to see in a tenth of a second. Nor is the
new link in the address bar, which costs the browser some 5 ms in the middle of its drawing: often the frame in which
the answer would be seen. Runs of a whole page are announced as ever, and their links come with them: who asks for one
waits for the word.
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
    """Streamlit's function that queues a session's messages, with what nobody sees of a fragment's run kept back."""
    fragments = weakref.WeakSet()  # sessions whose latest run is a fragment's
    kept = weakref.WeakKeyDictionary()  # by session: the timer that lets the word go
    links = weakref.WeakKeyDictionary()  # by session: the message with the link, and the timer that lets it go

    def late(session, message) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            in_fragment = bool(message.metadata.run.fragment_ids)
            (fragments.add if in_fragment else fragments.discard)(session)
            # A fragment need not write the link again; a page does, or is another one, whose link this is not.
            settle(session, send=in_fragment)
        elif kind == "session_status_changed":
            if session in kept:
                kept.pop(session).cancel()
            if message.session_status_changed.script_is_running and session in fragments:
                kept[session] = asyncio.get_running_loop().call_later(SECONDS, enqueue, session, message)
                return
        elif kind == "page_info_changed" and session in fragments:
            settle(session, send=False)
            links[session] = message, asyncio.get_running_loop().call_later(SECONDS, settle, session, True)
            return
        enqueue(session, message)

    def settle(session, send: bool) -> None:
        """What becomes of a link that is kept, if there is one: it is sent, or forgotten."""
        link, timer = links.pop(session, (None, None))
        if link is None:
            return
        timer.cancel()
        if send:
            enqueue(session, link)

    late.streamlits = enqueue
    return late
