"""The charts of the page on collapse: the KL of each axis, how it got there, and rate against distortion."""

import numpy as np
import plotly.graph_objects as go

from vaedemo.app.lessons.collapse import data
from vaedemo.figures import palette, style
from vaedemo.training import collapse

PLANES = {
    "bernoulli": ("plain", "warm-up", "cycles", "free-bits"),
    "fixed": ("fixed", "fixed-warm-up", "fixed-free-bits"),
    "learned": ("fixed", "learned"),
}
SIDES = {"warm-up": "left", "cycles": "right", "fixed": "left"}  # of their names; the others stand in the middle
HIDDEN = {"hoverinfo": "skip", "mode": "lines"}
LEVELS = 9  # lines of equal −ELBO


def axes(per_axis, *, tall: int, floor: float = 0.0, before=None) -> go.Figure:
    """The mean KL of each axis as a bar, largest first.

    `floor`: λ of free bits, 0 for none. `before`: the KL per axis of the training without a cure, as an outline.
    """
    values = np.sort(np.asarray(per_axis))[::-1]
    count, top = len(values), 1.12 * max(values.max(), 0.05, floor, 0 if before is None else np.max(before))
    figure = style.new_figure(
        "latent axis, largest KL first", "KL of the axis, nats", height=tall, view="axes", legend=False
    )
    numbers = np.arange(1, count + 1)
    figure.add_trace(
        go.Bar(
            x=numbers,
            y=values,
            marker={"color": palette.KL, "line": {"width": 0}},
            hovertemplate="axis %{x}: %{y:.3f} nats<extra></extra>",
        )
    )
    if before is not None:
        outline = np.sort(np.asarray(before))[::-1]
        look = {"line": {"color": palette.NEUTRAL, "width": 2.5, "shape": "hvh"}, **HIDDEN}
        figure.add_trace(go.Scatter(x=numbers, y=outline, **look))
        place = max(1, int(0.06 * count))
        words(figure, place + 0.6, outline[place], "without a cure", palette.NEUTRAL, xanchor="left", yanchor="bottom")
    if floor:
        line = {"color": style.INK, "width": 2.5, "dash": "dash"}
        figure.add_trace(go.Scatter(x=[0.4, count + 0.6], y=[floor, floor], line=line, **HIDDEN))
        words(figure, count + 0.5, floor, f"λ = {floor:g} nats", xanchor="right", yanchor="bottom", yshift=3)
    used = collapse.in_use(values)
    beside = (used + 1, "left") if used < 0.6 * count else (count + 0.4, "right")
    words(figure, beside[0], 0.9 * top, f"{used} in use", palette.KL, xanchor=beside[1])
    if used < count and not floor:
        line = {"color": palette.NEUTRAL, "width": 2.5}
        figure.add_trace(go.Scatter(x=[used + 0.6, count + 0.4], y=[0.07 * top] * 2, line=line, **HIDDEN))
        text = f"{count - used} collapsed: q ≈ N(0, 1)"
        words(figure, count + 0.4, 0.07 * top, text, xanchor="right", yanchor="bottom", yshift=4)
    figure.update_layout(bargap=0.2)
    figure.update_xaxes(range=[0.2, count + 0.8], tickvals=[1, *range(10, count + 1, 10)], showgrid=False)
    figure.update_yaxes(range=[0, top])
    return figure


def course(cure: str, *, is_open: bool, tall: int) -> go.Figure:
    """β over the optimizer steps, and below it the KL of the trainings with and without a cure.

    `is_open`: without the KL of the cure, which would answer the question.
    """
    figure = style.new_figure("optimizer step", "KL, nats", height=tall, view="course", legend=False)
    plain, cured = data.moments(data.PLAIN[cure]), data.moments(cure)
    last, top = collapse.STEPS, max(each.kl for each in plain + cured)
    figure.update_layout(
        yaxis={"domain": [0, 0.66], "range": [0, 1.08 * top]},
        yaxis2=style.axis("β", domain=[0.76, 1], range=[-0.08, 1.25], tickvals=[0, 1], anchor="x"),
    )
    draw(figure, *betas(cure), style.INK, axis="y2")
    draw(figure, *kl(plain), palette.NEUTRAL, dash="dash")
    words(figure, last, plain[-1].kl, "without a cure", palette.NEUTRAL, xanchor="right", yanchor="top", yshift=-8)
    if not is_open and cure != data.PLAIN[cure]:
        draw(figure, *kl(cured), palette.KL)
        most = max(cured, key=lambda each: each.kl)
        is_late = most.step > 0.7 * last
        at = {"xanchor": "right", "yanchor": "top", "yshift": -12} if is_late else {"xanchor": "left", "xshift": 14}
        words(figure, most.step, most.kl, data.TITLES[cure], palette.KL, **at)
    figure.update_xaxes(range=[0, last * 1.02])
    return figure


