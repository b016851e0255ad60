"""The picture of the page on pre-training: test accuracy over the number of labels, a line and a band a method."""

from collections.abc import Sequence

import pandas as pd

from vaedemo.app.components import sketch_layers as layers
from vaedemo.app.components.sketch import Axis, Sketch
from vaedemo.figures import palette
from vaedemo.training.label_curve import METHODS

# The encoder's code in its colour, the data and what is linear in it in another; trained nets are solid.
LOOKS = {
    "finetuned": {"color": palette.POSTERIOR, "width": 3, "dash": "solid"},
    "scratch": {"color": palette.NEUTRAL, "width": 3, "dash": "solid"},
    "frozen": {"color": palette.POSTERIOR, "width": 2.25, "dash": "dashed"},
    "pca": {"color": palette.DATA, "width": 2.25, "dash": "dashed"},
    "pixels": {"color": palette.DATA, "width": 2.25, "dash": "dotted"},
}


def curves_sketch(curves: pd.DataFrame, chosen: int, own: Sequence[tuple[str, float, float, float]] = ()) -> Sketch:
    """Mean accuracy of each method over the labels, with bands from the worst to the best seed.

    `curves`: method, labels, seed, accuracy. `chosen`: the number of labels with an upright line. `own`: (method,
    least, mean, most) measured at that number, drawn as discs with bars.
    """
    spread = curves.groupby(["method", "labels"]).accuracy.agg(["mean", "min", "max"])
    drawn = [layers.upright(chosen, color=palette.NEUTRAL, width=1.25, dash="dotted")]
    present = [method for method in METHODS if method in spread.index.get_level_values(0)]
    for method in present:
        of = spread.loc[method]
        drawn.append(layers.band(of.index, 100 * of["min"], 100 * of["max"], color=LOOKS[method]["color"], alpha=0.13))
    for method in present:
        of = spread.loc[method]
        drawn.append(layers.line(of.index, 100 * of["mean"], name=METHODS[method], **LOOKS[method]))
    for method, least, mean, most in own:
        colour = LOOKS[method]["color"]
        drawn.append(layers.spread([chosen], [100 * least], [100 * most], color=colour))
        drawn.append(layers.dots([chosen], [100 * mean], 7, color=colour, rim=True))
    counts = sorted(curves.labels.unique())
    ticks = [(count, f"{count:,}") for count in counts]
    readout = []
    for count in counts:
        at = [f"{METHODS[method]} {100 * spread.loc[(method, count), 'mean']:.1f}" for method in present]
        readout.append((count, f"{count:,} labels: " + ", ".join(at)))
    floor = 10 * int(10 * curves.accuracy.min())
    return Sketch(
        Axis("labelled training images", 9, 4600, ticks, log=True),
        Axis("test accuracy, %", floor, 100),
        drawn,
        readout=readout,
    )
