"""Arrays of an upload: shapes, types and labels that are accepted, and what is refused before it is believed."""

import pickle

import numpy as np
import pytest

from tests.uploads.judge import both, check, in_child, in_process, refused
from tests.uploads.samples import RANDOM, npy, npy_header, npz

IMAGES = RANDOM.integers(0, 256, (5, 28, 28), dtype=np.uint8)
COLOUR = RANDOM.integers(0, 256, (5, 28, 28, 3), dtype=np.uint8)
POINTS = RANDOM.normal(size=(6, 2))


@pytest.mark.parametrize("type_", ["u1", "i1", ">i2", "<u4", "i8", "u8"])
def test_whole_numbers_up_to_255_are_greys(type_):
    images = IMAGES // 2
    for order in (np.ascontiguousarray, np.asfortranarray):
        assert np.array_equal(both(("a.npy", npy(order(images.astype(type_))))), images)


@pytest.mark.parametrize("type_", ["f2", "<f4", ">f8"])
def test_decimal_numbers_up_to_1_are_greys(type_):
    assert np.array_equal(both(("a.npy", npy((IMAGES / 255).astype(type_)))), IMAGES)


def test_truth_values_are_black_and_white():
    assert np.array_equal(both(("a.npy", npy(IMAGES > 99))), np.where(IMAGES > 99, 255, 0))


def test_the_axis_of_colours_may_be_missing_last_or_second():
    for shape in ((5, 28, 28, 1), (5, 1, 28, 28), (5, 784)):
        assert np.array_equal(both(("a.npy", npy(IMAGES.reshape(shape)))), IMAGES)
    luminance = np.rint(COLOUR @ [0.299, 0.587, 0.114])
    last = both(("a.npy", npy(COLOUR)))
    second = both(("a.npy", npy(COLOUR.transpose(0, 3, 1, 2))))
    assert np.abs(last - luminance).max() <= 1 and np.array_equal(last, second)


def test_larger_images_are_framed():
    wide = np.full((2, 56, 112), 60, np.uint8)
    wide[:, 20:30, 30:50] = 180
    decoded = check(in_process(("a.npy", npy(wide))))
    assert np.array_equal(decoded.framings["square"], wide[:, :, 28:84].reshape(2, 28, 2, 28, 2).mean((2, 4)))
    assert (decoded.framings["whole"][:, :7] == 60).all()


def test_two_columns_are_points():
    for type_ in ("f4", "f8", "i2"):
        decoded = check(in_process(("a.npy", npy((POINTS * 9).astype(type_)))))
        assert decoded.kind == "points" and decoded.class_names == ("points",)
        assert np.array_equal(decoded.points, (POINTS * 9).astype(type_).astype(np.float32))
    in_fortran_order = check(in_child(("a.npy", npy(np.asfortranarray(POINTS)))))
    assert np.array_equal(in_fortran_order.points, POINTS.astype(np.float32))


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels"), ("data", "target"), ("X", "Y")])
@pytest.mark.parametrize("packed", [False, True])
def test_an_npz_has_data_and_labels(names, packed):
    decoded = check(in_process(("a.npz", npz(packed, **{names[0]: IMAGES, names[1]: np.array([7, 12, 7, 3, 3])}))))
    assert np.array_equal(decoded.framings["whole"], IMAGES)
    assert decoded.class_names == ("3", "7", "12") and decoded.labels.tolist() == [1, 2, 1, 0, 0]


def test_labels_may_be_words_and_others_are_left_out():
    words = np.array(["dog", "cat", "dog", "", "a\nb"])
    decoded = check(in_process(("a.npz", npz(x=IMAGES, y=words[:, None], z=POINTS))))
    assert decoded.class_names == ("a b", "cat", "dog", "no name") and decoded.labels.tolist() == [2, 1, 2, 3, 0]
    assert decoded.notes == ("1 other array was passed over.",)
    alone = check(in_process(("a.npz", npz(anything=POINTS))))
    assert alone.kind == "points" and alone.notes == ()
    files = check(in_process(("x.npy", npy(IMAGES)), ("y.npy", npy(np.arange(5)))))
    assert files.labels.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("says", "labels"),
    {
        "holds no labels": np.arange(5) + 0.5,
        "0 to 999": np.arange(5) + 996,
        "holds no labels:": np.arange(5) - 1,
        "or words": np.eye(5, dtype=int),
        "5 examples and 4 labels": np.arange(4),
        "holds Python objects": np.array([1, "a", None, 2, 3], object),
        "neither numbers nor words": np.array(["a" * 201] * 5),
    }.items(),
)
def test_labels_that_are_refused(says, labels):
    assert says in refused(("a.npz", npz(x=IMAGES, y=labels)))


