"""A run's film, or one moment of a training, as data for the component: curves, codes and decoded pictures."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.components.film.reel import Codes, Curve, Plane, Reel, Sheet
from vaedemo.app.shared.symbols import subscript
from vaedemo.config import RunConfig
from vaedemo.figures import curves, points, style
from vaedemo.figures import latent as latent_figures
from vaedemo.training import caps
from vaedemo.training.film import GRID_SIDE, Frame
from vaedemo.training.run import Run, Table

MOST_DATA = 1_000  # at most this many data points are drawn beside a decoded plane
NAMES = {"negative_elbo": "−ELBO", "reconstruction": "Reconstruction", "kl": "KL"}


def of_run(run: Run) -> Reel:
    """The film of a run."""
    batches = -(-run.metrics["train_images"] // run.config.batch_size)
    return _reel(run.config, run.table, run.film, batches)


def of_moment(config: RunConfig, table: Table, frame: Frame) -> Reel:
    """A film of one frame: a training under way, on an axis of all steps that it will take."""
    found = _reel(config, table, [frame], caps.steps_an_epoch(config))
    return dataclasses.replace(found, last_step=caps.steps(config))


def _reel(config: RunConfig, table: Table, frames: Sequence[Frame], batches: int) -> Reel:
    """`batches`: the steps of an epoch."""
    epochs = np.array(table["epoch"], dtype=int)
    return Reel(
        steps=[each.step for each in frames],
        curves=[
            Curve(NAMES[term], curves.PANELS[term], *(_column(table, split, term) for split in ("train", "test")))
            for term in terms(config, table)
        ],
        epoch_steps=(epochs * batches).tolist(),
        codes=codes(config, frames),
        decoded=decoded(config, frames),
        unit="nats per point" if config.on_points else "nats per image",
        first_epoch=int(epochs[0]) if len(epochs) else 1,
        changed=[(change.step, change.short) for change in config.changes if change.step < frames[-1].step],
    )


def terms(config: RunConfig, table: Table) -> list[str]:
    """The terms of the loss that have a curve: those that are finite in an epoch; before the first, the model's."""
    if not table["epoch"]:
        return list(curves.PANELS) if config.model == "vae" else ["reconstruction"]
    return [term for term in curves.PANELS if curves.curves_of(table, term)]


def _column(table: Table, split: str, term: str) -> Sequence[float]:
    return table.get(f"{split}_{term}") or [float("nan")] * len(table["epoch"])


def codes(config: RunConfig, frames: Sequence[Frame]) -> Codes:
    """The mean codes on the two axes that vary most in the last frame; all frames use the same two.

    The window never grows: each frame's window fits that frame and all later ones.
    """
    labels, names = frames[-1].labels, datasets.class_names(config.dataset)
    prior = config.model == "vae"
    if config.latent_dim == 1:
        rows = 0.85 - 1.7 * (labels + 0.5) / len(names)
        across = np.stack([each.means[:, 0].astype(np.float32) for each in frames])
        extents = largest_from([latent_figures.plane_extent(np.stack([z, z], axis=1)) for z in across])
        means = np.stack([np.stack([z, rows * extent], axis=1) for z, extent in zip(across, extents, strict=True)])
        radii = [(share, latent_figures.prior_interval(share)) for share in latent_figures.PRIOR_SHARES]
        return Codes(
            "Where the encoder puts test data, a row a class",
            means,
            labels,
            names,
            extents,
            radii if prior else (),
            ("z", ""),
            lines=True,
        )
    axes = widest_axes(frames[-1].means)
    means = np.stack([each.means[:, axes].astype(np.float32) for each in frames])
    radii = [(share, latent_figures.prior_radius(share)) for share in latent_figures.PRIOR_SHARES]
    return Codes(
        "Where the encoder puts test data",
        means,
        labels,
        names,
        largest_from([latent_figures.plane_extent(each) for each in means]),
        radii if prior else (),
        tuple(f"z{subscript(axis + 1)}" for axis in axes),
    )


def widest_axes(means: np.ndarray) -> tuple[int, int]:
    """The two axes whose means vary most over the examples, in axis order."""
    if means.shape[1] == 2:
        return 0, 1
    first, second = sorted(np.argsort(-means.astype(np.float64).var(axis=0))[:2].tolist())
    return first, second


def largest_from(extents: Sequence[float]) -> list[float]:
    """Each value replaced by the maximum of itself and all later ones."""
    return np.maximum.accumulate(np.asarray(extents)[::-1])[::-1].tolist()


def decoded(config: RunConfig, frames: Sequence[Frame]) -> Sheet | Plane:
    """What the film's fixed codes decode to."""
    stacked = np.stack([each.images for each in frames])
    if not config.on_points:
        title = "What the plane decodes to" if config.latent_dim == 2 else "Decoded from 100 fixed codes"
        return Sheet(title, stacked, GRID_SIDE)
    data = catalogue.images(config.dataset)[0].x.numpy()
    data = data[style.every_kth(len(data), MOST_DATA)]
    mesh = GRID_SIDE if config.latent_dim == 2 else 0
    title = "The plane of z, bent by the decoder" if mesh else "Decoded from 100 fixed codes"
    return Plane(title, stacked, data, squared(points.window(data)), mesh)


def squared(window: tuple[tuple[float, float], tuple[float, float]]):
    """The window extended to a square around its centre, so that both axes have the same scale."""
    half = max(high - low for low, high in window) / 2
    return tuple(((low + high) / 2 - half, (low + high) / 2 + half) for low, high in window)
