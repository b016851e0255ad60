"""The door for a visitor's own data: one route of ours. Streamlit's own route for uploads is closed, always.

A body is read only when its ticket, its length and the limits of the desk allow it, and only as fast as a hall's
network at its worst. It stays in memory, is decoded in a child process (`uploads.decoder`), and is gone.
"""

import asyncio
import logging
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vaedemo import settings
from vaedemo.app.components.common.assets import PREFIX, below_base
from vaedemo.app.trainings.own_data.desk import desk
from vaedemo.uploads.decoder import Decoded, Refused, decode
from vaedemo.uploads.desk import Busy, NotAllowed

TICKET = "x-vaedemo-ticket"  # a header that no other site's form can send
DECODERS = 1  # child processes at once: one may take 360 MB
FIRST_SECONDS, SLOWEST = 10.0, 200_000  # a body has so long, and a second more for so many bytes
GUESS_SECONDS = 1.0  # a wrong ticket is answered after it
OFF = "This server accepts no uploads."
CLOSED = "/_stcore/upload_file/"

logger = logging.getLogger(__name__)


class UploadDoor:
    """Reads uploads, and has them decoded."""

    def __init__(self):
        self.decoding = asyncio.Semaphore(DECODERS)

    async def uploading(self, request: Request) -> Response:
        try:
            if not settings.current().uploads:
                raise NotAllowed(OFF)
            size = length_of(request)
            with desk().admitted(request.headers.get(TICKET, ""), size) as owner:
                body = await read(request, size)
                async with self.decoding:
                    decoded = await asyncio.to_thread(decode, body)
                desk().put(owner, decoded, bytes_of(decoded))
            return answer({"kind": decoded.kind, "count": len(decoded.labels)})
        except NotAllowed as error:
            await asyncio.sleep(GUESS_SECONDS)
            return answer({"error": str(error)}, 403)
        except Busy as error:
            return answer({"error": str(error), "again": True}, 503)
        except Refused as error:
            return answer({"error": str(error)}, 400)
        except TimeoutError:
            return answer({"error": "The upload came too slowly and was ended."}, 408)
        except ClientDisconnect:
            return Response(status_code=400)
        except OSError as error:  # no new process can be started
            logger.error("An upload could not be decoded: %s", error)
            return answer({"error": "The server cannot read uploads at the moment.", "again": True}, 503)


def length_of(request: Request) -> int:
    """The length that a request announces. Raises `NotAllowed` without one."""
    text = request.headers.get("content-length", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotAllowed("An upload says its length first.")
    return int(text)


async def read(request: Request, size: int) -> bytes:
    """A body of exactly this length. Raises `Refused` for a shorter one, and `TimeoutError`."""
    body = bytearray()
    async with asyncio.timeout(FIRST_SECONDS + size / SLOWEST):
        async for part in request.stream():
            body += part
            if len(body) > size:
                break
    if len(body) != size:
        raise Refused("The upload did not arrive whole: try again.")
    return bytes(body)


def bytes_of(decoded: Decoded) -> int:
    arrays = [decoded.labels, *decoded.framings.values(), *([] if decoded.points is None else [decoded.points])]
    return sum(array.nbytes for array in arrays)


def answer(content: dict[str, Any], status: int = 200) -> Response:
    """An answer. A refused body may be left unread, and the connection then has no further use."""
    headers = {"Cache-Control": "no-store"} | ({"Connection": "close"} if status != 200 else {})
    return JSONResponse(content, status, headers)


class ClosedUploads:
    """ASGI middleware: refuse Streamlit's own uploads, which any session may send and the server would keep in memory.
    No page has their widget."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and CLOSED in scope["path"]:
            await answer({"error": OFF}, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def upload_routes() -> list[Route]:
    return [Route(below_base(f"{PREFIX}upload"), UploadDoor().uploading, methods=["POST"])]
