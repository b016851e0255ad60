"""Exhibit: error, firing units and passed noise against the number of units, with and without a penalty."""

from collections.abc import Mapping
from string import Template

import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.lessons.overcomplete import form
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.figures import palette
from vaedemo.rules import one_of
from vaedemo.training import overcomplete
from vaedemo.training.run import Run

MEASURES = {
    "squared_error": ("Reconstruction error", "squared error per pixel"),
    "firing": ("Units that fire", "units that fire, mean over test digits"),
    "passed": ("Noise that passes", "share of added noise that comes out again"),
}
INKS = {"none": palette.RECONSTRUCTION, "kl": palette.KL, "l1": palette.POSTERIOR, "pca": palette.NEUTRAL}
TITLES = form.KINDS | {"pca": "PCA, d axes"}
DASHES = {"none": "solid", "kl": "dashed", "l1": "dotted", "pca": "solid"}
# smallest values drawn, because a logarithmic axis has no 0
LEAST = {"squared_error": 1e-5, "firing": 0.5, "passed": 0.0}
PIXELS = 784
PARAMETERS = (Parameter("measure", "squared_error", one_of(*MEASURES)),)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.training import overcomplete

$found
for kind, title in $titles.items():
    measured = overcomplete.measure(runs[kind])
    print(f"$name, {title}: $value")
""")
NAMES = {"squared_error": "Error", "firing": "Fire", "passed": "Passed"}
FORMATS = {
    "squared_error": "{measured['squared_error']:.4f}",
    "firing": "{measured['firing']:.1f} of {runs[kind].config.latent_dim}",
    "passed": "{100 * measured['passed']:.1f} %",
}
SHORT = {"none": "no penalty", "kl": "KL", "l1": "L1"}


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    found = form.find(view)
    st.segmented_control(
        "Shown against d",
        list(MEASURES),
        format_func=lambda measure: MEASURES[measure][0],
        key=view.key("measure"),
        required=True,
    )
    now = {} if found is None else {kind: measured(run.digest, run) for kind, run in found.items()}
    size = 0 if found is None else found["none"].config.latent_dim
    picture = curves(view["measure"], size, {kind: each[view["measure"]] for kind, each in now.items()})
    label = f"{MEASURES[view['measure']][1]} against the number of units: no penalty, KL sparsity, L1"
    sketch(picture, key=view.key("curves"), label=label, height=330)
    st.caption(
        "Trained on 4,000 digits, measured on 1,000 others. Grey: PCA with d axes, the best that linear units can do. "
        "Large dots: the nets chosen above. A rectified unit fires above 0, a sigmoid one, under KL sparsity, above ½. "
        f"The noise is Gaussian, σ = {overcomplete.NOISE:g}."
    )
    if found is None:
        return ""
    frame.numbers(
        {f"{NAMES[view['measure']]}, {SHORT[kind]}": words(view["measure"], each, size) for kind, each in now.items()}
    )
    return SCRIPT.substitute(
        found=form.code_of(view), titles=SHORT, name=NAMES[view["measure"]], value=FORMATS[view["measure"]]
    )


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


def curves(measure: str, chosen: int, now: Mapping[str, float]) -> Sketch:
    """One measure against d, a line per kind; `now`: the values of the chosen nets at d = `chosen`."""
    rows = overcomplete.read()
    scale = np.log10 if measure != "passed" else lambda values: np.asarray(values, np.float64)
    drawn = [layers.upright(PIXELS, color=palette.NEUTRAL, dash="dotted", width=1.5)]
    seen = [scale(max(value, LEAST[measure])) for value in now.values()]
    for kind in ("pca", *form.KINDS):
        mine = [row for row in rows if row["kind"] == kind]
        if not mine or (measure == "firing" and kind == "pca"):
            continue
        sizes, values = [row["size"] for row in mine], scale(np.maximum([row[measure] for row in mine], LEAST[measure]))
        seen += list(values)
        look = {"color": INKS[kind], "dash": DASHES[kind], "width": 2 if kind == "pca" else 2.75}
        drawn += [
            layers.line(sizes, values, name=TITLES[kind], **look),
            layers.dots(sizes, values, 3, color=INKS[kind]),
        ]
    drawn += [
        layers.dots([chosen], [scale(max(value, LEAST[measure]))], 6.5, color=INKS[kind], rim=True)
        for kind, value in now.items()
    ]
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    reach = 0.08 * max(high - low, 0.1)
    drawn.append(
        layers.words(
            PIXELS,
            high if measure == "squared_error" else low,
            "as many as pixels ",
            align="right",
            baseline="top" if measure == "squared_error" else "bottom",
            color="text",
        )
    )
    ticks = None if measure == "passed" else decades(low - reach, high + reach)
    y = Axis(MEASURES[measure][1], low - reach, high + reach, ticks)
    return Sketch(Axis("units d", 1.7, 1250, [(size, f"{size:,}") for size in overcomplete.SIZES], log=True), y, drawn)


def decades(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks between two common logarithms: at powers of ten and, if these are few, also at 2 and 5 times each."""
    factors = (1,) if high - low > 2 else (1, 2, 5)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    numbers = [factor * 10.0**power for power in powers for factor in factors]
    ticks = [(float(np.log10(each)), np.format_float_positional(each, 6, trim="-")) for each in numbers]
    return [(place, text) for place, text in ticks if low <= place <= high]
