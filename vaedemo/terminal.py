"""A program's options and output: symbols missing in an encoding, closed pipes, full disks, and a progress bar."""

import argparse
import builtins
import codecs
import difflib
import math
import os
import re
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from typing import Any, TextIO

from vaedemo.config import RunConfig
from vaedemo.rules import shorten

WIDTH = 30
LOSSES = ("negative_elbo", "reconstruction", "cross_entropy", "negative_log_likelihood", "total")
FAILED, WRONG_USE, READER_GONE = 1, 2, 141  # 141 as shells report SIGPIPE: 128 + 13
SPELLED = "vaedemo.spelled"  # the name of the error handler registered below
PLAIN = {
    **{"−": "-", "–": "-", "·": "-", "×": "x", "±": "+-", "°": " degrees", "‖": "||", "∞": "inf", "√": "sqrt "},
    **{"≥": ">=", "≤": "<=", "→": "->", "█": "#", "\u0302": "^", "\u0303": "~", "\u2044": "/"},
    **{"λ": "lambda", "Λ": "Lambda"},  # Unicode calls them LAMDA
}


def spell(character: str) -> str:
    r"""A symbol in ASCII: a Greek letter's name, a replacement for known symbols, else an escape such as `\u2603`."""
    greek = re.match(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(character, ""))
    if greek and character not in PLAIN:
        return greek[2].lower() if greek[1] == "SMALL" else greek[2].title()
    known = [PLAIN.get(part, part) for part in unicodedata.normalize("NFKD", character)]
    plain = "".join(part for part in known if not unicodedata.combining(part[:1]))  # é without its accent
    return plain if plain and plain.isascii() else character.encode("ascii", "backslashreplace").decode()


def spelled(error: UnicodeError) -> tuple[str, int]:
    """An error handler for encoders: `spell` replaces each character that the encoding does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(spell, error.object[error.start : error.end])), error.end


codecs.register_error(SPELLED, spelled)


def print(*values: Any, sep: str = " ", end: str = "\n", file: TextIO | None = None, flush: bool = False) -> None:
    """Python's `print`, with symbols that the output's encoding does not have spelled out: β is "beta" in ASCII."""
    text = sep.join(map(str, values)) + end
    encoding = getattr(sys.stdout if file is None else file, "encoding", None) or "utf-8"
    builtins.print(text.encode(encoding, SPELLED).decode(encoding), end="", file=file, flush=flush)


def tell(sentence: str) -> None:
    """Print a sentence on stderr; errors are ignored, because the exit code reports the failure too."""
    with suppress(OSError):
        builtins.print(sentence, file=sys.stderr)


def run(command: Callable[[], int]) -> int:
    """Run a program's command and handle errors of its output. Returns the exit code.

    Symbols that the output's encoding does not have are spelled out. A closed pipe (`| head -1`) gives 141 and no
    message. Errors of the file system, such as a full disk, give one sentence on stderr and 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # None when closed, as by `>&-`
            stream.reconfigure(errors=SPELLED)
    refusals: list[OSError] = []
    try:
        code = command()
    except SystemExit as ended:  # argparse's way to end, after --help
        code = ended.code or 0
    except OSError as error:
        code = FAILED
        refusals.append(error)
    refusals += settle(sys.stdout)
    if any(isinstance(error, BrokenPipeError) for error in refusals):
        code = READER_GONE
    elif refusals:
        code = code or FAILED
        tell(sentence(refusals[0]))
    settle(sys.stderr)
    return code


def sentence(error: OSError) -> str:
    """An error of the file system as a sentence. A failed write names no file, all other errors do."""
    why = error.strerror or type(error).__name__
    if error.filename is None:
        return f"The output could not be written: {why}."
    return f"The command could not be completed: {why} ({shorten(error.filename, 200)})."


def settle(stream: TextIO | None) -> list[OSError]:
    """Flush a stream; returns the error, if any, and then redirects the stream to the null device.

    Otherwise Python would flush it again at exit and print its own error message.
    """
    try:
        if stream is not None:
            stream.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        return [error]
    return []


class Parser(argparse.ArgumentParser):
    """Wrong use prints one sentence on stderr, without usage lines, and exits with 2; options have no short forms."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords, allow_abbrev=False)

    def print_help(self, file=None):  # argparse's own ignores a full disk and a closed pipe
        print(self.format_help(), end="", file=file)

    def error(self, message: str):
        self.exit(WRONG_USE, f"{message[:1].upper()}{message[1:]}. {hint(message)}See {self.prog} --help.\n")


def hint(message: str) -> str:
    """A question that suggests a similar option for an unknown one; else an empty text."""
    options = ["--" + entry.name.replace("_", "-") for entry in fields(RunConfig)]
    unknown = [word.split("=")[0] for word in message.split() if word.startswith("--")]
    near = difflib.get_close_matches(unknown[0], options, n=1) if "unrecognized" in message and unknown else []
    return f"Was {near[0]} meant? " if near else ""


class ProgressBar:
    """Pass `training` as `on_progress` and `download` as `on_download`; `close` ends the line.

    If the stream is no terminal, or cannot rewrite a line (`TERM=dumb`), only finished epochs are written, one line
    each. After an error (a full disk, a closed stream) nothing more is written, and the training continues.
    """

    def __init__(self, stream: TextIO | None):
        self.stream, self.open = stream, False
        self.live = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"

    def training(self, progress: Any) -> None:
        done = progress.step / progress.steps
        text = f"[{'█' * round(WIDTH * done):<{WIDTH}}] epoch {progress.epoch}/{progress.epochs}"
        text += f"  {progress.images_per_second:,.0f} images/s"
        if progress.rows is not None:
            losses = [final_loss(row) for row in progress.rows]
            which = " of corrupted inputs" if progress.corrupted else ""
            text += f"  test loss{which} {', '.join(f'{loss:.2f}' for loss in losses)} nats"
        self._show(text, keep=progress.rows is not None)

    def download(self, done: int, total: int) -> None:
        self._show(f"downloading {done / 1e6:.0f} of {total / 1e6:.0f} MB", keep=False)

    def close(self) -> None:
        if self.open:
            self._write("\n")
        self.open = False

    def _show(self, text: str, keep: bool) -> None:
        if self.live:
            self.open = True
            self._write(f"\r\x1b[K{text}")
        elif keep:
            self._write(text + "\n")

    def _write(self, text: str) -> None:
        if self.stream is None:
            return
        try:
            self.stream.write(text)
            self.stream.flush()
        except BrokenPipeError:  # a closed pipe ends the command, as usual
            raise
        except OSError:
            self.stream = None


def final_loss(row: dict[str, Any]) -> float:
    """−ELBO if the model has one, else the model's own loss."""
    losses = (row.get(f"test_{name}", math.nan) for name in LOSSES)
    return next(loss for loss in losses if not math.isnan(loss))
