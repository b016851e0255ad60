"""Exhibit: the cut, and what the encoder is worth: accuracy minus that of the same net from scratch, with intervals."""

from string import Template

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pretraining.sketches import cut_sketch
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import gains, palette
from vaedemo.rules import one_of
from vaedemo.training import label_curve

CODES = {"20": "20 axes", "32": "32 axes"}
ENCODERS = {"20": label_curve.ENCODER_20, "32": label_curve.ENCODER}
USES = {"frozen": "Frozen", "pixels": "and pixels", "finetuned": "and fine-tuned"}
T_95 = 2.776  # quantile of Student's t with 4 degrees of freedom: half a 95 % interval in standard errors, 5 seeds
ENDS = (-11.5, 14.0)  # points
PARAMETERS = (Parameter("code", "20", one_of(*CODES)), Parameter("use", "frozen", one_of(*USES)))
LOOKS = {
    "frozen": ("encoder, frozen", palette.POSTERIOR, "circle", True),
    "pixels": ("raw pixels", palette.DATA, "square", False),
    "finetuned": ("encoder, fine-tuned", palette.POSTERIOR, "diamond-open", False),
}
SCRIPT = Template("""\
from vaedemo.training import label_curve

# Measured by label_curve.label_curve(method, labels, seed, encoder), 5 seeds each.
curves = label_curve.read("$encoder") + [row for row in label_curve.read() if row.method == "pixels"]
for method in $methods:
    for labels in label_curve.FEW_LABELS:
        gain = label_curve.gain(curves, method, labels)
        print(f"{label_curve.METHODS[method]}, {labels:,} labels: {gain.mean:+.1f} ± {gain.error:.1f}")
""")


def methods(values) -> list[str]:
    """The series of a view."""
    return ["frozen", *([] if values["use"] == "frozen" else [values["use"]])]


def curves_of(code: str) -> list[label_curve.Row]:
    """The measurements with an encoder, and those on raw pixels, which need none."""
    of_pixels = [row for row in label_curve.read() if row.method == "pixels"]
    return [*label_curve.read(ENCODERS[code]), *of_pixels] if code == "20" else label_curve.read()


def gain(code: str, method: str, labels: int) -> label_curve.Gain:
    return label_curve.gain(curves_of(code), method, labels)


def series(code: str, method: str, **changes) -> gains.Series:
    """A method's means and intervals."""
    name, colour, marker, above = LOOKS[method]
    found = [gain(code, method, labels) for labels in label_curve.FEW_LABELS]
    values = [(each.mean, T_95 * each.error) for each in found]
    return gains.Series(name, colour, marker, values, above)._replace(**changes)


def drawn(view: StepView) -> list[gains.Series]:
    """The series of a view; none while they would answer its question. Of another code, also those before."""
    if view.held:
        return []
    found = [series(view["code"], method) for method in methods(view)]
    if view.before is not None and view.before["code"] != view["code"]:
        ghost = {"name": f"{CODES[view.before['code']]} before", "colour": palette.NEUTRAL}
        found.insert(0, series(view.before["code"], "frozen", **ghost))
        found[1] = found[1]._replace(name=CODES[view["code"]], above=False)
    return found


def picture(view: StepView) -> None:
    present = bool(view["present"])
    sketch(
        cut_sketch(),
        key=view.key("cut"),
        label="An encoder; its decoder is cut off, and a softmax for the class of the digit is put on the code",
        height=120 if present else 150,
    )
    figure = gains.gains(
        [f"{labels:,}" for labels in label_curve.FEW_LABELS],
        drawn(view),
        x_title="labelled training images",
        y_title="accuracy minus from scratch",
        reference="from scratch",
        ends=ENDS,
        height=375 if present else 400,
    )
    alt = "Accuracy minus that of the same net from scratch, against the number of labels, with 95 % intervals"
    chart(view, figure, name="gains", alt=alt)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The gains of the view, with standard errors."""
    shown = methods(view)
    figures = {}
    for method in shown:
        for labels in label_curve.FEW_LABELS:
            mean, error = gain(view["code"], method, labels)
            figures[f"{label_curve.METHODS[method]}, {labels:,} labels"] = f"{mean:+.1f} ± {error:.1f}"
    return figures, SCRIPT.substitute(encoder=ENCODERS[view["code"]], methods=shown)


CONTROLS = {
    "code": lambda view: widgets.choose(view, "code", CODES, "Code"),
    "use": lambda view: widgets.choose(view, "use", USES, "Shown"),
}


def shown(values) -> tuple[str, ...]:
    """The controls of a view in Explore."""
    return ("code", "use")
