"""MNIST's files as they are published, packed with gzip: unpacked where they lie, with nothing asked of the network."""

import gzip
import struct

import numpy as np
import pytest

from vaedemo.datasets import DataUnavailable, at_hand, first_view, idx, load
from vaedemo.datasets.sources import FILES

FOLDERS = {"mnist": "MNIST", "fashion": "FashionMNIST"}


@pytest.fixture
def pack(data_folder, idx_files):
    """Writes small packed files into a data set's folder, some damaged; returns the folder and what they hold."""

    def write(name="mnist", files=FILES, damage=None):
        raw, arrays = data_folder / FOLDERS[name] / "raw", idx_files.small(seed=len(name))
        raw.mkdir(parents=True)
        for file in files:
            content = gzip.compress(idx_files.to_bytes(arrays[file]))
            (raw / f"{file}.gz").write_bytes(damage(content) if damage else content)
        return raw, arrays

    return write


def flip(content):
    """One byte of the checksum at the end turned."""
    return content[:-5] + bytes([content[-5] ^ 1]) + content[-4:]


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", FOLDERS)
def test_packed_files_are_unpacked_where_they_lie(pack, name):
    raw, arrays = pack(name)
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    assert at_hand(name, "train") and at_hand(name, "test")
    for split, prefix in (("train", "train"), ("test", "t10k")):
        part = load(name, split)
        assert np.array_equal(part.x.numpy()[:, 0], arrays[f"{prefix}-images-idx3-ubyte"])
        assert np.array_equal(part.y.numpy(), arrays[f"{prefix}-labels-idx1-ubyte"])
    after = {path.name: path.read_bytes() for path in raw.iterdir()}
    assert after.keys() == {*FILES, *before} and before.items() <= after.items(), "and nothing else is left there"


@pytest.mark.usefixtures("offline")
def test_one_split_is_enough_for_itself(pack):
    _, arrays = pack(files=FILES[2:])
    assert not at_hand("mnist", "train") and at_hand("mnist", "test")
    assert len(load("mnist", "test")) == len(arrays[FILES[3]])
    with pytest.raises(DataUnavailable, match="could not be downloaded"):
        load("mnist", "train")


def test_packed_files_beside_whole_ones_change_nothing(mirror, pack, idx_files):
    raw, _ = pack(files=FILES[:2])
    own = idx_files.small(seed=9)
    idx_files.write(raw, {name: own[name] for name in FILES[:2]})
    assert np.array_equal(load("mnist", "train").x.numpy()[:, 0], own[FILES[0]])
    assert not mirror.requests


@pytest.mark.usefixtures("offline")
def test_a_truncated_file_is_replaced_from_its_packed_form(pack, idx_files):
    raw, arrays = pack()
    torn = idx_files.to_bytes(arrays[FILES[0]])[:-1]
    (raw / FILES[0]).write_bytes(torn)
    assert np.array_equal(load("mnist", "train").x.numpy()[:, 0], arrays[FILES[0]])
    assert (raw / f"{FILES[0]}.broken").read_bytes() == torn


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda content: content[:-20], "cannot be unpacked: Compressed file ended before"),
        (lambda content: b"<html>not found</html>", "cannot be unpacked: Not a gzipped file"),
        (lambda content: b"", "is too short for an idx header"),
        (flip, "cannot be unpacked: CRC check failed"),
        (lambda content: content[:20] + bytes(20) + content[40:], "cannot be unpacked"),
        (lambda content: gzip.compress(gzip.decompress(content)[:-1]), "is truncated for what its header says"),
        (lambda content: gzip.compress(gzip.decompress(content) + b"0"), "is too long for what its header says"),
        (lambda content: gzip.compress(b"\x00" + gzip.decompress(content)), "starts with 0x"),
        (
            lambda content: gzip.compress(struct.pack(">4I", 0x0803, 2**31, 28, 28) + bytes(10**6)),
            "promises 1,683,627,180,032 bytes in its header; at most 200,000,000 are read",
        ),
    ],
)
def test_a_damaged_packed_file_is_one_sentence_and_is_kept(pack, damage, says):
    raw, _ = pack(damage=damage)
    before = {path.name: path.read_bytes() for path in raw.iterdir()}
    assert not at_hand("mnist", "train")
    with pytest.raises(DataUnavailable, match=says) as caught:
        load("mnist", "train")
    message = str(caught.value)
    assert f"{raw / FILES[0]}.gz" in message and 'dataset="digits"' in message and "\n" not in message
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == before, "nothing is lost, nothing half-written"
    assert first_view("mnist")[0].name == "mnist-55k", "what comes along is shown"


def test_a_damaged_packed_file_is_downloaded_where_that_can_be(mirror, pack, caplog):
    pack(damage=flip)
    assert np.array_equal(load("mnist", "train").x.numpy()[:, 0], mirror.arrays[FILES[0]])
    assert "cannot be unpacked: CRC check failed" in caplog.text


@pytest.mark.usefixtures("offline")
def test_a_full_disk_leaves_no_half_of_a_file(pack, monkeypatch):
    raw, _ = pack()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vaedemo.datasets.packed.os.replace", full)
    with pytest.raises(DataUnavailable, match="cannot be written: No space left on device"):
        load("mnist", "train")
    assert sorted(path.name for path in raw.iterdir()) == sorted(f"{name}.gz" for name in FILES)


def test_an_unpacked_file_that_promises_too_much_is_not_read(tmp_path):
    path = tmp_path / "images"
    with open(path, "wb") as file:  # sparse: it takes no room on the disk
        file.write(struct.pack(">4I", 0x0803, 10**6, 28, 28))
        file.truncate(16 + 784 * 10**6)
    with pytest.raises(idx.IdxError, match="promises 784,000,000 bytes in its header; at most 200,000,000 are read"):
        idx.read(path, 3)
