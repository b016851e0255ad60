"""The picture of the page on pre-training: test accuracy against the number of labels, with a line and a band per
method."""

from collections.abc import Sequence

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette
from vaedemo.training.label_curve import METHODS, Row, summary

# The encoder's code in its colour, the data and their linear classifier in another; trained nets are solid.
LOOKS = {
    "finetuned": {"color": palette.POSTERIOR, "width": 3, "dash": "solid"},
    "scratch": {"color": palette.NEUTRAL, "width": 3, "dash": "solid"},
    "frozen": {"color": palette.POSTERIOR, "width": 2.25, "dash": "dashed"},
    "pca": {"color": palette.DATA, "width": 2.25, "dash": "dashed"},
    "pixels": {"color": palette.DATA, "width": 2.25, "dash": "dotted"},
}


def curves_sketch(curves: Sequence[Row], chosen: int, own: Sequence[tuple[str, float, float, float]] = ()) -> Sketch:
    """Mean accuracy of each method against the number of labels, with bands from the worst to the best seed.

    `chosen`: the number of labels with a vertical line. `own`: (method, least, mean, most) measured at that number,
    drawn as discs with error bars.
    """
    counts = sorted({row.labels for row in curves})
    spread = {count: summary(curves, count) for count in counts}
    drawn = [layers.upright(chosen, color=palette.NEUTRAL, width=1.25, dash="dotted")]
    present = [method for method in METHODS if any(method in at for at in spread.values())]
    for method in present:
        of = {count: at[method] for count, at in spread.items() if method in at}
        least, most = ([100 * getattr(each, end) for each in of.values()] for end in ("least", "most"))
        drawn.append(layers.band(list(of), least, most, color=LOOKS[method]["color"], alpha=0.13))
    for method in present:
        of = {count: 100 * at[method].mean for count, at in spread.items() if method in at}
        drawn.append(layers.line(list(of), list(of.values()), name=METHODS[method], **LOOKS[method]))
    for method, least, mean, most in own:
        colour = LOOKS[method]["color"]
        drawn.append(layers.spread([chosen], [100 * least], [100 * most], color=colour))
        drawn.append(layers.dots([chosen], [100 * mean], 7, color=colour, rim=True))
    ticks = [(count, f"{count:,}") for count in counts]
    readout = []
    for count in counts:
        at = [
            f"{METHODS[method]} {100 * spread[count][method].mean:.1f}" for method in present if method in spread[count]
        ]
        readout.append((count, f"{count:,} labels: " + ", ".join(at)))
    floor = 10 * int(10 * min(row.accuracy for row in curves))
    return Sketch(
        Axis("labelled training images", 9, 4600, ticks, log=True),
        Axis("test accuracy, %", floor, 100),
        drawn,
        readout=readout,
    )


def cut_sketch() -> Sketch:
    """An autoencoder whose decoder is cut off, and the softmax that is put on its code."""
    encoder = ([1.0, 1.0, 3.4, 3.4, 1.0], [0.1, 1.9, 1.4, 0.6, 0.1])
    decoder = ([5.3, 5.3, 7.7, 7.7, 5.3], [1.35, 1.65, 1.95, 1.05, 1.35])
    softmax = ([5.3, 5.3, 7.7, 7.7, 5.3], [0.1, 0.75, 0.75, 0.1, 0.1])
    link = {"color": palette.NEUTRAL, "width": 2}
    drawn = [
        layers.line([0.5, 1.0], [1, 1], **link),
        layers.line([3.4, 5.3], [1, 0.42], **link),
        layers.line([3.4, 5.3], [1, 1.5], dash="dotted", **link),
        layers.line(*encoder, color=palette.POSTERIOR, width=2, fill=0.2),
        layers.line(*decoder, color=palette.RECONSTRUCTION, width=2, dash="dotted"),
        layers.line(*softmax, color="text", width=2),
        layers.line([4.1, 4.7], [1.05, 1.75], color="text", width=3),
        layers.line([4.1, 4.7], [1.75, 1.05], color="text", width=3),
    ]
    for x, y, text, ink in (
        (0.25, 1, "x", palette.DATA),
        (2.2, 1.2, "encoder", palette.POSTERIOR),
        (2.2, 0.8, "no labels", palette.POSTERIOR),
        (3.75, 1.25, "z", "text"),
        (6.5, 1.5, "decoder", palette.RECONSTRUCTION),
        (6.5, 0.42, "softmax", "text"),
        (8.2, 1.5, "x̂", palette.RECONSTRUCTION),
        (8.7, 0.42, "class of x", "text"),
    ):
        drawn.append(layers.words(x, y, text, color=ink, bold=True, align="center", baseline="middle"))
    return Sketch(Axis("", 0, 10, (), bare=True), Axis("", 0, 2, (), bare=True), drawn)
