"""The route for own data: what it refuses before it reads, what it reads, and what it leaves."""

import asyncio
import json
from dataclasses import dataclass, field

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from vaedemo.app.server import upload_routes
from vaedemo.app.server.upload_routes import CLOSED, OFF, TICKET, ClosedUploads
from vaedemo.uploads.decoder import pack
from vaedemo.uploads.desk import UNDER_WAY, Desk
from vaedemo.uploads.limits import LARGEST_UPLOAD

POINTS = pack([("points.csv", b"1,2\n3,4\n5,6\n7,9\n")])
PATH = "/vaedemo/upload"


@dataclass
class Request:
    """One request by ASGI, whose body is handed out as it is asked for."""

    body: bytes = POINTS
    method: str = "POST"
    path: str = PATH
    headers: dict[str, str] = field(default_factory=dict)
    pieces: int = 3
    stalls: bool = False  # the body does not come to its end
    read: int = 0  # pieces that the server asked for
    status: int = 0
    answer: bytes = b""

    async def receive(self) -> dict:
        if self.read and self.stalls:
            await asyncio.sleep(60)
        size = -(-len(self.body) // self.pieces)
        piece = self.body[self.read * size : (self.read + 1) * size]
        self.read += 1
        return {"type": "http.request", "body": piece, "more_body": self.read < self.pieces}

    async def send(self, message: dict) -> None:
        self.status = message.get("status", self.status)
        self.answer += message.get("body", b"")

    @property
    def error(self) -> str:
        return json.loads(self.answer)["error"]


@pytest.fixture
def desk(monkeypatch):
    made = Desk(lambda owner: owner != "gone")
    monkeypatch.setattr(upload_routes, "desk", lambda: made)
    monkeypatch.setattr(upload_routes, "GUESS_SECONDS", 0.0)
    return made


@pytest.fixture
def ask(desk):
    app = Starlette(routes=upload_routes.upload_routes(), middleware=[Middleware(ClosedUploads)])

    def send(request: Request, owner: str = "me", **headers: str) -> Request:
        sent = {TICKET: desk.ticket(owner), "content-length": str(len(request.body))} | request.headers | headers
        scope = {
            "type": "http",
            "method": request.method,
            "path": request.path,
            "root_path": "",
            "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        }
        asyncio.run(app(scope, request.receive, request.send))
        return request

    return send


def test_points_are_read_and_wait_for_their_visitor_alone(ask, desk):
    found = ask(Request())
    assert found.status == 200 and json.loads(found.answer) == {"kind": "points", "count": 4}
    assert np.array_equal(desk.waiting("me").points, [[1, 2], [3, 4], [5, 6], [7, 9]])
    assert desk.waiting("you") is None and desk.under_way == 0


@pytest.mark.parametrize("length", ["", "-1", "1e3", "٣", "9" * 40, "x"])
def test_a_body_without_a_length_is_not_read(ask, length):
    found = ask(Request(), **{"content-length": length})
    assert (found.status, found.read) == (403, 0) and found.error == "An upload says its length first."


@pytest.mark.parametrize("ticket", ["", "x" * 32])
def test_a_body_without_a_ticket_is_not_read(ask, ticket):
    found = ask(Request(), **{TICKET: ticket})
    assert (found.status, found.read) == (403, 0) and "reload the page" in found.error


def test_who_has_left_is_not_read(ask):
    assert (found := ask(Request(), "gone")).status == 403 and found.read == 0


def test_a_large_body_is_not_read(ask):
    found = ask(Request(), **{"content-length": str(LARGEST_UPLOAD + 1)})
    assert (found.status, found.read) == (403, 0) and "20 MB" in found.error


def test_a_body_is_not_read_while_others_fill_the_room(ask, desk):
    with desk.admitted(desk.ticket("you"), LARGEST_UPLOAD):
        desk.under_way = UNDER_WAY
        found = ask(Request())
    assert (found.status, found.read) == (503, 0) and json.loads(found.answer)["again"]


@pytest.mark.parametrize("change", [-1, 1])
def test_a_body_of_another_length_is_refused(ask, desk, change):
    found = ask(Request(), **{"content-length": str(len(POINTS) + change)})
    assert found.status == 400 and "did not arrive whole" in found.error
    assert desk.waiting("me") is None and desk.under_way == 0


def test_a_body_that_announces_little_is_read_no_further(ask):
    found = ask(Request(b"x" * 100_000, pieces=100), **{"content-length": "2000"})
    assert found.status == 400 and found.read <= 4


def test_a_body_that_stalls_is_given_up(ask, desk, monkeypatch):
    monkeypatch.setattr(upload_routes, "FIRST_SECONDS", 0.05)
    found = ask(Request(stalls=True))
    assert found.status == 408 and "too slowly" in found.error and desk.under_way == 0


def test_what_cannot_be_decoded_is_one_sentence(ask, desk):
    found = ask(Request(pack([("a.gif", b"GIF89a")])))
    assert found.status == 400 and found.error.endswith(".") and "a.gif" in found.error
    assert desk.waiting("me") is None


def test_a_server_without_processes_says_so(ask, desk, monkeypatch):
    def fail(body: bytes):
        raise OSError("no process")

    monkeypatch.setattr(upload_routes, "decode", fail)
    found = ask(Request())
    assert found.status == 503 and "at the moment" in found.error and desk.under_way == 0


def test_a_server_that_takes_no_uploads_reads_none(ask, monkeypatch):
    monkeypatch.setenv("VAEDEMO_UPLOADS", "0")
    found = ask(Request())
    assert (found.status, found.read, found.error) == (403, 0, OFF)


@pytest.mark.parametrize("uploads", ["0", "1"])
@pytest.mark.parametrize("path", [f"{CLOSED}session/file", f"/base{CLOSED}a/b"])
def test_streamlit_s_own_uploads_are_closed(ask, monkeypatch, uploads, path):
    monkeypatch.setenv("VAEDEMO_UPLOADS", uploads)
    found = ask(Request(method="PUT", path=path))
    assert (found.status, found.read, found.error) == (403, 0, OFF)


def test_others_cannot_ask_by_another_method(ask):
    assert ask(Request(method="GET")).status == 405
