"""What the picture of a training step sends to the browser, and what it refuses."""

import json
import struct

import numpy as np
import pytest

from vaedemo.app.components.training_path import PARTS, STAGES, Path, Stage, pack, read_stage

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 4, 5), dtype=np.uint8)
LINES = {part: [part, "2.5"] for part in PARTS}
PATH = Path(LINES, [Stage(f"stage {number}", "words") for number in range(STAGES)], IMAGES)


def unpack(content: bytes):
    (length,) = struct.unpack("<I", content[:4])
    return json.loads(content[4 : 4 + length]), np.frombuffer(content[4 + length :], np.uint8)


@pytest.mark.parametrize(("last", "parts", "pictures"), [(0, 1, 1), (2, 5, 1), (3, 7, 2), (4, 10, 2), (8, 10, 3)])
def test_nothing_is_sent_that_comes_after_the_last_stage(last, parts, pictures):
    header, pixels = unpack(pack(PATH, 0, last, True, "a step"))
    assert [stage["name"] for stage in header["stages"]] == [f"stage {number}" for number in range(last + 1)]
    assert sum(bool(lines) for lines in header["lines"].values()) == parts
    assert header["pictures"] == pictures
    np.testing.assert_array_equal(pixels.reshape(pictures, 4, 5), IMAGES[:pictures])


def test_a_table_travels_with_its_colours_and_pictures():
    stage = Stage("last", "words", (("", "nats"), ("l_recon", "−1.0")), {1: "reconstruction"}, {2: "after"})
    header, _ = unpack(pack(Path(LINES, [*PATH.stages[:-1], stage], IMAGES), 8, 8, False, "a step"))
    sent = header["stages"][-1]
    assert sent["table"] == [["", "nats"], ["l_recon", "−1.0"]]
    assert sent["roles"] == {"1": "reconstruction"} and sent["roles"]["1"] in header["colours"]
    assert sent["pictures"] == [[2, "after"]]
    assert header["stage"] == 8 and header["player"] is False and header["label"] == "a step"


@pytest.mark.parametrize(
    ("path", "stage", "last", "label", "words"),
    [
        (Path(LINES, PATH.stages[:3], IMAGES), 0, 8, "a", "has 9 stages"),
        (PATH, 5, 4, "a", "got 5 and 4"),
        (PATH, 0, 9, "a", "got 0 and 9"),
        (Path(LINES | {"kl": []}, PATH.stages, IMAGES), 0, 8, "a", "Each part needs its text"),
        (Path(LINES, PATH.stages, IMAGES.astype(float)), 0, 8, "a", "got float64"),
        (Path(LINES, PATH.stages, IMAGES[:2]), 0, 8, "a", "uint8"),
        (PATH, 0, 8, "", "label must say"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(path, stage, last, label, words):
    with pytest.raises(ValueError, match=words):
        pack(path, stage, last, True, label)


def test_the_browser_s_message_is_a_stage_or_nothing():
    assert [read_stage(value, 4) for value in (0, 4, 5, -1, True, 1.0, "2", None, [3])] == [0, 4, *[None] * 7]
