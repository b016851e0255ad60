"""Exhibit: the estimate from random z and from z drawn from q(z|x), with 20 axes."""

import math

import plotly.graph_objects as go

from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import draws, needed
from vaedemo.app.lessons.likelihood.draws import Climbs
from vaedemo.app.shared.chart import chart
from vaedemo.app.shared.symbols import power_of_ten
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette, style
from vaedemo.training import draws_needed

AXES = 20
LOWEST_AT = 1_000  # the axis of nats begins at the prior's estimate from so many z


def found(values: Values) -> Climbs:
    """Both estimates of a view's digit."""
    run = catalogue.run(draws_needed.RUNS[AXES])
    return draws.climbs(run.digest, run, values["digit"], values["seed"])


def picture(view: StepView) -> None:
    shown, exact = found(view.own), needed.row(AXES, view["digit"]).log_marginal
    alt = f"The estimate of log p(x) against K with {AXES} axes: from random z" + (
        "" if view.is_open else f", and from q, which begins at {shown.elbo:.1f} nats".replace("-", "−")
    )
    chart(view, both(shown, exact, with_q=not view.is_open, tall=needed.tall(view)), name="climbing", alt=alt)


def both(shown: Climbs, exact: float, *, with_q: bool, tall: int) -> go.Figure:
    """The prior's curve under log p(x) (`exact`), and with `with_q` also that of q and the level of the ELBO."""
    low = float(shown.prior.mean[shown.prior.counts.index(LOWEST_AT)])
    figure = style.new_figure("number of z, K", "log p̂, nats", height=tall, view="climbing", legend=False)
    level(figure, exact, "log p(x)", style.TRUTH, "solid", "bottom")
    curves = [("random z ~ p(z)", shown.prior, palette.PRIOR, "right", "bottom")]
    if with_q:
        level(figure, shown.elbo, "ELBO", palette.ELBO, "dash", "top")
        curves.append(("z ~ q(z|x)", shown.encoder, palette.POSTERIOR, "right", "top"))
    for name, climb, colour, side, above in curves:
        figure.add_trace(
            go.Scatter(
                x=climb.counts,
                y=climb.mean.numpy(),
                mode="lines+markers",
                line={"color": colour, "width": 3.5},
                marker={"size": 8},
                hovertemplate=f"{name}, K = %{{x:,}}: %{{y:.1f}} nats<extra></extra>",
            )
        )
        end = {"x": math.log10(climb.counts[-1]), "y": float(climb.mean[-1])}
        shift = {"yshift": 8 if above == "bottom" else -2}
        figure.add_annotation(text=f"<b>{name}</b>", xanchor=side, yanchor=above, showarrow=False, **end, **shift)
    powers = range(6)
    figure.update_xaxes(
        type="log",
        range=[-0.15, 5.2],
        tickvals=[10**power for power in powers],
        ticktext=[f"{10**power:,}" if power < 4 else power_of_ten(power) for power in powers],
    )
    figure.update_yaxes(range=[low, exact + 0.12 * (exact - low)])
    return figure


def level(figure: go.Figure, at: float, name: str, colour: str, dash: str, anchor: str) -> None:
    """A named level across the chart."""
    figure.add_hline(at, line={"color": colour, "width": 3, "dash": dash})
    figure.add_annotation(xref="paper", x=0.02, y=at, text=name, xanchor="left", yanchor=anchor, showarrow=False)
