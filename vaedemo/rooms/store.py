"""All rooms of this process, behind the few functions that a store elsewhere would have too."""

import secrets
import threading
import time
from collections.abc import Callable

from vaedemo.rooms.errors import NoRoom, RoomError
from vaedemo.rooms.files import RoomFiles
from vaedemo.rooms.room import Room

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which the last row reads as digits
CODE_LENGTH = 4
MOST_ROOMS = 100
UNUSED_SECONDS = 12 * 3600.0  # after its last use a room ends
IDLE_SECONDS = 600.0  # a room that nobody has joined makes place for another after so long
ELSEWHERE = "The rooms of this app live on another replica of it than the one that serves you."


class Rooms:
    """The rooms by code. `most_members`: of one room.

    Any thread may ask for a room; only the thread of the server's requests changes one.
    """

    def __init__(self, files: RoomFiles, most_members: int, clock: Callable[[], float] = time.time):
        self.files, self.most_members, self.clock = files, most_members, clock
        self._rooms: dict[str, Room] = {}
        self._is_read = False
        self._lock, self._pen = threading.Lock(), threading.Lock()

    def open(self) -> tuple[Room, str]:
        """A new room and the secret of its lecturer's first device. Raises `RoomError` where there are too many."""
        self.end_unused()
        rooms = self._at_hand()
        if len(rooms) >= MOST_ROOMS:
            self._end_idle()
        if len(rooms) >= MOST_ROOMS:
            raise RoomError(f"This server has {MOST_ROOMS} open rooms, and no more: end one, or come again later.")
        code = new_code()
        while code in rooms:
            code = new_code()
        room = rooms[code] = Room(code, used=self.clock())
        return room, room.new_secret()

    def get(self, code: str) -> Room:
        """An open room. Raises `NoRoom`."""
        room = self._at_hand().get(code)
        if room is None or self._is_over(room):
            raise NoRoom(f"There is no room {code}: it has ended, or the code has another letter.")
        return room

    def find(self, code: str) -> Room | None:
        """An open room; None where there is none here."""
        try:
            return self.get(code)
        except (RoomError, OSError):
            return None

    def save(self, room: Room, text: str) -> None:
        """Keep a room, as `text`, through a restart. Raises OSError."""
        with self._pen:  # else a room that ends meanwhile would be written again
            if not room.ended:
                self.files.write(room.code, text)

    def end(self, room: Room) -> None:
        """End a room and forget it."""
        room.ended = True
        room.public += 1
        self._rooms.pop(room.code, None)
        with self._pen:
            self.files.delete(room.code)

    def end_unused(self) -> list[Room]:
        """End the rooms that nobody has used for long, and return them."""
        over = [room for room in self._at_hand().values() if self._is_over(room)]
        for room in over:
            self.end(room)
        return over

    def _end_idle(self) -> None:
        """End the room without members that was used longest ago, so that nobody can take all places by opening."""
        idle = [room for room in self._rooms.values() if not room.members and self.clock() - room.used > IDLE_SECONDS]
        if idle:
            self.end(min(idle, key=lambda room: room.used))

    def _is_over(self, room: Room) -> bool:
        return self.clock() - room.used > UNUSED_SECONDS

    def _at_hand(self) -> dict[str, Room]:
        with self._lock:
            if not self._is_read:
                if not self.files.own():
                    raise RoomError(ELSEWHERE)
                self._rooms = {room.code: room for room in self.files.read_all()}
                self._is_read = True
        return self._rooms


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def is_code(text: object) -> bool:
    """Whether a text may be the code of a room."""
    return isinstance(text, str) and len(text) == CODE_LENGTH and set(text) <= set(LETTERS)
