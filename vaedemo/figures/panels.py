"""Several small plots in one figure: drawn at a fraction of the cost of as many figures, and aligned."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from vaedemo.figures import style

GAP = 0.14  # between neighbours, as a share of the figure: room for tick labels and an axis name
TITLE_SIZE = 14
# Room for tick labels and axis names, set once: plotly would lay the figure out again and again to find it.
MARGIN = {"l": 56, "r": 12, "t": 30, "b": 46, "pad": 0}


def new_panels(
    titles: Sequence[str],
    x_axes: Sequence[Mapping[str, Any]],
    y_axes: Sequence[Mapping[str, Any]],
    *,
    columns: int,
    height: int,
    view: str,
    gap: float = GAP,
    row_gap: float = 0.24,
) -> go.Figure:
    """An empty figure of panels, row by row, in the common look; add traces with `**at(index)`.

    Args:
        titles: what stands above each panel, at its left.
        x_axes, y_axes: settings of each panel's axes for `style.axis`; `title`, the name with its unit, is a must.
        columns: panels per row.
        height, view: as for `style.new_figure`.
        gap, row_gap: between columns and between rows, as a share of the figure: room for ticks, names and titles.

    Raises:
        ValueError: not one title and two axes per panel, or an axis without a name.
    """
    if not len(titles) == len(x_axes) == len(y_axes) > 0:
        raise ValueError("Every panel needs one title and two axes.")
    if not all(axis.get("title") for axis in (*x_axes, *y_axes)):
        raise ValueError("Every axis needs a name: its title must not be empty.")
    rows = -(-len(titles) // columns)
    width = (1 - gap * (columns - 1)) / columns
    depth = (1 - row_gap * (rows - 1)) / rows
    base = style.new_figure(x_axes[0]["title"], y_axes[0]["title"], height=height, view=view).layout.to_plotly_json()
    layout = base | {"annotations": [], "margin": MARGIN, "showlegend": False}
    for index, title in enumerate(titles):
        row, column = divmod(index, columns)
        left, top = column * (width + gap), min(1 - row * (depth + row_gap), 1.0)
        number = "" if index == 0 else str(index + 1)
        domains = {"x": [left, min(left + width, 1.0)], "y": [max(top - depth, 0.0), top]}
        for letter, other, axis in (("x", "y", x_axes[index]), ("y", "x", y_axes[index])):
            layout[f"{letter}axis{number}"] = style.axis(**axis) | {
                "automargin": False,
                "domain": domains[letter],
                "anchor": f"{other}{number}",
            }
        layout["annotations"].append(heading(title, left, top))
    return go.Figure(layout=layout)  # at once: each later update would cost plotly more than the drawing


def fix_margins(figure: go.Figure, top: int = 34) -> go.Figure:
    """Give a figure of one plot the panels' fixed margins, `top` with room for a legend. Returns the figure."""
    figure.layout.margin = MARGIN | {"t": top}
    figure.layout.xaxis.automargin = figure.layout.yaxis.automargin = False
    return figure


def heading(title: str, left: float, top: float) -> dict[str, Any]:
    """A panel's title as an annotation above its top left corner."""
    place = {"x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 4}
    return place | {"text": f"<b>{title}</b>", "showarrow": False, "font": {"size": TITLE_SIZE}, "align": "left"}


def at(index: int) -> dict[str, str]:
    """The axes of panel `index`, as a trace names them."""
    number = "" if index == 0 else str(index + 1)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}
