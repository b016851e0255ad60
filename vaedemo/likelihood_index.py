"""The one list of likelihoods p(x|z): plain strings, which the settings, the checks and the forms read.

A likelihood is a line here and a class in a file of its own, `probability/likelihoods/<name>.py`. The class bears the
line's title, written without spaces.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """What is known of a likelihood without its mathematics.

    `name`: in configs, links and file names. `title`: on the page. `hint`: what a form adds to the title. `setting`:
    the field of `RunConfig` that this likelihood reads, the second argument of its class; "" for none. `real`: x may
    be any finite number, so that points, too, have this likelihood; else x lies in [0, 1].
    """

    name: str
    title: str
    hint: str = ""
    setting: str = ""
    real: bool = False

    @property
    def choice(self) -> str:
        """What a form shows."""
        return f"{self.title} ({self.hint})" if self.hint else self.title


LINES = (
    Line("bernoulli", "Bernoulli", "cross-entropy"),
    Line("gaussian", "Gaussian", "squared error", setting="noise_variance", real=True),
    Line("continuous_bernoulli", "Continuous Bernoulli"),
    Line("categorical", "Categorical", "grey levels", setting="levels"),
    Line("laplace", "Laplace", "absolute error", setting="noise_variance", real=True),
)
LIKELIHOODS = {line.name: line for line in LINES}
IMAGE_LIKELIHOODS = tuple(LIKELIHOODS)
POINT_LIKELIHOODS = tuple(line.name for line in LINES if line.real)
