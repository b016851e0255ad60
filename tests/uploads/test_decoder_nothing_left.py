"""What the child does besides computing: Python reports each file that it opens and each process that it starts."""

import json
import sys

import numpy as np
import pytest

from tests.uploads.samples import (
    DIGIT,
    chunk,
    encrypted_zip,
    flat_png,
    image_bytes,
    npy,
    npy_header,
    npz,
    overlapping_zip,
    table,
    zipped,
)
from vaedemo.uploads import decoder
from vaedemo.uploads.bodies import pack

# The child with a listener: `sys.addaudithook` is told of everything below, also of what fails.
LISTENING = """
import json, os, sys
heard = []
def listen(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            heard.append([event, str(path)])
    elif event.split(".")[0] in ("socket", "subprocess", "shutil", "tempfile", "ctypes", "pickle", "webbrowser"):
        heard.append([event])
    elif event in ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.mkdir", "os.remove", "os.rename", "os.link",
                   "os.symlink", "os.chmod", "os.truncate", "os.putenv"):
        heard.append([event])
from vaedemo.uploads import child, child_limits
child_limits.set_limits()
sys.addaudithook(listen)
child.answer(sys.stdin.buffer.read())
sys.stdout.write(json.dumps(heard))
"""
GOOD = image_bytes(DIGIT)
PATHS = ["../up.png", "/etc/up.png", "a/b/c.png", "\x00.png", "C:\\up.png"]
UPLOADS = {
    "an image": [("../../tmp/a.png", GOOD)],
    "images": [(name, GOOD) for name in PATHS],
    "a good zip": [("a.zip", zipped({"a/1.png": GOOD, "b/2.png": GOOD}))],
    "a zip of paths": [("a.zip", zipped({"../up.png": GOOD}))],
    "an encrypted zip": [("a.zip", encrypted_zip())],
    "an overlapping zip": [("a.zip", overlapping_zip(100))],
    "a bomb": [("a.zip", zipped({"a.npy": npy(np.zeros((20_000, 28, 28), np.uint8))}))],
    "a nested zip": [("a.zip", zipped({"b.zip": zipped({"a.png": GOOD})}))],
    "arrays": [("a.npz", npz(x=np.zeros((9, 28, 28)), y=np.arange(9)))],
    "objects": [("a.npy", npy(np.array([print, 3]), allow_pickle=True))],
    "code": [("a.npy", npy_header("__import__('os').system('id')"))],
    "a table": [("a.csv", table([(1, 2)] * 9))],
    "words": [("a.csv", b"=cmd|'/c calc'!A0,2\n1,2\n")],
    "a huge image": [("a.png", flat_png(10_000, 5_000))],
    "a drawing": [("a.svg", b"<svg><image href='file:///etc/passwd'/></svg>")],
    "a picture of a camera": [("a.png", GOOD[:33] + chunk(b"eXIf", bytes(50)) + GOOD[33:])],
}


@pytest.mark.parametrize("names", [[*UPLOADS][::2], [*UPLOADS][1::2]], ids=["even", "odd"])
def test_the_child_writes_no_file_and_starts_nothing(names):
    for name in names:
        answer, status, errors = decoder.run((sys.executable, "-P", "-s", "-B", "-c", LISTENING), pack(UPLOADS[name]))
        assert (status, errors) == (0, b""), (name, errors)
        assert json.loads(answer) == [], name


def test_the_listener_hears_what_is_written():
    hears = LISTENING.replace("child.answer(", "open('/dev/null', 'w')\nchild.answer(")
    answer, _, _ = decoder.run((sys.executable, "-P", "-s", "-B", "-c", hears), pack([("a.png", GOOD)]))
    assert json.loads(answer) == [["open", "/dev/null"]]
