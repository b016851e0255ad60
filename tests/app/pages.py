"""What the page tests share: the list of pages, as the navigation has it, and how one is opened without a browser."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from vaedemo.app.lessons import index

APP = Path(__file__).parents[2] / "vaedemo" / "app"
MAIN = APP / "main.py"


PAGES = list(index.BY_NAME)  # the names of the lessons
PATHS = ["/" if page == index.HOME.name else f"/{page}" for page in PAGES]


def script_of(page: str) -> str:
    """Where a lesson's script lies, from main.py."""
    return index.BY_NAME[page].script


def open_page(page: str, query: dict[str, str] | None = None, *, numbers: bool = True) -> AppTest:
    """A visitor's first run of a page, by its lesson's name, with a link's parameters.

    `numbers`: whether the part with the numbers and their code is open.
    """
    at = AppTest.from_file(str(MAIN), default_timeout=60).switch_page(script_of(page))
    if numbers:
        at.session_state[f"{page}.numbers"] = True
    for name, value in (query or {}).items():
        at.query_params[name] = value
    return at.run()


def link_of(at: AppTest) -> dict[str, str]:
    """The link in the address bar after a run."""
    return {name: value[-1] if isinstance(value, list) else value for name, value in at.query_params.items()}


def sentences(at: AppTest) -> list[str]:
    """What the page complained of."""
    return [element.value for element in (*at.warning, *at.error)]


def figures(at: AppTest) -> dict[str, str]:
    """The page's numbers, label to value."""
    return {metric.label: metric.value for metric in at.metric}


def code_of(at: AppTest) -> str:
    """The script in the expander that holds the code of this view."""
    (expander,) = [each for each in at.expander if "code" in each.label]
    (block,) = expander.get("bidi_component")
    return json.loads(block.proto.json)[0]["text"]


def press(at: AppTest, key: str, presses: int = 1) -> AppTest:
    """Run the page after so many presses of its `press_button` of this key, which a browser tells at once."""
    (button,) = [each.proto for each in at.get("bidi_component") if each.proto.id.endswith(f"-{key}")]
    (sent,) = json.loads(button.json)
    told = {"presses": [sent["session"], sent["presses"] + presses]}
    states = at._tree.get_widget_states()
    states.widgets.add(id=button.id, json_value=json.dumps(told))
    return at._run(states)
