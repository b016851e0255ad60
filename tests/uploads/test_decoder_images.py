"""Image files of an upload: their pixels and classes, against pixels that were made in another way."""

import numpy as np
import pytest
from PIL import Image

from tests.uploads.judge import both, check, in_child, in_process, refused
from tests.uploads.samples import DIGIT, RANDOM, image_bytes
from vaedemo.uploads import classes, framing, pictures


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA", "LA"])
def test_a_grey_image_of_28_pixels_comes_out_unchanged(mode):
    assert np.array_equal(both(("a.png", image_bytes(DIGIT, mode=mode))), DIGIT[None])


def test_a_single_image_is_one_example_of_one_class_in_the_child_too():
    decoded = check(in_child(("a.png", image_bytes(DIGIT))))
    assert np.array_equal(decoded.framings["whole"], DIGIT[None])
    assert np.array_equal(decoded.framings["square"], DIGIT[None])
    assert decoded.class_names == ("images",) and decoded.labels.tolist() == [0] and decoded.notes == ()


def test_colours_become_grey_by_their_luminance():
    colours = RANDOM.integers(0, 256, (28, 28, 3), dtype=np.uint8)
    luminance = np.rint(colours @ [0.299, 0.587, 0.114])
    assert np.abs(both(("a.png", image_bytes(colours)))[0] - luminance).max() <= 1


@pytest.mark.parametrize("factor", [2, 5, 20])
def test_a_larger_square_is_averaged_over_areas(factor):
    large = RANDOM.integers(0, 256, (28 * factor, 28 * factor), dtype=np.uint8)
    means = large.reshape(28, factor, 28, factor).mean((1, 3))
    assert np.abs(both(("a.png", image_bytes(large)))[0] - means).max() <= 1


def test_a_smaller_one_is_made_larger_and_stays_between_its_values():
    small = np.array([[0, 200], [0, 200]], np.uint8)
    (large,) = both(("a.png", image_bytes(small)))
    assert (large == large[0]).all() and (np.diff(large[0].astype(int)) >= 0).all()
    assert large.min() == 0 and large.max() == 200
    assert (both(("a.png", image_bytes(np.full((1, 1), 77, np.uint8)))) == 77).all()


def test_a_wide_one_is_padded_with_the_grey_of_its_border_or_cut_to_its_middle():
    wide = np.full((28, 56), 90, np.uint8)
    wide[2:26, 16:40] = 200
    decoded = check(in_process(("a.png", image_bytes(wide))))
    (padded,), (cut,) = decoded.framings["whole"], decoded.framings["square"]
    expected = np.full((28, 28), 90)
    expected[8:20, 8:20] = 200
    assert np.array_equal(padded, expected)
    assert np.array_equal(cut, wide[:, 14:42])
    tall = check(in_process(("a.png", image_bytes(wide.T))))
    assert np.array_equal(tall.framings["whole"][0], expected.T) and np.array_equal(tall.framings["square"][0], cut.T)
    assert framing.border_grey(Image.fromarray(wide)) == 90


@pytest.mark.parametrize(("orientation", "turn"), [
    (2, np.fliplr), (3, lambda a: np.rot90(a, 2)), (4, np.flipud), (5, np.transpose),
    (6, lambda a: np.rot90(a, -1)), (7, lambda a: np.rot90(a.T, 2)), (8, np.rot90),
])  # fmt: skip
def test_an_image_is_turned_as_its_camera_says(orientation, turn):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(both(("a.png", image_bytes(DIGIT, exif=exif)))[0], turn(DIGIT))
    smooth = np.add.outer(np.arange(28) * 6, np.arange(28) * 3).astype(np.uint8)
    (turned,) = both(("a.jpg", image_bytes(smooth, "JPEG", quality=95, exif=exif)))
    assert np.abs(turned.astype(int) - turn(smooth)).max() < 8


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_of_each_kind_is_near_to_what_was_saved(mode):
    smooth = np.add.outer(np.arange(28) * 6, np.arange(28) * 3).astype(np.uint8)
    for more in ({}, {"progressive": True}):
        content = image_bytes(smooth, "JPEG", mode="RGB" if mode == "CMYK" else mode, quality=95)
        if mode == "CMYK":
            inks = Image.fromarray(smooth).convert("RGB").convert("CMYK")
            content = image_bytes(inks, "JPEG", quality=95, **more)
        assert np.abs(both(("a.jpg", content))[0].astype(int) - smooth).max() < 12


def test_many_are_sorted_by_name_and_their_folders_are_classes():
    files = [(name, image_bytes(np.full((28, 28), grey, np.uint8))) for name, grey in (
        ("set/dogs/2.png", 40), ("set/cats/b.PNG", 30), ("set/cats/a.png", 20), ("set/10/x.jpeg", 10),
    )]  # fmt: skip
    decoded = check(in_process(*files))
    assert decoded.framings["whole"][:, 0, 0].tolist() == [10, 20, 30, 40]
    assert decoded.class_names == ("10", "cats", "dogs") and decoded.labels.tolist() == [0, 1, 1, 2]
    flat = check(in_process(*((name.split("/")[-1], content) for name, content in files)))
    assert flat.class_names == ("images",) and flat.labels.tolist() == [0, 0, 0, 0]
    one_folder = check(in_process(*files[1:3]))
    assert one_folder.class_names == ("cats",)


def test_sizes_may_differ_and_files_that_systems_add_are_passed_over():
    shapes = [(28, 28), (5, 9), (300, 200)]
    files = [
        (f"{number}.png", image_bytes(np.full(shape, 50 + number, np.uint8))) for number, shape in enumerate(shapes)
    ]
    extra = [
        (".DS_Store", b"\x00\x01"),
        ("Thumbs.db", b"x"),
        ("d/.x.png", b""),
        ("notes.txt", b"hello"),
        ("a.gif", b"GIF89a"),
    ]
    decoded = check(in_process(*files, *extra))
    assert decoded.framings["whole"][:, 14, 14].tolist() == [50, 51, 52]
    assert decoded.notes == ("3 hidden files were passed over.", "2 files of other kinds were passed over.")


def test_a_name_gives_a_class_and_nothing_else():
    names = [
        "../../etc/passwd.png",
        "C:\\cats\\1.png",
        "/abs/1.png",
        "a\u202egnp.exe/1.png",
        "x" * 500 + "/1.png",
        "//1.png",
    ]
    decoded = check(in_process(*((name, image_bytes(DIGIT)) for name in names)))
    assert set(decoded.class_names) == {"etc", "cats", "abs", "a gnp exe", "x" * 60, "images"}
    assert classes.folder_of("1.png") == "images" and pictures.read(image_bytes(DIGIT)).size == (28, 28)
    assert "up to 1,000 classes" in refused(*((f"{number}/1.png", image_bytes(DIGIT)) for number in range(1001)))


def test_a_mask_of_zeros_and_ones_is_refused_as_black():
    assert "write 255 for white" in refused(("a.png", image_bytes(DIGIT % 2)))
    assert both(("a.png", image_bytes(DIGIT * 0))).max() == 0
    assert np.array_equal(both(("a.png", image_bytes(DIGIT % 2 * 255, mode="1")))[0], DIGIT % 2 * 255)
