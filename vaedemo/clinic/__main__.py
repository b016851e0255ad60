"""Train the clinic's programs anew: python -m vaedemo.clinic [name …]."""

import argparse
import sys

from vaedemo.clinic import diseases, making
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError

FAILED, WRONG_USE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Train the named programs, or all; returns the exit code: 0 done, 1 not done, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m vaedemo.clinic", description="Train the clinic's VAEs anew.")
    parser.add_argument("names", nargs="*", metavar="name", help="of " + ", ".join(diseases.RECORDS) + "; none: all")
    options = parser.parse_args(arguments)
    try:
        for name in options.names:
            diseases.source(name)  # a wrong name is told before the first training
        for name in options.names or diseases.RECORDS:
            print(making.summary(making.make(name)), flush=True)
    except (ConfigError, SettingError) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (DataUnavailable, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
