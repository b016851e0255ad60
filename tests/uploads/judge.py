"""What every test of an upload asks: one sentence or a data set that may be believed."""

import re

import numpy as np
import pytest

from vaedemo.uploads import answers, decoder
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.bodies import pack
from vaedemo.uploads.child import answer
from vaedemo.uploads.words import Refused

FORBIDDEN = ("Error", "Traceback", "/usr", "/work", "/tmp", "site-packages", "0x", "BytesIO", "object at", "None")


def in_process(*files: tuple[str, bytes]) -> Decoded:
    """What these files hold, decoded in this process: as the child does it, without its limits."""
    return answers.read(answer(pack(files)))


def in_child(*files: tuple[str, bytes]) -> Decoded:
    """What these files hold, decoded in a child process."""
    return decoder.decode(pack(files))


def check_sentence(sentence: str) -> str:
    """The sentence, if it is a single one that may be shown."""
    assert sentence.endswith(".") and not sentence.endswith(".."), sentence
    assert sentence.isprintable() and len(sentence) < 400 and sentence[0] in "'…" + sentence[0].upper(), sentence
    own = re.sub("'.*'", "", sentence)  # without a visitor's names, in which anything may stand
    assert ". " not in own and not [word for word in FORBIDDEN if word in own], sentence
    return sentence


def refused(*files: tuple[str, bytes], by=in_process) -> str:
    """The sentence that refuses these files."""
    with pytest.raises(Refused) as caught:
        by(*files)
    assert str(caught.value) == caught.value.sentence
    return check_sentence(caught.value.sentence)


def check(decoded: Decoded) -> Decoded:
    """What was decoded, if it has the shapes and types that it says."""
    count = len(decoded.labels)
    assert decoded.labels.dtype == np.int64 and decoded.labels.shape == (count,) and count > 0
    assert decoded.labels.min() >= 0 and decoded.labels.max() < len(decoded.class_names)
    assert all(name and name.isprintable() and len(name) <= 60 for name in decoded.class_names)
    assert len(set(decoded.class_names)) == len(decoded.class_names)
    for note in decoded.notes:
        check_sentence(note)
    if decoded.kind == "points":
        assert decoded.framings == {} and decoded.points.dtype == np.float32 and decoded.points.shape == (count, 2)
        assert np.isfinite(decoded.points).all()
    else:
        assert decoded.kind == "images" and decoded.points is None and list(decoded.framings) == ["whole", "square"]
        assert all(each.dtype == np.uint8 and each.shape == (count, 28, 28) for each in decoded.framings.values())
    return decoded


def both(*files: tuple[str, bytes]) -> np.ndarray:
    """The images of these files, which are the same in both framings."""
    decoded = check(in_process(*files))
    assert np.array_equal(decoded.framings["whole"], decoded.framings["square"])
    return decoded.framings["whole"]
