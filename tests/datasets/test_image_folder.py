"""A folder of image files as a data set: what is read, in which order, and one sentence for what is not."""

import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from vaedemo.datasets import DataUnavailable, image_folder

RANDOM = np.random.default_rng(5)
PIXELS = RANDOM.integers(0, 256, (3, 6, 4), dtype=np.uint8)


def write(path, pixels, mode=None, **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).convert(mode).save(path, **more)


def refused(folder) -> str:
    with pytest.raises(DataUnavailable) as caught:
        image_folder.read(folder)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 500
    return sentence


def test_images_of_the_folder_itself_are_one_class_in_the_order_of_their_names(tmp_path):
    for name, pixels in zip(("b.png", "a.PNG", "c.png"), PIXELS, strict=True):
        write(tmp_path / name, pixels)
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / ".hidden.png").write_text("not an image")
    (tmp_path / "empty").mkdir()
    images, classes = image_folder.read(str(tmp_path))
    assert np.array_equal(images.x[:, 0].numpy(), PIXELS[[1, 0, 2]])
    assert images.y.tolist() == [0, 0, 0] and classes == (tmp_path.name,) and images.name == tmp_path.name[:60]


def test_subfolders_are_classes_and_jpeg_is_read(tmp_path):
    for number, name in enumerate(("dog/1.png", "cat/2.png", "cat/1.png")):
        write(tmp_path / name, PIXELS[number])
    images, classes = image_folder.read(tmp_path)
    assert classes == ("cat", "dog") and images.y.tolist() == [0, 0, 1]
    assert np.array_equal(images.x[:, 0].numpy(), PIXELS[[2, 1, 0]])
    smooth = np.linspace(0, 255, 24).astype(np.uint8).reshape(6, 4)
    write(tmp_path / "jpeg" / "1.JPEG", smooth, quality=95)
    read, _ = image_folder.read(tmp_path / "jpeg")
    assert np.abs(read.x[0, 0].numpy().astype(int) - smooth).max() < 12


def test_grey_is_one_channel_in_every_way_to_write_it_and_colour_is_three(tmp_path):
    for number, mode in enumerate(("L", "RGB", "P", "RGBA", "LA")):
        write(tmp_path / f"{number}.png", PIXELS[0], mode)
    images, _ = image_folder.read(tmp_path)
    assert images.x.shape == (5, 1, 6, 4) and all(np.array_equal(x[0], PIXELS[0]) for x in images.x.numpy())
    colour = RANDOM.integers(0, 256, (6, 4, 3), dtype=np.uint8)
    write(tmp_path / "9.png", colour)
    images, _ = image_folder.read(tmp_path)
    assert images.x.shape == (6, 3, 6, 4) and np.array_equal(images.x[5].permute(1, 2, 0).numpy(), colour)


def a_header(width, height) -> bytes:
    """A PNG that says to have this size, with next to nothing behind its header."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT" + bytes(10))
    parts = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_what_is_no_image_is_one_sentence_that_names_the_file(tmp_path):
    write(tmp_path / "good" / "0.png", PIXELS[0])
    good = (tmp_path / "good" / "0.png").read_bytes()
    wrong = {
        "text": (b"hello\n", "'.*text/1.png' cannot be read as an image: it is neither PNG nor JPEG"),
        "empty": (b"", "it is neither PNG nor JPEG"),
        "gif": (b"GIF89a" + bytes(40), "it is neither PNG nor JPEG"),
        "truncated": (good[: len(good) // 2], "cannot be read as an image: "),
        "broken": (good[:50] + bytes(8) + good[58:], "cannot be read as an image: "),
        "huge": (a_header(10_000, 10_000), "has 10,000 by 10,000 pixels; up to 256 a side"),
        "bomb": (a_header(90_000, 90_000), "cannot be read as an image: it has more than 256 pixels a side"),
        "wide": (a_header(257, 1), "has 257 by 1 pixels"),
        "heavy": (good + bytes(image_folder.LARGEST_FILE), "has more than 5,000,000 bytes"),
    }
    for name, (content, says) in wrong.items():
        file = tmp_path / name / "1.png"
        file.parent.mkdir()
        file.write_bytes(content)
        assert re.search(says, refused(file.parent)), name


def test_folders_that_are_no_data_set(tmp_path):
    assert "is not a folder" in refused(tmp_path / "nowhere") and "is not a folder" in refused("a\0b")
    assert refused("") == "'' is not a folder."
    assert "holds no file that ends in .png, .jpg, .jpeg" in refused(tmp_path)
    write(tmp_path / "mixed" / "1.png", PIXELS[0])
    write(tmp_path / "mixed" / "more" / "1.png", PIXELS[0])
    assert "either in the folder itself or in subfolders" in refused(tmp_path / "mixed")
    write(tmp_path / "sizes" / "1.png", PIXELS[0])
    write(tmp_path / "sizes" / "2.png", PIXELS[0].T)
    assert "must have one size in pixels: " in refused(tmp_path / "sizes")
    assert "has 4 by 6, " in refused(tmp_path / "sizes") and "2.png' 6 by 4." in refused(tmp_path / "sizes")
    write(tmp_path / "mask" / "1.png", PIXELS[0] % 2)
    assert "black but for pixels of 1 in 255" in refused(tmp_path / "mask")
    write(tmp_path / "clear" / "1.png", np.dstack([PIXELS[0]] * 4))
    assert "has transparent pixels" in refused(tmp_path / "clear")
    write(tmp_path / "deep" / "1.png", PIXELS[0].astype(np.int32), "I;16")
    assert "is of kind I;16; 8 bits for each colour are accepted" in refused(tmp_path / "deep")


@pytest.mark.parametrize("name", ["a\nb.png", "\x1b[31m/1.png", "tab\there/1.png"])
def test_names_that_cannot_be_printed_are_refused_and_escaped(tmp_path, name):
    write(tmp_path / "folder" / name, PIXELS[0])
    sentence = refused(tmp_path / "folder")
    assert "cannot be printed" in sentence and sentence.isprintable()


def test_too_many_files_and_values_are_refused_before_they_are_read(tmp_path, monkeypatch):
    for number in range(3):
        write(tmp_path / f"{number}.png", PIXELS[0])
    monkeypatch.setattr(image_folder, "LARGEST_SET", 200)
    assert "up to 200 values in all" in refused(tmp_path)
    monkeypatch.setattr(image_folder, "MOST_FILES", 2)
    assert "up to 2 images in 1,000 classes, got 3 in 1 classes" in refused(tmp_path)
