import pytest
import torch

from vaedemo import datasets
from vaedemo.config import DATASETS, POINT_DATASETS, ConfigError
from vaedemo.datasets import DataUnavailable, catalogue

NOTHING_NEEDED = ["digits", "shapes", *POINT_DATASETS]


@pytest.mark.parametrize("name", NOTHING_NEEDED)
@pytest.mark.parametrize("split", ["train", "test"])
def test_at_hand_with_an_empty_folder(data_folder, name, split):
    assert datasets.at_hand(name, split)
    part = datasets.load(name, split)
    expected = datasets.sizes(name)[split == "test"]
    assert part.name == name and len(part) == expected
    assert not data_folder.exists()


def test_mnist_55k_has_its_test_set_only(data_folder):
    assert datasets.at_hand("mnist-55k", "test") and not datasets.at_hand("mnist-55k", "train")
    assert len(datasets.load("mnist-55k", "test")) == 5000


@pytest.mark.parametrize(("name", "folder"), [("mnist", "MNIST"), ("fashion", "FashionMNIST")])
def test_at_hand_once_the_files_are_there(data_folder, idx_files, name, folder):
    assert not datasets.at_hand(name, "train") and not datasets.at_hand(name, "test")
    idx_files.write(data_folder / folder / "raw", idx_files.small())
    assert datasets.at_hand(name, "train") and datasets.at_hand(name, "test")
    assert datasets.at_hand("mnist-55k", "train") == (name == "mnist")


@pytest.mark.parametrize("name", ["", "MNIST", "upload:abc", "imagenet", "../mnist", None, 3])
def test_an_unknown_name(name):
    for use in (datasets.load, datasets.at_hand, datasets.first_view, datasets.class_names):
        with pytest.raises(ConfigError, match="dataset accepts one of digits, mnist"):
            use(name)


@pytest.mark.parametrize("use", [datasets.load, datasets.at_hand])
def test_an_unknown_split(use):
    with pytest.raises(ConfigError, match="split accepts one of train, test"):
        use("digits", "validation")


def test_loaded_once_for_each_folder(tmp_path, monkeypatch, idx_files):
    for number in (1, 2):
        idx_files.write(tmp_path / str(number) / "MNIST" / "raw", idx_files.small(train=10 * number))
    monkeypatch.setenv("VAEDEMO_DATA", str(tmp_path / "1"))
    first = datasets.load("mnist")
    assert datasets.load("mnist") is first and len(first) == 10
    assert datasets.load("mnist", "test") is not first
    monkeypatch.setenv("VAEDEMO_DATA", str(tmp_path / "2"))
    assert len(datasets.load("mnist")) == 20


def test_only_a_few_sets_are_kept(data_folder):
    for name in NOTHING_NEEDED:
        for split in ("train", "test"):
            datasets.load(name, split)
            assert len(catalogue._kept) <= catalogue.KEPT
    last = datasets.load(NOTHING_NEEDED[-1], "test")
    assert datasets.load(NOTHING_NEEDED[-1], "test") is last


def test_a_failure_is_not_kept(data_folder, offline, idx_files):
    with pytest.raises(DataUnavailable):
        datasets.load("mnist")
    idx_files.write(data_folder / "MNIST" / "raw", idx_files.small())
    assert len(datasets.load("mnist")) == 60


@pytest.mark.parametrize("name", DATASETS)
def test_first_view_with_nothing_on_disk(data_folder, name):
    shown, sentence = datasets.first_view(name)
    expected = {"digits": 1000, "mnist": 5000, "mnist-55k": 5000, "fashion": 1000, "shapes": 2000}.get(name, 1000)
    assert len(shown) == expected
    assert sentence.startswith(f"{expected:,} ") and sentence.endswith(".")
    assert not data_folder.exists()


def test_first_view_says_where_the_images_are_from(data_folder, idx_files):
    assert datasets.first_view("fashion")[1] == "1,000 of Fashion-MNIST's test images, shipped with the app."
    assert "MNIST's training set" in datasets.first_view("mnist")[1]
    for folder in ("MNIST", "FashionMNIST"):
        idx_files.write(data_folder / folder / "raw", idx_files.small())
    shown, sentence = datasets.first_view("fashion")
    assert len(shown) == 40 and sentence == "40 test images of Fashion-MNIST."
    shown, sentence = datasets.first_view("mnist")
    assert len(shown) == 40 and sentence == "40 test images of MNIST."


@pytest.mark.parametrize("name", DATASETS)
def test_every_class_has_a_name(data_folder, name):
    names = datasets.class_names(name)
    shown, _ = datasets.first_view(name)
    assert torch.equal(shown.y.unique(), torch.arange(len(names)))
    assert len(set(names)) == len(names)
