"""The visitors without a browser, against a server that says what Streamlit says in the cases that are rare."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.server import serve

from benchmarks import visitors
from benchmarks.visitors import Visitor

EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN


def begin(run: str, *fragments: str) -> ForwardMsg:
    return of_run(ForwardMsg(new_session={"page_script_hash": "page"}), run, fragments)


def end(run: str, *fragments: str, how=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY) -> ForwardMsg:
    return of_run(ForwardMsg(script_finished=how), run, fragments)


def of_run(message: ForwardMsg, run: str, fragments: tuple[str, ...]) -> ForwardMsg:
    message.metadata.run.script_run_id = run
    message.metadata.run.fragment_ids.extend(fragments)
    return message


@asynccontextmanager
async def visitor_of(answers: dict[str, list[ForwardMsg]]):
    """A visitor of a server that answers each request by the messages for its fragment."""

    async def answer(socket):
        async for content in socket:
            for message in answers[BackMsg.FromString(content).rerun_script.fragment_id]:
                await socket.send(message.SerializeToString())

    async with serve(answer, "127.0.0.1", 0, subprotocols=["streamlit"]) as server:
        port = server.sockets[0].getsockname()[1]
        async with Visitor(f"http://127.0.0.1:{port}") as visitor:
            yield visitor


@pytest.mark.parametrize("told", [[], [end("1", "stage", how=EARLY)]], ids=["dropped", "early"])
@pytest.mark.parametrize("after", [["clock"], []], ids=["a fragment", "the page"])
def test_a_request_is_answered_by_the_next_end_where_its_own_was_dropped_or_called_early(told, after):
    async def ask():
        messages = [begin("1", "stage"), *told, begin("2", *after), end("2", *after)]
        async with visitor_of({"stage": messages}) as visitor:
            await visitor.rerun("stage")

    asyncio.run(ask())


@pytest.mark.parametrize(
    "others",
    [
        [],
        [begin("1", "clock"), end("1", "clock")],
        [begin("1", "stage"), end("1", "stage", how=EARLY)],
        [begin("1", "stage"), end("1", "stage", how=EARLY), begin("2", "clock")],
    ],
    ids=["nothing", "another fragment", "an early end", "an early end and a begin"],
)
def test_a_run_of_something_else_answers_no_request(others, monkeypatch):
    monkeypatch.setattr(visitors, "PATIENCE", 0.5)

    async def ask():
        async with visitor_of({"stage": others}) as visitor:
            with pytest.raises(TimeoutError):
                await visitor.rerun("stage")

    asyncio.run(ask())
