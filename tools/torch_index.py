"""Choose the index from which pip takes torch: PyTorch's CPU builds where there is no NVIDIA driver, else PyPI.

The Makefile hands what this prints on stdout to pip; the line on stderr says the choice and its reason. PyPI's build
for Linux brings CUDA: 6.4 GB on disk instead of 1.8 GB, and 740 MB of memory after the import instead of 270 MB. This
runs before anything is installed, so it uses the standard library alone.
"""

import http.client
import importlib.metadata
import operator
import os
import platform
import queue
import re
import shutil
import sys
import threading
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote
from urllib.request import Request, urlopen

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
VARIABLE = "VAEDEMO_TORCH_INDEX"  # the address of another index; empty for PyPI alone
NAMES = ("torch", "torchvision")  # torchvision's build must be that of torch
REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
DRIVER = ("/proc/driver/nvidia/version", "/dev/nvidia0")
SECONDS = 5.0  # for all answers of the index together
LARGEST = 50_000_000  # bytes of an answer
OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


class NoFit(Exception):
    """The index has no build that requirements.txt accepts, for this Python and processor."""


def choose() -> tuple[list[str], str]:
    """pip's arguments, none for PyPI alone, and the choice with its reason in words."""
    if installed := accepted_and_installed():
        return [], f"{installed} is installed already and stays; delete .venv for another choice"
    index = os.environ.get(VARIABLE)
    if index == "":
        return [], f"from PyPI: {VARIABLE} is empty"
    if index is None and sys.platform != "linux":
        return [], "from PyPI: this is not Linux"
    if index is None and (driver := nvidia_driver()):
        return [], f"from PyPI: there is an NVIDIA driver ({driver})"
    index = (index or CPU_INDEX).rstrip("/")
    shown = without_password(index)
    try:
        newest = newest_builds(index)
    except (OSError, ValueError, http.client.HTTPException, NoFit) as error:
        return [], f"from PyPI: {shown} {reason(error)}"
    # pip takes 2.13.0+cpu before 2.13.0, but would take a 2.14.0 of PyPI before both: hence the upper bounds.
    bounds = [f"{name}<={version}" for name, version in newest.items()]
    why = f"{VARIABLE} says so" if VARIABLE in os.environ else "there is no NVIDIA driver"
    return ["--extra-index-url", index, *bounds], f"{newest['torch']} from {shown}: {why}"


def nvidia_driver() -> str | None:
    """The file that shows that an NVIDIA driver is there, or None."""
    return next((path for path in DRIVER if os.path.exists(path)), None) or shutil.which("nvidia-smi")


def accepted_and_installed() -> str | None:
    """torch's version, where both packages are installed for this Python in versions that requirements.txt accepts."""
    try:
        versions = {name: importlib.metadata.version(name) for name in NAMES}
    except importlib.metadata.PackageNotFoundError:
        return None
    fit = all(fits(version.partition("+")[0], clauses(name)) for name, version in versions.items())
    return versions["torch"] if fit else None


def clauses(name: str) -> list[tuple[str, str]]:
    """What requirements.txt asks of a package: `torch>=2.11,<2.16` gives [(">=", "2.11"), ("<", "2.16")]."""
    line = re.search(rf"^{name}\b(.*)$", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)[1]
    return re.findall(r"([<>=!~]+)\s*([\d.]+)", line)


def fits(version: str, asked: list[tuple[str, str]]) -> bool:
    """Whether a version meets all clauses. A version with letters in it, such as a pre-release, does not."""
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        return False
    return all(OPERATORS[sign](numbers(version), numbers(bound)) for sign, bound in asked)


def numbers(version: str) -> tuple[int, ...]:
    """`2.13.0` as (2, 13): zeros at the end change nothing."""
    return tuple(int(part) for part in re.sub(r"(\.0+)+$", "", version).split("."))


def newest_builds(index: str) -> dict[str, str]:
    """The newest version of each package that the index has and that fits here.

    Raises NoFit, or what `read` raises when the index does not answer in time.
    """
    deadline, newest = time.monotonic() + SECONDS, {}
    python = "cp{}{}".format(*sys.version_info)
    for name in NAMES:
        page = unquote(read(f"{index}/{name}/", deadline - time.monotonic()))
        # A label such as +cpu is what makes pip prefer a build to that of PyPI.
        wheel = rf"(?<![\w-]){name}-([\d.]+)\+[\w.]+-{python}-{python}-[\w.]*{platform.machine().lower()}\.whl"
        found = [version for version in re.findall(wheel, page) if fits(version, clauses(name))]
        if not found:
            raise NoFit(f"has no {name} that requirements.txt accepts ({python}, {platform.machine()})")
        newest[name] = max(found, key=numbers)
    return newest


def read(address: str, seconds: float) -> str:
    """The text at an address.

    Raises TimeoutError when it is not there whole within so many seconds, be it for a slow look-up of the name, a
    silent server or one that sends byte by byte; else what urllib raises.
    """
    answers = queue.Queue()

    def ask():
        try:
            request = Request(address, headers={"User-Agent": "vaedemo", "Accept": "text/html"})
            with urlopen(request, timeout=seconds) as answer:
                answers.put(answer.read(LARGEST).decode(errors="replace"))
        except (OSError, ValueError, http.client.HTTPException) as error:
            if isinstance(error, HTTPError):
                error.close()
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()  # a daemon: nobody waits for it at the end
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def reason(error: Exception) -> str:
    """Why an index is not used, in words that repeat no address (it may hold a password)."""
    cause = error.reason if isinstance(error, URLError) else error
    match error:
        case NoFit():
            return str(error)
        case HTTPError():
            return f"answers with the error {error.code}"
        case _ if isinstance(cause, TimeoutError):
            return f"does not answer within {SECONDS:g} seconds"
        case OSError():
            return f"cannot be reached ({getattr(cause, 'strerror', None) or cause})"
    return f"cannot be read ({type(error).__name__})"


def without_password(address: str) -> str:
    """An address without the user and the password that it may hold."""
    return re.sub("//[^/]*@", "//", address)


def main():
    arguments, told = choose()
    print(*arguments)
    print(f"torch: {told}", file=sys.stderr)


if __name__ == "__main__":
    main()
