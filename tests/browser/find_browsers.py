"""Find a Chromium for the browser tests, or get one: `python tests/browser/find_chromium.py` prints its path.

In this order: the system's own; on Debian as root the distribution's package; Playwright's download; else one
sentence with the command to run, and exit code 1.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The path of a Chromium that starts on this machine, or None."""
    return next((path for path in candidates() if path and starts(path)), None)


def candidates() -> Iterator[str | None]:
    """Where a Chromium may lie, the system's own first."""
    yield from map(shutil.which, NAMES)
    yield str(MAC)
    yield playwrights_own()


def playwrights_own() -> str:
    """Where Playwright's download would lie, whether or not it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Whether the program is there and answers `--version`: a stub, or one without its libraries, does not."""
    if not Path(path).is_file():
        return False
    return run([path, "--version"], quiet=True, timeout=60)


def run(command: list[str], quiet: bool = False, timeout: float = 600) -> bool:
    """Run a command, its output on stderr unless quiet; True when it ended well in time."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    try:
        return subprocess.run(command, stdout=output, stderr=output, timeout=timeout, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{command[0]} did not run: {error}\n")
        return False


def is_debian_root() -> bool:
    """Whether this is Debian and we may install packages. Ubuntu's chromium package only points to a snap."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def install():
    """Get a Chromium: Debian's package, else Playwright's download."""
    if is_debian_root() and run(["apt-get", "update"]) and run(["apt-get", "install", "-y", "chromium"]) and find():
        return
    run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    if not find():
        install()
    path = find()
    if not path:
        sys.stderr.write(f"The browser tests need Chromium. Run: {command_to_run()}\n")
        return 1
    print(path)
    return 0


def command_to_run() -> str:
    """The one command that should get a Chromium on this machine."""
    debian_like = shutil.which("apt-get") is not None
    return "sudo apt-get install -y chromium" if debian_like else f"{sys.executable} -m playwright install chromium"


if __name__ == "__main__":
    sys.exit(main())
