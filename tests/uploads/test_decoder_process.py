"""The child process: its limits, its end, and that nothing of it is believed or left."""

import errno
import io
import logging
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from tests.uploads.judge import check, in_child, refused
from tests.uploads.samples import DIGIT, image_bytes, zipped
from vaedemo import settings
from vaedemo.uploads import child, child_limits, decoder
from vaedemo.uploads.bodies import pack
from vaedemo.uploads.limits import LARGEST_ANSWER, LARGEST_UPLOAD

GOOD = ("a.png", image_bytes(DIGIT))
LIMITED = "from vaedemo.uploads import child_limits; child_limits.set_limits(); "


def in_place_of_the_child(monkeypatch, code: str) -> None:
    """Run this code where the child's would run."""
    monkeypatch.setattr(decoder, "COMMAND", (sys.executable, "-P", "-s", "-B", "-c", code))


def said(code: str, body: bytes = b"", seconds: float = 20.0) -> tuple[str, int]:
    """What a process with this code wrote, and its status."""
    answer, status, errors = decoder.run((sys.executable, "-P", "-s", "-B", "-c", code), body, seconds)
    assert not errors or status != 0, errors
    return answer.decode(), status


HARM = {
    "takes memory": LIMITED + "bytearray(300_000_000)",
    "takes memory in pieces": LIMITED + "kept = []\nwhile True: kept.append(bytearray(1_000_000))",
    "crashes": LIMITED + "import ctypes; ctypes.string_at(0)",
    "raises": LIMITED + "raise RuntimeError('a secret path')",
    "ends itself": LIMITED + "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)",
    "says nothing": LIMITED,
    "says something else": LIMITED + "print('hello')",
    "says too much": "import sys\nwhile True: sys.stdout.buffer.write(bytes(1_000_000))",
    "closes what it should read": "import os; os.close(0); os.close(1)",
}


@pytest.mark.parametrize("harm", HARM)
def test_a_child_that_fails_is_one_sentence(harm, monkeypatch, caplog):
    in_place_of_the_child(monkeypatch, HARM[harm])
    assert "needs more memory or time" in refused(GOOD, by=in_child)
    assert caplog.records and all(len(record.getMessage()) < 5_000 for record in caplog.records)
    assert all(record.getMessage().isprintable() for record in caplog.records)


@pytest.mark.parametrize(
    "code", ["import time; time.sleep(100)", "import os\nif os.fork() == 0: os.fork()\nwhile True: pass"]
)
def test_a_child_that_takes_its_time_is_ended_with_what_it_started(code):
    began = time.monotonic()
    assert said(code, seconds=1.0) == ("", -9)
    assert time.monotonic() - began < 10


def test_processor_time_is_limited(monkeypatch):
    quick = "import resource; from vaedemo.uploads import child_limits; child_limits.CPU_SECONDS = 1; "
    answer, status = said(quick + "child_limits.set_limits()\nwhile True: pass")
    assert answer == "" and status != 0


def test_nothing_can_be_written_and_few_files_be_open(tmp_path):
    attempt = f"""
import os
try: os.write(os.open({str(tmp_path / "written")!r}, os.O_WRONLY | os.O_CREAT), b"x")
except OSError as error: print(error.errno)
kept = []
try:
    while len(kept) < 100: kept.append(open("/dev/null"))
except OSError as error: print(len(kept))
"""
    answer, _ = said(LIMITED + attempt)
    number, opened = map(int, answer.split())
    assert number == errno.EFBIG and opened <= 16
    assert (tmp_path / "written").stat().st_size == 0


def test_the_child_knows_nothing_of_the_server(monkeypatch):
    monkeypatch.setenv("VAEDEMO_SECRET", "token")
    answer, _ = said(
        "import os; print(*sorted(os.environ)); print(os.getcwd(), os.nice(0), os.getpid() == os.getpgid(0))"
    )
    names, place = answer.splitlines()
    assert "SECRET" not in names and set(names.split()) >= {"PATH", "PYTHONPATH", "OPENBLAS_NUM_THREADS"}
    assert place.split()[0] == "/" and place.split()[2] == "True"
    assert set(decoder.environment()) <= {*names.split(), "SYSTEMROOT"}
    assert decoder.environment()["PYTHONPATH"] == str(settings.REPOSITORY)


