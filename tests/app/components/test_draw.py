"""The Python side of the field: what a browser may tell, and one alphabet on both sides."""

import re
from pathlib import Path

import pytest

from vaedemo.app.components import draw
from vaedemo.datasets import drawing
from vaedemo.rules import ConfigError

SOUND = "H4" + drawing.BLANK[2:]


@pytest.mark.parametrize("text", ["", SOUND])
def test_a_drawing_is_read(text):
    assert draw.read_drawn([3, text]) == text
    assert draw.pack(text) == [{"text": text}]


@pytest.mark.parametrize(
    "message",
    [None, SOUND, [], [1], [1, SOUND, 2], ["1", SOUND], [1, SOUND[1:]], [1, "=" + SOUND[1:]], [1, 7], {"text": SOUND}],
)
def test_what_is_no_drawing_is_ignored(message):
    assert draw.read_drawn(message) is None


def test_a_forged_drawing_is_not_sent():
    with pytest.raises(ConfigError, match="drawing accepts 392"):
        draw.pack("A")


def test_browser_and_server_spell_alike():
    script = (Path(draw.__file__).parent / "digit.js").read_text(encoding="utf-8")
    assert re.search(r'^const ALPHABET = "(.+)";', script, re.MULTILINE)[1] == drawing.ALPHABET
    for name, value in (("SIDE", drawing.SIDE), ("LEVELS", drawing.LEVELS)):
        assert re.search(rf"^const {name} = (\d+);", script, re.MULTILINE)[1] == str(value)
