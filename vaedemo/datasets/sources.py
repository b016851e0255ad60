"""The published data sets that are downloaded: their names, folders, files and sizes."""

from dataclasses import dataclass
from pathlib import Path

DIMENSIONS = {
    "train-images-idx3-ubyte": 3,
    "train-labels-idx1-ubyte": 1,
    "t10k-images-idx3-ubyte": 3,
    "t10k-labels-idx1-ubyte": 1,
}
FILES = tuple(DIMENSIONS)


@dataclass(frozen=True)
class Source:
    """A data set of torchvision: what it is called here, there and to a reader, and how much is downloaded."""

    name: str
    title: str
    class_name: str  # of torchvision.datasets, and of the folder
    download_bytes: int  # of its four packed files together

    def raw(self, folder: Path) -> Path:
        """The folder of the four unpacked files, in torchvision's layout."""
        return Path(folder) / self.class_name / "raw"

    def split_files(self, split: str) -> tuple[str, str]:
        """The names of the images' and the classes' files of a split."""
        return FILES[:2] if split == "train" else FILES[2:]

    def advice(self, folder: Path) -> str:
        """What a user can do when the files cannot be had, as the end of a sentence."""
        return (
            f"put its four files ({', '.join(FILES)}, or each as published, with .gz) into {self.raw(folder)}, "
            'or use dataset="digits", which needs no download.'
        )


SOURCES = {
    "mnist": Source("mnist", "MNIST", "MNIST", 11_594_722),
    "fashion": Source("fashion", "Fashion-MNIST", "FashionMNIST", 30_878_645),
}
