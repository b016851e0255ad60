"""20 hostile links in a real browser, up to 100 kB long: each page comes up whole, and the server answers on."""

from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.app.pages import PATHS
from tests.hostile.queries import ATTACKS, SPACED

COMPLAINT = "stException"
MOST_BYTES_ANSWERED = 64_000  # above it the server may answer 400 by itself, as the bytes arrive
EVERYTHING = "&".join(f"{name}={quote(value)}" for name, value in zip("abcdefghijklmnop", ATTACKS, strict=False))

LINKS = [
    ("/", "image=" + quote("\x00")),
    ("/", "image=%F0%28%8C%28&noise=%ZZ"),
    ("/lab", "dataset=" + quote(ATTACKS[4])),
    ("/lab", "hidden=" + ",".join(["4096"] * 6)),
    ("/lab", "beta=1e999&epochs=-1&seed=" + "9" * 199),
    ("/lab", "start_from=0123456789abcdef&train=1&epochs=10000&batch_size=60000"),
    ("/lab", EVERYTHING),
    ("/gallery", "run=" + quote("../../etc/passwd")),
    ("/gallery", "run=" + quote("$\\frac{ [x](javascript:alert(1))") + "&side=2&side=999"),
    ("/gallery", "&&&===?#%&seed"),
    ("/plane", "z1=nan&z2=-inf&across=" + quote("٢")),
    ("/kl", "part=" + quote("\u202e\u200b\ufeff")),
    ("/ring", quote("<b>") + "=" + quote("<img src=x onerror=alert(1)>")),
    ("/taxonomy", quote(SPACED[6]) + "=" + quote(SPACED[6])),
    ("/elbo", "present=2&present=[]&__class__=x"),
    ("/holes", "seed=" + quote("👩" * 60)),
    ("/losses", "x" * 3_000 + "=1"),
    ("/pca", "&".join(f"n{number}={number}" for number in range(1_500))),
    ("/gallery", "seed=" + "9" * 60_000),
    ("/gallery", "seed=" + "9" * 100_000),
]


@pytest.fixture(scope="module")
def complaints_before(server):
    return server.log.count("Traceback")


def test_twenty_links_go_to_pages_that_are_there():
    assert len(LINKS) == 20
    assert {path for path, _ in LINKS} <= set(PATHS)


@pytest.mark.parametrize(("path", "query"), LINKS, ids=range(len(LINKS)))
def test_a_hostile_link_opens_a_whole_page(visit, server, complaints_before, path, query):
    long = len(query) > MOST_BYTES_ANSWERED
    if long:
        visit.expected.append("HTTP 400")
    page = visit(f"{path}?{query}", visitor="stranger", settled=not long)
    refused = any(complaint.startswith("HTTP 400") for complaint in visit.complaints)
    if not refused:
        expect(page.get_by_text("References").first).to_be_visible()
        assert page.get_by_test_id(COMPLAINT).count() == 0
        assert page.get_by_test_id("stAlert").count() <= 5
        page.wait_for_function("location.search.length < 500")
    with urlopen(f"{server.url}/_stcore/health", timeout=20) as answer:
        assert answer.status == 200
    assert server.log.count("Traceback") == complaints_before
