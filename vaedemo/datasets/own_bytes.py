"""Own data as their two parts, and as one safetensors file whose content must have the sha256 of its name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors
from torch import Tensor

from vaedemo.dataset_names import own_name
from vaedemo.datasets.imageset import ImageSet, one_line
from vaedemo.datasets.sha256 import content_sha256
from vaedemo.datasets.split import split_indices
from vaedemo.rules import ConfigError

LARGEST_BYTES = 200_000_000  # of a set that is kept on the disk or sent to a worker
MALFORMED = (SafetensorError, ValueError, KeyError, TypeError, RecursionError, OverflowError)


class DamagedData(ValueError):
    """Bytes are not those of the own data that their name says."""


@dataclass(frozen=True)
class OwnData:
    """Own data: the training part, the test part, and the names of their classes.

    `rows`: where the examples of both parts, one after the other, were in the whole set. `kept`: a file has them too.
    """

    train: ImageSet
    test: ImageSet
    class_names: tuple[str, ...]
    rows: Tensor
    kept: bool = False

    def part(self, split: str) -> ImageSet:
        return self.train if split == "train" else self.test

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.train), len(self.test)

    @property
    def data_shape(self) -> tuple[int, ...]:
        return tuple(self.train.x.shape[1:])

    @property
    def whole(self) -> ImageSet:
        """Both parts together, in the order in which the examples came."""
        back = torch.argsort(self.rows)
        x, y = torch.cat([self.train.x, self.test.x]), torch.cat([self.train.y, self.test.y])
        return ImageSet(x[back].contiguous(), y[back].contiguous(), self.train.name)

    @property
    def bytes_held(self) -> int:
        return sum(part.x.nbytes + part.y.nbytes for part in (self.train, self.test))


def divided(image_set: ImageSet, class_names: Sequence[str], kept: bool = False) -> OwnData:
    """A set in its two parts, which are copies. Raises `ValueError` for a wrong number of names."""
    classes, names = int(image_set.y.max()) + 1, tuple(map(str, class_names))
    if len(names) < classes:
        raise ValueError(f"class_names must name all {classes} classes, got {len(names)} names.")
    train, test = split_indices(image_set.y.numpy(), least=2)
    rows = torch.cat([torch.from_numpy(part) for part in (train, test)])
    return OwnData(rows_of(image_set, train), rows_of(image_set, test), names, rows, kept)


def rows_of(image_set: ImageSet, rows) -> ImageSet:
    factors = None if image_set.factors is None else image_set.factors[rows]
    return ImageSet(image_set.x[rows], image_set.y[rows], image_set.name, factors)


def to_bytes(data: OwnData) -> bytes:
    """Own data as one safetensors file: x and y in their first order; kind, names of the set and its classes beside.

    Raises `ConfigError` for more than is kept or sent.
    """
    if data.bytes_held > LARGEST_BYTES:
        most = f"at most {LARGEST_BYTES / 1e6:.0f} MB on a server"
        raise ConfigError("own data", f"{data.bytes_held / 1e6:,.0f} MB", most)
    whole = data.whole
    tensors = {"x": whole.x, "y": whole.y}
    kind = "points" if data.train.is_points else "images"
    told = {"kind": kind, "name": data.train.name, "class_names": json.dumps(data.class_names)}
    return write_tensors(tensors, metadata=told)


def from_bytes(name: str, content: bytes, kept: bool = False) -> OwnData:
    """The data of `to_bytes`. Raises `DamagedData` when the content is not what the name says, or too large."""
    check_size(len(content))
    try:
        tensors, told = read_tensors(content), metadata(content)
        found = ImageSet(tensors["x"], tensors["y"], told["name"])
        class_names = json.loads(told["class_names"])
        if told["kind"] != ("points" if found.is_points else "images") or not isinstance(class_names, list):
            raise DamagedData("what it says of its content is wrong")
        data = divided(found, class_names, kept)
    except DamagedData:
        raise
    except MALFORMED as error:
        raise DamagedData(f"it cannot be read: {one_line(error)}") from error
    if own_name(content_sha256(found), found.is_points) != name:
        raise DamagedData("its content has another sha256 than its name")
    return data


def check_size(size: int) -> None:
    """Raise `DamagedData` for more bytes than any set has that was kept or sent."""
    # The header of a file, with up to a thousand names of classes, comes on top.
    if size > LARGEST_BYTES + 2**20:
        raise DamagedData(f"it has {size:,} bytes, more than the {LARGEST_BYTES:,} allowed")


def metadata(content: bytes) -> dict[str, str]:
    """The texts in the header of a safetensors file: the header's length as 8 bytes, then the header as JSON."""
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length])["__metadata__"]
