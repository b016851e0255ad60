"""Image files that are refused: each with one sentence, in the child where size is what is wrong with them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.uploads.judge import both, check, in_child, in_process, refused
from tests.uploads.samples import DIGIT, RANDOM, chunk, flat_png, image_bytes, raw_png, zipped

GOOD = image_bytes(DIGIT)
PHOTO = image_bytes(RANDOM.integers(0, 256, (40, 60, 3), dtype=np.uint8), "JPEG")


def animated(kind: str) -> bytes:
    stream = io.BytesIO()
    first, second = Image.fromarray(DIGIT), Image.fromarray(255 - DIGIT)
    first.save(stream, kind, save_all=True, append_images=[second])
    return stream.getvalue()


REFUSED = {
    "16 bits, grey": (image_bytes(DIGIT.astype(np.uint16) * 250), "16 bits"),
    "16 bits, colour": (raw_png(1, 1, 16, 2, zlib.compress(bytes(7))), "16 bits"),
    "animated PNG": (animated("PNG"), "more than one image"),
    "several in a JPEG": (animated("MPO"), "more than one image"),
    "transparent": (image_bytes(np.dstack([DIGIT] * 4)), "transparent pixels"),
    "transparent grey": (image_bytes(np.dstack([DIGIT] * 2)), "transparent pixels"),
    "transparent colour": (image_bytes(DIGIT, transparency=int(DIGIT[0, 0])), "transparent pixels"),
    "transparent palette": (image_bytes(DIGIT, mode="P", transparency=int(DIGIT[0, 0])), "transparent pixels"),
    "half of it": (GOOD[: len(GOOD) // 2], "damaged or incomplete"),
    "half a JPEG": (PHOTO[: len(PHOTO) // 2], "damaged or incomplete"),
    "wrong checksum": (GOOD[:60] + bytes(4) + GOOD[64:], "damaged or incomplete"),
    "no pixels": (raw_png(0, 28, 8, 0, b""), "damaged or incomplete"),
    "too few pixels": (raw_png(28, 28, 8, 0, zlib.compress(bytes(40))), "damaged or incomplete"),
    "only a beginning": (b"\x89PNG\r\n\x1a\n", "damaged or incomplete"),
    "only a JPEG's beginning": (b"\xff\xd8\xff\xe0", "damaged or incomplete"),
    "50 megapixels": (flat_png(10_000, 5_000), "10,000 by 5,000 pixels; up to 25,000,000 in all"),
    "a header of 4 gigapixels": (raw_png(65_535, 65_535, 8, 2, b""), "more than 25,000,000 pixels"),
    "a header of 2^62 pixels": (raw_png(2**31 - 1, 2**31 - 1, 8, 6, b""), "more than 25,000,000 pixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_image_that_is_refused(what):
    content, says = REFUSED[what]
    sentence = refused(("photo.png", content))
    assert says in sentence and "'photo.png'" in sentence
    assert says in refused(("good.png", GOOD), ("photo.png", content))


@pytest.mark.parametrize(
    ("kind", "content"),
    {
        "GIF": image_bytes(DIGIT, "GIF"),
        "BMP": image_bytes(DIGIT, "BMP"),
        "TIFF": image_bytes(DIGIT, "TIFF"),
        "WebP": image_bytes(DIGIT, "WEBP"),
        "PDF": b"%PDF-1.7\n" + bytes(100),
        "HTML, SVG": b"<!doctype html><script>alert(1)</script>",
        "SVG or XML": b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>",
        "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(40),
        "Python objects": b"\x80\x04\x95" + bytes(20),
        "gzip": b"\x1f\x8b\x08" + bytes(20),
        "tar": bytes(257) + b"ustar" + bytes(250),
        "UTF-16": "1,2\n3,4".encode("utf-16"),
        "not known": bytes(range(256)),
        "empty": b"",
    }.items(),
)
def test_a_file_of_another_kind_is_named_and_what_is_accepted_too(kind, content):
    sentence = refused(("photo.png", content))
    assert kind in sentence and "'photo.png'" in sentence and "PNG and JPEG images" in sentence
    if kind not in ("gzip", "tar"):
        named = refused(("good.png", GOOD), ("photo.png", content))
        assert kind in named and "'photo.png'" in named


def test_a_file_that_is_two_things_is_what_its_beginning_says():
    inside = zipped({"other.png": image_bytes(255 - DIGIT)})
    assert np.array_equal(both(("a.png", GOOD + inside)), DIGIT[None])
    assert np.array_equal(both(("a.zip", GOOD + inside)), DIGIT[None])
    photo = check(in_process(("a.jpg", PHOTO)))
    with_zip = check(in_process(("a.zip", PHOTO + inside)))
    assert np.array_equal(photo.framings["whole"], with_zip.framings["whole"])
    assert "damaged" in refused(("a.zip", zipped({"first.png": GOOD}) + inside))
    assert "HTML" in refused(("a.zip", b"<html>" + inside))


@pytest.mark.parametrize(
    "name", ["a\nb.png", "\x1b[31mred.png", "gnp.\u202ea", "\u2066x.png", "\ud800.png", "x" * 4000 + ".png"]
)
def test_a_name_is_printable_and_short_in_a_sentence(name):
    sentence = refused((name, b"GIF89a"))
    assert "is a GIF file" in sentence and len(sentence) < 220


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_25_megapixels_are_decoded_in_the_child(mode):
    content = image_bytes(Image.new(mode, (5000, 5000), {"L": 9, "RGB": (9, 9, 9)}.get(mode, (9, 9, 9, 255))))
    assert (check(in_child(("a.png", content))).framings["whole"] == 9).all()


def test_a_strip_of_25_million_by_one_is_answered_without_harm():
    assert "more memory or time" in refused(("a.png", flat_png(25_000_000, 1)), by=in_child)


def test_decompression_bombs_in_a_png_s_text_are_refused_or_passed_over():
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    profile = chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    for extra in (bomb, profile, bomb * 40):
        try:
            decoded = in_child(("a.png", GOOD[:33] + extra + GOOD[33:]))
        except ValueError as error:
            assert "damaged" in str(error) or "more memory" in str(error)
        else:
            assert np.array_equal(check(decoded).framings["whole"], DIGIT[None])


def test_hostile_exif_turns_nothing_and_breaks_nothing():
    for orientation in (0, 9, 65_535):
        entry = struct.pack("<2sHIHHHIHH", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0) + bytes(4)
        content = GOOD[:33] + chunk(b"eXIf", entry) + GOOD[33:]
        assert np.array_equal(both(("a.png", content)), DIGIT[None])
    for garbage in (
        b"",
        b"II*\x00",
        b"MM\x00*\xff\xff\xff\xff",
        bytes(100),
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff",
    ):
        content = GOOD[:33] + chunk(b"eXIf", garbage) + GOOD[33:]
        try:
            assert np.array_equal(both(("a.png", content)), DIGIT[None])
        except ValueError as error:
            assert "damaged" in str(error)
