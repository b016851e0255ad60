"""σ² and β: gradients that lie on one line, and the axes of a data set that survive."""

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, panels, style

SHOWN_WEIGHTS = 200
SHOWN_AXES = 60
SPECTRUM_RANGE = (-3.0, 1.5)  # powers of ten of λ


def gradient_line(twin, gradient, slope: float, *, height: int = 400, view: str = "gradients") -> go.Figure:
    """Each weight's gradient under (σ², β) against its gradient under (1, βσ²): points on a line through 0.

    `twin`, `gradient`: (P,) each; at most 200 weights are drawn, the same ones at every call. `slope`: of the line.
    Raises ValueError for gradients of different lengths.
    """
    twin, gradient = np.asarray(twin, np.float64), np.asarray(gradient, np.float64)
    if twin.shape != gradient.shape:
        raise ValueError(f"The gradients must have one length, got {twin.shape} and {gradient.shape}.")
    # The largest and a spread of the rest: most weights hardly move, and would be one blob at 0.
    order = np.argsort(-np.abs(twin))
    rows = order[style.every_kth(min(len(order), 20 * SHOWN_WEIGHTS), SHOWN_WEIGHTS)]
    reach = 1.08 * float(np.abs(twin[rows]).max())
    figure = panels.fix_margins(
        style.new_figure("gradient of L(1, βσ²)", "gradient of L(σ², β)", height=height, view=view)
    )
    figure.add_trace(
        go.Scatter(
            x=[-reach, reach],
            y=[-slope * reach, slope * reach],
            mode="lines",
            name="slope 1/σ²",
            line={"color": palette.KL, "width": 2},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=twin[rows],
            y=gradient[rows],
            mode="markers",
            name="one weight of the network",
            marker={"color": palette.ELBO, "size": 6, "opacity": 0.7},
            hovertemplate="%{x:.3g}, %{y:.3g}<extra></extra>",
        )
    )
    figure.update_xaxes(range=[-reach, reach], zeroline=True, zerolinecolor=style.ZERO_LINE)
    figure.update_yaxes(range=[-slope * reach, slope * reach], zeroline=True, zerolinecolor=style.ZERO_LINE)
    return figure


def axes_kept(
    eigenvalues,
    kept,
    variances,
    betas,
    *,
    chosen: tuple[float, float],
    height: int = 330,
    view: str = "axes kept",
) -> go.Figure:
    """The spectrum with the threshold βσ², beside the plane of (σ², β) with how many axes live at each point.

    Args:
        eigenvalues: λ, largest first, (D,); the first 60 are drawn, on a logarithmic axis.
        kept: how many axes live, (B, V), rows as `betas`, columns as `variances`, both increasing.
        chosen: the present (σ², β).
    """
    eigenvalues = np.asarray(eigenvalues, np.float64)
    threshold = chosen[0] * chosen[1]
    shown = eigenvalues[:SHOWN_AXES]
    powers = np.log10(np.maximum(shown, 10.0 ** SPECTRUM_RANGE[0]))
    x, y = np.log10(np.asarray(variances)), np.log10(np.asarray(betas))
    figure = panels.new_panels(
        ["Variance along each axis, λ", "How many axes live"],
        [{"title": "axis, by variance", "range": [0.4, len(shown) + 0.6]}, log_axis("σ²", x)],
        [log_axis("λ", np.array(SPECTRUM_RANGE)), log_axis("β", y)],
        columns=2,
        height=height,
        view=view,
    )
    number = np.arange(1, len(shown) + 1)
    level = np.log10(threshold)
    for name, rows, colour in (
        ("lives", shown > threshold, palette.DATA),
        ("dead", shown <= threshold, palette.translucent(palette.NEUTRAL, 0.5)),
    ):
        figure.add_trace(
            go.Bar(
                x=number[rows],
                y=powers[rows] - SPECTRUM_RANGE[0],
                base=SPECTRUM_RANGE[0],
                customdata=shown[rows],
                marker={"color": colour, "line": {"width": 0}},
                name=name,
                hovertemplate="axis %{x}: λ = %{customdata:.3g}<extra>" + name + "</extra>",
                **panels.at(0),
            )
        )
    line = {"color": palette.KL, "width": 2, "dash": "dash"}
    figure.add_trace(
        go.Scatter(
            x=[0.4, len(shown) + 0.6], y=[level, level], mode="lines", line=line, hoverinfo="skip", **panels.at(0)
        )
    )
    figure.add_trace(
        go.Heatmap(
            x=x,
            y=y,
            z=np.log1p(np.asarray(kept)),  # a step from 0 to 8 axes should be seen beside one from 80 to 160
            customdata=np.asarray(kept),
            colorscale=[[0, palette.translucent(palette.DATA, 0.03)], [1, palette.translucent(palette.DATA, 0.85)]],
            showscale=False,
            hovertemplate="%{customdata} axes<extra></extra>",
            **panels.at(1),
        )
    )
    ends = np.array([x[0], x[-1]])
    figure.add_trace(
        go.Scatter(x=ends, y=level - ends, mode="lines", line=line, hoverinfo="skip", name="βσ²", **panels.at(1))
    )
    places = np.log10([1.0, chosen[0]]), np.log10([threshold, chosen[1]])
    figure.add_trace(
        go.Scatter(
            x=places[0],
            y=places[1],
            mode="markers",
            marker={"color": [palette.NEUTRAL, palette.ELBO], "size": 12, "line": {"color": "white", "width": 1.5}},
            hovertext=["its twin (1, βσ²)", "(σ², β)"],
            hoverinfo="text",
            **panels.at(1),
        )
    )
    return figure


def log_axis(title: str, powers) -> dict:
    """An axis over powers of ten, labelled by the numbers themselves."""
    ticks = [power for power in range(-6, 7) if powers.min() - 1e-9 <= power <= powers.max() + 1e-9]
    return {
        "title": title,
        "range": [float(powers.min()), float(powers.max())],
        "tickvals": ticks,
        "ticktext": [f"{10.0**power:g}" for power in ticks],
    }
