"""One array in NumPy's file format, read without pickle and without believing what its header promises."""

import io
import math
import warnings

import numpy as np
from numpy.lib import format as npy

from vaedemo.uploads.words import Refused, shown

NUMBERS = "biuf"  # kinds of types: truth values, whole numbers with and without sign, decimal numbers
WORDS = "U"
MOST_AXES = 4
LONGEST_WORD = 200  # characters
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def read(name: str, content: bytes) -> np.ndarray:
    """The array of an npy file: numbers or words, of up to four axes. It shares its memory with `content`.

    Raises `Refused` for objects, records and complex numbers, and for a file of another size than its header promises.
    """
    stream = io.BytesIO(content)
    shape, fortran, dtype = header(name, stream)
    if dtype.hasobject:
        raise Refused(f"{shown(name)} holds Python objects, which are not opened: save an array of numbers.")
    is_number = dtype.kind in NUMBERS and dtype.itemsize <= 8
    is_word = dtype.kind in WORDS and 0 < dtype.itemsize <= 4 * LONGEST_WORD
    if not (is_number or is_word):
        raise Refused(f"{shown(name)} holds neither numbers nor words: save a plain array.")
    if len(shape) > MOST_AXES:
        raise Refused(f"{shown(name)} has {len(shape)} axes: up to {MOST_AXES} are accepted.")
    count, offset = math.prod(shape), stream.tell()
    if min(shape, default=1) < 0 or count * dtype.itemsize != len(content) - offset:
        raise Refused(f"{shown(name)} does not hold as many values as it says: it is incomplete or damaged.")
    if count == 0:
        raise Refused(f"{shown(name)} holds no value.")
    array = np.frombuffer(content, dtype, count, offset)
    return array.reshape(shape, order="F" if fortran else "C")


def header(name: str, stream: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """The shape, the order and the type that a file's header gives. Raises `Refused`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers that Python 2 wrote
            return READERS[npy.read_magic(stream)](stream)
    except MemoryError:
        raise
    except Exception:  # the header is a literal of Python, and a damaged one fails in many ways
        raise Refused(f"{shown(name)} has no header of a NumPy array: it is damaged.") from None
