"""Error, firing units and passed noise against the number of units, with and without a penalty."""

from collections.abc import Mapping
from string import Template

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from vaedemo.app.lessons.overcomplete import form
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import palette, style
from vaedemo.rules import one_of
from vaedemo.training import overcomplete
from vaedemo.training.run import Run

MEASURES = {
    "squared_error": ("Reconstruction error", "squared error per pixel"),
    "firing": ("Units that fire", "units that fire, mean over test digits"),
    "passed": ("Noise that passes", "share of the noise that comes out again"),
}
NAMES = form.NAMED | {"pca": "PCA, d axes"}
DASHES = {"none": "solid", "kl": "dash", "l1": "dot", "pca": "solid"}
# smallest values drawn, because a logarithmic axis has no 0
LEAST = {"squared_error": 1e-5, "firing": 0.5, "passed": 0.0}
PIXELS, SMALL = 784, 16
PARAMETERS = (Parameter("measure", "squared_error", one_of(*MEASURES)),)
ALONE = ("none", "kl")  # the kinds that the steps compare
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.training import overcomplete

$found
for kind, title in $titles.items():
    measured = overcomplete.measure(runs[kind])
    print(f"$name, {title}: $value")
""")
LABELS = {"squared_error": "Error", "firing": "Fire", "passed": "Passed"}
FORMATS = {
    "squared_error": "{measured['squared_error']:.4f}",
    "firing": "{measured['firing']:.1f} of {runs[kind].config.latent_dim}",
    "passed": "{100 * measured['passed']:.1f} %",
}


def at(kind: str, size: int) -> dict[str, float]:
    """The measured row of one kind of net with so many units."""
    return next(row for row in overcomplete.read() if (row["kind"], row["size"]) == (kind, size))


def choose_measure(view: StepView) -> None:
    st.segmented_control(
        "Shown against d",
        list(MEASURES),
        format_func=lambda measure: MEASURES[measure][0],
        key=view.key("measure"),
        required=True,
        wrap=True,
    )


def picture(view: StepView) -> None:
    exploring = view["step"] == EXPLORE
    found = form.find(view) if exploring else {}
    measure = view["measure"]
    now = {kind: measured(run.digest, run)[measure] for kind, run in (found or {}).items()}
    size = found["none"].config.latent_dim if found else 0
    kinds = ("pca", *form.KINDS) if exploring else ALONE
    figure = curves(measure, size, now, kinds, is_open=view.is_open, tall=height(view))
    alt = f"{MEASURES[measure][1]} against the number of units d, with and without a penalty"
    chart(view, figure, name="curves", alt=alt)
    if exploring:
        st.caption(
            "Trained on 4,000 digits, measured on 1,000 others. Grey: PCA with d axes, the best that linear units can "
            "do. Large dots: the nets chosen beside. A rectified unit fires above 0, a sigmoid one, under KL "
            f"sparsity, above ½. The noise is Gaussian, σ = {overcomplete.NOISE:g}."
        )


def curves(
    measure: str, chosen: int, now: Mapping[str, float], kinds=("pca", *form.KINDS), *, is_open: bool, tall: int
) -> go.Figure:
    """One measure against d, a line per kind with its name at its end; `now`: the values of chosen nets at d =
    `chosen`.

    `is_open`: without what would answer a step's question: the share beyond d = 16, or the cost of a penalty.
    """
    view = f"{measure} by d"
    figure = style.new_figure("units d", MEASURES[measure][1], height=tall, view=view, legend=False)
    seen = []
    for kind in kinds:
        rows = [row for row in overcomplete.read() if row["kind"] == kind]
        if is_open:
            rows = [] if kind != "none" else [row for row in rows if measure != "passed" or row["size"] <= SMALL]
        if not rows or (measure == "firing" and kind == "pca"):
            continue
        colour = palette.NEUTRAL if kind == "pca" else palette.RECONSTRUCTION
        values = [max(row[measure], LEAST[measure]) for row in rows]
        seen += values
        figure.add_trace(
            go.Scatter(
                x=[row["size"] for row in rows],
                y=values,
                mode="lines+markers",
                line={"color": colour, "width": 3, "dash": DASHES[kind]},
                marker={"size": 8, "color": colour},
                hovertemplate=f"d = %{{x}}, {NAMES[kind]}: %{{y:.3g}}<extra></extra>",
            )
        )
        name(figure, measure, rows[-1]["size"], values[-1], kind)
        if kind in now:
            seen.append(max(now[kind], LEAST[measure]))
            figure.add_trace(
                go.Scatter(
                    x=[chosen],
                    y=seen[-1:],
                    mode="markers",
                    marker={"size": 15, "color": colour, "line": {"width": 2, "color": "white"}},
                    hoverinfo="skip",
                )
            )
    frame(figure, measure, seen, is_open)
    return figure


def name(figure: go.Figure, measure: str, size: int, value: float, kind: str) -> None:
    """The name of a line at its end, on the side where no other line is."""
    below = measure == "squared_error" and kind != "kl"
    figure.add_annotation(
        x=np.log10(size),
        y=value if measure == "passed" else np.log10(value),
        text=NAMES[kind],
        xanchor="right" if size > SMALL else "center",
        yanchor="top" if below else "bottom",
        yshift=-6 if below else 6,
        showarrow=False,
    )


def frame(figure: go.Figure, measure: str, seen: list[float], is_open: bool) -> None:
    """The axes, and the line where there are as many units as pixels."""
    figure.add_vline(PIXELS, line={"color": palette.NEUTRAL, "width": 2, "dash": "dot"})
    figure.add_annotation(
        x=np.log10(PIXELS), xref="x", y=1, yref="paper", text="as many as pixels ", xanchor="right", showarrow=False
    )
    sizes = overcomplete.SIZES
    figure.update_xaxes(
        type="log",
        range=list(np.log10([1.7, 1_300])),
        tickvals=sizes,
        ticktext=["" if size == PIXELS else f"{size:,}" for size in sizes],
    )
    if measure == "passed":
        figure.add_hline(1, line={"color": palette.NEUTRAL, "width": 2, "dash": "dash"})
        figure.add_annotation(
            x=0, xref="paper", y=1, text="a plain copy", xanchor="left", yanchor="top", showarrow=False
        )
        figure.update_yaxes(range=[-0.02, 1.12], tickformat=".0%")
    else:
        low, high = np.log10(min(seen)), np.log10(max(seen))
        room = 0.12 * max(high - low, 0.5)
        figure.update_yaxes(type="log", range=[low - room, high + room], **decades(low - room, high + room))
    if is_open:
        text, at = ("d = 1,024: ?", 0.5) if measure == "passed" else ("with penalty: ?", 0.1)
        figure.add_annotation(
            x=0.02, xref="paper", y=at, yref="paper", text=f"<b>{text}</b>", xanchor="left", showarrow=False
        )


def decades(low: float, high: float) -> dict[str, list]:
    """Ticks between two common logarithms: at powers of ten and, if these are few, also at 2 and 5 times each."""
    factors = (1,) if high - low > 2.5 else (1, 2, 5)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    ticks = [factor * 10.0**power for power in powers for factor in factors]
    ticks = [tick for tick in ticks if low <= np.log10(tick) <= high]
    return {"tickvals": ticks, "ticktext": [np.format_float_positional(tick, 6, trim="-") for tick in ticks]}


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures, none before the nets are trained; and the code."""
    measure = view["measure"]
    figures = {
        f"{LABELS[measure]}, {form.SHORT[kind]}": words(measure, measured(run.digest, run), run.config.latent_dim)
        for kind, run in (form.finished(view) or {}).items()
    }
    titles = {kind: form.SHORT[kind] for kind in form.kinds(view)}
    fields = {"titles": titles, "name": LABELS[measure], "value": FORMATS[measure]}
    return figures, SCRIPT.substitute(fields, found=form.code_of(view))


def words(measure: str, measured: dict[str, float], size: int) -> str:
    """A measured value, formatted as the page and its code write it."""
    value = measured[measure]
    return {
        "squared_error": f"{value:.4f}",
        "firing": f"{value:.1f} of {size}",
        "passed": f"{100 * value:.1f} %",
    }[measure]


@st.cache_data(show_spinner=False, max_entries=64)
def measured(digest: str, _run: Run) -> dict[str, float]:
    return overcomplete.measure(_run)
