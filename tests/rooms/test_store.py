"""The rooms of a process: their codes, how many there are, and when they end."""

import json
import threading

import pytest

from tests.rooms.sample import Clock
from vaedemo.rooms import here, store
from vaedemo.rooms.errors import NoRoom, RoomError
from vaedemo.rooms.files import RoomFiles
from vaedemo.rooms.room import Room
from vaedemo.rooms.store import CODE_LENGTH, IDLE_SECONDS, LETTERS, MOST_ROOMS, UNUSED_SECONDS, Rooms, is_code, new_code


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(tmp_path, clock) -> Rooms:
    return Rooms(RoomFiles(tmp_path / "rooms"), 500, clock)


def save(rooms: Rooms, room: Room) -> None:
    rooms.save(room, json.dumps(room.to_json()))


def on_disk(rooms: Rooms) -> set[str]:
    return {path.stem for path in rooms.files.folder.glob("*.json")}


def test_a_code_is_four_letters_without_those_that_look_like_digits():
    codes = {new_code() for _ in range(500)}
    assert all(is_code(code) for code in codes)
    assert set("".join(codes)) == set("ABCDEFGHJKLMNPQRSTUVWXYZ") == set(LETTERS)
    assert len(codes) > 450


@pytest.mark.parametrize(
    "text", ["", "ABC", "ABCDE", "abcd", "ABCI", "ABCO", "ABC1", "../A", "ÄBCD", None, 7, ["ABCD"]]
)
def test_another_text_is_no_code(text):
    assert not is_code(text)


def test_a_code_that_a_room_has_is_not_given_again(rooms, monkeypatch):
    codes = iter(["AAAA", "AAAA", "AAAA", "BBBB"])
    monkeypatch.setattr(store, "new_code", lambda: next(codes))
    assert [rooms.open()[0].code for _ in range(2)] == ["AAAA", "BBBB"]


def test_a_room_is_found_by_its_code_and_led_by_its_secret(rooms):
    (first, secret), (second, _) = rooms.open(), rooms.open()
    assert rooms.get(first.code) is first and rooms.find(second.code) is second
    assert first.leads(secret) and not second.leads(secret)
    assert len(first.code) == CODE_LENGTH


def test_a_code_of_no_room_is_refused(rooms):
    with pytest.raises(NoRoom, match="There is no room ABCD"):
        rooms.get("ABCD")
    assert rooms.find("ABCD") is None


def test_the_hundred_and_first_room_is_refused_until_one_ends(rooms):
    opened = [rooms.open()[0] for _ in range(100)]
    assert len({room.code for room in opened}) == MOST_ROOMS == 100
    with pytest.raises(RoomError, match="100 open rooms"):
        rooms.open()
    rooms.end(opened[0])
    another, _ = rooms.open()
    assert rooms.find(another.code) is another
    with pytest.raises(RoomError, match="100 open rooms"):
        rooms.open()


def test_a_hundred_rooms_of_yesterday_do_not_stand_in_the_way(rooms, clock):
    yesterday = [rooms.open()[0] for _ in range(MOST_ROOMS)]
    clock.now += UNUSED_SECONDS + 1
    room, _ = rooms.open()
    assert rooms.find(room.code) is room
    assert all(each.ended for each in yesterday)


def test_opened_rooms_that_nobody_joins_do_not_keep_a_class_out(rooms, clock):
    opened = [rooms.open()[0] for _ in range(MOST_ROOMS)]
    for room in opened[1:]:
        room.join(f"{1:032x}", 500)
    clock.now += IDLE_SECONDS
    with pytest.raises(RoomError, match="100 open rooms"):
        rooms.open()
    clock.now += 1
    rooms.open()
    assert [room.code for room in opened if room.ended] == [opened[0].code]
    with pytest.raises(RoomError, match="100 open rooms"):
        rooms.open()


def test_a_room_ends_twelve_hours_after_its_last_use(rooms, clock):
    assert UNUSED_SECONDS == 12 * 3600
    room, _ = rooms.open()
    clock.now += UNUSED_SECONDS
    assert rooms.get(room.code) is room
    room.used = clock()
    clock.now += UNUSED_SECONDS
    assert rooms.get(room.code) is room
    clock.now += 1
    with pytest.raises(NoRoom):
        rooms.get(room.code)


def test_an_unused_room_is_deleted_from_the_disk_when_another_opens(rooms, clock):
    old, _ = rooms.open()
    save(rooms, old)
    clock.now += UNUSED_SECONDS + 1
    young, _ = rooms.open()
    save(rooms, young)
    assert on_disk(rooms) == {young.code}


def test_a_room_that_went_unused_while_the_server_was_off_is_over(rooms, clock):
    room, _ = rooms.open()
    save(rooms, room)
    rooms.files.release()
    clock.now += UNUSED_SECONDS + 1
    again = Rooms(RoomFiles(rooms.files.folder), 500, clock)
    assert again.find(room.code) is None
    again.open()
    assert on_disk(again) == set()


def test_an_ended_room_is_gone_from_memory_and_disk_and_is_not_kept_again(rooms):
    room, _ = rooms.open()
    save(rooms, room)
    before = room.public
    assert on_disk(rooms) == {room.code}
    rooms.end(room)
    assert room.ended and room.public > before
    save(rooms, room)
    assert on_disk(rooms) == set() and rooms.find(room.code) is None
    rooms.end(room)


class SlowFiles(RoomFiles):
    """A disk that pauses in the middle of a write until it is told to go on."""

    def __init__(self, folder):
        super().__init__(folder)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def write(self, code: str, text: str) -> None:
        self.begun.set()
        assert self.go_on.wait(10)
        super().write(code, text)


def test_a_room_that_ends_while_it_is_written_is_gone_from_the_disk(tmp_path, clock):
    files = SlowFiles(tmp_path / "rooms")
    rooms = Rooms(files, 500, clock)
    room, _ = rooms.open()
    writing = threading.Thread(target=save, args=(rooms, room))
    writing.start()
    assert files.begun.wait(10)
    ending = threading.Thread(target=rooms.end, args=(room,))
    ending.start()
    files.go_on.set()
    for each in (writing, ending):
        each.join(10)
    assert on_disk(rooms) == set()


def test_the_rooms_of_the_settings_lie_in_the_cache_and_are_the_same_for_each_asker(own_settings, monkeypatch):
    monkeypatch.setenv("VAEDEMO_ROOM_SIZE", "7")
    first = here.rooms()
    try:
        assert here.rooms() is first
        assert first.most_members == 7
        first.open()
        assert (own_settings / "rooms" / "owner.lock").exists()
    finally:
        first.files.release()
