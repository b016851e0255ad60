"""The rooms on disk: what a restart keeps, what a damaged file does, and who owns the folder."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rooms.sample import Lecture
from vaedemo.rooms.errors import RoomError
from vaedemo.rooms.files import LARGEST_FILE, RoomFiles
from vaedemo.rooms.room import Room, room_from
from vaedemo.rooms.store import ELSEWHERE, Rooms

REPOSITORY = Path(__file__).parents[2]
OWNER = """
import sys
from pathlib import Path
from vaedemo.rooms.files import RoomFiles
files = RoomFiles(Path(sys.argv[1]))
print(files.own(), flush=True)
sys.stdin.read()
"""


def kept(room: Room) -> str:
    return json.dumps(room.to_json())


@pytest.fixture
def lecture(tmp_path) -> Lecture:
    """A room in the middle of a vote, on disk."""
    made = Lecture(tmp_path / "rooms")
    made.move()
    made.join(1, 2)
    made.vote(1, 0)
    made.lead("hand", lesson="kl", step="width", round=1, option=1, by=1)
    made.lead("again", lesson="kl", step="width")
    made.vote(2, -1, round=2)
    made.lead("ticket")
    made.rooms.save(made.room, kept(made.room))
    return made


def restarted(lecture: Lecture) -> Rooms:
    lecture.rooms.files.release()
    return Rooms(RoomFiles(lecture.rooms.files.folder), 500, lecture.clock)


def test_a_restart_keeps_a_room_equal(lecture):
    again = restarted(lecture).get(lecture.room.code)
    assert again is not lecture.room
    assert again == lecture.room
    assert again.leads(lecture.secret)


def test_a_room_is_for_its_owner_s_eyes_and_leaves_no_other_file(lecture):
    folder = lecture.rooms.files.folder
    path = folder / f"{lecture.room.code}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {each.name for each in folder.iterdir()} - {"owner.lock"} == {path.name}


def test_a_later_text_takes_the_place_of_the_earlier(lecture):
    lecture.vote(1, 1, round=2)
    lecture.rooms.save(lecture.room, kept(lecture.room))
    assert restarted(lecture).get(lecture.room.code).ballot.now.votes == lecture.room.ballot.now.votes


def forged(**changes) -> bytes:
    return json.dumps(Room("BAAD", used=1_000.0).to_json() | changes).encode()


DAMAGED = {
    "empty": b"",
    "truncated": forged()[:-20],
    "no UTF-8": b'{"code": "\xff"}',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "without a field": b'{"code": "BAAD"}',
    "renamed": forged(code="ABCD"),
    "members of a number": forged(members=7),
    "a ballot of text": forged(ballots=["width"]),
    "a ballot without rounds": forged(
        ballots=[{"place": ["kl", "width"], "asked": ["?", ["a"], 0], "rounds": [], "revealed": False}]
    ),
    "a place of two": forged(where=["kl", "width"]),
    "tickets of a list": forged(tickets=[1]),
    "a count of text": forged(public="many"),
    "huge": forged() + b" " * LARGEST_FILE,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_left_alone_and_breaks_no_other_room(lecture, caplog, content):
    path = lecture.rooms.files.folder / "BAAD.json"
    path.write_bytes(content)
    rooms = restarted(lecture)
    assert rooms.get(lecture.room.code) == lecture.room
    assert rooms.find("BAAD") is None
    assert path.read_bytes() == content
    assert [record.message for record in caplog.records if "BAAD.json could not be read" in record.message]


# What Python's parser refuses with an error that is no ValueError.
@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000 + b"]" * 100_000, forged(public=float("inf"))],
    ids=["deeply nested", "an endless count"],
)
def test_a_file_that_no_room_wrote_breaks_no_other_room(lecture, caplog, content):
    (lecture.rooms.files.folder / "BAAD.json").write_bytes(content)
    assert restarted(lecture).get(lecture.room.code) == lecture.room
    assert "BAAD.json could not be read" in caplog.text


def test_a_folder_in_a_room_s_place_breaks_no_other_room(lecture, caplog):
    (lecture.rooms.files.folder / "BAAD.json").mkdir()
    assert restarted(lecture).get(lecture.room.code) == lecture.room
    assert "BAAD.json could not be read" in caplog.text


def test_what_a_killed_server_was_writing_is_no_room(lecture, caplog):
    (lecture.rooms.files.folder / ".123-abcdef01").write_bytes(forged()[:30])
    assert [room.code for room in RoomFiles(lecture.rooms.files.folder).read_all()] == [lecture.room.code]
    assert not caplog.records


def test_a_second_owner_in_this_process_finds_the_folder_owned(lecture):
    second = RoomFiles(lecture.rooms.files.folder)
    assert second.own() is False
    rooms = Rooms(second, 500, lecture.clock)
    for ask in (rooms.open, lambda: rooms.get(lecture.room.code)):
        with pytest.raises(RoomError) as refused:
            ask()
        assert str(refused.value) == ELSEWHERE
    assert rooms.find(lecture.room.code) is None
    lecture.rooms.files.release()
    assert rooms.get(lecture.room.code) == lecture.room


def test_who_owns_the_folder_owns_it_when_asked_again(lecture):
    assert lecture.rooms.files.own() is True
    assert RoomFiles(lecture.rooms.files.folder).own() is False


def test_another_process_owns_the_folder_until_it_dies(tmp_path):
    folder = tmp_path / "rooms"
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "True\n"
        rooms = Rooms(RoomFiles(folder), 500)
        with pytest.raises(RoomError, match=ELSEWHERE):
            rooms.open()
        other.kill()
        other.wait()
    room, _ = rooms.open()
    assert rooms.get(room.code) is room


def test_a_folder_that_cannot_be_made_is_an_error_of_the_disk(tmp_path):
    (tmp_path / "file").write_text("in the way")
    rooms = Rooms(RoomFiles(tmp_path / "file" / "rooms"), 500)
    with pytest.raises(OSError):
        rooms.open()
    assert rooms.find("ABCD") is None


def test_a_write_that_fails_is_an_error_and_leaves_the_earlier_text(lecture):
    folder = lecture.rooms.files.folder
    path = folder / f"{lecture.room.code}.json"
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    with pytest.raises(OSError):
        lecture.rooms.files.write(lecture.room.code, "{}")
    assert {each.name for each in folder.iterdir()} == {"owner.lock", path.name}
    shutil.rmtree(folder)
    with pytest.raises(OSError):
        lecture.rooms.files.write(lecture.room.code, "{}")


def test_a_room_that_is_not_on_disk_is_deleted_without_a_word(lecture):
    for _ in range(2):
        lecture.rooms.files.delete(lecture.room.code)
    assert not [*lecture.rooms.files.folder.glob("*.json")]


def full_room(questions: int, members: int) -> Room:
    """A room in which everyone has voted once on every question."""
    voters = {f"{number:032x}": 1 for number in range(members)}
    rounds = [{"votes": voters, "hands": {}, "open": False}]
    ballot = {"asked": ["A question?" * 10, ["an option" * 5] * 4, 0], "rounds": rounds, "revealed": True}
    empty = Room("FULL", used=1_000.0, members=set(voters)).to_json()
    return room_from(empty | {"ballots": [ballot | {"place": ["kl", f"step{n}"]} for n in range(questions)]})


def test_a_restart_keeps_a_full_room_with_half_of_the_lecture_s_questions(lecture):
    room = full_room(questions=60, members=500)
    lecture.rooms.save(room, kept(room))
    assert restarted(lecture).find("FULL") == room


def test_a_restart_keeps_a_full_room_with_all_of_the_lecture_s_questions(lecture):
    room = full_room(questions=122, members=500)
    lecture.rooms.save(room, kept(room))
    assert restarted(lecture).find("FULL") == room
