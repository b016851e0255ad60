"""Files that nobody thought of: generated ones, and right ones with bytes turned, left out, doubled and exchanged.

Each is refused with one sentence or accepted, and then agrees with a decoder of its own (independent.py).
"""

import itertools
import struct
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.uploads import independent
from tests.uploads.judge import check, check_sentence, in_child, in_process
from tests.uploads.samples import DIGIT, RANDOM, image_bytes, npy, npz, raw_png, table, zipped
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.kinds import BEGINNINGS, kind_of
from vaedemo.uploads.words import Refused

IMAGES = RANDOM.integers(0, 256, (3, 28, 28), dtype=np.uint8)
POINTS = [tuple(row) for row in RANDOM.normal(size=(5, 2)).round(3)]
VALID = {
    "a.png": image_bytes(DIGIT),
    "a.jpg": image_bytes(np.add.outer(np.arange(28) * 6, np.arange(28) * 3).astype(np.uint8), "JPEG"),
    "a.zip": zipped({f"{number}.png": image_bytes(pixels) for number, pixels in enumerate(IMAGES)}),
    "b.zip": zipped({"a.npy": npy(IMAGES)}, zipfile.ZIP_STORED),
    "a.npy": npy(IMAGES),
    "b.npy": npy(np.array(POINTS)),
    "a.npz": npz(x=IMAGES, y=np.arange(3)),
    "a.csv": table(POINTS),
}


def judged(decode, *files: tuple[str, bytes]) -> Decoded | None:
    """What files hold, or None if they are refused with one sentence. Any other exception fails the test."""
    try:
        return check(decode(*files))
    except Refused as error:
        check_sentence(error.sentence)
        return None


def agrees(name: str, content: bytes, decoded: Decoded) -> None:
    """Fail if a file says something else to another decoder."""
    kind = kind_of(content)
    if kind == "text":
        assert np.array_equal(decoded.points, independent.points(content))
    elif kind == "npy":
        same_array(independent.array(content), decoded)
    elif kind == "zip":
        inside = independent.archive(content)
        for number, part in enumerate(inside):
            if kind_of(part) == "PNG":
                assert np.array_equal(decoded.framings["whole"][number], independent.grey_png(part))
        if kind_of(inside[0]) == "npy":
            same_array(independent.array(inside[0]), decoded)
    elif kind == "PNG" and content[16:24] == struct.pack(">II", 28, 28):
        assert np.array_equal(decoded.framings["whole"][0], independent.grey_png(content))
    elif kind == "JPEG" and independent.jpeg(content).shape == (28, 28):
        assert np.abs(decoded.framings["whole"][0] - independent.jpeg(content)).max() <= 2


def same_array(array: np.ndarray, decoded: Decoded) -> None:
    if decoded.kind == "points":
        assert np.array_equal(decoded.points, array.astype(np.float32))
    elif array.shape[1:] == (28, 28) and array.dtype == np.uint8:
        assert np.array_equal(decoded.framings["whole"], array)


beginnings = st.sampled_from([beginning for beginning, _ in BEGINNINGS] + [b"", b"<", b"1,2\n", b"\xef\xbb\xbf"])
names = st.one_of(st.text(max_size=80), st.sampled_from(["a/b.png", "a.zip", "a.npy", "a.csv", ".a", "__MACOSX/a.png"]))
numbers = st.one_of(
    st.integers(-300, 300), st.floats(), st.text(max_size=5), st.sampled_from(["1,5", "nan", "1e400", ""])
)
arrays = st.builds(
    lambda shape, type_, fill: npy(np.full(shape, fill % 256 if "u" in type_ else fill, type_)),
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 28, 784]), max_size=5).filter(lambda shape: np.prod(shape) < 10_000),
    st.sampled_from(["u1", "<i2", ">f4", "f8", "?", "c8", "U3", "S2", "M8[s]"]).filter(lambda each: "," not in each),
    st.integers(0, 300),
)
pngs = st.builds(
    lambda width, height, depth, colour, packed: raw_png(width, height, depth, colour, zlib.compress(packed)),
    st.integers(0, 40), st.integers(0, 40), st.sampled_from([1, 2, 4, 8, 16, 3]), st.integers(0, 7),
    st.binary(max_size=900),
)  # fmt: skip
tables = st.builds(
    lambda rows, separator: table(rows, separator).decode("utf-8", "replace").encode(),
    st.lists(st.lists(numbers, max_size=4), max_size=6), st.sampled_from([",", ";", "\t", " "]),
)  # fmt: skip
contents = st.one_of(
    st.builds(lambda start, rest: start + rest, beginnings, st.binary(max_size=300)), arrays, pngs, tables
)
archives = st.builds(
    lambda files: zipped({"a" + name.encode("utf-8", "replace").decode(): content for name, content in files}),
    st.lists(st.tuples(names, contents), min_size=1, max_size=4),
)


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=[*HealthCheck])
@given(st.lists(st.tuples(names, st.one_of(contents, archives)), min_size=1, max_size=3))
def test_generated_files_are_refused_with_a_sentence_or_decoded(files):
    judged(in_process, *files)


def mutations(content: bytes, seed: int):
    """A file with small changes, seven kinds of them."""
    random = np.random.default_rng(seed)
    place, other = sorted(random.integers(0, len(content), 2).tolist())
    turned = bytearray(content)
    for _ in range(1 + seed % 3):
        turned[random.integers(len(content))] ^= 1 << random.integers(8)
    yield bytes(turned)
    yield content[:place]
    yield content[:place] + content[other:]
    yield content[:other] + content[place:]
    yield content + content
    yield content[:place] + random.bytes(8) + content[place + 8 :]
    yield content[: place + 1] + b"".join(VALID.values())[place:other]


@pytest.mark.parametrize("name", VALID)
def test_changed_files_are_refused_or_agree_with_another_decoder(name):
    accepted = 0
    agrees(name, VALID[name], judged(in_process, (name, VALID[name])))
    for changed in itertools.chain.from_iterable(mutations(VALID[name], seed) for seed in range(8)):
        decoded = judged(in_process, (name, changed))
        if decoded is not None:
            accepted += 1
            agrees(name, changed, decoded)
    print(name, "accepted after a change:", accepted)


@pytest.mark.parametrize("name", ["a.png", "a.zip", "a.npz"])
def test_changed_files_get_the_same_answer_from_the_child(name):
    for changed in itertools.islice(mutations(VALID[name], 3), 3):
        here, there = judged(in_process, (name, changed)), judged(in_child, (name, changed))
        assert (here is None) == (there is None)
        assert here is None or np.array_equal(here.framings["whole"], there.framings["whole"])
