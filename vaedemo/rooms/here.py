"""The rooms of this process."""

from functools import lru_cache
from pathlib import Path

from vaedemo import settings
from vaedemo.rooms.files import RoomFiles
from vaedemo.rooms.store import Rooms


def rooms() -> Rooms:
    """The rooms in the cache folder of the settings."""
    now = settings.current()
    return _rooms(now.cache / "rooms", now.room_size)


@lru_cache(maxsize=8)
def _rooms(folder: Path, most_members: int) -> Rooms:
    return Rooms(RoomFiles(folder), most_members)
