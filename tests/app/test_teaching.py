"""The links of docs/teaching.md open what they say, without a complaint."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.app.pages import link_of, open_page, sentences
from vaedemo.app.lessons import index

PAGE = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
LINKS = re.findall(rf"({'|'.join(index.BY_NAME)})\?([\w=&,]+)", PAGE)


def test_the_page_has_links():
    assert len(LINKS) >= 4


@pytest.mark.parametrize("lesson, query", LINKS, ids=map("?".join, LINKS))
def test_a_link_of_the_page_opens(lesson, query):
    asked = dict(parse_qsl(query))
    at = open_page(lesson, asked, numbers=False)
    assert not at.exception
    if asked.get("hide") == "which":
        (sentence,) = sentences(at)
        assert all(name in sentence for name in ("direction", "sigma"))
        return
    assert sentences(at) == []
    assert asked.items() <= link_of(at).items() | {"step": asked.get("step")}.items()
    if "hide" in asked:
        assert asked["hide"] not in [slider.key.split(".")[-1] for slider in at.slider]
