"""How the fields of a `RunConfig` are declared: a default with its rule."""

from dataclasses import field
from typing import Any


class NotGiven(tuple):
    """Default widths: equal to the same widths given explicitly, and distinguished from them by this type."""


WIDTHS = {"mlp": NotGiven((400,)), "conv": (32, 64), "linear": ()}  # the default of `hidden`


def ruled(default: Any, rule, words: str | None = None) -> Any:
    """A field with its rule; `words`: a description of the default when its value is not clear."""
    return field(default=default, metadata={"rule": rule, "words": words or str(default)})
