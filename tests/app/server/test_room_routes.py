"""The routes of rooms, driven as a server drives them: requests that come together, in one event loop."""

import asyncio
import functools
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from tests.rooms.sample import PLACE, WIDTH, Clock, steps_of, voter
from vaedemo.app.lessons import index
from vaedemo.app.lessons.kl.steps import STEPS
from vaedemo.app.server import room_routes
from vaedemo.app.server.room_routes import LARGEST_MESSAGE, NOT_KEPT, RoomDoor, questions_of
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.rooms import store
from vaedemo.rooms.desk import NAME, Desk
from vaedemo.rooms.files import RoomFiles
from vaedemo.rooms.messages import MALFORMED
from vaedemo.rooms.store import UNUSED_SECONDS, Rooms

WRONG_SECRET = "A" * 22
JSON = "application/json"
TICK = 0.002  # seconds by which the event loop may be early
ENDED = "The lecturer has ended this room."
MOVE = PLACE | {"query": "", "question": "open"}


def in_one_loop(story: Callable) -> Callable:
    """Runs an async test, which fails after ten seconds instead of waiting for news that does not come.

    A hall among its fixtures is opened in the same loop.
    """

    @functools.wraps(story)
    def run(**fixtures):
        async def bounded():
            async with asyncio.timeout(10):
                if "hall" in fixtures:
                    await fixtures["hall"].begin()
                await story(**fixtures)

        asyncio.run(bounded())

    return run


async def until(is_so: Callable[[], Any]) -> None:
    """Lets the other tasks run until something is so."""
    while not is_so():
        await asyncio.sleep(0)


class CountedFiles(RoomFiles):
    """Files that count how often one was written."""

    writes = 0

    def write(self, code: str, text: str) -> None:
        self.writes += 1
        super().write(code, text)


class Body:
    """The body of a request in parts, as a server hands them over; `asked` counts those that were taken.

    Without `ends` the browser goes away before the last part.
    """

    def __init__(self, *parts: bytes, ends: bool = True):
        self.parts, self.ends, self.asked = parts, ends, 0

    async def receive(self) -> dict[str, Any]:
        if self.asked == len(self.parts):
            return {"type": "http.disconnect"}
        self.asked += 1
        more = self.asked < len(self.parts) or not self.ends
        return {"type": "http.request", "body": self.parts[self.asked - 1], "more_body": more}


class Hall:
    """The routes of a desk whose rooms lie on a real disk, and one room of it."""

    def __init__(self, folder: Path):
        self.clock = Clock()
        self.files = CountedFiles(folder)
        self.door = RoomDoor(Desk(Rooms(self.files, 500, self.clock), steps_of))
        self.app = Starlette(routes=self.door.routes())
        self.code = self.secret = ""

    async def begin(self) -> None:
        """A room at an open question, with the students 1 and 2."""
        status, opened, _ = await self.post("", Body(b"{}"))
        assert status == 200
        self.code, self.secret = opened["code"], opened["secret"]
        await self.lead("move", **MOVE)
        for number in (1, 2):
            await self.do("join", voter=voter(number))

    async def post(self, path: str, body: Body, kind: str | None = JSON) -> tuple[int, dict[str, Any], dict]:
        """Status, content and headers of the answer."""
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 50_000),
            "root_path": "",
            "path": f"/vaedemo/room{path}",
            "raw_path": f"/vaedemo/room{path}".encode(),
            "query_string": b"",
            "headers": [(b"content-type", kind.encode())] if kind is not None else [],
        }
        await self.app(scope, body.receive, send)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], json.loads(content) if content else {}, headers

    async def ask(self, action: str, *, code: str = "", **message) -> tuple[int, dict[str, Any]]:
        status, answer, _ = await self.post(f"/{code or self.code}/{action}", Body(json.dumps(message).encode()))
        return status, answer

    async def do(self, action: str, **message) -> dict[str, Any]:
        """As `ask`, for what is not refused."""
        status, answer = await self.ask(action, **message)
        assert status == 200, answer
        return answer

    async def lead(self, action: str, **message) -> dict[str, Any]:
        return await self.do(action, secret=self.secret, voter=voter(99), **message)

    async def vote(self, number: int, option: int) -> dict[str, Any]:
        return await self.do("vote", voter=voter(number), **PLACE, round=1, option=option)

    async def news(self, number: int, seen: Any = None) -> dict[str, Any]:
        return await self.do("news", voter=voter(number), seen=seen)

    async def waiting(self, number: int) -> asyncio.Task:
        """A student's request for news that is answered by none yet."""
        told = await self.news(number)
        self.door.present[self.code].pop(voter(number))
        task = asyncio.create_task(self.news(number, told["seen"]))
        await until(lambda: voter(number) in self.door.present[self.code] or task.done())
        assert not task.done() and self.is_awaited(leads=False)
        return task

    async def lecturer_waiting(self) -> asyncio.Task:
        told = await self.lead("news", seen=None)
        task = asyncio.create_task(self.lead("news", seen=told["seen"]))
        await until(lambda: self.is_awaited(leads=True) or task.done())
        assert not task.done()
        return task

    def is_awaited(self, *, leads: bool) -> bool:
        return (self.code, leads) in self.door.bells

    def on_disk(self) -> dict[str, Any]:
        return json.loads((self.files.folder / f"{self.code}.json").read_text(encoding="utf-8"))

    @property
    def room(self):
        return self.door.desk.rooms.get(self.code)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    """News waits longer than a test may last, so that only a bell ends its waiting; all else hardly waits."""
    monkeypatch.setattr(room_routes, "NEWS_SECONDS", 60.0)
    monkeypatch.setattr(room_routes, "GUESS_SECONDS", 0.01)
    monkeypatch.setattr(room_routes, "TALLY_SECONDS", 0.01)


