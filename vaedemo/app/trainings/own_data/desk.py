"""The desk of this process: what was uploaded and waits to be looked at."""

from functools import cache

from vaedemo.app.trainings.runs import is_present
from vaedemo.uploads.decoder import Decoded
from vaedemo.uploads.desk import Desk


@cache
def desk() -> Desk[Decoded]:
    return Desk(is_present)
