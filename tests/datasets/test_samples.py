import numpy as np
import pytest
import torch

from vaedemo import settings
from vaedemo.datasets import DataUnavailable, ImageSet, samples


@pytest.fixture
def test_set():
    x = torch.randint(0, 256, (1500, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    return ImageSet(x, torch.arange(1500) % 10, "fashion")


def test_the_shipped_file():
    shown = samples.read_fashion(settings.REPOSITORY / "checkpoints")
    assert shown.x.shape == (1000, 1, 28, 28) and shown.x.dtype == torch.uint8
    assert shown.y.bincount().tolist() == [100] * 10 and shown.name == "fashion"
    assert len({image.tobytes() for image in shown.x.numpy()}) == 1000
    # Fashion-MNIST's published mean and deviation of all pixels.
    assert abs(shown.as_data().mean() - 0.2860) < 0.01 and abs(shown.as_data().std() - 0.3530) < 0.01


def test_the_shipped_file_carries_its_licence():
    path = samples.fashion_file(settings.REPOSITORY / "checkpoints")
    with np.load(path, allow_pickle=False) as stored:
        notice = str(stored["notice"])
    assert notice == samples.FASHION_NOTICE
    for part in ("MIT License", "Zalando SE", "The above copyright notice and this permission notice", "AS IS"):
        assert part in notice
    assert path.stat().st_size < 600_000


def test_the_first_of_each_class_in_the_sets_order(tmp_path, test_set):
    path = samples.write_fashion(test_set, tmp_path)
    assert path == tmp_path / "samples" / "fashion.npz"
    shown = samples.read_fashion(tmp_path)
    assert torch.equal(shown.x, test_set.x[:1000]) and torch.equal(shown.y, test_set.y[:1000])


def test_too_few_of_a_class(tmp_path, test_set):
    with pytest.raises(ValueError, match="100 images of each class, class 0 has 90"):
        samples.write_fashion(ImageSet(test_set.x[:900], test_set.y[:900], "fashion"), tmp_path)


def refused(folder):
    with pytest.raises(DataUnavailable) as caught:
        samples.read_fashion(folder)
    message = str(caught.value)
    assert str(samples.fashion_file(folder)) in message and 'dataset="digits"' in message and "\n" not in message


def test_missing(tmp_path):
    refused(tmp_path)


def test_truncated_or_something_else(tmp_path, test_set):
    path = samples.write_fashion(test_set, tmp_path)
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], content[:10], b"", b"\x93NUMPY", b"text", b"\x80\x04."):
        path.write_bytes(damaged)
        refused(tmp_path)
    np.save(path.with_suffix(".npy"), np.zeros(3))
    path.with_suffix(".npy").rename(path)
    refused(tmp_path)


def test_an_altered_byte_is_noticed_or_harmless(tmp_path, test_set):
    path = samples.write_fashion(test_set, tmp_path)
    content = path.read_bytes()
    whole = samples.read_fashion(tmp_path)
    random = np.random.default_rng(0)
    # Anywhere in the file, and in its headers, which are the first and the last bytes.
    places = [*random.integers(0, len(content), 20), *range(0, 30, 3), *range(len(content) - 30, len(content), 3)]
    for place in places:
        altered = bytearray(content)
        altered[place] ^= 0xFF
        path.write_bytes(altered)
        try:
            shown = samples.read_fashion(tmp_path)
        except DataUnavailable:
            continue
        assert torch.equal(shown.x, whole.x) and torch.equal(shown.y, whole.y)


@pytest.mark.parametrize(
    "changes",
    [
        {"x": np.zeros((999, 1, 28, 28), np.uint8)},
        {"x": np.zeros((1000, 1, 28, 28), np.float32)},
        {"y": np.zeros(1000, np.uint8)},
        {"y": np.repeat(np.arange(10), 100).astype(np.float64)},
        {"x": np.array([{"an": "object"}], dtype=object)},
        {"x": None},
    ],
)
def test_other_contents(tmp_path, changes):
    arrays = {"x": np.zeros((1000, 1, 28, 28), np.uint8), "y": np.repeat(np.arange(10), 100).astype(np.uint8)}
    arrays = {name: array for name, array in (arrays | changes).items() if array is not None}
    path = samples.fashion_file(tmp_path)
    path.parent.mkdir()
    np.savez(path, **arrays)
    refused(tmp_path)
