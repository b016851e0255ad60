import numpy as np
import pytest
import torch

from vaedemo.datasets import DataUnavailable, torchvision_sets
from vaedemo.datasets.sources import FILES

FOLDERS = {"mnist": "MNIST", "fashion": "FashionMNIST"}


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("split", ["train", "test"])
def test_files_on_disk_are_read(tmp_path, idx_files, name, split):
    arrays = idx_files.small(seed=len(name))
    idx_files.write(tmp_path / FOLDERS[name] / "raw", arrays)
    part = torchvision_sets.load(name, split, tmp_path)
    prefix = "train" if split == "train" else "t10k"
    assert np.array_equal(part.x.numpy()[:, 0], arrays[f"{prefix}-images-idx3-ubyte"])
    assert np.array_equal(part.y.numpy(), arrays[f"{prefix}-labels-idx1-ubyte"])
    assert part.x.shape[1:] == (1, 28, 28) and part.x.dtype == torch.uint8 and part.y.dtype == torch.int64
    assert part.name == name


def test_one_split_is_enough_for_itself(tmp_path, idx_files):
    arrays = idx_files.small()
    idx_files.write(tmp_path / "MNIST" / "raw", {name: arrays[name] for name in FILES[:2]})
    assert torchvision_sets.on_disk("mnist", "train", tmp_path)
    assert not torchvision_sets.on_disk("mnist", "test", tmp_path)
    assert len(torchvision_sets.load("mnist", "train", tmp_path)) == 60


def test_reading_leaves_no_trace(tmp_path, idx_files):
    idx_files.write(tmp_path / "MNIST" / "raw", idx_files.small())
    torchvision_sets.load("mnist", "train", tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(FILES)


@pytest.mark.parametrize(
    ("file", "array", "says"),
    [
        ("train-labels-idx1-ubyte", np.zeros(59, np.uint8), "59 classes for 60 images"),
        ("train-labels-idx1-ubyte", np.full(60, 10, np.uint8), "class 10 where 0 to 9"),
        ("train-images-idx3-ubyte", np.zeros((60, 32, 32), np.uint8), "28 by 28"),
        ("train-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8), "28 by 28"),
    ],
)
def test_files_that_do_not_belong_together(tmp_path, idx_files, file, array, says):
    raw = tmp_path / "MNIST" / "raw"
    idx_files.write(raw, idx_files.small() | {file: array})
    with pytest.raises(DataUnavailable, match=says) as caught:
        torchvision_sets.load("mnist", "train", tmp_path)
    message = str(caught.value)
    assert str(raw / file) in message and 'dataset="digits"' in message and "\n" not in message
