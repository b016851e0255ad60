"""The command `export`: its arguments, and what it prints. torch and Streamlit are imported only when it runs."""

import argparse
import sys
from pathlib import Path

from vaedemo.rules import one_of

EXHIBITS = {
    "plane": "the latent plane of the digits; its decoder runs in the browser",
    "ring": "noise becomes a ring, by an exact map and by a learned one",
    "film": "the training of the digits' plane, frame by frame",
    "kl": "what the KL of two Gaussians charges, with sliders for the mean and the width of q",
}
FAILED = 1  # the exit code, as that of the other commands
ABOUT = "write exhibits as HTML files that need no server"
DESCRIPTION = f"{ABOUT[0].upper()}{ABOUT[1:]}: for a folder, a course page or a learning platform."


def add_to(commands) -> None:
    """Add the command to the subparsers of the command line."""
    listed = "\n".join(f"  {name:<7}{words}" for name, words in EXHIBITS.items())
    parser = commands.add_parser(
        "export",
        help=ABOUT,
        description=DESCRIPTION,
        epilog=f"exhibits:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="+", metavar="exhibit", help=f"one or several of {', '.join(EXHIBITS)}")
    parser.add_argument("-o", "--output", required=True, metavar="folder", help="where the files are written")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the files and print the size of each. Returns the exit code: 1, and a sentence, if a shipped run is
    missing.

    Raises:
        ConfigError: a name that is not in `EXHIBITS`.
        OSError: a file that cannot be written, or that is there and was not written by this command.
    """
    names = [one_of(*EXHIBITS)("export", name) for name in dict.fromkeys(options.names)]
    from vaedemo.app.export import exhibits, files
    from vaedemo.training.store import RunNotFound

    for name in names:
        try:
            page = exhibits.page(name)
        except RunNotFound as error:
            print(error, file=sys.stderr)
            return FAILED
        path = files.write(Path(options.output) / f"{name}.html", page)
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
    return 0
