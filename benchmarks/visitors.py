"""Visitors without a browser: a client for Streamlit's WebSocket protocol, many in one process.

    async with Visitor("http://127.0.0.1:8501") as visitor:
        await visitor.open("/gallery?side=4")
        seconds = await visitor.change("Seed", 3)

It paints nothing and loads no script, style sheet or image file: a visitor measures only the server.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.page_tree import PageTree, set_value

PATIENCE = 60.0  # timeout of any answer in seconds
NO_XSRF_TOKEN = "PLACEHOLDER_AUTH_TOKEN"  # the front end sends this without a token


@dataclass(eq=False)
class Request:
    """A requested rerun of one fragment or of the whole page (""). `run`: the id of its run, once it has begun."""

    fragment: str
    run: str = ""
    answered: asyncio.Future = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Visitor:
    """One browser tab. `page`: its content, `session`: its id on the server, `query`: the address bar's query string.

    `received`: bytes of all messages so far. The app disables the browser's message cache (.streamlit/config.toml), so
    this client has none; a message that refers to a cached one ends the connection, as in a browser.
    """

    def __init__(self, url: str):
        self.host = urlsplit(url).netloc
        self.page, self.received = PageTree(), 0
        self.session = self.page_name = self.page_hash = self.query = ""
        self.lost = ""  # the reason, if the server ended the connection
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task | None = None
        self._requests: list[Request] = []
        self._run, self._fragments = "", []
        self._repeats: dict[str, asyncio.Task] = {}
        self._changed = asyncio.Event()

    async def __aenter__(self) -> "Visitor":
        await self.connect()
        return self

    async def __aexit__(self, *_) -> None:
        await self.disconnect()

    async def connect(self) -> None:
        """Open the WebSocket like the front end: the session of a reconnection is the third subprotocol."""
        offered = ["streamlit", NO_XSRF_TOKEN, *([self.session] if self.session else [])]
        self._socket = await connect(
            f"ws://{self.host}/_stcore/stream",
            origin=f"http://{self.host}",
            subprotocols=offered,
            compression=None,
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        self.lost = ""
        self._reading = asyncio.create_task(self._read())

    async def disconnect(self) -> None:
        """Close the tab: close the socket without a message to the script."""
        for task in self._repeats.values():
            task.cancel()
        self._repeats.clear()
        if self._socket is not None:
            self._reading.cancel()
            await self._socket.close()
            self._socket = None

    async def open(self, path: str) -> float:
        """Open a page of the app, such as "/gallery?seed=3"; returns the seconds until its script has finished."""
        parts = urlsplit(path)
        self.page_name, self.page_hash, self.query = parts.path.strip("/"), "", parts.query
        self.page.values.clear()
        return await self.rerun()

    async def change(self, label: str, value: Any) -> float:
        """Change a widget's value; returns the seconds until the rerun has finished."""
        node = self.page.widget(label)
        state = WidgetState(id=node.content.id)
        set_value(node, state, value)
        self.page.values[node.content.id] = state
        return await self.rerun(node.fragment)

    async def press(self, label: str) -> float:
        """Press a button; returns the seconds until the rerun has finished."""
        node = self.page.widget(label)
        trigger = WidgetState(id=node.content.id, trigger_value=True)
        return await self.rerun(node.fragment, trigger)

    async def rerun(self, fragment: str = "", trigger: WidgetState | None = None) -> float:
        """Request a rerun of the page or of a fragment, and wait for its end. Raises ConnectionError, TimeoutError."""
        request, begun = Request(fragment), time.perf_counter()
        self._requests.append(request)
        try:
            await self._ask(fragment, trigger)
            async with asyncio.timeout(PATIENCE):
                await request.answered
        finally:
            self._requests.remove(request)
        return time.perf_counter() - begun

    async def wait_for(self, condition: Callable[[PageTree], bool], seconds: float = PATIENCE) -> None:
        """Wait until `condition(page)`, evaluated after each run, is true. Raises TimeoutError, ConnectionError."""
        deadline = time.monotonic() + seconds
        while not condition(self.page):
            self._changed.clear()
            if self.lost:
                raise ConnectionError(self.lost)
            try:
                await asyncio.wait_for(self._changed.wait(), deadline - time.monotonic())
            except TimeoutError:
                raise TimeoutError(f"After {seconds:g} seconds the page still says:\n{self.page.words}") from None

    async def _ask(self, fragment: str, trigger: WidgetState | None = None, repeated: bool = False) -> None:
        """Send `rerun_script` (App.sendRerunBackMsg) with the state of all widgets, not only the changed one."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.fragment_id, state.is_auto_rerun = self.query, fragment, repeated
        state.page_script_hash, state.page_name = self.page_hash, "" if self.page_hash else self.page_name
        state.widget_states.widgets.extend(self.page.values.values())
        if trigger is not None:
            state.widget_states.widgets.append(trigger)
        state.context_info.timezone, state.context_info.locale = "UTC", "en-GB"
        state.context_info.url = f"http://{self.host}/{self.page_name}"
        if self._socket is None:
            raise ConnectionError("not connected")
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as error:
            raise ConnectionError(str(error)) from error

    async def _read(self) -> None:
        """Read the server's messages until the connection ends."""
        try:
            async for content in self._socket:
                self.received += len(content)
                self._hear(ForwardMsg.FromString(content))
            self.lost = "The server closed the connection."
        except (ConnectionClosed, LookupError) as error:
            self.lost = str(error)
        for request in self._requests:
            if not request.answered.done():
                request.answered.set_exception(ConnectionError(self.lost))
        self._changed.set()

    def _hear(self, message: ForwardMsg) -> None:
        """Handle a message (App.handleMessage); those about menus, themes and metrics are ignored."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            raise LookupError(f"The server refers to a message that was not sent: {message.ref_hash}.")
        if kind == "delta":
            self.page.draw(message)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "script_finished":
            self._finish(message)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._cease(fragment)

    def _begin(self, message: ForwardMsg) -> None:
        """Handle the begin of a run of the page or of some fragments (handleNewSession)."""
        new, run = message.new_session, message.metadata.run
        self.session = new.initialize.session_id or self.session
        self._run, self._fragments = run.script_run_id, list(run.fragment_ids)
        self.page.run = self._run
        if not self._fragments:
            self.page_hash = new.page_script_hash
            for fragment in list(self._repeats):
                self._cease(fragment)
        for request in self._requests:
            if not self._fragments or request.fragment in self._fragments:
                request.run = self._run

    def _finish(self, message: ForwardMsg) -> None:
        """Handle the end of a run (handleScriptFinished). It answers the requests of all runs that have begun.

        A session's runs follow each other, so the earlier ones have ended too. Streamlit drops the end of one when a
        repeated rerun arrives between this end and its message (AppSession.request_rerun, issue 9921).
        "Early, for a rerun" answers no request: the next run's end does. Of a whole page, that run has drawn what this
        one did not. Of a fragment, it interrupted nothing: Streamlit calls a run's end early where the next run began
        before the message was sent (ForwardMsgQueue.clear).
        """
        run, fragments = message.metadata.run.script_run_id, list(message.metadata.run.fragment_ids)
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        if message.script_finished != ForwardMsg.FINISHED_WITH_COMPILE_ERROR and (fragments or run == self._run):
            self.page.clear_stale(run, fragments)
        for request in self._requests:
            if request.run and not request.answered.done():
                request.answered.set_result(None)
        self._changed.set()

    def _repeat(self, fragment: str, seconds: float) -> None:
        """Start the periodic reruns of a fragment, which the front end requests (handleAutoRerun)."""
        if fragment not in self._repeats:
            self._repeats[fragment] = asyncio.create_task(self._keep_asking(fragment, seconds))

    async def _keep_asking(self, fragment: str, seconds: float) -> None:
        while not self.lost:
            await asyncio.sleep(seconds)
            await self._ask(fragment, repeated=True)

    def _cease(self, fragment: str) -> None:
        task = self._repeats.pop(fragment, None)
        if task is not None:
            task.cancel()
