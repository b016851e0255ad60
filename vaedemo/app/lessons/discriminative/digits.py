"""What the image exhibits compute: images of a class by gradient ascent on p(y|x) and by Bayes' rule, the code of both.

All of them have the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from string import Template
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import best_input
from vaedemo.app.lessons.discriminative import form
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import whole
from vaedemo.training.run import Run

BEST, STEPS, STRIDE = 10, 40, 0.1
MOST_DRAWS = 2000
PARAMETERS = (
    *form.PARAMETERS,
    Parameter("uphill", STEPS, whole(0, STEPS)),
    Parameter("draws", 1000, whole(100, MOST_DRAWS)),
    Parameter("digit_seed", 0, whole(0, 9999)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import best_input

$models
generator = torch.Generator().manual_seed($seed)
noise = best_input.noise($best, classifier.data_shape, generator)
path = best_input.ascend(classifier, noise, $ask, steps=$steps, stride=$stride)
draws = best_input.draw_class(vae, classifier, $ask, $draws, torch.Generator().manual_seed($seed))
kept = draws.x[draws.kept]

def loss(x):
    bound = vae.elbo(x, generator=torch.Generator().manual_seed($seed)).elbo
    return f"{-bound.mean().item():.1f} nats"

print(f"p(y|x) of the best inputs: {classifier.probabilities(path[$uphill])[:, $ask].mean().item():.4f}")
print(f"VAE's loss on them: {loss(path[$uphill])}")
if len(kept):
    print(f"p(y|x) of what is kept: {draws.probability[draws.kept].mean().item():.4f}")
    print(f"VAE's loss on that: {loss(kept[:$best])}")
print(f"Acceptance rate: {draws.rate:.1%}")
print(f"Expected rate: {draws.expected_rate:.1%}")
""")


@st.cache_resource(max_entries=24, show_spinner=False)
def climbed(digest: str, _classifier: Run, ask: int, seed: int) -> tuple[Tensor, Tensor]:
    """The path of the noise images uphill, (steps + 1, 10, 1, 28, 28), and p(y = ask|x) along it, (steps + 1, 10)."""
    start = best_input.noise(BEST, _classifier.model.data_shape, torch.Generator().manual_seed(seed))
    path = best_input.ascend(_classifier.model, start, ask, STEPS, STRIDE)
    probabilities = _classifier.model.probabilities(path.flatten(0, 1))[:, ask]
    return path, probabilities.view(STEPS + 1, BEST)


@st.cache_resource(max_entries=24, show_spinner=False)
def drawn(digests: tuple[str, str], _runs: tuple[Run, Run], ask: int, count: int, seed: int) -> best_input.Draws:
    generator = torch.Generator().manual_seed(seed)
    return best_input.draw_class(_runs[1].model, _runs[0].model, ask, count, generator)


@dataclass(frozen=True, eq=False)
class Shown:
    """What the exhibits show: `best`, the inputs after so many steps, with their p(y|x), and the `draws`."""

    vae: Run
    seed: int
    path: Tensor
    best: Tensor
    certainty: Tensor
    draws: best_input.Draws

    @property
    def kept(self) -> Tensor:
        return self.draws.x[self.draws.kept]

    @property
    def kept_probability(self) -> Tensor:
        return self.draws.probability[self.draws.kept]

    @cached_property
    def loss_of_best(self) -> float:
        return self.loss(self.best)

    @cached_property
    def loss_of_kept(self) -> float:
        """Of the first ten that are kept; not a number if none is."""
        return self.loss(self.kept[:BEST])

    @property
    def change(self) -> float:
        """The mean change of a pixel since the start."""
        return (self.best - self.path[0]).abs().mean().item()

    def loss(self, x: Tensor) -> float:
        """The mean −ELBO of the images; on grey pixels a loss, not a likelihood."""
        if not len(x):
            return float("nan")
        return -self.vae.model.elbo(x, generator=torch.Generator().manual_seed(self.seed)).elbo.mean().item()


def shown(values: Mapping[str, Any], found: tuple[Run, Run]) -> Shown:
    """What the models `found` show in a view."""
    classifier, vae = found
    ask, seed, uphill = values["ask"], values["digit_seed"], values["uphill"]
    path, certainty = climbed(classifier.digest, classifier, ask, seed)
    draws = drawn((classifier.digest, vae.digest), found, ask, values["draws"], seed)
    return Shown(vae, seed, path, path[uphill], certainty[uphill], draws)


def work(view: StepView) -> tuple[dict[str, str], str]:
    script = SCRIPT.substitute(
        models=form.code(view),
        seed=view["digit_seed"],
        best=BEST,
        ask=view["ask"],
        steps=STEPS,
        stride=STRIDE,
        draws=view["draws"],
        uphill=view["uphill"],
    )
    found = form.finished(view)
    if found is None:
        return {}, script
    here = shown(view, found)
    figures = {
        "p(y|x) of the best inputs": f"{here.certainty.mean().item():.4f}",
        "VAE's loss on them": f"{here.loss_of_best:.1f} nats",
    }
    if len(here.kept):
        figures |= {
            "p(y|x) of what is kept": f"{here.kept_probability.mean().item():.4f}",
            "VAE's loss on that": f"{here.loss_of_kept:.1f} nats",
        }
    figures |= {"Acceptance rate": f"{here.draws.rate:.1%}", "Expected rate": f"{here.draws.expected_rate:.1%}"}
    return figures, script


def uphill_slider(view: StepView) -> None:
    st.slider("Steps uphill on log p(y|x)", 0, STEPS, key=view.key("uphill"))


def draws_slider(view: StepView) -> None:
    st.slider("Draws from p(x)", 100, MOST_DRAWS, step=100, key=view.key("draws"))


def seed_field(view: StepView) -> None:
    st.number_input("Seed", 0, 9999, key=view.key("digit_seed"))


CONTROLS = form.CONTROLS | {"uphill": uphill_slider, "draws": draws_slider, "digit_seed": seed_field}
