"""The body that goes to the child and the answer that comes back: what is not in their form is refused."""

import json
import struct
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from tests.uploads.judge import check, refused
from tests.uploads.samples import DIGIT, image_bytes
from vaedemo.uploads import answers, bodies, decoder, words
from vaedemo.uploads.answers import BadAnswer, Decoded
from vaedemo.uploads.child import answer
from vaedemo.uploads.limits import LARGEST_UPLOAD
from vaedemo.uploads.words import Refused

IMAGES = Decoded(
    "images", np.array([1, 0]), ("a", "b"), framings={"whole": np.stack([DIGIT] * 2), "square": np.stack([DIGIT] * 2)}
)
POINTS = Decoded("points", np.zeros(4, int), ("points",), points=np.ones((4, 2), np.float32), notes=("One note.",))


def parts(decoded: Decoded) -> tuple[dict, bytes]:
    content = answers.written(decoded)
    (length,) = struct.unpack(">I", content[:4])
    return json.loads(content[4 : 4 + length]), content[4 + length :]


def with_header(header, rest: bytes) -> bytes:
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(encoded)) + encoded + rest


@pytest.mark.parametrize("decoded", [IMAGES, POINTS])
def test_an_answer_comes_back_as_it_was(decoded):
    back = check(answers.read(answers.written(decoded)))
    assert (back.kind, back.class_names, back.notes) == (decoded.kind, decoded.class_names, decoded.notes)
    assert np.array_equal(back.labels, decoded.labels) and back.labels.flags.writeable
    for name, framing in decoded.framings.items():
        assert np.array_equal(back.framings[name], framing)
    assert decoded.points is None or np.array_equal(back.points, decoded.points)
    with pytest.raises(FrozenInstanceError):
        back.kind = "other"


WRONG = {
    "kind": ["music", 3, None, ["images"], "points"],
    "count": [1, 3, 0, -2, 20_001, 2.0, True, "2", None, 10**30],
    "class_names": [[], ["a"], "ab", ["a", "b\n"], ["a", ""], ["a", 3], ["a", "b" * 61], None, ["a"] * 1001],
    "notes": [["no stop"], ["a\nb."], [3], "a.", ["a" * 500 + "."], ["One."] * 21, None],
    "more": [1],
}


@pytest.mark.parametrize(("entry", "value"), [(entry, value) for entry, values in WRONG.items() for value in values])
def test_a_header_that_is_not_believed(entry, value):
    header, rest = parts(IMAGES)
    with pytest.raises(BadAnswer):
        answers.read(with_header(header | {entry: value}, rest))


def test_arrays_that_are_not_believed():
    header, rest = parts(IMAGES)
    points, coordinates = parts(POINTS)
    for content in (
        b"",
        b"\x00\x00",
        struct.pack(">I", 2**31),
        with_header(b"{", rest),
        with_header(b"[" * 100_000, rest),
        with_header([], rest),
        with_header({}, rest),
        with_header(header, rest[:-1]),
        with_header(header, rest + b"\x00"),
        with_header(header, rest[:-8] + struct.pack("<q", 2)),
        with_header(header, rest[:-8] + struct.pack("<q", -1)),
        with_header(points, struct.pack("<f", np.nan) + coordinates[4:]),
        with_header(points, struct.pack("<f", np.inf) + coordinates[4:]),
        with_header({"refused": "a\nb."}, b""),
        with_header({"refused": "One sentence."}, b"more"),
        with_header({"refused": 3}, b""),
    ):
        with pytest.raises(BadAnswer):
            answers.read(content)


def test_a_refusal_is_one_sentence_or_the_usual_one():
    for sentence, expected in (
        ("It is empty.", "It is empty."),
        ("a\nb.", words.TOO_MUCH),
        ("x" * 999, words.TOO_MUCH),
    ):
        with pytest.raises(Refused, match=expected):
            answers.read(answers.refusal(sentence))


def test_a_body_is_what_the_page_sends():
    files = [("größe/ä.png", b"one"), ("", b""), ("\ud800", b"three")]
    body = decoder.pack(files)
    (length,) = struct.unpack(">I", body[:4])
    assert json.loads(body[4 : 4 + length]) == {
        "files": [{"name": name, "size": len(content)} for name, content in files]
    }
    assert body[4 + length :] == b"onethree"
    assert [(file.name, file.content) for file in bodies.unpack(body)] == files


GOOD = image_bytes(DIGIT)
ENTRY = {"name": "a.png", "size": len(GOOD)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x00\x00",
        struct.pack(">I", 2**32 - 1),
        with_header(b"\xff\xfe", GOOD),
        with_header(b"[" * 200_000, GOOD),
        with_header(b"9" * 100_000, GOOD),
        with_header({"files": "a.png"}, GOOD),
        with_header({"files": [3]}, GOOD),
        with_header({"files": [{"name": "a.png"}]}, GOOD),
        with_header({"files": [{"name": 3, "size": 1}]}, GOOD),
        *(
            with_header({"files": [ENTRY | {"size": size}]}, GOOD)
            for size in (-1, 1.5, True, "9", 10**20, len(GOOD) + 1, 1)
        ),
        with_header({"files": [ENTRY, ENTRY]}, GOOD),
        with_header({"files": [ENTRY]}, GOOD + b"more"),
    ],
    ids=range(19),
)
def test_a_body_in_another_form_is_refused(body):
    with pytest.raises(Refused, match="did not arrive whole"):
        answers.read(answer(body))


def test_a_body_without_files_or_with_too_many_is_refused():
    assert refused() == "The upload holds no file."
    assert "up to 20,000 files, got 20,001" in refused(*[("a", b"")] * 20_001)
    assert "up to 20 million bytes" in refused(("a.npy", bytes(LARGEST_UPLOAD)))


def test_names_are_made_fit_to_print():
    assert words.printable("a\u202eb\nc\u0000") == "a?b?c?" and words.printable("e\u0301") == "é"
    assert words.shown("x" * 99) == "'…" + "x" * 49 + "'" and words.value("y" * 99) == "'" + "y" * 29 + "…'"
    assert words.counted(1, "file is", "files are") == "1 file is" and words.counted(2000, "a", "b") == "2,000 b"
    assert not words.is_sentence("no stop") and not words.is_sentence(None) and words.is_sentence("It is so.")
