"""A correlated target and the best q without correlation, under either direction of the KL."""

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, panels, style
from vaedemo.figures.normals import ellipses, line


def mean_field(
    covariance,
    seeking,
    covering,
    correlations,
    shares,
    *,
    chosen: tuple[float, float],
    extent: float,
    height: int = 400,
) -> go.Figure:
    """The target's ellipse with both diagonal fits, beside how much of its variance q keeps at each correlation.

    Args:
        covariance: Σ of the target, (2, 2); its mean is 0. seeking, covering: the variances (2,) of q under KL(q‖p)
            and under KL(p‖q).
        correlations, shares: the curve, (M,) each: ρ and q's share of Σ_ii under KL(q‖p).
        chosen: the present (ρ, share).
        extent: half the side of the plane's window.
    """
    figure = panels.new_panels(
        ["Target p, and q at 1 and 2 sd", "Share of the variance that q keeps"],
        [{"title": "z₁"}, {"title": "correlation ρ of the target", "range": [-1, 1], "dtick": 0.5}],
        [{"title": "z₂"}, {"title": "(1/Λᵢᵢ) / Σᵢᵢ", "range": [0, 1.08], "dtick": 0.25}],
        columns=2,
        height=height,
        view="mean field",
    )
    figure.add_traces(
        [
            *ellipses("target p", (0, 0), covariance, palette.NEUTRAL, "solid", **panels.at(0)),
            *ellipses(
                "q by KL(p‖q)", (0, 0), np.diag(covering), palette.POSTERIOR, "dash", filled=False, **panels.at(0)
            ),
            *ellipses("q by KL(q‖p)", (0, 0), np.diag(seeking), palette.POSTERIOR, "solid", **panels.at(0)),
            line(correlations, shares, "under KL(q‖p)", palette.POSTERIOR, showlegend=False, **panels.at(1)),
            line([-1, 1], [1, 1], "under KL(p‖q)", palette.POSTERIOR, "dash", showlegend=False, **panels.at(1)),
            go.Scatter(
                x=chosen[:1],
                y=chosen[1:],
                mode="markers",
                marker={"color": palette.POSTERIOR, "size": 12, "line": {"color": "white", "width": 1.5}},
                hovertemplate="ρ = %{x:.2f}: %{y:.3f}<extra></extra>",
                showlegend=False,
                **panels.at(1),
            ),
        ]
    )
    window = {"range": [-extent, extent], "constrain": "domain", "zeroline": True, "zerolinecolor": style.ZERO_LINE}
    figure.layout.xaxis.update(window)
    figure.layout.yaxis.update(window | {"scaleanchor": "x", "scaleratio": 1})
    return figure
