"""Files to upload, right ones and hostile ones, made with other tools than the code under test."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

RANDOM = np.random.default_rng(7)
DIGIT = RANDOM.integers(0, 256, (28, 28), dtype=np.uint8)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def image_bytes(pixels, kind="PNG", mode=None, **more) -> bytes:
    """An image file of these pixels."""
    stream = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.convert(mode or image.mode).save(stream, kind, **more)
    return stream.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG, with its length and its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def raw_png(width: int, height: int, depth: int, colour: int, packed: bytes) -> bytes:
    """A PNG with this header, whatever lies behind it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return SIGNATURE + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def flat_png(width: int, height: int) -> bytes:
    """A black PNG in grey, made without its pixels in memory: a few kilobytes for millions of them."""
    squeezer, row = zlib.compressobj(9), bytes(width + 1)
    return raw_png(width, height, 8, 0, b"".join([*(squeezer.compress(row) for _ in range(height)), squeezer.flush()]))


def zipped(files: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zipped_entry(name: str, content: bytes, mode: int) -> bytes:
    """A zip of one file with the mode of Unix in it, as of a link."""
    stream, entry = io.BytesIO(), zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, mode << 16
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, content)
    return stream.getvalue()


def overlapping_zip(copies: int) -> bytes:
    """A zip whose directory names one file many times: small, and huge once unpacked."""
    once = zipped({"a.npy": npy(np.zeros((1000, 28, 28), np.uint8))})
    start = once.index(b"PK\x01\x02")
    end = once.index(b"PK\x05\x06")
    entries = b"".join(once[start:end].replace(b"a.npy", f"{number:05d}".encode()) for number in range(copies))
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(entries), start, 0)
    return once[:start] + entries + last


def encrypted_zip() -> bytes:
    """A zip whose file is marked as encrypted."""
    content = bytearray(zipped({"a.png": image_bytes(DIGIT)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def npy(array, **more) -> bytes:
    """An array as NumPy saves it."""
    stream = io.BytesIO()
    np.save(stream, array, **more)
    return stream.getvalue()


def npz(packed=False, **arrays) -> bytes:
    """Arrays as NumPy saves several."""
    stream = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(stream, **arrays)
    return stream.getvalue()


def npy_header(text: str, content: bytes = b"") -> bytes:
    """An npy file with this header, whatever lies behind it."""
    padded = text.encode("latin-1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded + content


def table(rows, separator=",") -> bytes:
    """A table of text."""
    return "\n".join(separator.join(map(str, row)) for row in rows).encode()
