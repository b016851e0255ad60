"""The exported page of each exhibit, by its name."""

import importlib

from vaedemo.app.export import html
from vaedemo.app.export.page import Page


def content(name: str) -> Page:
    """What a page tells and shows. `name`: one of `command.EXHIBITS`."""
    return importlib.import_module(f"vaedemo.app.export.{name}_page").page()


def page(name: str) -> str:
    """The HTML file of an exhibit."""
    return html.document(content(name))
