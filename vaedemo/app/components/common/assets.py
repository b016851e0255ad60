"""Content-addressed assets: scripts, films and decoders that the browser fetches once and caches permanently.

Streamlit sends a component's script and data again with each full rerun. Content that never changes is not sent this
way: the page receives its address, made of the SHA-256 of the content, and from the second time on the browser's cache
answers. The route is part of the `App` (streamlit_app.py). Everyone who knows an address can read the asset, as with
Streamlit's own media files. With several replicas, a visitor's requests must reach the replica that holds the session.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PREFIX = "vaedemo/"  # below the root of the app
TYPES = {"js": "text/javascript; charset=utf-8", "bin": "application/octet-stream"}
MOST_BYTES = 32_000_000  # of data in the store; a browser fetches an asset within seconds of receiving its address
FASTEST, SMALLEST = 1, 9  # gzip's levels
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Asset:
    """An immutable file for the browser. `name`: the SHA-256 of the content, with its ending; `packed`: its gzip."""

    name: str
    packed: bytes

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.packed)


def asset(content: bytes, ending: str, level: int = FASTEST) -> Asset:
    """Hash and compress some content. `ending`: "js" or "bin". Raises `ValueError` for another ending."""
    if ending not in TYPES:
        raise ValueError(f"An asset ends in one of {', '.join(TYPES)}, got {ending!r}.")
    # mtime=0: equal content gives equal bytes.
    return Asset(f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}", gzip.compress(content, level, mtime=0))


class AssetStore:
    """The assets that can be fetched now. Scripts are kept; of the data the least recently used are evicted."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes, self.bytes = most_bytes, 0
        self._scripts: dict[str, Asset] = {}
        self._data: OrderedDict[str, Asset] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, asset: Asset) -> str:
        """Store an asset, or mark it as used. Returns its name, the last part of its address."""
        with self._lock:
            if asset.name.endswith(".js"):
                self._scripts[asset.name] = asset
            else:
                if self._data.pop(asset.name, None) is None:
                    self.bytes += len(asset.packed)
                self._data[asset.name] = asset
                while self.bytes > self.most_bytes and len(self._data) > 1:
                    self.bytes -= len(self._data.popitem(last=False)[1].packed)
        return asset.name

    def get(self, name: str) -> Asset | None:
        with self._lock:
            return self._scripts.get(name) or self._data.get(name)


asset_store = AssetStore()  # of this process


async def fetch(request: Request) -> Response:
    """Serve an asset by name, to be cached permanently; 404, not to be cached, if the store lacks it."""
    found = asset_store.get(request.path_params["name"])
    if found is None:
        return Response("This file is not at hand any more. Reload the page.", 404, {"Cache-Control": "no-store"})
    headers = HEADERS | {"Content-Type": TYPES[found.name.rpartition(".")[2]], "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.content, headers=headers)


def route() -> Route:
    """The route for an `App`."""
    return Route(below_base(f"{PREFIX}{{name}}"), fetch)


def below_base(path: str) -> str:
    """A path of ours on the server. Streamlit puts only its own routes below `server.baseUrlPath`."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/{path}".replace("//", "/")
