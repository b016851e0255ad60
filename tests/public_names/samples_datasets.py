"""Valid arguments for `vaedemo.datasets`."""

import torch

from tests.public_names.sample import Registry, Sample
from vaedemo.datasets import ImageSet, drawing, register


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def fixed(*rows) -> Sample:
    return Sample(lambda: torch.tensor(rows))


def other(make) -> Sample:
    return Sample(make, "other")


def grey_bytes() -> torch.Tensor:
    return torch.arange(48).reshape(3, 1, 4, 4).to(torch.uint8)


def drawn_bytes() -> torch.Tensor:
    return torch.arange(784).remainder(256).reshape(1, 28, 28).to(torch.uint8)


def points() -> ImageSet:
    return ImageSet(torch.tensor([[0.5, 1.0], [-0.25, 2.0]]), torch.tensor([0, 1]), "ring")


def four_points() -> ImageSet:
    return ImageSet(
        torch.tensor([[0.5, 1.0], [-0.25, 2.0], [1.0, 1.0], [0.0, 0.125]]), torch.tensor([0, 1, 0, 1]), "mine"
    )


FACTORS = ([0.0, 9.0, 0.25, 14.0, 14.0], [3.0, 8.0, 0.0, 12.0, 15.0], [1.0, 7.0, 0.5, 16.0, 11.0])
STRICT = {
    "int32": "images are bytes and nothing else: a test of its own says so",
    "negative": "bytes have no sign: a byte less 100 is another byte",
}
FILES = "reads or downloads published files: tests of its own give it damaged, short, missing and foreign ones"
OWN_FILES = "reads a folder of images: tests/datasets/test_image_folder.py gives it damaged, foreign and too large ones"
KEPT = "reads or writes own data in the cache: tests/datasets/test_kept_own.py gives it damaged and foreign files"
WORDS = "makes words or a path of a path and a word: there is no number in it"
SHIPPED = "reads or writes the shipped sample: tests of its own give it damaged files and too few images"

REGISTRY = Registry(
    {
        "generator": Sample(generator, "generator"),
        "count": Sample(lambda: 6, "count"),
        "classes": Sample(lambda: 3, "count"),
        "name": other(lambda: "ring"),
        "split": other(lambda: "test"),
        **dict.fromkeys(("image_set", "train_set", "test_set"), other(points)),
        "x1": fixed(0.5, -1.0, 2.0),
        "x": fixed([0.5, 1.0], [-0.25, 2.0], [1.5, -2.0]),
        "images": Sample(lambda: torch.arange(48).reshape(3, 1, 4, 4) / 64, "pixels"),
        "y": Sample(lambda: torch.tensor([0, 1, 1]), "labels"),
    },
    by_function={
        "imageset.ImageSet": {"x": Sample(grey_bytes, "labels", STRICT), "name": other(lambda: "digits")},
        "arrays.display_name": {"value": Sample(lambda: "my digits", "word", {"unheard of": "any word is a name"})},
        "own.find": {"name": other(lambda: register(four_points()))},
        "own.is_registered": {"name": other(lambda: register(four_points()))},
        "own.register": {"image_set": other(four_points)},
        "shapes.render": {"factors": fixed(*FACTORS)},
        "points.load": {"name": other(lambda: "moons")},
        **{name: {"text": other(lambda: "H4" + drawing.BLANK[2:])} for name in ("drawing.read", "drawing.as_set")},
        "drawing.text_or_empty": {"name": other(lambda: "drawing"), "value": other(lambda: drawing.BLANK)},
        "drawing.write": {"pixels": Sample(drawn_bytes, "labels", STRICT)},
    },
    instances={"imageset.ImageSet": points},
    exempt={
        "split.split_indices": "divides the rows of classes that an ImageSet has checked: it has tests of its own",
        "own_bytes.OwnData": "what `register` makes of a checked set: it only holds both parts",
        **dict.fromkeys(
            [f"own.{name}" for name in ("keep", "forget", "to_bytes", "lent")]
            + [f"own_bytes.{name}" for name in (
                "divided", "rows_of", "to_bytes", "from_bytes", "check_size", "metadata",
            )]
            + [f"kept_own.{name}" for name in (
                "folder", "path_of", "name_of", "write", "put", "read", "is_kept", "was_kept", "use", "remove",
                "expired", "prepare", "evict", "empty", "states", "state_of", "is_over", "gone",
            )],
            KEPT,
        ),
        **dict.fromkeys(
            (
                "catalogue.read", "digits.embedded_file", "digits.embedded", "digits.arranged",
                "download.fetch", "download.writing", "download.set_aside", "download.discard_leftovers",
                "download.torchvision_download", "download.packed_bytes", "download.silent_torchvision",
                "held_out.load", "idx.read", "idx.check", "idx.read_header", "torchvision_sets.paths",
                "torchvision_sets.on_disk", "torchvision_sets.load", "torchvision_sets.read",
                "torchvision_sets.at_hand",
                "download.unpack", "idx.is_whole", "idx.read_sizes", "packed.packed_path", "packed.is_whole",
                "packed.unpack", "packed.parts",
            ),
            FILES,
        ),
        **dict.fromkeys(
            [f"image_folder.{name}" for name in (
                "read", "listed", "image_files", "entries", "decoded", "one_image", "shown",
            )],
            OWN_FILES,
        ),
        **dict.fromkeys(
            (
                "imageset.one_line", "sources.Source", "samples.fashion_file", "samples.missing",
                "catalogue.check_name", "catalogue.check_split",
            ),
            WORDS,
        ),
        **dict.fromkeys(("samples.write_fashion", "samples.read_fashion", "samples.counts_are_right"), SHIPPED),
    },
)  # fmt: skip
