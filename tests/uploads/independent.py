"""Decoders that share no code with the package: what an accepted file must agree with."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

from tests.uploads.samples import SIGNATURE


def grey_png(content: bytes) -> np.ndarray:
    """The pixels of a PNG of 8 bits in grey without interlacing, by the words of its specification."""
    assert content.startswith(SIGNATURE)
    offset, packed, size = 8, b"", None
    while True:
        (length,), name = struct.unpack_from(">I", content, offset), content[offset + 4 : offset + 8]
        inside = content[offset + 8 : offset + 8 + length]
        offset += 12 + length
        if name == b"IHDR":
            width, height, *kind = struct.unpack(">IIBBBBB", inside)
            assert kind == [8, 0, 0, 0, 0]
            size = (height, width)
        elif name == b"IDAT":
            packed += inside
        elif name == b"IEND" or offset >= len(content):
            return unfiltered(zlib.decompressobj().decompress(packed), *size)


def unfiltered(stream: bytes, height: int, width: int) -> np.ndarray:
    """The rows of a PNG from its filtered bytes."""
    rows = np.frombuffer(stream[: height * (width + 1)], np.uint8).reshape(height, width + 1).astype(int)
    above = [0] * width
    for row in rows:
        kind, values = row[0], row[1:]
        for place in range(width):
            left = values[place - 1] if place else 0
            upper_left = above[place - 1] if place else 0
            values[place] = (values[place] + predicted(kind, left, above[place], upper_left)) % 256
        above = values
    return rows[:, 1:].astype(np.uint8)


def predicted(kind: int, left: int, above: int, upper_left: int) -> int:
    """What a PNG's filter adds to a byte."""
    if kind < 4:
        return (0, left, above, (left + above) // 2)[kind]
    paeth = left + above - upper_left
    return min((left, above, upper_left), key=lambda value: abs(paeth - value))


def jpeg(content: bytes) -> np.ndarray:
    """The pixels of a JPEG in grey, by way of its colours."""
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB")) @ [0.299, 0.587, 0.114]


def archive(content: bytes) -> list[bytes]:
    """The files of a zip in the order of their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return [opened.read(name) for name in sorted(opened.namelist())]


def array(content: bytes) -> np.ndarray:
    """The array of an npy file."""
    return np.load(io.BytesIO(content), allow_pickle=False)


def points(content: bytes) -> np.ndarray:
    """The numbers of a table with commas."""
    return np.loadtxt(io.StringIO(content.decode("utf-8-sig")), delimiter=",", ndmin=2).astype(np.float32)
