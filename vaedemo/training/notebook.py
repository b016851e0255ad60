"""A Jupyter notebook as bytes, written by hand: the format's version 4.5 is JSON with a few fields.

Source: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HIDDEN = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's and Colab's names for it


@dataclass(frozen=True)
class Cell:
    """A cell of kind "markdown" or "code"; `folded`: its code is hidden until someone opens it."""

    kind: str
    source: str
    folded: bool = False


def markdown(*paragraphs: str) -> Cell:
    return Cell("markdown", "\n\n".join(filter(None, paragraphs)))


def code(source: str, *, folded: bool = False) -> Cell:
    return Cell("code", source.strip("\n"), folded)


def write(cells: Iterable[Cell]) -> bytes:
    """The file of these cells. The same cells give the same bytes."""
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    listed = [as_json(place, cell) for place, cell in enumerate(cells)]
    content = {"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def as_json(place: int, cell: Cell) -> dict[str, Any]:
    """One cell. Its id must be unique in the notebook: it is made of its place and its text."""
    name = hashlib.sha256(f"{place} {cell.source}".encode()).hexdigest()[:8]
    content = {"cell_type": cell.kind, "id": name, "metadata": HIDDEN if cell.folded else {}}
    content["source"] = cell.source.splitlines(keepends=True)
    return content | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
