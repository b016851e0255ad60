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
    """A data set of torchvision: its names here, in torchvision and for readers, and its download size."""

    name: str
    title: str
    class_name: str  # in torchvision.datasets, also the folder's name
    download_bytes: int  # all four packed files

    def raw(self, folder: Path) -> Path:
        """The folder of the four unpacked files, as torchvision lays them out."""
        return Path(folder) / self.class_name / "raw"

    def split_files(self, split: str) -> tuple[str, str]:
        """The file names of a split's images and classes."""
        return FILES[:2] if split == "train" else FILES[2:]

    def advice(self, folder: Path) -> str:
        """What a user can do when the files are not available, as the end of a sentence."""
        return (
            f"put its four files ({', '.join(FILES)}, or each as published, with .gz) into {self.raw(folder)}, "
            'or use dataset="digits", which needs no download.'
        )


SOURCES = {
    "mnist": Source("mnist", "MNIST", "MNIST", 11_594_722),
    "fashion": Source("fashion", "Fashion-MNIST", "FashionMNIST", 30_878_645),
}