@pytest.fixture
def hall(tmp_path):
    made = Hall(tmp_path / "rooms")
    yield made
    made.files.release()


# The way through a room


@in_one_loop
async def test_a_room_is_opened_joined_and_votes(hall):
    assert await hall.vote(1, 0) == {"mine": [0]}
    told = await hall.news(1)
    assert told["code"] == hall.code
    assert told["where"] == {"lesson": "kl", "step": "width", "query": ""}
    assert told["ballot"]["mine"] == [0] and told["ballot"].keys().isdisjoint({"counts", "right"})
    for_lecturer = await hall.lead("news", seen=None)
    assert for_lecturer["ballot"]["counts"] == [[1, 0, 0]] and for_lecturer["here"] == 1
    await hall.lead("reveal", **PLACE)
    told = await hall.news(1, told["seen"])
    assert told["ballot"]["counts"] == [[1, 0, 0]] and told["ballot"]["right"] == WIDTH.right


@in_one_loop
async def test_a_new_room_is_on_disk_before_its_code_is_told(hall):
    _, opened, headers = await hall.post("", Body(b"{}"))
    assert (hall.files.folder / f"{opened['code']}.json").exists()
    assert headers["cache-control"] == "no-store"


@in_one_loop
async def test_a_server_started_again_goes_on_with_the_room(hall):
    await hall.vote(1, 0)
    hall.files.release()
    again = Hall(hall.files.folder)
    again.code, again.secret = hall.code, hall.secret
    assert (await again.news(1))["ballot"]["mine"] == [0]
    assert (await again.lead("news", seen=None))["ballot"]["counts"] == [[1, 0, 0]]
    again.files.release()


@in_one_loop
async def test_a_second_server_on_the_same_disk_says_that_the_rooms_live_elsewhere(hall):
    second = Hall(hall.files.folder)
    assert await second.ask("news", code=hall.code, voter=voter(1)) == (400, {"error": store.ELSEWHERE})
    status, answer, _ = await second.post("", Body(b"{}"))
    assert (status, answer) == (400, {"error": store.ELSEWHERE})


@in_one_loop
async def test_a_link_of_a_room_has_a_qr_code_and_another_text_has_none(hall):
    status, answer = await hall.ask("qr", link="https://example.org/?room=ABCD")
    assert status == 200 and len(answer["rows"]) > 20
    for link in ("javascript:alert(1)", "https://exämple.org/", "https://e.org/" + 300 * "x", 7):
        status, answer = await hall.ask("qr", link=link)
        assert status == 400 and "rows" not in answer


