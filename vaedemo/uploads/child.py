"""The process that decodes an upload: `python -m vaedemo.uploads.child` reads its body and writes the answer.

It limits itself first, ends after one upload, and is ended by its parent if it takes too long.
"""

import sys

# Pillow would import its formats when the first image is opened, under limits that are meant for images.
from PIL import JpegImagePlugin, MpoImagePlugin, PngImagePlugin

from vaedemo.uploads import answers, child_limits, contents
from vaedemo.uploads.limits import LARGEST_UPLOAD
from vaedemo.uploads.words import TOO_MUCH, Refused

PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin)


def answer(body: bytes) -> bytes:
    """The answer to an upload: what it holds, or the sentence that refuses it."""
    try:
        return answers.written(contents.decode(body))
    except Refused as refused:
        return answers.refusal(refused.sentence)
    except MemoryError:
        return answers.refusal(TOO_MUCH)


def main() -> None:
    """Read an upload's body from the standard input and write its answer to the standard output."""
    child_limits.set_limits()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(LARGEST_UPLOAD + 1)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
