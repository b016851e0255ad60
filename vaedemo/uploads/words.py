"""The sentences of a refusal and of what was left out, and names of files and classes that are safe to show.

A name comes from a stranger's computer: control characters could change a log's lines, and marks of direction could
turn a sentence around.
"""

import re
import unicodedata

from vaedemo.uploads.limits import LONGEST_CLASS_NAME, LONGEST_SENTENCE

MARKS = "-_.+"
OUTSIDE = re.compile(r"(?<!\d)\.|\.(?!\d)|(?<![^\W_])_|_(?![^\W_])")  # a point outside a number, a line outside a word
LONGEST_SHOWN = 50  # characters of a name in a sentence
ACCEPTED = "PNG and JPEG images, a zip of them, NumPy arrays (npy, npz) and tables (csv, tsv) are accepted"
TOO_MUCH = "Decoding these files needs more memory or time than an upload may take."
NOT_NOW = "The server cannot decode an upload at the moment: try again in a minute."
NOT_AN_UPLOAD = "The upload did not arrive whole or is not in the form that the page sends: choose the files again."


class Refused(ValueError):
    """An upload is refused; the text is one sentence for the visitor."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def printable(text: str) -> str:
    """The text on one line, with a question mark for each character that cannot be printed.

    The marks that change the direction of what follows are among these.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(character if character.isprintable() else "?" for character in composed)


def shown(name: str) -> str:
    """A file's name in a sentence: in quotes, its end alone if it is long."""
    text = printable(name[-2 * LONGEST_SHOWN :])  # the end says more than the beginning: the file and its ending
    shortened = text if len(text) <= LONGEST_SHOWN else "…" + text[1 - LONGEST_SHOWN :]
    return f"'{shortened}'"


def value(text: str) -> str:
    """A word out of a file in a sentence: in quotes, its beginning alone if it is long."""
    short = printable(text[:100])
    return f"'{short}'" if len(short) <= 30 else f"'{short[:29]}…'"


def class_name(text: str) -> str:
    """A name for a class out of a folder's or a label's: of letters, digits and `MARKS`, not empty, of limited length.

    Pages write it into Markdown and into charts, where other signs could become links and pictures, or "www.a" a link,
    "_a_" slanted and "- a" a list.
    """
    text = printable(text[: 4 * LONGEST_CLASS_NAME])
    text = "".join(each if is_of_words(each) or each in MARKS else " " for each in text)
    return plain(plain(text)[:LONGEST_CLASS_NAME]) or "no name"


def plain(text: str) -> str:
    """The words of a text that have a letter or a digit, without the points and lines that are not within one."""
    return " ".join(word for word in OUTSIDE.sub(" ", text).split() if any(map(is_of_words, word)))


def is_of_words(character: str) -> bool:
    """Whether this is a letter, a digit, or the mark of a vowel or an accent, which many scripts write by itself."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def is_sentence(text: object) -> bool:
    """Whether this is text that may be shown as one sentence."""
    return isinstance(text, str) and 1 < len(text) <= LONGEST_SENTENCE and text.isprintable() and text.endswith(".")


def counted(count: int, one: str, many: str) -> str:
    """A count and its noun: "1 hidden file was", "3 hidden files were"."""
    return f"{count:,} {one if count == 1 else many}"