@in_one_loop
async def test_use_keeps_a_room_open_and_listening_alone_does_not(hall):
    hall.clock.now += UNUSED_SECONDS - 1
    await hall.vote(1, 0)
    hall.clock.now += UNUSED_SECONDS - 1
    await hall.news(1)
    hall.clock.now += 2
    status, answer = await hall.ask("news", voter=voter(1))
    assert status == 404 and answer["gone"]


# Refusals


@in_one_loop
async def test_who_has_not_joined_hears_nothing(hall):
    assert await hall.ask("news", voter=voter(3)) == (400, {"error": "Join the room first."})


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "text/plain; application/json", "application/jsonp", "multipart/form-data"]
)
@in_one_loop
async def test_another_content_type_is_refused(hall, kind):
    status, answer, _ = await hall.post(f"/{hall.code}/join", Body(json.dumps({"voter": voter(3)}).encode()), kind)
    assert (status, answer) == (400, {"error": MALFORMED})
    assert len(hall.room.members) == 2


@in_one_loop
async def test_a_content_type_may_name_its_characters(hall):
    body = Body(json.dumps({"voter": voter(3)}).encode())
    status, _, _ = await hall.post(f"/{hall.code}/join", body, "application/json; charset=utf-8")
    assert status == 200 and voter(3) in hall.room.members


def padded(size: int) -> bytes:
    """A message of student 3 that joins, of so many bytes."""
    return json.dumps({"voter": voter(3)}).encode().ljust(size)


@in_one_loop
async def test_a_message_of_the_largest_size_is_read_and_a_larger_one_refused(hall):
    status, answer, _ = await hall.post(f"/{hall.code}/join", Body(padded(LARGEST_MESSAGE + 1)))
    assert (status, answer) == (400, {"error": MALFORMED}) and voter(3) not in hall.room.members
    status, _, _ = await hall.post(f"/{hall.code}/join", Body(padded(LARGEST_MESSAGE)))
    assert status == 200 and voter(3) in hall.room.members


@in_one_loop
async def test_a_large_body_in_parts_is_refused_before_its_end(hall):
    whole = padded(100_000)
    body = Body(*(whole[start : start + 1_000] for start in range(0, len(whole), 1_000)))
    status, answer, _ = await hall.post(f"/{hall.code}/join", body)
    assert (status, answer) == (400, {"error": MALFORMED})
    assert body.asked == LARGEST_MESSAGE // 1_000 + 1


@in_one_loop
async def test_a_body_in_small_parts_is_read(hall):
    parts = [padded(100)[start : start + 7] for start in range(0, 100, 7)]
    status, _, _ = await hall.post(f"/{hall.code}/join", Body(*parts))
    assert status == 200 and voter(3) in hall.room.members


@in_one_loop
async def test_a_browser_that_goes_away_in_the_middle_of_its_message_changes_nothing(hall):
    body = Body(padded(100)[:20], padded(100)[20:60], ends=False)
    status, _, _ = await hall.post(f"/{hall.code}/join", body)
    assert status == 400 and voter(3) not in hall.room.members