def betas(cure: str) -> tuple[list[int], list[float]]:
    """The steps, and β at each."""
    config, steps = collapse.config(cure), range(collapse.STEPS)
    return [*steps], [config.in_force(step, collapse.STEPS).beta for step in steps]


def kl(moments) -> tuple[list[int], list[float]]:
    """The steps at which the KL was measured, and the KL at each."""
    return [each.step for each in moments], [each.kl for each in moments]


def draw(figure: go.Figure, x, y, colour: str, axis: str = "y", dash: str = "solid") -> None:
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            yaxis=axis,
            mode="lines",
            line={"color": colour, "width": 3.5, "dash": dash},
            hovertemplate="step %{x}: %{y:.3g}<extra></extra>",
        )
    )


def plane(name: str, *, is_open: bool, tall: int) -> go.Figure:
    """Reconstruction against KL: a dot for each seed, and an arrow from the mean without a cure to that with each.

    `name`: of `PLANES`. `is_open`: without the cures, which would answer the question.
    """
    first, *cures = PLANES[name]
    measure = "reconstruction" if name == "bernoulli" else "half_error"
    title = "reconstruction loss, nats" if name == "bernoulli" else "½‖x − x̂‖², nats where σ² = 1"
    figure = style.new_figure("KL, nats", title, height=tall, view=f"plane-{name}", legend=False)
    found = {cure: dots(cure, measure) for cure in PLANES[name]}
    start, places = found[first].mean(0), np.concatenate([*found.values()])
    if is_open:
        places = np.concatenate([places, 2 * start - places])  # as much room on either side tells no direction
    (left, right), (low, high) = ends(places)
    if name != "learned":
        equal_elbo(figure, left, right, low, high)
    for cure in (first, *([] if is_open else cures)):
        colour = palette.NEUTRAL if cure == first else palette.ELBO
        x, y = found[cure].T
        hover = f"{data.TITLES[cure]}<br>KL %{{x:.2f}} nats<br>%{{y:.2f}} nats<extra></extra>"
        look = {"mode": "markers", "marker": {"color": colour, "size": 12}, "hovertemplate": hover}
        figure.add_trace(go.Scatter(x=x, y=y, **look))
        end = found[cure].mean(0)
        if cure != first:
            arrow(figure, start, end)
        above = end[1] >= start[1]
        at = {"yanchor": "bottom", "yshift": 10} if above else {"yanchor": "top", "yshift": -10}
        name = f"{named(cure)}: {data.summary(cure).in_use.mean:.0f} axes"
        words(figure, end[0], max(y) if above else min(y), name, colour, xanchor=SIDES.get(cure, "center"), **at)
    figure.update_xaxes(range=[left, right])
    figure.update_yaxes(range=[low, high])
    return figure


def named(cure: str) -> str:
    """A cure beside the training without it, whose name has the σ² of both."""
    return data.TITLES[cure].removeprefix(f"{data.TITLES['fixed']}, ")


def dots(cure: str, measure: str) -> np.ndarray:
    """(KL, loss) of each seed, (5, 2)."""
    return np.array([(row.kl, data.value(row, measure)) for row in data.rows(cure)])


def ends(places: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of both axes, with room for the names; neither loss is below 0."""
    low, high = places.min(0), places.max(0)
    room = np.maximum(high - low, 1.0)
    return tuple(zip(np.maximum(low - (0.4, 0.2) * room, 0), high + (0.28, 0.2) * room, strict=True))


def equal_elbo(figure: go.Figure, left: float, right: float, low: float, high: float) -> None:
    """Lines along which KL + reconstruction is constant: a nat of one costs a nat of the other."""
    for total in np.linspace(left + low, right + high, LEVELS + 2)[1:-1]:
        line = {"color": palette.NEUTRAL, "width": 1.5, "dash": "dot"}
        figure.add_trace(go.Scatter(x=[left, right], y=[total - left, total - right], line=line, **HIDDEN))
    figure.add_annotation(
        text="dotted: equal −ELBO, lower left is better",
        x=1,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        yshift=4,
        showarrow=False,
    )
    figure.update_layout(margin_t=44)


def arrow(figure: go.Figure, start, end) -> None:
    look = {"arrowhead": 2, "arrowsize": 1.2, "arrowwidth": 3, "arrowcolor": palette.ELBO}
    figure.add_annotation(
        x=end[0], y=end[1], ax=start[0], ay=start[1], axref="x", ayref="y", text="", showarrow=True, **look
    )


def words(figure: go.Figure, x: float, y: float, text: str, colour: str | None = None, **look) -> None:
    """Bold text at a place of the picture, in the page's ink unless it has a colour."""
    font = {"font_color": colour} if colour else {}
    figure.add_annotation(x=x, y=y, text=f"<b>{text}</b>", showarrow=False, **font, **look)
