"""The two large charts of a sweep: reconstruction against KL, and the KL in two parts. Names stand in the picture."""

import math

import numpy as np
import plotly.graph_objects as go

from vaedemo.app.lessons.beta.data import Figures, Sweep
from vaedemo.figures import palette, style

SMALLEST = 0.1  # the smallest β on the curve: below it the KL axis would be mostly empty
WIDE = 0.72  # of a bar
HIDDEN = {"hoverinfo": "skip", "mode": "lines"}


def curve(sweep: Sweep, *, is_open: bool, tall: int) -> go.Figure:
    """Reconstruction loss against KL, a point for each β from the largest to `SMALLEST`.

    `is_open`: only the two KL that the question names, and the loss of the first.
    """
    figure = style.new_figure("KL, nats", "reconstruction loss, nats", height=tall, view="trade", legend=False)
    ordered = list(reversed(sweep.figures))
    found = [each for each in ordered if each.beta >= SMALLEST]
    found = found if len(found) > 1 else ordered
    loss, kl = np.array([each.test for each in found]).T
    wide, room = max(np.ptp(kl), 1e-3), max(np.ptp(loss), 1e-3)
    if is_open:
        figure.add_vline(kl[1], line={"color": palette.KL, "width": 2, "dash": "dash"})
        words(figure, kl[1], loss.max(), f"β = {found[1].beta:g}: where?", xanchor="left", xshift=6)
    else:
        steps(figure, kl[:2], loss[:2])
    shown = found[:1] if is_open else found
    figure.add_trace(
        go.Scatter(
            x=kl[: len(shown)],
            y=loss[: len(shown)],
            customdata=[f"{each.beta:g}" for each in shown],
            mode="lines+markers",
            line={"color": palette.ELBO, "width": 3.5},
            marker={"size": 13, "color": palette.ELBO},
            hovertemplate="β = %{customdata}<br>KL %{x:.1f} nats<br>reconstruction loss %{y:.1f} nats<extra></extra>",
        )
    )
    words(figure, kl[0], loss[0], f"β = {shown[0].beta:g}", xanchor="right", xshift=-12)
    for index, each in enumerate(shown[1:], 1):
        title = f"β = {each.beta:g}" if index < 3 else f"{each.beta:g}"
        look = {"xanchor": "left", "xshift": 4} if index < 3 else {}
        words(figure, kl[index], loss[index], title, yanchor="bottom", yshift=8, **look)
    figure.update_xaxes(range=[kl.min() - 0.2 * wide, kl.max() + 0.06 * wide])
    figure.update_yaxes(range=[loss.min() - 0.12 * room, loss.max() + 0.14 * room])
    return figure


def steps(figure: go.Figure, kl: np.ndarray, loss: np.ndarray) -> None:
    """What the first step along the curve costs in KL, and what it saves of the reconstruction loss."""
    saved = f"{loss[1] - loss[0]:+.0f} nats".replace("-", "−")
    for x, y, colour in ((kl, loss[[0, 0]], palette.KL), (kl[[1, 1]], loss, palette.RECONSTRUCTION)):
        line = {"color": colour, "width": 2.5, "dash": "dash"}
        figure.add_trace(go.Scatter(x=x, y=y, line=line, **HIDDEN))
    cost = f"{kl[1] - kl[0]:+.1f} nats"
    words(figure, kl.mean(), loss[0], cost, palette.KL, yanchor="bottom", yshift=4)
    words(figure, kl[1], loss.mean(), saved, palette.RECONSTRUCTION, xanchor="left", xshift=6)


def split(sweep: Sweep, *, is_open: bool, tall: int) -> go.Figure:
    """The KL of each model as a bar, largest β first; in its two parts unless the question `is_open`."""
    figure = style.new_figure("β", "KL, nats", height=tall, view="split", legend=False)
    found = list(reversed(sweep.figures))
    betas = [f"{each.beta:g}" for each in found]
    total = np.array([max(each.split.kl, 0.0) for each in found])
    known = np.clip([each.split.information for each in found], 0.0, total)
    if is_open:
        bars(figure, betas, total, "KL", palette.KL)
    else:
        bars(figure, betas, known, "I(x; z)", palette.DATA)
        bars(figure, betas, total - known, "KL(q(z)‖p(z))", palette.PRIOR)
        name_parts(figure, found, total)
    for index, value in enumerate(total):
        words(figure, index, value, f"{value:.1f}", yanchor="bottom", yshift=2)
    figure.update_layout(barmode="stack", bargap=1 - WIDE)
    figure.update_xaxes(range=[-0.6, len(found) - 0.4], tickvals=[*range(len(found))], ticktext=betas, showgrid=False)
    figure.update_yaxes(range=[0, 1.12 * total.max()], showgrid=False)  # each bar has its number
    return figure


def bars(figure: go.Figure, betas: list[str], values: np.ndarray, name: str, colour: str) -> None:
    """One part of the KL of every model, on the parts that are drawn already."""
    hover = f"β = %{{customdata}}<br>{name}: %{{y:.1f}} nats<extra></extra>"
    look = {"marker": {"color": colour, "line": {"width": 0}}, "hovertemplate": hover, "customdata": betas}
    figure.add_trace(go.Bar(x=[*range(len(values))], y=values, name=name, **look))


def name_parts(figure: go.Figure, found: list[Figures], total: np.ndarray) -> None:
    """Name both parts beside their bars, and draw the level that the lower one can't pass."""
    last, top, count = found[-1].split, total.max(), len(found)
    most = f"log {math.exp(last.log_count):,.0f} = {last.log_count:.1f}"
    level = level_between_words(total, last.log_count, top)
    figure.add_trace(go.Scatter(**level, line={"color": palette.NEUTRAL, "width": 2, "dash": "dash"}, **HIDDEN))
    left = {"xanchor": "right", "xshift": -6}
    words(figure, count - 1 - WIDE / 2, 0.75 * top, "KL(q(z)‖p(z)):<br>codes outside the prior", **left)
    about = f"I(x; z): what z tells about x,<br>at most {most}"
    look = {"xanchor": "left", "yanchor": "bottom", "yshift": 4, "align": "left"}
    words(figure, -0.5, last.log_count, about, palette.DATA, **look)


def level_between_words(total: np.ndarray, at: float, top: float) -> dict[str, list[float]]:
    """A horizontal line over all bars, interrupted where the number of a bar stands."""
    x, y = [], []
    for index, value in enumerate(total):
        is_struck = abs(value + 0.04 * top - at) < 0.05 * top
        x += [index - 0.5, index + 0.5]
        y += [np.nan if is_struck else at] * 2
    return {"x": x, "y": y}


def words(figure: go.Figure, x: float, y: float, text: str, colour: str | None = None, **look) -> None:
    """Bold text at a place of the picture, in the page's ink unless it has a colour."""
    font = {"font_color": colour} if colour else {}
    figure.add_annotation(x=x, y=y, text=f"<b>{text}</b>", showarrow=False, **font, **look)