def test_the_child_imports_neither_torch_nor_the_server():
    code = "import sys, vaedemo.uploads.child; print([name for name in sys.modules if name in %r])"
    assert said(code % (("torch", "pandas", "streamlit", "tornado", "vaedemo.datasets"),)) == ("[]\n", 0)
    assert said(LIMITED + "import os; print(os.nice(0))")[0] == "10\n"


def test_where_the_system_has_no_limits_it_goes_on(monkeypatch):
    monkeypatch.setattr(child_limits, "resource", None)
    monkeypatch.setattr(os, "nice", lambda step: step)
    child_limits.set_limits()
    assert child_limits.address_space() > 10_000_000
    monkeypatch.setattr(child_limits, "STATM", child_limits.STATM / "nowhere")
    assert child_limits.address_space() is None


def test_the_longest_answer_is_read_and_no_longer_one(monkeypatch):
    count = LARGEST_ANSWER
    for more, complete in ((0, True), (1, False)):
        code = f"import sys; sys.stdout.buffer.write(bytes({count + more}))"
        answer, _, _ = decoder.run((sys.executable, "-c", code), b"")
        assert len(answer) == (count if complete else 0)


def test_the_memory_of_the_worst_files_is_bounded():
    """In a process of its own: the peak of all children is one number, and a child's begins with its parent's."""
    code = """
import resource, sys
from tests.uploads.samples import flat_png, image_bytes, npy, zipped
from vaedemo.uploads import decoder
from vaedemo.uploads.bodies import pack
from PIL import Image
worst = {
    "25 megapixels": ("a.png", flat_png(5000, 5000)),
    "CMYK": ("a.jpg", image_bytes(Image.new("CMYK", (5000, 5000), (9, 9, 9, 9)), "JPEG")),
    "progressive": ("a.jpg", image_bytes(Image.new("RGB", (5000, 5000)), "JPEG", progressive=True)),
    "a strip": ("a.png", flat_png(25_000_000, 1)),
    "blank lines": ("a.csv", b"\\n" * 3_000_000),
    "zeros": ("a.zip", zipped({"a.npy": bytes(24_000_000)})),
}
for name, file in worst.items():
    try: decoder.decode(pack([file]))
    except decoder.Refused: pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
    environment = os.environ | {"PYTHONPATH": str(settings.REPOSITORY)}
    command = [sys.executable, "-B", "-c", code]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    print("peak of the child, MB:", result.stdout.strip())
    assert 20 < int(result.stdout) < 400  # what the imports take of address space, and 200 more


def test_a_good_upload_through_the_child_is_the_one_in_process(caplog):
    caplog.set_level(logging.DEBUG)
    files = {f"{number % 3}/{number:02d}.png": image_bytes(DIGIT + number) for number in range(30)}
    decoded = check(in_child(("a.zip", zipped(files))))
    expected = [DIGIT + number for first in range(3) for number in range(first, 30, 3)]
    assert np.array_equal(decoded.framings["whole"], expected)
    assert np.array_equal(decoded.framings["square"], expected)
    assert decoded.class_names == ("0", "1", "2") and not caplog.records


def test_an_upload_of_more_bytes_is_refused_without_a_child(monkeypatch):
    in_place_of_the_child(monkeypatch, "raise SystemExit('started')")
    assert "up to 20 million bytes" in refused(("a.npy", bytes(LARGEST_UPLOAD)), by=in_child)


def test_the_child_answers_on_its_standard_output(monkeypatch):
    """`main` with the limits left out: they would be this process's own."""
    body, out = pack([GOOD]), io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(child_limits, "set_limits", lambda: None)
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(body)))
        patch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        child.main()
    assert out.getvalue() == child.answer(body)


def test_a_machine_without_another_process_is_one_sentence(monkeypatch, caplog):
    monkeypatch.setattr(decoder, "COMMAND", ("/nowhere/python",))
    assert "at the moment: try again" in refused(GOOD, by=in_child) and caplog.records


def test_memory_that_is_not_there_is_the_same_sentence(monkeypatch):
    def hungry(body):
        raise MemoryError

    monkeypatch.setattr(child.contents, "decode", hungry)
    assert b"needs more memory or time" in child.answer(pack([GOOD]))
