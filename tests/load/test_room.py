"""A class in a room: it follows within seconds, each vote counts once, and forged messages change nothing."""

import asyncio
import json
import time

import pytest

from benchmarks.report import table
from benchmarks.room_beside import class_beside_others
from benchmarks.room_lesson import teach
from benchmarks.room_people import class_of
from tests.browser.serving import running_server
from tests.load.forged import HONEST, INSIDERS, KINDS, Hall, send_all
from vaedemo.rooms.ballot import NOT_SURE


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("room")) as running:
        yield running


def check(server, lesson, figures):
    """Each vote was counted once, and all pages were right. The times are printed, and asserted nowhere."""
    print(f"\n{table(figures)}")
    assert lesson.errors == []
    assert lesson.unlike == []
    assert [sum(each) for each in lesson.voted] == [lesson.students] * 2
    assert lesson.counted == lesson.kept == lesson.voted
    assert "Traceback" not in server.log, server.log


def test_ten_students_vote_twice_and_follow(server):
    async def lesson():
        async with class_of(server.url, 10) as (lecturer, students):
            return await teach(lecturer, students, server.cache / "rooms")

    seen = asyncio.run(lesson())
    check(server, seen, seen.figures())


@pytest.mark.load
@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [100, 500])
def test_a_large_class_votes_and_follows_beside_a_training(tmp_path, size):
    with running_server(tmp_path) as running:
        check(running, *asyncio.run(class_beside_others(running, size)))


async def send_forged(server, count: int, connections: int) -> None:
    """Nothing that is forged changes a room, and an honest vote counts after all of it."""
    async with Hall(server.url) as hall:
        file = server.cache / "rooms" / f"{hall.lecturer.code}.json"

        def kept() -> dict:
            """The room, without the time of its last message and the number of the accepted ones."""
            return {
                name: value for name, value in json.loads(file.read_text()).items() if name not in ("used", "tally")
            }

        before, counts = kept(), await hall.lecturer.counts()
        assert [sum(each) for each in counts] == [HONEST, HONEST]
        assert len(before["leaders"]) == 2 and len(before["members"]) == HONEST + INSIDERS
        begun = time.perf_counter()
        answers = await send_all(hall, count, connections)
        print(f"\n{count} forged messages in {time.perf_counter() - begun:.1f} s: {dict(answers.statuses)}")
        assert answers.statuses.total() == count
        assert answers.wrong == []
        assert answers.quick == []
        assert await hall.lecturer.counts() == counts
        assert kept() == before
        await hall.lecturer.client.ask(f"/{hall.lecturer.code}/vote", hall.ballot(hall.insiders[0], option=NOT_SURE))
        counts[1][-1] += 1
        assert await hall.lecturer.counts() == counts
    assert "Traceback" not in server.log, server.log


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.load)])
def test_forged_messages_change_nothing(server, count):
    assert count > 10 * len(KINDS)
    asyncio.run(send_forged(server, count, connections=100))
