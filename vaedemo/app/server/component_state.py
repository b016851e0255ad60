"""What a component tells of itself, looked at without a new class for each look.

Streamlit 1.67 shows the state of a component as a dictionary that can be written to, whose class it makes anew each
time; and it looks at all components of a page whenever a slider is drawn. With ten of them that is a twentieth of a
change's time, and most of the garbage that it leaves. Nothing here writes to a component's state, so it is shown as
it stands, and in Streamlit's own way only where a component has just triggered something.
"""

import logging

from streamlit.components.v2.bidi_component import main

logger = logging.getLogger(__name__)
NAME = "make_bidi_component_presenter"


def present_plainly() -> bool:
    """Let this process do so; False, and nothing changed, where Streamlit has no such function."""
    make = getattr(main, NAME, None)
    if make is None:
        logger.info("This Streamlit presents components in another way: it is left as it is.")
        return False
    if not isinstance(make, Plain):
        setattr(main, NAME, Plain(make))
    return True


class Plain:
    """Streamlit's maker of presenters, whose presenters are asked only where there is something to add."""

    def __init__(self, make):
        self.make = make

    def __call__(self, aggregator_id, *others, **named):
        """`aggregator_id` is the widget that holds what the component has triggered in this run, or None."""
        streamlits = self.make(aggregator_id, *others, **named)

        def present(base_value, session_state):
            triggered = session_state._new_widget_state.get(aggregator_id)
            return streamlits(base_value, session_state) if triggered else base_value

        return present
