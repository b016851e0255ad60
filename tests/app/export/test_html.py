"""An exported file: complete, without a request, of a bounded size, in the app's colours; scripts put together."""

import base64
import gzip
import hashlib
import re
import tomllib

import pytest

from tests.test_house import REPOSITORY
from vaedemo.app.components.common.files import Sources
from vaedemo.app.export import html, kl_page
from vaedemo.app.export.command import EXHIBITS
from vaedemo.app.export.exhibits import content
from vaedemo.app.export.page import Page, Shown, Told
from vaedemo.app.lessons.kl import steps as kl_steps

SMALL = Page("small", "A <title>", "Why?", [Told("one", "First", "Some **words**.", [Shown("sketch", ["</script>"])])])
NAMESPACES = ("http://www.w3.org/2000/svg",)  # a name that is not asked for
ADDRESS = re.compile(r"https?://[^\s\"'`)]+|\b(?:src|action|data)=[\"'][^\"']*|\bhref=[\"'][^#][^\"']*|@import|url\(")


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    return {name: html.document(content(name)) for name in EXHIBITS}


@pytest.mark.parametrize("name", EXHIBITS)
def test_a_file_names_nothing_to_ask_for_and_is_small(documents, name):
    text = documents[name]
    assert {found for found in ADDRESS.findall(text) if found not in NAMESPACES} == set()
    assert len(text.encode()) <= html.MOST_BYTES


def test_the_search_for_addresses_can_fail():
    for text in ("fetch('https://a.b/c')", '<img src="a.png">', '<a href="b.html">', "url(x.woff)"):
        assert ADDRESS.findall(text), text


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_step_is_told_with_its_exhibit(documents, name):
    text, page = documents[name], content(name)
    assert len(page.steps) >= 2
    for step in page.steps:
        assert f'data-step="{step.name}"' in text and step.shown
        assert (step.question is None) == (not step.start)


@pytest.mark.parametrize("name", ["kl", "plane", "ring"])
def test_the_question_is_the_lesson_s(name):
    lesson = REPOSITORY / "vaedemo" / "app" / "lessons" / name / f"{name}.py"
    assert f'question="{content(name).question}"' in lesson.read_text(encoding="utf-8")


def test_the_policy_allows_this_script_alone():
    text = html.document(SMALL)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'" in text
    assert "connect-src" not in text and "unsafe-eval" not in text


def test_words_and_data_cannot_leave_their_elements():
    text = html.document(SMALL)
    assert "<h1>A &lt;title&gt;</h1>" in text
    assert text.count("</script>") == text.count("<script")


def test_a_file_is_unpacked_to_its_bytes():
    data = bytes(range(256)) * 10
    assert gzip.decompress(base64.b64decode(html.packed(data))) == data


def test_a_page_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(html, "MOST_BYTES", 1_000)
    with pytest.raises(ValueError, match="more than 1,000"):
        html.document(SMALL)


@pytest.mark.parametrize("kind", html.KINDS)
def test_a_component_is_one_expression_without_a_module(kind):
    text = html.component(html.KINDS[kind])
    assert text.startswith("(() => {") and text.endswith("return exhibit;\n})()")
    assert "function exhibit(component)" in text and "export default" not in text
    assert "await fetch(" not in text


@pytest.mark.parametrize("first", ["import x from './x.js';", "export const x = 1;", "export default function (a) {}"])
def test_a_component_that_imports_or_exports_more_is_refused(first):
    with pytest.raises(ValueError, match="one default function"):
        html.component(Sources("", (), ("stream/stream.js",), first))


def test_the_colours_are_the_app_s():
    theme = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    styles = (html.FOLDER / "page.css").read_text(encoding="utf-8")
    light, dark, *_ = re.findall(r":root \{(.*?)\}", styles, re.DOTALL)
    for block, scheme in ((light, "light"), (dark, "dark")):
        ours = dict(re.findall(r"--st-(\w+)-color: (#\w+);", block))
        assert ours == {
            "primary": theme[scheme]["primaryColor"],
            "background": theme[scheme]["backgroundColor"],
            "text": theme[scheme]["textColor"],
            "border": theme[scheme]["borderColor"],
            "link": theme[scheme]["linkColor"],
        }
    radii = dict(re.findall(r"--st-(\w+)-radius: ([\w.]+);", light))
    assert radii == {"base": theme["baseRadius"], "button": theme["buttonRadius"]}


def test_only_the_step_that_needs_the_server_is_left_out():
    told = [step.name for step in content("kl").steps]
    assert told == [step.name for step in kl_steps.STEPS if step.name != "general"]
    (general,) = (step for step in kl_steps.STEPS if step.name == "general")
    assert "Drag q." in general.say(kl_page.TABLE.view_of("general")), "it can be told where nothing is dragged"
