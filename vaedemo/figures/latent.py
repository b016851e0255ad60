"""The latent plane: encoded means with the prior's contours, and one image's posterior."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, style

PRIOR_SHARES = (0.5, 0.9, 0.99)
LARGEST_SCATTER = 2000  # with more points, plotly in the browser responds noticeably late


def prior_radius(share: float) -> float:
    r"""The radius of the circle that contains `share` of $\mathcal N(0, I)$ in the plane: $r = \sqrt{-2 \log(1 - p)}$.

    $\lVert z \rVert^2$ is $\chi^2$ with two degrees of freedom, whose distribution function is $1 - e^{-r^2/2}$.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share must be at least 0 and below 1, got {share}.")
    return float(np.sqrt(-2.0 * np.log1p(-share)))


def prior_interval(share: float) -> float:
    r"""Half the width of the interval around 0 that contains `share` of $\mathcal N(0, 1)$: $\Phi^{-1}((1 + p)/2)$."""
    if not 0 <= share < 1:
        raise ValueError(f"share must be at least 0 and below 1, got {share}.")
    return NormalDist().inv_cdf((1 + share) / 2)


def plane_extent(means=None) -> float:
    """Half the side of a square window that shows the prior's 99 % circle and 99.5 % of the means (N, 2)."""
    extent = prior_radius(PRIOR_SHARES[-1])
    if means is not None and len(means):
        extent = max(extent, float(np.quantile(np.abs(style.planar(means, "means")), 0.995)))
    return round(1.08 * extent, 2)


def latent_plane(
    means=None,
    labels=None,
    class_names: Sequence[str] = (),
    *,
    prior: bool = True,
    ellipses: tuple | None = None,
    highlight: tuple | None = None,
    sample=None,
    extent: float | None = None,
    axis_names: tuple[str, str] = ("z₁", "z₂"),
    height: int = 500,
    view: str = "latent plane",
) -> go.Figure:
    r"""Encoded means, the prior's contours and the posterior of one image, at equal aspect.

    Args:
        means: $\mu(x)$, (N, 2); at most 2,000 are drawn, evenly spaced and the same ones at every call. Each point has
            its row number as `customdata`, so that a click identifies its image.
        labels: class of each row, (N,) integers; None draws one grey cloud.
        class_names: the names of the classes in the legend.
        prior: whether to draw the circles that contain 50 %, 90 % and 99 % of $\mathcal N(0, I)$.
        ellipses: (mu (M, 2), sigma (M, 2)), drawn faintly at one standard deviation.
        highlight: (mu (2,), sigma (2,)) of the selected image, drawn at one and two standard deviations.
        sample: the sampled z, (2,) or (K, 2).
        extent: half the side of the window; None: `plane_extent(means)`.
        view: as for `style.new_figure`.

    Raises:
        ValueError: an array of another shape, or labels that do not match the means.
    """
    figure = style.new_figure(*axis_names, height=height, view=view, draggable=True)
    if prior:
        add_prior(figure)
    if means is not None:
        add_means(figure, style.planar(means, "means"), labels, class_names)
    if ellipses is not None:
        centres, radii = style.planar(ellipses[0], "ellipses[0]"), style.planar(ellipses[1], "ellipses[1]")
        outlines = style.broken_line(
            style.circle(centre, radius, 48) for centre, radius in zip(centres, radii, strict=True)
        )
        add_line(figure, outlines, "q(z|x), 1 sd", palette.POSTERIOR, width=1, opacity=0.7)
    if highlight is not None:
        add_posterior(figure, *highlight)
    if sample is not None:
        drawn = style.planar(np.atleast_2d(sample), "sample")
        figure.add_trace(
            go.Scatter(
                x=drawn[:, 0],
                y=drawn[:, 1],
                mode="markers",
                name="sampled z",
                marker={"symbol": "x-thin", "size": 12, "line": {"width": 3, "color": palette.POSTERIOR}},
                hovertemplate="sampled z (%{x:.2f}, %{y:.2f})<extra></extra>",
            )
        )
    if prior:
        add_shares(figure)
    side = plane_extent(means) if extent is None else extent
    return style.equal_aspect(figure, (-side, side), (-side, side))


