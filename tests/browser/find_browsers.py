"""Find the browsers for the tests, or get them: `python tests/browser/find_browsers.py` prints their paths.

Chromium must be there: the system's own, on Debian as root the distribution's package, else Playwright's download;
where none is found, one sentence has the command to run, and the exit code is 1. Firefox ESR and WebKitGTK are the
distribution's; where they are not found, a sentence says which tests are skipped.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MINI_BROWSERS = ("lib/*/webkit2gtk-4.*/MiniBrowser", "libexec/webkit2gtk-4.*/MiniBrowser")  # under /usr
# Debian's. The headless shell is Chromium without windows: pages are drawn sooner.
PACKAGES = {
    "chromium": ("chromium-headless-shell",),
    "firefox": ("firefox-esr",),
    "webkit": ("webkit2gtk-driver", "xvfb"),
}


def find() -> str | None:
    """The path of a Chromium that starts on this machine, or None."""
    return next((path for path in candidates() if path and starts(path)), None)


def firefox() -> str | None:
    """The path of a Firefox ESR, or None. Playwright drives the distribution's own."""
    return shutil.which("firefox-esr")


def webkit() -> str | None:
    """The path of WebKitGTK's small browser, or None where it, its driver or a display without a screen is missing."""
    if not (shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
        return None
    found = (path for pattern in MINI_BROWSERS for path in sorted(Path("/usr").glob(pattern)))
    return next(map(str, found), None)


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
    """Get what is missing: Debian's packages, for Chromium else Playwright's download."""
    if is_debian_root():
        missing = [
            name for name, found in (("chromium", find), ("firefox", firefox), ("webkit", webkit)) if not found()
        ]
        packages = [package for name in missing for package in PACKAGES[name]]
        # "--no-install-recommends" leaves out dictionaries and a desktop's portal.
        if run(["apt-get", "update"]):
            run(["apt-get", "install", "-y", "--no-install-recommends", *packages])
    if not find():
        run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    if not (find() and firefox() and webkit()):
        install()
    path = find()
    if not path:
        sys.stderr.write(f"The browser tests need Chromium. Run: {command_to_run('chromium')}\n")
        return 1
    print(path)
    for name, found in (("firefox", firefox()), ("webkit", webkit())):
        print(found or skipped(name))
    return 0


def skipped(name: str) -> str:
    """What is not tested without this browser, and how to get it."""
    return f"The tests in {name.capitalize()} are skipped: it was not found. Run: {command_to_run(name)}"


def command_to_run(name: str) -> str:
    """The one command that should get this browser on this machine."""
    if name == "chromium" and not shutil.which("apt-get"):
        return f"{sys.executable} -m playwright install chromium"
    return f"sudo apt-get install -y {' '.join(PACKAGES[name])}"


if __name__ == "__main__":
    sys.exit(main())
