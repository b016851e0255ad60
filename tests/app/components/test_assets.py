"""What a page names by address: the same content is the same address, kept for good, and no more of it than allowed."""

import asyncio
import gzip

import pytest
from starlette.applications import Starlette
from starlette.responses import Response

from vaedemo.app.components.common import assets
from vaedemo.app.components.common.assets import AssetStore, asset, asset_store
from vaedemo.app.components.common.files import FOLDER, source
from vaedemo.app.server.serve import Gate

APP = Starlette(routes=[assets.route()])
SECONDS = 5  # that an answer may take


def get(name: str, encoding: str = "gzip", app=APP) -> Response:
    """What the app answers to a GET, over ASGI; its body is unpacked as a browser would."""
    sent = []

    async def ask() -> None:
        async def receive():
            return {"type": "http.request"}

        async def send(message):
            sent.append(message)

        headers = [(b"accept-encoding", encoding.encode())]
        scope = {"type": "http", "method": "GET", "path": f"/vaedemo/{name}", "headers": headers, "query_string": b""}
        await asyncio.wait_for(app(scope, receive, send), SECONDS)

    asyncio.run(ask())
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message["body"] for message in sent[1:])
    unpacked = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    answer = Response(unpacked, sent[0]["status"])
    answer.headers.update(headers)
    return answer


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_content_arrives_as_it_was_put_and_may_be_cached(encoding):
    content = bytes(range(256)) * 99
    answer = get(asset_store.put(asset(content, "bin")), encoding)
    assert answer.status_code == 200
    assert answer.body == content
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers.get("content-encoding", "identity") == encoding


def test_a_script_is_a_script_to_the_browser():
    answer = get(asset_store.put(asset(source("common/canvas.js").encode(), "js")))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.body.decode() == source("common/canvas.js")


def test_the_address_is_made_of_the_content():
    first, again, other = (asset_store.put(asset(content, "bin")) for content in (b"a", b"a", b"b"))
    assert first == again != other
    assert asset(b"a", "bin") == asset(b"a", "bin")


@pytest.mark.parametrize("name", ["0" * 32 + ".bin", "..", "%2e%2e%2fstreamlit_app.py", "canvas.js", "x" * 10_000])
def test_what_is_not_in_the_store_is_not_found_and_not_cached(name):
    answer = get(name)
    assert answer.status_code == 404
    assert answer.headers.get("cache-control", "no-store") == "no-store"


def test_the_least_recently_used_data_are_evicted_and_scripts_stay():
    many = [asset(gzip.compress(bytes([number]) * 9) * 40, "bin") for number in range(4)]
    script = asset(b"export default 1", "js")
    size = len(many[0].packed)
    small = AssetStore(most_bytes=2 * size + size // 2)
    small.put(script)
    for each in (many[0], many[1], many[0], many[2]):
        small.put(each)
    assert [small.get(each.name) for each in many] == [many[0], None, many[2], None]
    assert small.get(script.name) is script
    assert small.bytes == len(many[0].packed) + len(many[2].packed)


def test_one_asset_larger_than_the_store_is_still_served():
    small = AssetStore(most_bytes=1)
    large = asset(b"larger", "bin")
    small.put(large)
    assert small.get(large.name) is large


def test_another_ending_is_refused():
    with pytest.raises(ValueError, match="ends in one of js, bin, got 'exe'"):
        asset(b"", "exe")


def test_no_component_sends_its_script_with_its_messages():
    for module in FOLDER.rglob("*.py"):
        assert "js=source(" not in module.read_text(encoding="utf-8"), module.name


def test_the_route_does_not_wait_for_the_first_page():
    assert get("none.bin", app=Gate(APP)).status_code == 404