def test_an_npz_without_a_name_that_says_what_is_data_is_refused():
    assert "several arrays" in refused(("a.npz", npz(a=IMAGES, b=POINTS)))
    assert "several arrays" in refused(("a.npz", npz(x=IMAGES, images=IMAGES)))


class Harm:
    """What a pickle could run."""

    def __reduce__(self):
        return (open, ("/tmp/harm-of-a-pickle", "w"))


HEADER = "{{'descr': '|u1', 'fortran_order': False, 'shape': ({}, 2), }}"
REFUSED = {
    "an array of objects": (npy(np.array([Harm()]), allow_pickle=True), "holds Python objects, which are not opened"),
    "a pickle": (pickle.dumps(Harm()), "holds Python objects, which are not opened"),
    "an old pickle": (pickle.dumps(Harm(), 0), ""),
    "records": (npy(np.zeros(3, "i4,f8")), "neither numbers nor words"),
    "complex numbers": (npy(np.zeros((5, 28, 28), complex)), "neither numbers nor words"),
    "dates": (npy(np.zeros((5, 28, 28), "M8[s]")), "neither numbers nor words"),
    "words": (npy(np.array([["a", "b"]] * 5)), "words where numbers should be"),
    "no axis": (npy(np.array(3)), "as its shape"),
    "one axis": (npy(np.arange(5)), "as its shape"),
    "a plain image": (npy(IMAGES[0]), "as its shape"),
    "one image in colour": (npy(COLOUR[0]), "as its shape"),
    "two ways to see colours": (npy(np.zeros((2, 3, 9, 3), np.uint8)), "as its shape"),
    "five axes": (npy(np.zeros((1, 1, 1, 4, 4), np.uint8)), "has 5 axes"),
    "no example": (npy(np.zeros((0, 28, 28), np.uint8)), "holds no value"),
    "no pixel": (npy(np.zeros((5, 0, 28), np.uint8)), "holds no value"),
    "too many": (npy(np.zeros((20_001, 2, 2), np.uint8)), "20,001 examples: up to 20,000"),
    "too wide": (npy(np.zeros((2, 1, 1025), np.uint8)), "1,025 by 1 pixels; up to 1024"),
    "greys up to 256": (npy(np.full((2, 28, 28), 256)), "values from 256 to 256"),
    "greys below 0": (npy(np.full((2, 28, 28), -1)), "values from -1 to -1"),
    "decimals up to 255": (npy(IMAGES.astype(float)), "decimal numbers from 0 to 1"),
    "images that are not numbers": (npy(np.full((2, 28, 28), np.nan)), "values from nan to nan"),
    "points that are not numbers": (npy(np.full((9, 2), np.nan)), "not finite"),
    "points at infinity": (npy(np.full((9, 2), np.inf)), "not finite"),
    "points beyond 32 bits": (npy(np.full((9, 2), 1e39)), "too large for 32 bits"),
    "three points": (npy(POINTS[:3]), "has 3 points"),
    "half of it": (npy(IMAGES)[:-1], "not hold as many values"),
    "more than it says": (npy(IMAGES) + b"\x00", "not hold as many values"),
    "a promise of 2^70": (npy_header(HEADER.format(2**70)), "not hold as many values"),
    "a sum as a promise": (npy_header(HEADER.format("2**70")), "damaged"),
    "a promise of 10^18": (npy_header(HEADER.format(10**18)), "not hold as many values"),
    "a negative shape": (npy_header(HEADER.format("-2, -1"), bytes(4)), "not hold as many values"),
    "code as a header": (npy_header("__import__('os').system('touch /tmp/harm')"), "damaged"),
    "deep brackets": (npy_header("(" * 116), ""),
    "another version": (b"\x93NUMPY\x09\x00" + bytes(100), "damaged"),
    "only a mark": (b"\x93NUMPY", "damaged"),
    "a header without its end": (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_an_array_that_is_refused(what):
    content, says = REFUSED[what]
    sentence = refused(("numbers.npy", content))
    assert says in sentence and ("'numbers.npy'" in sentence or "memory" in sentence)
