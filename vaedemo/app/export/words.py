"""The lessons' words as HTML: paragraphs, bold, formulas. They are our own; all the same they are escaped."""

import re
from collections.abc import Mapping
from html import escape

from vaedemo.app.export.mathml import mathml

PART = re.compile(
    r"\$\$(?P<block>.+?)\$\$|\$(?P<inline>.+?)\$|\*\*(?P<bold>.+?)\*\*|\[(?P<link>[^\]]+)\]\([^)]*\)", re.S
)


def html(markdown: str) -> str:
    """Markdown as HTML. A link to another page of the app becomes plain words: an exported page stands alone.

    Raises ValueError for a formula with a command that `mathml` does not know.
    """
    return "\n".join(f"<p>{inline(part)}</p>" for part in re.split(r"\n\n+", markdown.strip()))


def inline(text: str) -> str:
    """The parts of one paragraph."""
    found, end = [], 0
    for match in PART.finditer(text):
        found += [escape(text[end : match.start()], quote=False), element(match)]
        end = match.end()
    return "".join([*found, escape(text[end:], quote=False)])


def element(match: re.Match) -> str:
    """The element of a formula, of bold words or of a link."""
    inside = match[match.lastgroup]
    match match.lastgroup:
        case "block":
            return mathml(inside, block=True)
        case "inline":
            return mathml(inside, block=False)
        case "bold":
            return f"<strong>{inline(inside)}</strong>"
    return escape(inside, quote=False)


def with_names(words: str, numbers: Mapping[str, str]) -> str:
    """HTML in which each of these numbers has its name, so that the page's script can write another in its place.

    Raises ValueError for a number that does not stand there exactly once.
    """
    for name, text in numbers.items():
        number = re.compile(rf"(?<![\w.\-−]){re.escape(text)}(?![\w.])")
        places = list(number.finditer(words))
        if len(places) != 1:
            raise ValueError(f"{name} must stand once in the words, found {text!r} {len(places)} times.")
        start, end = places[0].span()
        if words[:start].endswith("<mn>"):
            words = f'{words[: start - 4]}<mn data-number="{name}">{words[start:]}'
        else:
            words = f'{words[:start]}<span data-number="{name}">{text}</span>{words[end:]}'
    return words
