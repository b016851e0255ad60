"""The HTML file of an exported page: one document with its styles, its script and all its data, and no request."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from vaedemo import __version__
from vaedemo.app.components.common.files import Sources, source
from vaedemo.app.export import words
from vaedemo.app.export.files import MARKER
from vaedemo.app.export.page import KINDS, Page, Shown, Slider, Told
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.app.shell.steps import Question
from vaedemo.app.shell.words import verdict

FOLDER = Path(__file__).parent
MOST_BYTES = 3_000_000  # of one file: learning platforms and mail refuse large ones
EXPORTED = re.compile(r"^export default function \(", re.MULTILINE)
OF_MODULES = re.compile(r"^\s*(import\b(?!\.meta)|export\b)", re.MULTILINE)
# Nothing may be asked for. The script is allowed by its hash.
POLICY = (
    "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def document(page: Page) -> str:
    """The whole file. Raises ValueError if it would be larger than `MOST_BYTES`."""
    files, steps = dict(page.files), []
    for step in page.steps:
        shown = entries(f"{step.name}-", step.shown, files)
        start = entries(f"{step.name}-start-", step.start, files) if step.question else None
        steps.append({"name": step.name, "shown": shown, "start": start, "reported": list(step.reported)})
    script = script_of(page)
    kinds = {shown.kind: KINDS[shown.kind] for step in page.steps for shown in step.shown}
    parts = [
        head(page, script),
        body(page),
        *(template(kind, sources) for kind, sources in kinds.items()),
        f'<script type="application/json" id="steps">{in_script(steps)}</script>',
        *(f'<script type="text/plain" id="file-{name}">{packed(data)}</script>' for name, data in files.items()),
        f'<script type="module">{script}</script>',
        "</body></html>",
    ]
    text = "\n".join(parts) + "\n"
    if (size := len(text.encode())) > MOST_BYTES:
        raise ValueError(f"The page {page.name} would have {size:,} bytes, more than {MOST_BYTES:,}.")
    return text


def entries(prefix: str, listed: Sequence[Shown], files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Components for page.js. Bytes are put into `files`, under a name that begins with `prefix`."""
    found = []
    for place, shown in enumerate(listed):
        if isinstance(shown.data, bytes):
            files[f"{prefix}{place}"] = shown.data
            found.append({"kind": shown.kind, "file": f"{prefix}{place}"})
        else:
            found.append({"kind": shown.kind, "message": shown.data})
    return found


def head(page: Page, script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    styles = (FOLDER / "page.css").read_text(encoding="utf-8") + source("common/slider.css")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="{POLICY.format(hash=digest)}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
{MARKER}
<title>{escape(page.title)} · vaedemo</title>
<style>{styles}</style>
</head>"""


def body(page: Page) -> str:
    """Title, stepper, the words of all steps, and the place of the exhibit. page.js shows a step's title once its
    question is answered, because the title may tell the answer."""
    links = "".join(
        f'<li><a href="#{step.name}">{number}<span>{escape(step.title)}</span></a></li>'
        for number, step in enumerate(page.steps, 1)
    )
    stepper = f'<nav aria-label="Steps"><ol>{links}</ol></nav>' if len(page.steps) > 1 else ""
    following = [*page.steps[1:], None]
    sections = "\n".join(section(step, after) for step, after in zip(page.steps, following, strict=True))
    return f"""<body>
<main>
<header><h1>{escape(page.title)}</h1><p>{escape(page.question)}</p></header>
{stepper}
<div class="step">
<div class="words">
{sections}
</div>
<div class="exhibit"></div>
</div>
<noscript><p>The exhibit needs JavaScript.</p></noscript>
</main>
<footer>vaedemo {escape(__version__)}, a lecture on autoencoders. This file needs no server.</footer>"""


def section(step: Told, after: Told | None) -> str:
    """The question of a step, its words, its sliders, and the way on."""
    told = words.with_names(words.html(step.words), step.numbers)
    sliders = "".join(map(slider, step.sliders))
    onward = f'<p class="onward"><a href="#{after.name}">Next</a></p>' if after else ""
    asked, again = "", ""
    if step.question is not None:
        asked, again = question(step.question), '<p><button type="button" class="again">Ask again</button></p>'
    return (
        f'<section data-step="{step.name}">{asked}<div class="told"><h2>{escape(step.title)}</h2>\n'
        f"{told}\n{sliders}{again}</div>{onward}</section>"
    )


def question(asked: Question) -> str:
    """A question with a button for each option, and the verdict on each."""
    options = [*((place, option.text) for place, option in enumerate(asked.options)), (NOT_SURE, "Not sure")]
    buttons = "".join(
        f'<button type="button" data-choice="{place}">{words.inline(text)}</button>' for place, text in options
    )
    verdicts = "".join(
        f'<div class="verdict" tabindex="-1" data-choice="{place}">{words.html(verdict(asked, place))}</div>'
        for place, _ in options
    )
    return f'<div class="question"><p><strong>{words.inline(asked.text)}</strong></p>{buttons}</div>{verdicts}'


def slider(slider: Slider) -> str:
    ends = f'min="{slider.low:g}" max="{slider.high:g}" step="{slider.step:g}" value="{slider.value:g}"'
    return (
        f'<label class="slider"><span>{escape(slider.label)}</span><output></output>'
        f'<input type="range" name="{slider.name}" {ends} /></label>'
    )


def template(kind: str, sources: Sources) -> str:
    """The HTML and the styles of a component, to be cloned into a shadow root."""
    return f'<template id="{kind}"><style>{sources.css}</style>{sources.html}</template>'


def script_of(page: Page) -> str:
    """The page's module: the files that it holds, the components, its own script, and what moves it."""
    kinds = sorted({shown.kind for step in page.steps for shown in step.shown})
    components = ",\n".join(f"{kind}: {component(KINDS[kind])}" for kind in kinds)
    follow = closed((FOLDER / page.script).read_text(encoding="utf-8"), "follow") if page.script else "null"
    own = [(FOLDER / name).read_text(encoding="utf-8") for name in ("fetched.js", "page.js")]
    text = f"{own[0]}\nconst components = {{\n{components}\n}};\nconst follow = {follow};\n{own[1]}"
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError("A script must not end its own element.")
    return text


def component(sources: Sources) -> str:
    """A component's scripts as one expression: the function that Streamlit would call.

    Each component has its own names, as in a module of its own. common/fetched.js asks a server, so it is left out.

    Raises:
        ValueError: scripts that import something, or that do not export exactly one function as their default.
    """
    text = f"{sources.first}\n{source(*(name for name in sources.scripts if name != 'common/fetched.js'))}"
    text, count = EXPORTED.subn("function exhibit(", text)
    if count != 1 or OF_MODULES.search(text):
        raise ValueError("A component exports one default function, and imports nothing.")
    return closed(text, "exhibit")


def closed(text: str, name: str) -> str:
    """A script in a scope of its own, and of it only what bears this name."""
    return f"(() => {{\n{text}\nreturn {name};\n}})()"


def in_script(value: Any) -> str:
    """JSON that cannot end the <script> element in which it stands."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def packed(data: bytes) -> str:
    """Bytes as base64 of their gzip; fetched.js unpacks them."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
