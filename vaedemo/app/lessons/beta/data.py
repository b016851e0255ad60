"""The β page's data of a sweep: figures, codes, pictures and points of each model, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import kl_split, latent
from vaedemo.analysis.kl_split import KlSplit
from vaedemo.app import catalogue
from vaedemo.app.components.trade_off import Models, Row, reach
from vaedemo.app.lessons.beta import names
from vaedemo.figures.latent import prior_radius
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

EXAMPLES = 1_000  # for the split, whose first part is at most log N
CODES = 500
SAMPLES = 12
POINTS = 800
PER_STRIP = 6
IN_FOUR = (3, 6)  # digits and samples in each of four panels
CIRCLE = 0.99  # of N(0, I), inside the circle that the words name
COLLAPSED_KL = 0.01  # nats: a posterior below it, without an active unit, is called collapsed


@dataclass(frozen=True)
class Figures:
    """One model, in nats per example; `train` and `test` are (reconstruction, KL), `per_axis` the KL of each axis.

    Over the available examples: `mean_size`, the root mean square of E; `mean_variance`, the mean of V; `inside`, the
    share of the codes on the plane that lie in the circle with `CIRCLE` of N(0, I).
    """

    beta: float
    train: tuple[float, float]
    test: tuple[float, float]
    per_axis: tuple[float, ...]
    active_units: int
    split: KlSplit
    mean_size: float
    mean_variance: float
    inside: float

    @property
    def negative_elbo(self) -> float:
        return sum(self.test)

    @property
    def collapsed(self) -> bool:
        return self.test[1] <= COLLAPSED_KL and self.active_units == 0


@dataclass(frozen=True)
class Sweep:
    """The data of the sweep in the order of β. `floor`, `ceiling`: of the cross-entropy on the available images, or
    None."""

    figures: tuple[Figures, ...]
    models: Models
    floor: float | None
    ceiling: float | None
    sentence: str

    @property
    def best(self) -> Figures:
        """The model with the smallest −ELBO on the test set."""
        return min(self.figures, key=lambda each: each.negative_elbo)


def examples(run: Run) -> torch.Tensor:
    """The first thousand available test examples, as the model reads them."""
    return catalogue.images(run.config.dataset)[0].as_data(run.config.pixels)[:EXAMPLES]


def figures_of(run: Run) -> Figures:
    """The figures of one model: those of its own test set, and the split on the available examples."""
    x = examples(run)
    mu, logvar = run.model.posterior(x)
    per_axis = tuple(kl_standard_normal(mu, logvar).mean(0).tolist())
    return Figures(
        beta=run.config.beta,
        train=(run.table["train_reconstruction"][-1], run.table["train_kl"][-1]),
        test=(run.metrics["test_reconstruction"], run.metrics["test_kl"]),
        per_axis=per_axis,
        active_units=run.metrics["active_units"],
        split=kl_split.split(mu, logvar, torch.Generator().manual_seed(0)),
        mean_size=mu.square().mean().sqrt().item(),
        mean_variance=logvar.exp().mean().item(),
        inside=(plane(mu, per_axis).norm(dim=1) < prior_radius(CIRCLE)).float().mean().item(),
    )


@st.cache_resource(max_entries=6, show_spinner=False)
def sweep(digests: tuple[str, ...], _runs: Sequence[Run]) -> Sweep:
    """The data of these runs, which come in the order of β."""
    figures = tuple(figures_of(run) for run in _runs)
    shown, sentence = catalogue.images(_runs[0].config.dataset)
    x = examples(_runs[0])
    bernoulli = _runs[0].config.resolved_likelihood == "bernoulli"
    return Sweep(
        figures=figures,
        models=models(figures, _runs, x, shown.y[: len(x)]),
        floor=self_entropy(x) if bernoulli else None,
        ceiling=mean_image_cross_entropy(x) if bernoulli else None,
        sentence=sentence,
    )


def shipped(name: str) -> Sweep:
    """The data of a shipped sweep."""
    found = [catalogue.run(each) for each in shipped_runs.members(name)]
    return sweep(tuple(run.digest for run in found), found)


def of(values: Mapping[str, Any]) -> Sweep:
    """The data of a view's sweep, which is a shipped one."""
    return shipped(values["sweep"])


