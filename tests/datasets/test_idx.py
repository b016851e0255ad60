import gzip

import numpy as np
import pytest

from vaedemo.datasets import idx


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file"


def refused(path, dimensions):
    with pytest.raises(idx.IdxError) as caught:
        idx.read(path, dimensions)
    with pytest.raises(idx.IdxError) as checked:
        idx.check(path, dimensions)
    assert str(caught.value) == str(checked.value)
    assert caught.value.path == path and str(path) in str(caught.value)
    assert str(caught.value).count("\n") == 0
    return str(caught.value)


def test_reads_what_was_written(path, images, idx_files):
    path.write_bytes(idx_files.to_bytes(images))
    idx.check(path, 3)
    read = idx.read(path, 3)
    assert np.array_equal(read, images) and read.dtype == np.uint8 and read.flags.writeable


def test_reads_what_torchvision_reads(path, images, idx_files):
    from torchvision.datasets.mnist import read_image_file as torchvision_reader

    path.write_bytes(idx_files.to_bytes(images))
    assert np.array_equal(idx.read(path, 3), torchvision_reader(str(path)).numpy())


@pytest.mark.parametrize("cut", [1, 59, 60])
def test_a_truncated_file_is_named(path, images, idx_files, cut):
    path.write_bytes(idx_files.to_bytes(images)[:-cut])
    assert f"truncated: {76 - cut} bytes where its header says 76" in refused(path, 3)


def test_a_longer_file_is_refused(path, images, idx_files):
    path.write_bytes(idx_files.to_bytes(images) + b"x")
    assert "too long: 77 bytes where its header says 76" in refused(path, 3)


@pytest.mark.parametrize("length", [0, 3, 15])
def test_too_short_for_a_header(path, images, idx_files, length):
    path.write_bytes(idx_files.to_bytes(images)[:length])
    assert f"({length} bytes, 16 needed)" in refused(path, 3)


def test_other_dimensions_and_types_are_refused(path, images, idx_files):
    path.write_bytes(idx_files.to_bytes(images))
    assert "0x00000803 where its kind of idx file has 0x00000801" in refused(path, 1)
    path.write_bytes(b"\x00\x00\x0d\x03" + idx_files.to_bytes(images)[4:])
    assert "0x00000d03" in refused(path, 3)


def test_a_packed_file_is_recognised(path, images, idx_files):
    path.write_bytes(gzip.compress(idx_files.to_bytes(images)))
    assert "gzip-packed" in refused(path, 3)


def test_sizes_beyond_all_memory_are_only_compared(path):
    path.write_bytes(b"\x00\x00\x08\x03" + b"\xff" * 12)
    assert "at most 200,000,000 are read" in refused(path, 3)


def test_a_missing_file_is_an_os_error(path):
    with pytest.raises(FileNotFoundError):
        idx.read(path, 3)