def add_prior(figure: go.Figure) -> None:
    """The prior's contours, as one dotted line."""
    radii = [prior_radius(share) for share in PRIOR_SHARES]
    rings = style.broken_line(style.circle((0, 0), (radius, radius)) for radius in radii)
    add_line(figure, rings, "prior p(z)", palette.PRIOR, width=1.5, dash="dot")


def add_shares(figure: go.Figure) -> None:
    """The share of the prior inside each contour, written at its top, above everything else."""
    figure.add_trace(
        go.Scatter(
            x=[0.0] * len(PRIOR_SHARES),
            y=[prior_radius(share) for share in PRIOR_SHARES],
            mode="text",
            text=[f"{share:.0%}" for share in PRIOR_SHARES],
            textposition="top center",
            textfont={"size": 11, "shadow": "auto"},  # a halo keeps the digits readable over points
            name="share of the prior inside",
            showlegend=False,
            hoverinfo="skip",
        )
    )


def add_means(figure: go.Figure, means: np.ndarray, labels, class_names: Sequence[str]) -> None:
    """The cloud of means: one trace per class, with its own colour and shape."""
    rows = style.every_kth(len(means), LARGEST_SCATTER)
    if labels is None:
        groups = [("μ(x)", rows, palette.NEUTRAL, "circle")]
    else:
        classes = np.asarray(labels)
        if classes.shape != (len(means),):
            raise ValueError(f"labels must have the shape ({len(means)},), got {classes.shape}.")
        # Every class has a trace, even without a drawn row, so that colours do not change between redraws.
        count = max(len(class_names), int(classes.max(initial=-1)) + 1)
        names = [class_names[index] if index < len(class_names) else str(index) for index in range(count)]
        groups = [
            (names[index], rows[classes[rows] == index], palette.class_colour(index), palette.class_marker(index))
            for index in range(count)
        ]
    for name, members, colour, marker in groups:
        look = {"color": colour, "symbol": marker}
        figure.add_trace(
            go.Scatter(
                x=means[members, 0],
                y=means[members, 1],
                customdata=members,
                mode="markers",
                name=name,
                legendgroup=name,
                showlegend=False,
                marker=look | {"size": 6, "opacity": palette.CLASS_OPACITY},
                hovertemplate=f"{name}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
            )
        )
        # A separate legend entry, larger and in full colour even if the cloud is faint.
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="markers", name=name, legendgroup=name, marker=look | {"size": 9})
        )


def add_posterior(figure: go.Figure, mu, sigma) -> None:
    """One image's q(z|x): filled at one standard deviation, outlined at two, with its mean."""
    mu, sigma = np.asarray(mu, dtype=np.float64), np.asarray(sigma, dtype=np.float64)
    if mu.shape != (2,) or sigma.shape != (2,):
        raise ValueError(f"highlight must be a mean and a standard deviation of 2 axes, got {mu.shape}, {sigma.shape}.")
    outer, inner = style.circle(mu, 2 * sigma), style.circle(mu, sigma)
    add_line(figure, outer, "q(z|x), 2 sd", palette.POSTERIOR, width=1.5, group="posterior")
    fill = {"fill": "toself", "fillcolor": palette.translucent(palette.POSTERIOR, 0.35)}
    add_line(figure, inner, "q(z|x), 1 sd", palette.POSTERIOR, width=2.5, group="posterior", **fill)
    figure.add_trace(
        go.Scatter(
            x=mu[:1],
            y=mu[1:],
            mode="markers",
            name="μ(x)",
            legendgroup="posterior",
            showlegend=False,
            marker={"color": palette.POSTERIOR, "size": 7, "line": {"color": "white", "width": 1.5}},
            hovertemplate="μ(x) (%{x:.2f}, %{y:.2f})<extra></extra>",
        )
    )
    figure.data[-3].showlegend = False
    figure.data[-2].name = "q(z|x): 1 and 2 sd"


def add_line(figure: go.Figure, line: np.ndarray, name: str, colour: str, *, width, dash="solid", group=None, **more):
    """A line without hover text."""
    figure.add_trace(
        go.Scatter(
            x=line[:, 0],
            y=line[:, 1],
            mode="lines",
            name=name,
            legendgroup=group,
            line={"color": colour, "width": width, "dash": dash},
            hoverinfo="skip",
            **more,
        )
    )
