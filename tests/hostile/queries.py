"""Query strings that no page writes: wrong values for real names, names of nothing, pieces of attacks, bulk."""

import runpy
from functools import cache
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import strategies as some

from tests.app.pages import APP, PAGES, script_of
from vaedemo.app.shell import stepped
from vaedemo.app.shell.links import LinkTable
from vaedemo.config import RunConfig
from vaedemo.training import shipped_runs


def words(text: str) -> list[str]:
    return text.split()


NUMBERS = words("""
0 -0 -1 1 2 3 7 20 60 200 201 400 1024 1025 4999 5000 60000 99999 4294967295 4294967296 999999999999 1e3 1e999 -1e-999
0.05 0.5 .5 5. 1.0000000000000001 nan -inf Infinity 0x10 1_000 ٢ １２ ² +1 1,2 1,,2 , 64,32 1;2 1/2 8,8,8,8,8,8,8
4096,4096,4096
""")
WORDS = words("""
None null true [] {} [1] NaN mnist digits fashion ring moons shapes mnist-55k vae autoencoder classifier flow
autoregressive mlp conv linear bernoulli gaussian continuous_bernoulli categorical learned grey binary dynamic kl l1
masking salt_pepper textbook sigmoid relu upload: mean sample means samples units noise axes modes images planes along
density 0123456789abcdef ABCDEF0123456789
""")
ATTACKS = words("""
../../etc/passwd ..\\..\\x /dev/zero file:///etc/passwd <script>alert(1)</script> {0.__class__} {{7*7}} %s%n%x
${jndi:ldap://x} __import__('os').system('true') '; $\\frac{ [x](javascript:alert(1)) :red[x] :material/home:
\u202e\u200b\ufeff \ud7ff\ue000 <b> __class__ ſeed seed[] SEED present[0] embed no_such
""")
SPACED = ["", " ", " 1", "1 ", "\x00", "a\x00b", "\r\nX: y", "\x1b[31m", "9" * 199, "," * 150, "x" * 300, "👩" * 60]
VALUES = [*NUMBERS, *WORDS, *list(shipped_runs.NAMED)[:12], *ATTACKS, *SPACED]
STRANGE_NAMES = [*ATTACKS[-8:], "", "\x00", "x" * 300]
LENGTHS = (201, 3_999, 4_001, 60_000, 100_000)
MOST_PAIRS = 5


class Found(Exception):
    """A lesson came to draw itself."""


@cache
def tables() -> dict[str, LinkTable]:
    """The link of every page of the app, by the lesson's name; each script is run up to where it would draw."""

    def stop(lesson):
        raise Found(lesson)

    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stepped, "lesson_page", stop)
        for page in PAGES:
            with pytest.raises(Found) as lesson:
                runpy.run_path(str(APP / script_of(page)), run_name=page)
            found[page] = lesson.value.args[0].table
    return found


def read(query_string: str) -> dict[str, str]:
    """Names and values as the app gets them from Streamlit: the last of several, blank ones kept."""
    return {name: values[-1] for name, values in parse_qs(query_string, keep_blank_values=True).items()}


def written(names: list[str], kind: int, pairs: list[tuple[int, str]], text: str) -> str:
    """A query string of one of several kinds: pairs as a browser encodes them, raw text, one value of many bytes."""
    named = [(names[number % len(names)], value) for number, value in pairs]
    if kind < 2:
        unit = ("9", "a", "%", "&", "=", "%00", "%C3%A9")[len(text) % 7]
        return f"{quote(named[0][0] if named else 'x')}={unit * (LENGTHS[len(text) % 5] // len(unit))}"
    if kind < 8:
        return text.join(f"{name}={value}" for name, value in named) or text
    if kind < 30:
        named.append((names[kind % len(names)], text))
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in named)


def queries(names: list[str]) -> some.SearchStrategy[str]:
    """Query strings whose names are mostly these."""
    known = [*names, *names, *STRANGE_NAMES]
    pairs = some.lists(some.tuples(some.integers(0, 99), some.sampled_from(VALUES)), max_size=MOST_PAIRS)
    return some.builds(written, some.just(known), some.integers(0, 99), pairs, some.text(max_size=12))


@cache
def page_queries(page: str) -> some.SearchStrategy[str]:
    return queries(list(tables()[page].parameters))


config_queries = queries(list(RunConfig.__dataclass_fields__))
