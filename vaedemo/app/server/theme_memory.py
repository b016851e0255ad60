"""Streamlit's theme, read from its settings once instead of at each rerun.

Streamlit 1.67 tells every browser the whole theme with each run of a script or fragment, and for that walks through
all its settings six times: a tenth to a fifth of the server's time for a moved slider. The answer is the same as long
as config.toml is; when that is read anew, it is asked for again.
"""

import logging

from streamlit import config
from streamlit.runtime import app_session

logger = logging.getLogger(__name__)
NAME = "_populate_theme_msg"


def remember_theme() -> bool:
    """Let this process remember the theme; False, and nothing changed, where Streamlit has no such function."""
    populate = getattr(app_session, NAME, None)
    if populate is None:
        logger.info("This Streamlit tells its theme in another way: it is left as it is.")
        return False
    if not isinstance(populate, Remembering):
        remembering = Remembering(populate)
        setattr(app_session, NAME, remembering)
        config.on_config_parsed(remembering.forget, force_connect=True)
    return True


class Remembering:
    """Streamlit's function that fills in a section of the theme, called once for each section."""

    def __init__(self, populate):
        self.populate, self.known = populate, {}

    def __call__(self, message, section: str = "theme") -> None:
        known = self.known.get(section)
        if known is None:
            known = type(message)()
            self.populate(known, section)
            self.known[section] = known
        if known.ByteSize():  # an empty one, merged, would count as a section that is there
            message.MergeFrom(known)

    def forget(self) -> None:
        self.known.clear()