UNREADABLE = {
    "empty": b"",
    "truncated": b'{"voter": "',
    "no JSON": b"voter=1",
    "no UTF-8": b'{"voter": "\xff\xfe\xfd"}',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "deeply nested": b"[" * 2_000 + b"]" * 2_000,
    "deep in a field": b'{"seen": ' + b"[" * 1_900 + b"]" * 1_900 + b"}",
    "a long number": b'{"voter": ' + b"1" * 3_900 + b"}",
    "an endless number": b'{"voter": Infinity}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("action", ["join", "news", "move", "qr"])
@in_one_loop
async def test_an_unreadable_message_is_refused(hall, action, content):
    status, answer, _ = await hall.post(f"/{hall.code}/{action}", Body(content))
    refusals = {400: MALFORMED, 403: "Only the lecturer of this room can do this."}
    assert answer["error"] == refusals[status]
    assert status == 400 or action == "move"


@pytest.mark.parametrize("action", ["open", "save", "__class__", "joins"])
@in_one_loop
async def test_an_unknown_action_is_refused(hall, action):
    assert await hall.ask(action, voter=voter(1)) == (400, {"error": MALFORMED})


@pytest.mark.parametrize("action", ["join", "news", "vote", "leave", "anything"])
@in_one_loop
async def test_an_unknown_code_is_refused(hall, action):
    unknown = "AAAA" if hall.code != "AAAA" else "BBBB"
    status, answer = await hall.ask(action, code=unknown, voter=voter(1))
    assert status == 404 and answer["gone"] and answer["error"].startswith(f"There is no room {unknown}")


@pytest.mark.parametrize("code", ["aaaa", "AAA", "AAAAA", "AAA1", "%41AAA", "owner.lock"])
@in_one_loop
async def test_what_is_no_code_is_refused(hall, code):
    status, answer = await hall.ask("join", code=code, voter=voter(1))
    assert (status, answer) == (404, {"error": "A room has a code of four letters.", "gone": True})


@pytest.mark.parametrize(
    ("code", "action", "message", "status"),
    [
        ("", "close", PLACE | {"secret": WRONG_SECRET}, 403),
        ("", "close", PLACE, 403),
        ("", "news", {"voter": voter(1), "secret": WRONG_SECRET}, 403),
        ("", "lead", {"ticket": WRONG_SECRET}, 403),
        ("nope", "join", {"voter": voter(1)}, 404),
    ],
    ids=["a wrong secret", "no secret", "news", "a wrong ticket", "a wrong code"],
)
@in_one_loop
async def test_a_wrong_guess_is_answered_late_and_holds_up_nobody_else(
    hall, monkeypatch, code, action, message, status
):
    monkeypatch.setattr(room_routes, "GUESS_SECONDS", 60.0)
    guess = asyncio.create_task(hall.ask(action, code=code, **message))
    # This writes to the disk, and so takes longer than a refusal would that does not wait.
    await hall.vote(1, 0)
    assert not guess.done()
    guess.cancel()

    monkeypatch.setattr(room_routes, "GUESS_SECONDS", 0.05)
    begin = time.monotonic()
    found, answer = await hall.ask(action, code=code, **message)
    assert time.monotonic() - begin >= 0.05 - TICK
    assert found == status and answer["gone"] is (status == 404)


@in_one_loop
async def test_what_is_refused_but_no_guess_is_answered_at_once(hall, monkeypatch):
    monkeypatch.setattr(room_routes, "GUESS_SECONDS", 60.0)
    fields = PLACE | {"voter": voter(1)}
    assert (await hall.ask("vote", **fields, round=2, option=0))[0] == 400
    assert (await hall.ask("vote", **fields, round=1, option=9))[0] == 400
    assert (await hall.ask("vote", **fields))[0] == 400


# News


@in_one_loop
async def test_who_has_seen_nothing_hears_at_once(hall):
    assert (await hall.news(1))["ballot"]["open"]


@pytest.mark.parametrize("seen", [7, "1", [], [None], {"a": 1}, [[1]], [-1], [1.5]], ids=repr)
@in_one_loop
async def test_who_says_something_odd_of_what_was_seen_hears_at_once(hall, seen):
    assert (await hall.news(1, seen))["ballot"]["open"]
    assert (await hall.lead("news", seen=seen))["ballot"]["open"]


@in_one_loop
async def test_news_waits_and_a_move_wakes_all(hall):
    students = [await hall.waiting(1), await hall.waiting(2)]
    lecturer = await hall.lecturer_waiting()
    await hall.lead("move", **(MOVE | {"step": "height"}))
    told = [await each for each in (*students, lecturer)]
    assert [each["where"]["step"] for each in told] == ["height"] * 3


@pytest.mark.parametrize("action", ["close", "again", "reveal"])
@in_one_loop
async def test_a_turn_of_the_vote_wakes_all(hall, action):
    students = [await hall.waiting(1), await hall.waiting(2)]
    lecturer = await hall.lecturer_waiting()
    await hall.lead(action, **PLACE)
    told = [(await each)["ballot"] for each in (*students, lecturer)]
    expected = {"close": (False, 1, False), "again": (True, 2, False), "reveal": (False, 1, True)}[action]
    assert {(each["open"], each["round"], each["revealed"]) for each in told} == {expected}


@in_one_loop
async def test_a_vote_wakes_the_lecturer_and_no_student(hall):
    students = [await hall.waiting(1), await hall.waiting(2)]
    lecturer = await hall.lecturer_waiting()
    bell = hall.door.bells[hall.code, False]
    await hall.vote(2, 1)
    assert (await lecturer)["ballot"]["answered"] == 1
    assert not any(each.done() for each in students)
    assert hall.door.bells[hall.code, False] is bell and not bell.is_set()
    await hall.lead("reveal", **PLACE)
    assert [(await each)["ballot"]["counts"] for each in students] == [[[0, 1, 0]]] * 2


@in_one_loop
async def test_a_join_and_a_hand_wake_the_lecturer_and_no_student(hall):
    student = await hall.waiting(1)
    bell = hall.door.bells[hall.code, False]
    for change in (
        hall.do("join", voter=voter(3)),
        hall.lead("hand", **PLACE, round=1, option=0, by=1),
    ):
        lecturer = await hall.lecturer_waiting()
        await change
        await lecturer
        assert not student.done() and not bell.is_set()
    student.cancel()


@in_one_loop
async def test_who_comes_and_who_leaves_is_told_to_the_lecturer_and_to_no_student(hall):
    student = await hall.waiting(1)
    lecturer = await hall.lecturer_waiting()
    await hall.news(2)
    assert (await lecturer)["here"] == 2
    lecturer = await hall.lecturer_waiting()
    await hall.do("leave", voter=voter(2))
    assert (await lecturer)["here"] == 1
    assert not student.done()
    student.cancel()


@in_one_loop
async def test_who_does_not_listen_any_longer_is_not_here_after_a_while(hall):
    for number in (1, 2):
        await hall.news(number)
    assert hall.door.here(hall.room) == 2
    hall.door.present[hall.code][voter(1)] -= room_routes.NEWS_SECONDS + 11
    assert (await hall.lead("news", seen=None))["here"] == 1


@in_one_loop
async def test_answers_that_come_together_are_told_together(hall, monkeypatch):
    monkeypatch.setattr(room_routes, "TALLY_SECONDS", 0.5)
    lecturer = await hall.lecturer_waiting()
    await hall.vote(1, 0)
    for _ in range(20):  # in which a lecturer who does not wait for more would be told
        await asyncio.sleep(0)
    assert not lecturer.done()
    await hall.vote(2, 1)
    assert (await lecturer)["ballot"]["answered"] == 2


@in_one_loop
async def test_news_without_news_comes_after_its_time(hall, monkeypatch):
    monkeypatch.setattr(room_routes, "NEWS_SECONDS", 0.05)
    first = await hall.news(1)
    assert await hall.news(1, first["seen"]) == first
    first = await hall.lead("news", seen=None)
    assert await hall.lead("news", seen=first["seen"]) == first


@in_one_loop
async def test_the_end_of_a_room_is_told_to_all_who_wait(hall):
    seen = hall.door.versions(hall.room, leads=False)
    polls = [asyncio.create_task(hall.ask("news", voter=voter(number), seen=seen)) for number in (1, 2)]
    await until(lambda: len(hall.door.present[hall.code]) == 2)
    seen = hall.door.versions(hall.room, leads=True)
    polls.append(asyncio.create_task(hall.ask("news", voter=voter(99), secret=hall.secret, seen=seen)))
    await until(lambda: hall.is_awaited(leads=True))
    assert not any(each.done() for each in polls)
    await hall.lead("end")
    assert [await each for each in polls] == [(404, {"error": ENDED, "gone": True})] * 3
    assert not (hall.files.folder / f"{hall.code}.json").exists()
    assert (await hall.ask("join", voter=voter(1)))[0] == 404
    for memory in (hall.door.bells, hall.door.present, hall.door.changed, hall.door.kept, hall.door.pens):
        assert hall.code not in memory and (hall.code, True) not in memory and (hall.code, False) not in memory


# The disk


@in_one_loop
async def test_each_of_fifty_votes_at_once_is_on_disk_before_its_answer_in_fewer_writes(hall):
    numbers = range(10, 60)
    for number in numbers:
        hall.room.join(voter(number), most=500)
    before = hall.files.writes

    async def vote(number: int) -> None:
        await hall.vote(number, number % 2)
        assert hall.on_disk()["ballots"][0]["rounds"][0]["votes"][voter(number)] == number % 2

    await asyncio.gather(*map(vote, numbers))
    assert 1 <= hall.files.writes - before < 50
    assert len(hall.on_disk()["ballots"][0]["rounds"][0]["votes"]) == 50


@in_one_loop
async def test_each_change_of_the_lecturer_is_on_disk_before_its_answer(hall):
    await hall.lead("move", **(MOVE | {"step": "height"}))
    assert hall.on_disk()["where"] == ["kl", "height", ""]
    ticket = (await hall.lead("ticket"))["ticket"]
    assert len(hall.on_disk()["tickets"]) == 1
    await hall.do("lead", ticket=ticket)
    assert len(hall.on_disk()["leaders"]) == 2 and not hall.on_disk()["tickets"]
    await hall.lead("reveal", lesson="kl", step="height")
    assert hall.on_disk()["ballots"][1]["revealed"]


@in_one_loop
async def test_a_disk_that_refuses_is_said_and_a_later_write_keeps_what_it_missed(hall, caplog):
    shutil.rmtree(hall.files.folder)
    fields = PLACE | {"voter": voter(1), "round": 1, "option": 0}
    assert await hall.ask("vote", **fields) == (503, {"error": NOT_KEPT})
    status, answer, _ = await hall.post("", Body(b"{}"))
    assert (status, answer) == (503, {"error": NOT_KEPT})
    assert "A room could not be kept" in caplog.text
    hall.files.folder.mkdir()
    await hall.vote(2, 1)
    assert hall.on_disk()["ballots"][0]["rounds"][0]["votes"] == {voter(1): 0, voter(2): 1}


@in_one_loop
async def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    hall = Hall(tmp_path / "file" / "rooms")
    status, answer, _ = await hall.post("", Body(b"{}"))
    assert (status, answer) == (503, {"error": NOT_KEPT})
    assert await hall.ask("join", code="ABCD", voter=voter(1)) == (503, {"error": NOT_KEPT})


@in_one_loop
async def test_a_room_that_could_not_be_kept_takes_no_place(hall, monkeypatch):
    monkeypatch.setattr(store, "MOST_ROOMS", 2)
    shutil.rmtree(hall.files.folder)
    status, _, _ = await hall.post("", Body(b"{}"))
    assert status == 503
    hall.files.folder.mkdir()
    status, _, _ = await hall.post("", Body(b"{}"))
    assert status == 200


@in_one_loop
async def test_a_move_that_was_kept_at_its_second_try_wakes_all(hall):
    student = await hall.waiting(1)
    shutil.rmtree(hall.files.folder)
    move = MOVE | {"step": "height", "secret": hall.secret}
    assert (await hall.ask("move", **move))[0] == 503
    hall.files.folder.mkdir()
    assert (await hall.ask("move", **move))[0] == 200
    async with asyncio.timeout(0.5):
        assert (await student)["where"]["step"] == "height"


# The lecture's own steps


def test_the_questions_of_a_lesson_are_those_of_its_steps():
    found = questions_of("kl")
    assert [*found] == [*(step.name for step in STEPS), EXPLORE]
    asked = next(step.ask for step in STEPS if step.name == "width")
    assert found["width"].text == asked.text
    assert found["width"].options == tuple(option.text for option in asked.options)
    assert found["width"].right == asked.right
    assert found[EXPLORE] is None


def test_every_step_of_the_lecture_may_be_named_in_a_message_and_an_unknown_lesson_has_none():
    for lesson in index.BY_NAME:
        steps = questions_of(lesson)
        assert len(steps) > 1 and all(NAME.fullmatch(name) for name in (lesson, *steps))
        assert all(asked is None or 0 <= asked.right < len(asked.options) for asked in steps.values())
    assert questions_of("os") == questions_of("") == {}


@in_one_loop
async def test_a_lesson_of_another_name_is_no_place(hall):
    hall.door.desk.steps_of = questions_of
    status, answer = await hall.ask("move", **(MOVE | {"lesson": "os", "secret": hall.secret}))
    assert (status, answer) == (400, {"error": MALFORMED})
    await hall.lead("move", **MOVE)
