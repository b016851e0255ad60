"""What the shipped trainings of the page on collapse measured: means and standard deviations over their five seeds."""

import statistics
from collections.abc import Mapping
from typing import Any, NamedTuple

from vaedemo.training import collapse
from vaedemo.training.collapse import Moment, Row

PLAIN = {  # by cure, the training without one and with the same likelihood
    name: "fixed" if changes.get("likelihood") else "plain" for name, changes in collapse.CURES.items()
}
TITLES = {
    "plain": "no cure",
    "warm-up": "warm-up",
    "cycles": "four cycles",
    "free-bits": "free bits",
    "fixed": "σ² = 1",
    "fixed-warm-up": "σ² = 1, warm-up",
    "fixed-free-bits": "σ² = 1, free bits",
    "learned": "learned σ²",
}
MEASURES = ("in_use", "active_units", "kl", "reconstruction", "negative_elbo", "noise_variance", "half_error")


class Spread(NamedTuple):
    """A mean over the seeds with its standard deviation."""

    mean: float
    deviation: float

    def told(self, digits: int = 2) -> str:
        """The mean with its deviation, and true minus signs."""
        return f"{self.mean:.{digits}f} ± {self.deviation:.{digits}f}".replace("-", "−")


class Summary(NamedTuple):
    """One training over its seeds, in nats per image; `half_error` is ½‖x − x̂‖², of a gaussian alone."""

    in_use: Spread
    active_units: Spread
    kl: Spread
    reconstruction: Spread
    negative_elbo: Spread
    noise_variance: Spread
    half_error: Spread


def rows(cure: str) -> list[Row]:
    """The rows of a cure, one for each seed."""
    return [row for row in collapse.rows() if row.cure == cure]


def moments(cure: str) -> list[Moment]:
    """How the trainings of a cure got there, by steps."""
    return [each for each in collapse.moments() if each.cure == cure]


def value(row: Row, measure: str) -> float:
    """A measure of one model."""
    return row.squared_error / 2 if measure == "half_error" else getattr(row, measure)


def summary(cure: str) -> Summary:
    """The measures of a cure over its seeds."""
    found = rows(cure)
    values = ([value(row, measure) for row in found] for measure in MEASURES)
    return Summary(*(Spread(statistics.fmean(each), statistics.stdev(each)) for each in values))


def gain(cure: str, measure: str) -> Spread:
    """How far a cure lies above the training without it, seed by seed: the seeds share first weights and data."""
    pairs = zip(rows(cure), rows(PLAIN[cure]), strict=True)
    differences = [value(row, measure) - value(plain, measure) for row, plain in pairs]
    return Spread(statistics.fmean(differences), statistics.stdev(differences))


def shown(values: Mapping[str, Any]) -> Row:
    """The model whose axes a view shows: that of the first seed."""
    return rows(values["cure"])[0]
