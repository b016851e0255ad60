"""The worst files that visitors can upload: each kind as the body of a request, and what may be answered to it.

They are made once, before anything is measured: together about 290 MB.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.uploads.samples import (
    DIGIT,
    chunk,
    flat_png,
    image_bytes,
    npy,
    npy_header,
    npz,
    overlapping_zip,
    raw_png,
    table,
    zipped,
)
from vaedemo.uploads.bodies import pack
from vaedemo.uploads.limits import MOST_EXAMPLES, MOST_FILES
from vaedemo.uploads.words import TOO_MUCH

RANDOM = np.random.default_rng(11)
PNG = image_bytes(DIGIT)
NEARLY_20_MB = 19_900_000
ENDLESS = '{"files": ' + "[" * 3_900_000


@dataclass(frozen=True)
class Worst:
    """A kind of upload. `says`: words of the only refusal that may answer it, "" for one that must be accepted.

    `may_fail`: it is a legal one, which a slow machine may not decode in time. `sent`: how much of its body is sent
    before the connection is ended; None for all of it. `announced`: the length in the request's head, if another.
    """

    name: str
    body: bytes
    says: str = ""
    may_fail: bool = False
    sent: int | None = None
    announced: int | None = None

    def allows(self, status: int, content: dict) -> bool:
        """Whether this may be the answer to it."""
        if status == 200:
            return not self.says and content["count"] > 0
        sentence = content.get("error", "")
        return (bool(self.says) and self.says in sentence) or (self.may_fail and sentence == TOO_MUCH)


def all_kinds() -> list[Worst]:
    return [make() for make in MAKERS] + list(cut_off())


def one(name: str, content: bytes) -> bytes:
    return pack([(name, content)])


def photo(width: int, height: int) -> Image.Image:
    """A picture as large as a camera's, with something in every part of it."""
    small = RANDOM.integers(0, 256, (height // 10, width // 10, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR)


def images(count: int = MOST_EXAMPLES) -> np.ndarray:
    return RANDOM.integers(0, 256, (count, 28, 28), dtype=np.uint8)


def few_shades() -> np.ndarray:
    """As many images as are accepted, which a zip makes a hundred times smaller."""
    return np.repeat(np.repeat(images()[:, ::7, ::14], 7, axis=1), 14, axis=2) & 1 << 7


def zip_bomb() -> Worst:
    return Worst("zip bomb", one("a.zip", zipped({"a.npy": npy(np.zeros((30_000, 28, 28), np.uint8))})), "times its")


def zip_of_zips() -> Worst:
    inner = zipped({f"{number}.zip": zipped({"a.npy": bytes(9_000_000)}) for number in range(50)})
    return Worst("zip of zips", one("a.zip", zipped({"b.zip": inner})), "is an archive inside the upload")


def overlapping() -> Worst:
    return Worst("zip whose files overlap", one("42.zip", overlapping_zip(19_000)), "lie over each other")


def entries_without_end() -> Worst:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * 100_000, 30, 0)
    content = b"PK\x03\x04" + bytes(26) + entry * 100_000 + last
    return Worst("zip of 100,000 names", one("a.zip", content), "more than 20,000 files")


def tiny_files() -> Worst:
    return Worst("100,000 tiny files", pack([("a.png", b"x")] * 100_000), "up to 20,000 files")


def most_files() -> Worst:
    return Worst(f"{MOST_FILES:,} images", pack([(f"{n % 9}/{n}.png", PNG) for n in range(MOST_FILES)]), may_fail=True)


def most_files_in_a_zip() -> Worst:
    content = zipped({f"{n % 9}/{n}.png": PNG for n in range(MOST_FILES)})
    return Worst(f"zip of {MOST_FILES:,} images", one("a.zip", content), may_fail=True)


def fifty_megapixels() -> Worst:
    return Worst("50 megapixels", one("a.png", flat_png(10_000, 5_000)), "10,000 by 5,000 pixels")


def largest_image() -> Worst:
    return Worst("25 megapixels", one("a.png", image_bytes(photo(5_000, 5_000).convert("P", colors=4))), may_fail=True)


def progressive() -> Worst:
    content = image_bytes(photo(5_000, 5_000), "JPEG", quality=75, progressive=True)
    return Worst("progressive JPEG of 25 megapixels", one("a.jpg", content), may_fail=True)


def many_large_images() -> Worst:
    large = flat_png(5_000, 5_000)
    content = zipped({f"{number}.png": large for number in range(300)})
    return Worst("zip of 300 times 25 megapixels", one("a.zip", content), TOO_MUCH)


def strip() -> Worst:
    return Worst("25,000,000 pixels by 1", one("a.png", flat_png(25_000_000, 1)), TOO_MUCH)


def bomb_in_text() -> Worst:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    return Worst("bombs in the text of a PNG", one("a.png", PNG[:33] + bomb * 40 + PNG[33:]), "damaged", may_fail=True)


def huge_head() -> Worst:
    return Worst("PNG that says 4 gigapixels", one("a.png", raw_png(65_535, 65_535, 8, 2, b"")), "more than 25,000,000")


def huge_array() -> Worst:
    head = "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 28, 28), }"
    return Worst("npy that says 78 terabytes", one("a.npy", npy_header(head, bytes(9_000_000))), "'a.npy'")


def largest_array() -> Worst:
    return Worst("npy of 20,000 images", one("a.npy", npy(images())))


def packed_array() -> Worst:
    return Worst("npz of 20,000 images, small", one("a.npz", npz(True, x=few_shades(), y=np.arange(20_000) % 1000)))


def million_columns() -> Worst:
    return Worst(
        "table of a million columns", one("a.csv", b"1," * 1_000_000 + b"1\n"), "more than a million characters"
    )


def half_a_million_columns() -> Worst:
    return Worst("table of 490,000 columns", one("a.csv", (b"1," * 490_000 + b"1\n") * 20), "more than 785 columns")


def large_table() -> Worst:
    rows = table(images(6_900).reshape(6_900, -1))[:NEARLY_20_MB].rpartition(b"\n")[0]
    return Worst("table of 19 MB, images", one("a.csv", rows), may_fail=True)


def long_table() -> Worst:
    rows = b"\n".join(b"%.20f,%.20f" % (x, y) for x, y in RANDOM.normal(size=(MOST_EXAMPLES, 2)))
    return Worst("table of 20,000 points", one("a.csv", rows), may_fail=True)


def endless_table() -> Worst:
    return Worst("table of 19 MB, points", one("a.csv", b"1,2\n" * (NEARLY_20_MB // 4)), "more than 20,000 rows")


def quoted_table() -> Worst:
    return Worst("table of quotes", one("a.csv", (b'"' * 900_000 + b",1\n") * 20), "quotes")


def truncated() -> Worst:
    whole = image_bytes(RANDOM.integers(0, 256, (4_000, 4_000), np.uint8))
    return Worst("half an image", one("a.png", whole[:9_000_000]), "damaged")


def truncated_zip() -> Worst:
    content = zipped({f"{n}.png": RANDOM.bytes(1_000_000) for n in range(25)})
    return Worst("zip of 25 MB, cut off", one("a.zip", content[:NEARLY_20_MB]), "damaged or incomplete part")


def polyglot() -> Worst:
    photo_and_more = image_bytes(photo(400, 400), "JPEG") + zipped({"a.html": b"<script>alert(1)</script>"}) + b"<html>"
    return Worst("image, zip and page in one", one("a.html", photo_and_more))


def no_upload() -> Worst:
    return Worst("20 MB of noise", RANDOM.bytes(NEARLY_20_MB), "did not arrive whole")


def nested_header() -> Worst:
    return Worst("header without an end", struct.pack(">I", len(ENDLESS)) + ENDLESS.encode(), "did not arrive whole")


def too_large() -> Worst:
    return Worst("25 MB", bytes(25_000_000), "An upload may have 20 MB")


def cut_off() -> Iterator[Worst]:
    """Uploads that end before they are read or answered, and one that comes too slowly."""
    body = one("a.npy", npy(images(19_000)))
    yield Worst("left in the middle", body, sent=len(body) // 2)
    yield Worst("left before the answer", body, sent=len(body))
    yield Worst("nothing comes", b"", "too slowly", announced=100)


MAKERS: tuple[Callable[[], Worst], ...] = (
    zip_bomb, largest_array, fifty_megapixels, many_large_images, million_columns, most_files, zip_of_zips,
    progressive, no_upload, overlapping, packed_array, entries_without_end, large_table, strip, tiny_files,
    largest_image, half_a_million_columns, bomb_in_text, endless_table, huge_head, most_files_in_a_zip, quoted_table,
    huge_array, long_table, truncated_zip, polyglot, truncated, nested_header, too_large,
)  # fmt: skip