@torch.no_grad()
def models(figures: Sequence[Figures], runs: Sequence[Run], x: torch.Tensor, y: torch.Tensor) -> Models:
    """The content of the panels: codes on the two axes with the largest KL, then pictures or points."""
    codes = torch.stack([drawn(run, x[:CODES], each.per_axis) for run, each in zip(runs, figures, strict=True)]).numpy()
    config, rows, cloud, data = runs[0].config, [], None, None
    generator = torch.Generator().manual_seed(0)
    if config.on_points:
        z = latent.prior_samples(POINTS, config.latent_dim, generator)
        cloud = np.stack([run.model.decode(z).mean.numpy() for run in runs])
        data = catalogue.images(config.dataset)[0].x[:POINTS].numpy()
    else:
        chosen = [int((y == label).nonzero()[0]) for label in y.unique()[:PER_STRIP]]
        z = latent.prior_samples(SAMPLES, config.latent_dim, generator)
        rows = [
            Row("x", bytes_of(x[chosen])[None], PER_STRIP),
            Row("x̂, its copy", np.stack([bytes_of(run.model.reconstruct(x[chosen])) for run in runs]), PER_STRIP),
            Row("random z, decoded", np.stack([bytes_of(run.model.decode(z).mean) for run in runs]), PER_STRIP),
        ]
    return Models(
        betas=[each.beta for each in figures],
        lines=[line(each) for each in figures],
        codes=codes,
        labels=y[:CODES].numpy(),
        rows=rows,
        cloud=cloud,
        data=data,
    )


def drawn(run: Run, x: torch.Tensor, per_axis: Sequence[float]) -> torch.Tensor:
    """One z of q(z|x) for each example, on the plane: (N, 2)."""
    mu, logvar = run.model.posterior(x)
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(0))
    return plane(mu + (0.5 * logvar).exp() * noise, per_axis)


def in_panels(sweep: Sweep, panels: int) -> Models:
    """The models with the names of the classes, and with as many pictures as one of so many panels has room for."""
    models = sweep.models
    if models.cloud is not None:
        return models
    written = [
        names.placed(codes, models.labels, reach(codes), each.collapsed, panels)
        for codes, each in zip(models.codes, sweep.figures, strict=True)
    ]
    if panels == 1:
        return replace(models, names=written)
    rows = [
        replace(row, pictures=row.pictures[:, :size], across=IN_FOUR[0])
        for row, size in zip(models.rows, (IN_FOUR[0], *IN_FOUR), strict=True)
    ]
    return replace(models, names=written, rows=rows)


def with_lines(models: Models, lines: Sequence[str]) -> Models:
    """The models with another short text for each."""
    return replace(models, lines=list(lines))


def covered(models: Models) -> Models:
    """The models without anything that encoder and decoder make: a question about it is open."""
    count = len(models.betas)
    nothing = np.zeros((count, 0, 2))
    cloud = None if models.cloud is None else nothing
    return replace(models, lines=[""] * count, codes=nothing, labels=[], rows=models.rows[:1], cloud=cloud, names=[])


def plane(mu: torch.Tensor, per_axis: Sequence[float]) -> torch.Tensor:
    """The codes (N, 2) on the two axes with the largest KL, in axis order; a single axis is drawn as a line."""
    if mu.shape[1] == 1:
        return torch.cat([mu, torch.zeros_like(mu)], dim=1)
    largest = sorted(sorted(range(mu.shape[1]), key=lambda axis: -per_axis[axis])[:2])
    return mu[:, largest]


def line(figures: Figures) -> str:
    units = f"{figures.active_units} active unit" + "s" * (figures.active_units != 1)
    words = (
        f"reconstruction {figures.test[0]:.1f}, KL {figures.test[1]:.2f}, −ELBO {figures.negative_elbo:.1f}; {units}"
    )
    return words.replace("-", "−")


def bytes_of(pictures: torch.Tensor) -> np.ndarray:
    return pictures[:, 0].clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
