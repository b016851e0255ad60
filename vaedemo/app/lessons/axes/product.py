"""Exhibit: codes from q(z) beside the same with z₂ shuffled over the examples, a draw from q(z₁) q(z₂)."""

from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import quality
from vaedemo.analysis import total_correlation as tc
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.rules import one_of
from vaedemo.training.run import Run

RUNS = {"fashion-2d": "Fashion", "mnist-2d": "Digits"}
COUNT, SEED = 1_000, 0  # examples, and the seed of their codes; half of them are the neighbours of the other half
FAR = 0.05  # the share of the codes that count as far from all others
PARAMETERS = (Parameter("cloud", "fashion-2d", one_of(*RUNS)),)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import quality
from vaedemo.analysis import total_correlation as tc

run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
mu, logvar = tc.posterior_of(run.model, images.as_data("$pixels")[:$count])
generator = torch.Generator().manual_seed($seed)
z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator)
shuffled = z.clone()
shuffled[:, 1] = z[torch.randperm(len(z), generator=generator), 1]
print(f"Correlation of z₁ and z₂: {tc.correlation(z)[0, 1].item():.3f}")
print(f"The same, z₂ shuffled: {tc.correlation(shuffled)[0, 1].item():.3f}")
half = len(z) // 2
away = quality.nearest(z[half:], z[:half])[1].flatten()
bound = away.quantile(1 - $far)
print(f"Codes far from all others: {(away > bound).double().mean().item():.1%}")
away = quality.nearest(shuffled[half:], z[:half])[1].flatten()
print(f"Shuffled codes far from all codes: {(away > bound).double().mean().item():.1%}")
""")


@dataclass(frozen=True)
class Cloud:
    """Codes (N, 2), which of them are far from every code of other examples, and their correlation."""

    codes: np.ndarray
    is_far: np.ndarray
    correlation: float

    @property
    def far(self) -> float:
        return float(self.is_far.mean())


@st.cache_resource(max_entries=4, show_spinner=False)
def clouds(digest: str, _run: Run) -> tuple[Cloud, Cloud]:
    """The codes of one half of the examples, and the same shuffled; the other half says what is far."""
    images, _ = catalogue.images(_run.config.dataset)
    mu, logvar = tc.posterior_of(_run.model, images.as_data(_run.config.pixels)[:COUNT])
    generator = torch.Generator().manual_seed(SEED)
    z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator)
    shuffled = z.clone()
    shuffled[:, 1] = z[torch.randperm(len(z), generator=generator), 1]
    half = len(z) // 2
    away = [quality.nearest(codes[half:], z[:half])[1].flatten() for codes in (z, shuffled)]
    bound = away[0].quantile(1 - FAR)
    return tuple(
        Cloud(codes[half:].numpy(), (each > bound).numpy(), tc.correlation(codes)[0, 1].item())
        for codes, each in zip((z, shuffled), away, strict=True)
    )


def of(values: Values) -> tuple[Cloud, Cloud]:
    run = catalogue.run(values["cloud"])
    return clouds(run.digest, run)


def picture(view: StepView) -> None:
    """The two clouds side by side; while the question is open neither has a name nor a mark."""
    both = of(view)
    reach = 1.05 * max(float(np.abs(each.codes).max()) for each in both)
    names = ("A", "B") if view.is_open else ("A  q(z): the codes", "B  z₂ shuffled: q(z₁) q(z₂)")
    for column, cloud, name in zip(st.columns(2, gap="small"), both, names, strict=True):
        drawn = sketches.cloud(cloud.codes, None if view.is_open else cloud.is_far, name, reach)
        label = f"Cloud {name}" + ("" if view.is_open else f"; {cloud.far:.0%} of its points are far from all codes")
        with column:
            sketch(drawn, key=view.key(f"cloud{name[0]}"), label=label, height=420)


def work(view: StepView) -> tuple[dict[str, str], str]:
    codes, shuffled = of(view)
    run = catalogue.run(view["cloud"])
    figures = {
        "Correlation of z₁ and z₂": f"{codes.correlation:.3f}",
        "The same, z₂ shuffled": f"{shuffled.correlation:.3f}",
        "Codes far from all others": f"{codes.far:.1%}",
        "Shuffled codes far from all codes": f"{shuffled.far:.1%}",
    }
    script = SCRIPT.substitute(
        run=view["cloud"], dataset=run.config.dataset, pixels=run.config.pixels, count=COUNT, seed=SEED, far=FAR
    )
    return figures, script


CONTROLS = {"cloud": lambda view: widgets.choose(view, "cloud", RUNS, "Codes of")}
OF_PART = ("cloud",)
