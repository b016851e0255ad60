"""The scripts of the page on collapse: they print what the shipped trainings measured, and name the configs."""

from string import Template

from vaedemo.app.lessons.collapse import data

SCRIPT = Template("""\
import statistics
from vaedemo.training import collapse

# Five seeds each; vd.sweep(collapse.configs("$last")) trains those again.
for title, cure in $cures:
    rows = [row for row in collapse.rows() if row.cure == cure]
$prints
""")
PRINTS = {  # label, how a row has it, unit, digits
    "in_use": ("Axes in use", "row.in_use", "", 2),
    "active_units": ("Active axes", "row.active_units", "", 2),
    "kl": ("KL", "row.kl", " nats", 2),
    "reconstruction": ("Reconstruction", "row.reconstruction", " nats", 2),
    "negative_elbo": ("−ELBO", "row.negative_elbo", " nats", 2),
    "half_error": ("½‖x − x̂‖²", "row.squared_error / 2", "", 2),
    "noise_variance": ("σ²", "row.noise_variance", "", 4),
}
PRINT = """\
    values = [{of} for row in rows]
    mean, deviation = statistics.fmean(values), statistics.stdev(values)
    print(f"{label}, {{title}}: {{mean:.{digits}f}} ± {{deviation:.{digits}f}}{unit}".replace("-", "−"))"""


def measures(cures) -> list[str]:
    """What is told of these cures: for a gaussian also its error and its noise."""
    always = ["in_use", "active_units", "kl", "reconstruction", "negative_elbo"]
    return [*always, *(["half_error", "noise_variance"] if data.PLAIN[cures[0]] == "fixed" else [])]


def work(cures) -> tuple[dict[str, str], str]:
    """The figures of these cures over their seeds, and the code that prints them."""
    figures, told = {}, measures(cures)
    for cure in cures:
        found = data.summary(cure)
        for measure in told:
            label, _, unit, digits = PRINTS[measure]
            figures[f"{label}, {data.TITLES[cure]}"] = getattr(found, measure).told(digits) + unit
    prints = [
        PRINT.format(label=label, of=of, unit=unit, digits=digits) for label, of, unit, digits in map(PRINTS.get, told)
    ]
    pairs = [(data.TITLES[cure], cure) for cure in cures]
    return figures, SCRIPT.substitute(cures=pairs, prints="\n".join(prints), last=cures[-1])
