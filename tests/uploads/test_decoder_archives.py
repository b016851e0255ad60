"""Zips: what lies in them, and each way to harm with one."""

import io
import stat
import struct
import zipfile

import numpy as np
import pytest

from tests.uploads.judge import both, check, in_child, in_process, refused
from tests.uploads.samples import (
    DIGIT,
    encrypted_zip,
    image_bytes,
    npy,
    npz,
    overlapping_zip,
    table,
    zipped,
    zipped_entry,
)
from vaedemo.uploads import archive, limits, members

GOOD = image_bytes(DIGIT)
POINTS = [(1, 2), (3, 4), (5, 6), (7, 9)]


def grey(level: int) -> bytes:
    return image_bytes(np.full((28, 28), level, np.uint8))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_folders_are_classes_and_other_files_are_passed_over(method):
    files = {"set/b/1.png": grey(30), "set/a/2.png": grey(20), "set/a/1.png": grey(10), "set/": b""}
    extra = {"__MACOSX/set/a/._1.png": b"x", "set/.hidden": b"x", "set/Thumbs.db": b"x", "set/read me.txt": b"hello"}
    decoded = check(in_process(("a.zip", zipped(files | extra, method))))
    assert decoded.framings["whole"][:, 0, 0].tolist() == [10, 20, 30]
    assert decoded.class_names == ("a", "b") and decoded.labels.tolist() == [0, 0, 1]
    assert decoded.notes == ("3 hidden files were passed over.", "1 file of another kind was passed over.")
    one = check(in_process(("a.zip", zipped({"1.png": GOOD, "2.png": GOOD}))))
    assert one.class_names == ("images",) and one.notes == ()


@pytest.mark.parametrize(
    ("name", "content"),
    {"data.npy": npy(np.array(POINTS)), "data.npz": npz(x=np.array(POINTS)), "data.csv": table(POINTS)}.items(),
)
def test_a_zip_with_one_array_or_table_is_that(name, content):
    decoded = check(in_process(("a.zip", zipped({"folder/" + name: content, "read me.txt": b"hello"}))))
    assert decoded.points.tolist() == [list(map(float, row)) for row in POINTS]
    assert decoded.notes == ("1 file of another kind was passed over.",)


def test_kinds_are_not_mixed_and_something_must_be_there():
    array, rows = npy(np.array(POINTS)), table(POINTS)
    assert "several kinds" in refused(("a.zip", zipped({"a.npy": array, "b.csv": rows})))
    assert "several kinds" in refused(("a.png", GOOD), ("b.npy", array))
    assert "2 tables" in refused(("a.zip", zipped({"a.csv": rows, "b.csv": rows})))
    assert "no file that is used" in refused(("a.zip", zipped({"read me.txt": b"hello", ".hidden": b"x"})))
    assert "no file that is used" in refused(("a.zip", zipped({})))
    assert "no file that is used" in refused(("read me.txt", b"hello"), ("b.txt", b"hello"))
    assert "'b.png' is empty" in refused(("a.zip", zipped({"a.png": GOOD, "b.png": b""})))
    assert "'b.png' is a text:" in refused(("a.zip", zipped({"a.png": GOOD, "b.png": b"hello"})))


@pytest.mark.parametrize(
    "name",
    [
        "../up.png",
        "a/../../up.png",
        "/etc/1.png",
        "C:\\1.png",
        "c:1.png",
        "a\\b.png",
        "\\\\host\\1.png",
        "..",
        "a\\..\\b.png",
    ],
)
def test_names_of_places_outside_the_archive_are_refused(name):
    assert "outside it or is no plain path" in refused(("a.zip", zipped({"good.png": GOOD, name: GOOD})))


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(mode):
    assert "is a link or a device" in refused(("a.zip", zipped_entry("a.png", b"/etc/passwd", mode)))
    assert check(in_process(("a.zip", zipped_entry("a.png", GOOD, stat.S_IFREG | 0o644)))).kind == "images"


