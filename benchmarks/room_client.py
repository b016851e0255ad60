"""A client of the rooms' routes: HTTP/1.1 over a few connections that stay open, as a browser's `fetch`."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

from vaedemo.app.components.common.assets import PREFIX

LONGEST_HEAD = 65_536  # bytes of an answer's status and headers


class Refused(Exception):
    """The server refused a request. `status`: of HTTP; the text is the server's sentence."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


class RoomClient:
    """One browser's connections to the rooms. A connection has one request at a time; a free one is used again."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.host, self.port, self.base = parts.hostname, parts.port, parts.path.rstrip("/")
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._writers: set[asyncio.StreamWriter] = set()

    async def ask(self, path: str, message: Any = None) -> dict[str, Any]:
        """Send a message to `path` below the rooms, such as "/ABCD/vote". Raises `Refused`, ConnectionError."""
        status, content = await self.send(path, json.dumps(message or {}).encode())
        told = json.loads(content)
        if status != 200:
            raise Refused(status, told.get("error", ""))
        return told

    async def send(self, path: str, body: bytes, kind: str = "application/json", method: str = "POST"):
        """Send any bytes; returns the answer's status and content. `path` is sent as it is."""
        head = (
            f"{method} {self.base}/{PREFIX}room{path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        while True:
            used = bool(self._free)
            reader, writer = self._free.pop() if used else await self._connect()
            try:
                writer.write(head.encode() + body)
                status, content, stays = await read_answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                self._drop(writer)
                if used:  # the server ends a connection that was not used for a while
                    continue
                raise ConnectionError(f"The server ended the connection: {error}") from error
            except asyncio.CancelledError:
                self._drop(writer)
                raise
            if stays:
                self._free.append((reader, writer))
            else:
                self._drop(writer)
            return status, content

    async def close(self) -> None:
        """Close all connections, also those with a request under way."""
        writers = list(self._writers)
        self._free.clear()
        for writer in writers:
            self._drop(writer)
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=LONGEST_HEAD)
        self._writers.add(writer)
        return reader, writer

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """An answer's status and content, and whether the connection stays open."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines)
    content = await reader.readexactly(int(fields["content-length"]))
    return int(first.split()[1]), content, fields.get("connection") != "close"
