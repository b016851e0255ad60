"""How far from the origin points lie: their histogram, and the density it should have."""

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, style

BIN = 0.02
MOST_BINS = 160


def radii_figure(
    radii,
    *,
    name: str,
    colour: str,
    density: tuple | None = None,
    density_name: str = "exact density",
    mark: float | None = None,
    upper: float = 1.7,
    tallest: float | None = None,
    height: int = 320,
    view: str = "radii",
) -> go.Figure:
    """The histogram of radii as a density, with a reference density as a line.

    Args:
        radii: (N,), distances from the origin; those above `upper` count but are not drawn.
        name, colour: of the histogram.
        density: (ρ (M,), p(ρ) (M,)) of the reference line, or None.
        mark: a radius to mark with a dashed upright, or None.
        upper: right end of the axis. tallest: top of the axis; None: whatever is drawn.

    Raises:
        ValueError: no radii, or a negative one.
    """
    radii = np.asarray(radii, dtype=np.float64)
    if radii.ndim != 1 or not len(radii) or not (radii >= 0).all():
        raise ValueError("radii must be at least one number, none below 0.")
    width = max(BIN, upper / MOST_BINS)
    edges = np.arange(0, upper + width, width)
    share = np.histogram(radii, edges)[0] / (len(radii) * width)
    figure = style.new_figure("radius ρ = ‖x‖", "density", height=height, view=view)
    figure.add_trace(
        go.Scatter(
            x=edges.round(4),
            y=np.append(share, share[-1]).round(4),
            name=name,
            mode="lines",
            line={"color": colour, "width": 1.5, "shape": "hv"},
            fill="tozeroy",
            fillcolor=palette.translucent(colour, 0.28),
            hovertemplate="ρ = %{x:.2f}: %{y:.2f}<extra></extra>",
        )
    )
    if density is not None:
        figure.add_trace(
            go.Scatter(
                x=np.asarray(density[0]).round(4),
                y=np.asarray(density[1]).round(4),
                name=density_name,
                mode="lines",
                line={"color": palette.NEUTRAL, "width": 2.5},
                hovertemplate="ρ = %{x:.2f}: %{y:.2f}<extra></extra>",
            )
        )
    if mark is not None:
        figure.add_vline(mark, line={"color": palette.NEUTRAL, "width": 1.5, "dash": "4px,4px"})
    figure.update_xaxes(range=[0, upper])
    figure.update_yaxes(range=[0, tallest] if tallest else None, rangemode="tozero")
    return figure
