"""Exhibit: the clean points that could have become x̃, their mean, and what a denoiser returns."""

from dataclasses import dataclass
from string import Template

import numpy as np
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.denoising import field, form, ring, sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability import ring_score
from vaedemo.training.run import Run

PARAMETERS = ()  # all in ring.py
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.probability import ring_score

point = torch.tensor([[$x1, $x2]])
""")
LEARNED = Template("""\
run = $run
print(f"Distance of r(x̃) from the middle: {run.model.reconstruct(point).norm().item():.3f}")
""")
EXACT = Template("""\
print(f"Of the exact mean: {ring_score.posterior_mean(point, $sigma).norm().item():.3f}")
""")


@dataclass(frozen=True)
class Returned:
    """What becomes of x̃: r(x̃), None without a model, and the exact mean of the clean points, (2,) each."""

    place: np.ndarray
    learned: np.ndarray | None
    best: np.ndarray


def returned(values: Values, run: Run | None) -> Returned:
    place = torch.tensor([[values["x1"], values["x2"]]])
    best = ring_score.posterior_mean(place, form.ring_config(values).corruption_level)
    learned = None if run is None else run.model.reconstruct(place)[0].numpy()
    return Returned(place[0].numpy(), learned, best[0].numpy())


def distance(values: Values) -> float:
    """How far from the middle r(x̃) lies, for a trained model."""
    return float(np.linalg.norm(returned(values, form.finished_ring(values)).learned))


def distance_of_best(values: Values) -> float:
    """How far from the middle the exact mean lies."""
    return float(np.linalg.norm(returned(values, None).best))


def weights(place: np.ndarray, sigma: float) -> np.ndarray:
    """How probable each clean point is after x̃ was seen, the largest 1: (N,)."""
    away = np.square(field.ring() - place).sum(1) / (2 * sigma**2)
    return np.exp(away.min() - away)


def picture(view: StepView) -> None:
    """The points and r(x̃); while it is asked, x̃ alone."""
    place = np.array([view["x1"], view["x2"]])
    if view.is_open:
        drawn = sketches.asked(field.ring(), place)
        sketch(drawn, key=view.key("asked"), label="The ring of clean data and x̃", height=ring.HEIGHT)
        return
    run = form.ring_run(view)
    if run is None:
        return
    found = returned(view, run)
    drawn = sketches.mean(field.ring(), weights(place, run.config.corruption_level), place, found.best, found.learned)
    label = f"Clean points that could have become x̃, and r(x̃), {np.linalg.norm(found.learned):.2f} from the middle"
    sketch(drawn, key=view.key("mean"), label=label, height=ring.HEIGHT, on_moved=ring.mover(view))


def work(view: StepView) -> tuple[dict[str, str], str]:
    run = form.finished_ring(view)
    found = returned(view, run)
    script = SCRIPT.substitute(x1=view["x1"], x2=view["x2"])
    figures = {}
    if run is not None:
        figures = {"Distance of r(x̃) from the middle": f"{np.linalg.norm(found.learned):.3f}"}
        script += LEARNED.substitute(run=form.code_of_ring(view))
    figures |= {"Of the exact mean": f"{np.linalg.norm(found.best):.3f}"}
    return figures, script + EXACT.substitute(sigma=form.ring_config(view).corruption_level)


controls_of = ring.controls_of