@pytest.mark.parametrize("inner", ["a.zip", "a.png", "a.npz", "deep/a.txt"])
def test_archives_in_archives_are_refused(inner):
    nested = zipped({inner: zipped({"1.png": GOOD})})
    assert "is an archive inside the upload" in refused(("a.zip", nested))
    assert "is an archive inside the upload" in refused(("a.zip", zipped({"b.zip": nested})))
    assert "is an archive inside the upload" in refused(("1.png", GOOD), (inner, zipped({"1.png": GOOD})))
    for content in (b"\x1f\x8b\x08" + bytes(30), bytes(257) + b"ustar" + bytes(250), b"7z\xbc\xaf\x27\x1c", b"BZh9"):
        assert "is an archive inside the upload" in refused(("a.zip", zipped({inner: content, "1.png": GOOD})))
    npz_in_npz = zipped({"a.npz": zipped({"b.npz": npz(x=np.array(POINTS))})})
    assert "is an archive inside the upload" in refused(("a.zip", npz_in_npz))


def test_what_is_encrypted_or_packed_in_another_way_is_refused():
    assert "is encrypted" in refused(("a.zip", encrypted_zip()))
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "packed in a way other than" in refused(("a.zip", zipped({"a.png": GOOD}, method)))


@pytest.mark.parametrize("copies", [2, 250, 19_000])
def test_files_that_lie_over_each_other_are_refused(copies):
    assert "lie over each other" in refused(("42.zip", overlapping_zip(copies)))


def test_a_hundred_thousand_files_are_refused_by_the_directory_alone():
    stream = io.BytesIO()
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    stream.write(b"PK\x03\x04" + bytes(26) + entry * 100_000)
    stream.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * 100_000, 30, 0))
    assert "more than 20,000 files" in refused(("a.zip", stream.getvalue()), by=in_child)
    assert "up to 20,000 files, got 20,001" in refused(
        ("a.zip", zipped(dict.fromkeys(map(str, range(20_001)), b""), zipfile.ZIP_STORED))
    )


def test_bombs_are_refused_while_they_unpack():
    zeros = npy(np.zeros((20_000, 28, 28), np.uint8))
    assert "more than 250 times its size" in refused(("a.zip", zipped({"a.npy": zeros})), by=in_child)
    assert "more than 250 times its size" in refused(("a.npz", npz(True, x=np.zeros((4_000, 28, 28), bool))))
    assert "more than 25 million bytes" in refused(("a.zip", zipped({"a.npy": bytes(25_000_001)})), by=in_child)
    assert "more than 25 million bytes" in refused(("a.zip", zipped({"read me.txt": bytes(25_000_001)})))


def test_a_size_in_a_header_is_not_believed():
    bomb = zipped({"a.npy": b"\x93NUMPY" + bytes(24_000_000)})
    size = struct.pack("<L", 24_000_006)
    assert bomb.count(size) == 2
    for claimed in (10, 24_000_005, 24_999_999):
        lying = bomb.replace(size, struct.pack("<L", claimed))
        sentence = refused(("a.zip", lying))
        assert "damaged or incomplete" in sentence or "250 times" in sentence


def test_all_files_together_have_a_bound(monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 3 * len(GOOD))
    assert both(("a.zip", zipped({f"{number}.png": GOOD for number in range(3)}))).shape == (3, 28, 28)
    assert "The archive unpacks to more than" in refused(
        ("a.zip", zipped({f"{number}.png": GOOD for number in range(4)}))
    )
    budget = archive.Budget()
    budget.take(3 * len(GOOD))
    with pytest.raises(ValueError, match="unpacks to more"):
        budget.take(1)


def test_a_damaged_archive_is_one_sentence():
    content = zipped({"a.png": GOOD, "b.png": GOOD}, zipfile.ZIP_STORED)
    where = content.index(b"IDAT") + 9
    wrong_checksum = content[:where] + bytes([content[where] ^ 1]) + content[where + 1 :]
    other_name = content.replace(b"a.png", b"c.png", 1)
    for broken in (
        content[:-30],
        content[: len(content) // 2],
        wrong_checksum,
        other_name,
        b"PK\x03\x04",
        b"PK\x05\x06",
    ):
        assert "is a damaged or incomplete part of an archive" in refused(("a.zip", broken))


def test_members_are_sorted_without_being_read():
    def never() -> bytes:
        raise AssertionError("a file was read")

    found = members.sort([members.Member("b.png", lambda count: GOOD[:count], never)])
    assert [member.name for member in found.images] == ["b.png"] and found.notes == []
    assert members.is_hidden("__MACOSX/a.png") and not members.is_hidden("a.b/c.png")
