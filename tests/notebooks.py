"""Runs a notebook in a kernel of its own, as Jupyter does."""

from pathlib import Path

import nbclient
import nbformat


def printed_by_notebook(notebook: nbformat.NotebookNode, folder: Path) -> list[str]:
    """What each code cell prints, the kernel started in `folder` with this process's environment."""
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]
