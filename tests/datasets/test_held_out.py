import numpy as np
import pytest

from vaedemo.datasets import DataUnavailable, digits, held_out


@pytest.fixture
def training_set(idx_files):
    """A small stand-in for MNIST's training set: the 5,000 embedded digits among 30 other images, shuffled."""
    embedded = digits.load("all")
    others = idx_files.small(train=30)
    order = np.random.default_rng(0).permutation(5030)
    return {
        "train-images-idx3-ubyte": np.concatenate([embedded.x.numpy()[:, 0], others["train-images-idx3-ubyte"]])[order],
        "train-labels-idx1-ubyte": np.concatenate(
            [embedded.y.numpy().astype(np.uint8), others["train-labels-idx1-ubyte"]]
        )[order],
    }


def write(idx_files, folder, arrays):
    idx_files.write(folder / "MNIST" / "raw", arrays)


def test_exactly_the_embedded_digits_are_left_out(tmp_path, idx_files, training_set):
    write(idx_files, tmp_path, training_set)
    train, test = held_out.load("train", tmp_path), held_out.load("test", tmp_path)
    assert len(train) == 30 and len(test) == 5000
    assert train.name == test.name == "mnist-55k"
    kept = {image.tobytes() for image in train.x.numpy()}
    expected = {image.tobytes() for image in idx_files.small(train=30)["train-images-idx3-ubyte"]}
    assert kept == expected
    labels = dict(
        zip(
            map(bytes, training_set["train-images-idx3-ubyte"].reshape(-1, 784)),
            training_set["train-labels-idx1-ubyte"],
            strict=True,
        )
    )
    assert [labels[image.tobytes()] for image in train.x.numpy()] == train.y.tolist()


def test_the_test_set_needs_nothing_on_disk(tmp_path):
    test = held_out.load("test", tmp_path / "nowhere")
    assert np.array_equal(test.x.numpy(), digits.load("all").x.numpy())
    assert test.y.bincount().tolist() == [500] * 10


@pytest.mark.parametrize(("change", "matches"), [("missing", "4,999"), ("twice", "5,001"), ("swapped", "5,000")])
def test_any_other_number_is_said(tmp_path, idx_files, training_set, change, matches):
    images = training_set["train-images-idx3-ubyte"]
    embedded = {image.tobytes() for image in digits.load("all").x.numpy()}
    is_embedded = np.array([image.tobytes() in embedded for image in images])
    inside, outside = np.flatnonzero(is_embedded), np.flatnonzero(~is_embedded)
    if change == "missing":
        images[inside[0], 0, 0] ^= 1
    elif change == "twice":
        images[outside[0]] = images[inside[0]]
    else:
        images[inside[0]] = images[inside[1]]  # 5,000 matches, but one digit twice and one not at all
    write(idx_files, tmp_path, training_set)
    with pytest.raises(DataUnavailable, match=f"but {matches} images") as caught:
        held_out.load("train", tmp_path)
    assert str(tmp_path / "MNIST" / "raw") in str(caught.value)
