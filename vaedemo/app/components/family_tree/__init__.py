"""A tree whose leaves form one choice, by pointer or arrow keys; each leaf has a short note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.figures import palette

mount = st.components.v2.component(
    "vaedemo_family_tree",
    html=source("family_tree/family_tree.html"),
    css=source("common/base.css", "common/buttons.css", "common/legend.css", "family_tree/family_tree.css"),
    js=script("family_tree/family_tree.js"),
)


@dataclass(frozen=True)
class Leaf:
    """A leaf: `key` in the link, `name`, a short `note`, and whether this app `runs` it."""

    key: str
    name: str
    note: str = ""
    runs: bool = False


@dataclass(frozen=True)
class Branch:
    """A kind of model, and its subdivisions."""

    name: str
    children: Sequence["Branch | Leaf"]


def family_tree(
    tree: Branch, chosen: str, *, key: str, label: str, legend: str, on_chosen: Callable[[str], None]
) -> None:
    """Draw the tree with the leaf `chosen` marked; `on_chosen(key)` is called before the page reruns.

    `label`: the choice, for screen readers. `legend`: the meaning of the dot at leaves that run; without one no dot is
    drawn.
    Raises ValueError for an empty label, a branch without children, duplicate keys or a `chosen` that is not a key.
    """
    payload = pack(tree, chosen, label, legend)
    known = [leaf.key for leaf in leaves(tree)]

    def receive():
        settled = st.session_state[key].get("chosen")
        if settled in known:
            on_chosen(settled)

    mount(key=key, data=[payload], on_chosen_change=receive)


def pack(tree: Branch, chosen: str, label: str, legend: str) -> dict[str, Any]:
    """The JSON for the browser."""
    if not label:
        raise ValueError("label must say what is chosen; it is read out in place of the drawing.")
    keys = [leaf.key for leaf in leaves(tree)]
    if len(set(keys)) < len(keys):
        raise ValueError(f"Each leaf needs a key of its own, got {keys}.")
    if chosen not in keys:
        raise ValueError(f"chosen must be one of {', '.join(keys)}, got {chosen!r}.")
    return {
        "tree": packed(tree),
        "chosen": chosen,
        "label": label,
        "legend": legend,
        "colours": {"runs": palette.NEUTRAL, "line": palette.NEUTRAL},
    }


def packed(node: Branch | Leaf) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return {"key": node.key, "name": node.name, "note": node.note, "runs": node.runs}
    return {"name": node.name, "children": [packed(child) for child in node.children]}


def leaves(node: Branch | Leaf) -> list[Leaf]:
    """The leaves from top to bottom. Raises ValueError for a branch that contains none."""
    if isinstance(node, Leaf):
        return [node]
    if not node.children:
        raise ValueError(f"The branch {node.name!r} has no children.")
    return [leaf for child in node.children for leaf in leaves(child)]
