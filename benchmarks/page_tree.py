"""A page of the app as in a browser: elements by position, and values of widgets.

The names in parentheses are those of Streamlit's front end, whose rules these classes follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

Place = tuple[int, ...]
WORDS = {"markdown": "body", "heading": "body", "alert": "body", "text": "body", "code": "code_text"}


@dataclass
class Node:
    """One element or block: the run that sent it last, and the fragment it belongs to ("" for none)."""

    kind: str
    content: object
    run: str
    fragment: str


class PageTree:
    """The elements of one page, as in the front end (AppRoot)."""

    def __init__(self):
        self.nodes: dict[Place, Node] = {}
        self.values: dict[str, WidgetState] = {}
        self.run = ""

    def draw(self, message: ForwardMsg) -> None:
        """Add a message's element or block at its position (AppRoot.applyDelta)."""
        delta, place = message.delta, tuple(message.metadata.delta_path)
        if delta.WhichOneof("type") == "new_element":
            kind = delta.new_element.WhichOneof("type")
            content = getattr(delta.new_element, kind)
            for longer in [other for other in self.nodes if other[: len(place)] == place]:
                del self.nodes[longer]
            self._take_value(kind, content)
        elif delta.WhichOneof("type") == "add_block":
            kind, content = delta.add_block.WhichOneof("type") or "container", delta.add_block
        else:
            return
        self.nodes[place] = Node(kind, content, self.run, delta.fragment_id)

    def clear_stale(self, run: str, fragments: list[str]) -> None:
        """Remove the elements that the finished run did not draw again (AppRoot.clearStaleNodes, removeInactive)."""
        touched = [place for place, node in self.nodes.items() if not fragments or node.fragment in fragments]
        for place in touched:
            if self.nodes[place].run != run:
                del self.nodes[place]
        there = {getattr(node.content, "id", "") for node in self.nodes.values()}
        self.values = {name: value for name, value in self.values.items() if name in there}

    def _take_value(self, kind: str, widget) -> None:
        """Use a widget's value from the message if the widget is new, or if the script has set it (set_value)."""
        if kind in INITIAL and (widget.id not in self.values or widget.set_value):
            state = WidgetState(id=widget.id)
            INITIAL[kind](widget, state)
            self.values[widget.id] = state

    def elements(self, *kinds: str) -> Iterator[tuple[Node, object]]:
        """The nodes of these kinds with their content, in the order of the page."""
        for place in sorted(self.nodes):
            if self.nodes[place].kind in kinds:
                yield self.nodes[place], self.nodes[place].content

    def widget(self, label: str) -> Node:
        """The widget with this label. Raises LookupError, which lists the existing labels."""
        labelled = [node for place, node in sorted(self.nodes.items()) if hasattr(node.content, "label")]
        found = [node for node in labelled if node.content.label == label and hasattr(node.content, "id")]
        if not found:
            raise LookupError(f"No widget is called {label!r}; there are {[node.content.label for node in labelled]}.")
        return found[0]

    def has(self, label: str) -> bool:
        """Whether a widget has this label."""
        try:
            return bool(self.widget(label))
        except LookupError:
            return False

    @property
    def words(self) -> str:
        """The text of the page, a line per element."""
        said = [str(getattr(content, WORDS[node.kind])) for node, content in self.elements(*WORDS)]
        return "\n".join([*said, *(content.text for _, content in self.elements("progress"))])

    @property
    def figures(self) -> dict[str, str]:
        """The metrics on the page by label."""
        return {content.label: content.body for _, content in self.elements("metric")}

    @property
    def errors(self) -> list[str]:
        """The exceptions and error boxes that the page shows."""
        raised = [f"{content.type}: {content.message}" for _, content in self.elements("exception")]
        return raised + [content.body for _, content in self.elements("alert") if content.format == content.ERROR]


def slider_value(widget: Slider, state: WidgetState) -> None:
    if widget.type == Slider.SELECT_SLIDER:
        chosen = widget.raw_value if widget.set_value else [widget.options[int(place)] for place in widget.default]
        state.string_array_value.data.extend(chosen)
    else:
        state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)


def plain_value(field: str):
    """For widgets whose `value` and `default` have the type of the state."""

    def take(widget, state: WidgetState) -> None:
        source = "value" if widget.set_value else "default"
        if widget.DESCRIPTOR.fields_by_name[source].has_presence and not widget.HasField(source):
            return  # nothing is selected
        setattr(state, field, getattr(widget, source))

    return take


def option_value(widget, state: WidgetState) -> None:
    if widget.set_value:
        state.string_value = widget.raw_value
    elif widget.HasField("default"):
        state.string_value = widget.options[widget.default]


def group_value(widget, state: WidgetState) -> None:
    default = [widget.options[place].content for place in widget.default]
    state.string_array_value.data.extend(widget.raw_values if widget.set_value else default)


INITIAL = {
    "slider": slider_value,
    "number_input": plain_value("double_value"),
    "checkbox": plain_value("bool_value"),
    "text_input": plain_value("string_value"),
    "text_area": plain_value("string_value"),
    "selectbox": option_value,
    "radio": option_value,
    "button_group": group_value,
}


def set_value(node: Node, state: WidgetState, value) -> None:
    """Write a visitor's choice into a widget's state."""
    if (node.kind == "slider" and node.content.type == Slider.SELECT_SLIDER) or node.kind == "button_group":
        state.string_array_value.data.extend([value] if isinstance(value, str) else value)
    elif node.kind == "slider":
        state.double_array_value.data.extend(value if isinstance(value, (tuple, list)) else [value])
    elif node.kind == "number_input":
        state.double_value = value
    elif node.kind == "checkbox":
        state.bool_value = value
    elif node.kind == "button":
        state.trigger_value = True
    elif node.kind == "bidi_component":
        state.json_value = value
    else:
        state.string_value = value
