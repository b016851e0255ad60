"""The common look of all figures: black on white, thin grid lines, named axes, fixed height.

A saved picture looks so in both themes. On a page the app draws the background transparent and black in the colour of
its text, so a figure needs no second version for the dark theme. Figures set no font family and no size: the page does.
The app draws them with `CONFIG`.
"""

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures.palette import NEUTRAL, translucent

TRANSPARENT = "rgba(0, 0, 0, 0)"
PAPER = "#ffffff"
INK = "#010101"  # of text and of what is exact: the app draws this colour in the colour of its text
GRID_LINE = translucent(NEUTRAL, 0.18)  # grey at low opacity is visible on white and on near-black
ZERO_LINE = translucent(NEUTRAL, 0.38)
TRUTH = INK

BAR = 36  # CSS pixels right of the plot for Plotly's buttons, which stand in a column there
# The buttons appear while the pointer is over the chart, and always where there is no pointer that hovers. Without drag
# handles on the axes a finger scrolls the page across them too. A double click resets the zoom.
CONFIG = {
    "displayModeBar": "hover",
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "vaedemo"},
    "displaylogo": False,
    "displayNotifier": False,
    "showAxisDragHandles": False,
    "scrollZoom": False,
    "doubleClick": "reset",
}


def new_figure(
    x_title: str,
    y_title: str,
    *,
    height: int,
    view: str,
    title: str = "",
    legend: bool = True,
    draggable: bool = False,
) -> go.Figure:
    """An empty figure in the common look.

    Args:
        x_title: name of the horizontal axis, with its unit ("epoch", "nats per image").
        y_title: name of the vertical axis, with its unit.
        height: in CSS pixels, fixed so that nothing below the figure moves when it is redrawn.
        view: a name of the content; while it is the same, plotly keeps the reader's zoom across updates of a figure.
            (Streamlit 1.67 mounts a chart again when its data change, so the zoom is lost.)
        title: a short name above the plot, or empty.
        draggable: whether dragging zooms. False lets a finger scroll the page across the figure.

    Raises:
        ValueError: an axis without a name.
    """
    if not x_title or not y_title:
        raise ValueError("Every axis needs a name: x_title and y_title must not be empty.")
    figure = go.Figure(
        layout={
            "template": "none",  # the page's theme supplies the rest; plotly's own template has 7 kB
            "paper_bgcolor": PAPER,
            "plot_bgcolor": TRANSPARENT,
            "height": height,
            "margin": {"l": 8, "r": BAR, "t": 40 if title or legend else 12, "b": 8, "pad": 0},
            "modebar": {"orientation": "v", "bgcolor": TRANSPARENT},
            "font": {"color": INK},
            "hoverlabel": {"font": {"color": INK}},
            "uirevision": view,
            "dragmode": "zoom" if draggable else False,
            "hovermode": "closest",
            "showlegend": legend,
            "legend": {
                "orientation": "h",
                "x": 1 if title else 0,
                "xanchor": "right" if title else "left",
                "y": 1.02,
                "yanchor": "bottom",
                "bgcolor": TRANSPARENT,
                "title": {"text": ""},
                "font": {"size": 13, "color": INK},
                "itemwidth": 30,
                "tracegroupgap": 0,
            },
            "xaxis": axis(x_title),
            "yaxis": axis(y_title),
        }
    )
    if title:
        figure.update_layout(
            title={
                "text": title,
                "font": {"size": 15, "color": INK},
                "xref": "paper",
                "x": 0,
                "xanchor": "left",
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "pad": {"b": 12, "l": 0},
            }
        )
    return figure


def axis(title: str, **changes) -> dict:
    """A named axis with thin grid lines; further plotly axis settings as keywords."""
    return {
        "title": {"text": title, "standoff": 8, "font": {"color": INK}},
        "tickfont": {"color": INK},
        "showgrid": True,
        "gridcolor": GRID_LINE,
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "nticks": 6,
    } | changes


def equal_aspect(figure: go.Figure, x_range: tuple[float, float], y_range: tuple[float, float]) -> go.Figure:
    """Fix both ranges and give one unit the same length on both axes: circles stay circles. Returns the figure."""
    figure.update_xaxes(range=list(x_range), constrain="domain", zeroline=True, zerolinecolor=ZERO_LINE)
    figure.update_yaxes(
        range=list(y_range), constrain="domain", scaleanchor="x", scaleratio=1, zeroline=True, zerolinecolor=ZERO_LINE
    )
    return figure


def planar(points, name: str) -> np.ndarray:
    """`points` as a float64 array (N, 2). Raises ValueError, naming the argument, for any other shape."""
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"{name} must have the shape (N, 2), got {array.shape}.")
    return array


def every_kth(count: int, largest: int) -> np.ndarray:
    """At most `largest` indices, evenly spaced over `range(count)`; the same ones at every call."""
    if count <= largest:
        return np.arange(count)
    return np.linspace(0, count - 1, largest).round().astype(int)


def circle(centre, radii, steps: int = 96) -> np.ndarray:
    """The axis-aligned ellipse around `centre` with half-axes `radii`, as a closed line (steps + 1, 2)."""
    angle = np.linspace(0.0, 2.0 * np.pi, steps + 1)
    return np.asarray(centre, dtype=np.float64) + np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.asarray(radii)


def ellipse(mean, covariance, deviations: float = 1.0) -> np.ndarray:
    """The outline of a planar normal at `deviations` standard deviations, as a closed line (73, 2).

    Its points x have (x − mean)ᵀ covariance⁻¹ (x − mean) = deviations²; a singular covariance gives a line or a point.
    """
    values, vectors = np.linalg.eigh(np.asarray(covariance, dtype=np.float64))
    around = circle((0, 0), deviations * np.sqrt(np.maximum(values, 0)), 72) @ vectors.T
    return np.asarray(mean, dtype=np.float64) + around


def broken_line(pieces) -> np.ndarray:
    """Several lines (M_i, 2) as one (M, 2) with a row of NaN between them: one trace instead of many."""
    gap = np.full((1, 2), np.nan)
    rows = [part for piece in pieces for part in (planar(piece, "each line"), gap)]
    return np.concatenate(rows[:-1]) if rows else np.empty((0, 2))
