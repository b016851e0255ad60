"""Write down what every page shows, to compare two states of the code: `python -m tests.dump_pages FILE`.

Each lesson is opened as it is, and from every link that the page tests keep. Of each view: the title, the complaints,
the figures, the link, the code, and then every element in the order of the page, with all that is sent to the browser.
Two dumps of the same machine differ where a visitor could see a difference, so `diff` of a dump from before a change
and one from after it says what the change did to the pages.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from tests.app.pages import PAGES, code_of, figures, link_of, open_page, sentences
from tests.app.test_code_of_view import VIEWS
from tests.app.test_pages import SOUND

# What differs between two runs, or with the place of a script, and is seen by nobody.
HIDDEN = {"id", "formId", "activeScriptHash", "pageScriptHash", "fragmentId", "session", "hash", "deferredFileId"}
LONGEST = 300  # characters of a text that is written out; of a longer one its SHA-256


def main(file: Path) -> None:
    views = [*((page, {}) for page in PAGES), *SOUND, *VIEWS]
    with file.open("w", encoding="utf-8") as out:
        for page, query in views:
            print(f"== {page} {json.dumps(query, sort_keys=True)}", file=out)
            out.writelines(f"{line}\n" for line in lines(open_page(page, query)))
            out.flush()


def lines(at: AppTest) -> Iterator[str]:
    """What a page shows, line by line."""
    yield f"title: {at.title[0].value}"
    yield from (f"raised: {raised.message}" for raised in at.exception)
    yield from (f"sentence: {sentence}" for sentence in sentences(at))
    yield from (f"figure: {label}: {value}" for label, value in figures(at).items())
    yield f"link: {json.dumps(link_of(at), sort_keys=True)}"
    yield from (f"code: {line}" for line in code_of(at).splitlines())
    for place, block in (("main", at.main), ("sidebar", at.sidebar)):
        yield from (f"{place}: {line}" for line in elements(block))


def elements(node) -> Iterator[str]:
    """A node of the page and what stands in it."""
    shown = MessageToDict(node.proto) if getattr(node, "proto", None) is not None else {}
    yield f"{node.type} {json.dumps(visible(shown), sort_keys=True, ensure_ascii=False)}"
    for child in getattr(node, "children", {}).values():
        yield from elements(child)


def visible(value):
    """A message's fields without those that nobody sees; long ones by their SHA-256."""
    match value:
        case dict():
            return {name: visible(each) for name, each in value.items() if name not in HIDDEN}
        case list():
            return [visible(each) for each in value]
        case str() if value.startswith(("{", "[")):
            try:
                return visible(json.loads(value))
            except ValueError:
                return shortened(value)
        case str():
            return shortened(value)
    return value


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("VAEDEMO_")]:
            del os.environ[name]
        os.environ |= {"VAEDEMO_CACHE": f"{folder}/cache", "VAEDEMO_DATA": f"{folder}/data"}
        main(Path(sys.argv[1]))
