"""The reconstruction error over the size of the code: PCA's curve, linear autoencoders on it, deep ones below it."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from vaedemo.figures import palette, style


def error_curve(
    pca: Sequence[float],
    trained: Mapping[int, tuple[float, float]],
    k: int,
    enough: int | None,
    *,
    is_open: bool = False,
    height: int = 460,
    view: str = "error over k",
) -> go.Figure:
    """A curve with its name at its end, the trained autoencoders as marks, and the way from one to the other.

    Args:
        pca: the error per pixel with 0, 1, 2, … axes.
        trained: k → the errors of a linear and of a deep autoencoder.
        k: the size from whose deep autoencoder a line leads to PCA's curve.
        enough: where that line meets the curve; None if it never does.
        is_open: whether PCA's curve ends at k, because the rest would answer a question.
    """
    sizes = sorted(trained)
    last = min(max(round(1.35 * sizes[-1]), enough or 0, 4), len(pca) - 1)
    end = k if is_open else last
    figure = style.new_figure(
        "numbers in the code, k", "mean squared error per pixel", height=height, view=view, legend=False
    )
    looks = {"mode": "lines", "hovertemplate": "k = %{x}: PCA %{y:.4f}<extra></extra>"}
    counts = [*range(1, end + 1)]
    figure.add_trace(go.Scatter(x=counts, y=[float(pca[at]) for at in counts], line=line(palette.NEUTRAL), **looks))
    drawn = [at for at in sizes if not is_open or at <= k]
    figure.add_trace(
        go.Scatter(
            x=drawn,
            y=[trained[at][0] for at in drawn],
            mode="markers",
            marker={"symbol": "circle-open", "size": 13, "color": palette.NEUTRAL, "line": {"width": 2.5}},
            hovertemplate="k = %{x}: linear autoencoder %{y:.4f}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=sizes,
            y=[trained[at][1] for at in sizes],
            mode="lines+markers",
            line=line(palette.RECONSTRUCTION),
            marker={"size": 10},
            hovertemplate="k = %{x}: deep autoencoder %{y:.4f}<extra></extra>",
        )
    )
    deep = trained[k][1]
    dashed = {"color": palette.RECONSTRUCTION, "width": 2, "dash": "dash"}
    end = last if is_open or enough is None else enough
    figure.add_trace(go.Scatter(x=[k, end], y=[deep, deep], mode="lines", line=dashed, hoverinfo="skip"))
    if end == enough:
        note(figure, enough, deep, f" PCA: {enough}", xanchor="left", yanchor="bottom")
    note(figure, k, deep, f"deep: {k}", xanchor="right", yanchor="top")
    named = min(max(2, sizes[0]), end)
    note(
        figure,
        named,
        float(pca[named]),
        "  PCA, and linear autoencoders (rings)",
        xanchor="left",
        yanchor="bottom",
    )
    note(figure, sizes[-1], trained[sizes[-1]][1], "deep autoencoders", xanchor="right", yanchor="top")
    figure.update_xaxes(range=[0, last * 1.02])
    figure.update_yaxes(range=[0, 1.15 * max(float(pca[1]), *(each for pair in trained.values() for each in pair))])
    return figure


def line(colour: str) -> dict:
    return {"color": colour, "width": 3}


def note(figure: go.Figure, x: float, y: float, text: str, **anchors) -> None:
    """Words at a point of the plot."""
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, **anchors)
