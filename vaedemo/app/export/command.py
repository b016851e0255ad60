"""The command `export`: its arguments, and what it prints. torch and Streamlit are imported only when it runs."""

import argparse
from pathlib import Path

from vaedemo.rules import one_of

EXHIBITS = {
    "plane": "the latent plane of the digits; its decoder runs in the browser",
    "ring": "noise becomes a ring, by an exact map and by a learned one",
    "film": "the training of the digits' plane, frame by frame",
    "kl": "what the KL of two Gaussians charges, with sliders for the mean and the width of q",
}
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
    """Write the files and print the size of each.

    Raises:
        ConfigError: a name that is not in `EXHIBITS`.
        OSError: a file that cannot be written, or that is there and was not written by this command.
        vaedemo.training.store.RunNotFound: a shipped run is missing.
    """
    names = [one_of(*EXHIBITS)("export", name) for name in dict.fromkeys(options.names)]
    from vaedemo.app.export import exhibits, files

    for name in names:
        path = files.write(Path(options.output) / f"{name}.html", exhibits.page(name))
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
    return 0
