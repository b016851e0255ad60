"""What the steps of the lesson say in numbers: shares of digits, a path's digits, undecided pixels, distances."""

from functools import lru_cache

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import latent
from vaedemo.analysis.portable import on_plane
from vaedemo.app import catalogue
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane import regions
from vaedemo.app.lessons.plane.codes import Chosen
from vaedemo.app.shared import reader

RUN, TWENTY = "mnist-2d", "mnist-20d"
DRAWN = 2_000
ALONG = 9  # images on a path
FIELD = 61  # nodes along one side of the field of undecided pixels
MOST = 0.5  # the share of undecided pixels that is drawn in full colour
CIRCLE = 360  # places on a circle


@lru_cache(maxsize=8)
def plane_of(name: str) -> Chosen:
    """The plane of a shipped run's first two axes; all others are 0."""
    run = catalogue.run(name)
    return Chosen(run, plane_codes.codes_of(run.digest, run), (0, 1), torch.zeros(run.config.latent_dim))


def tiles(name: str, spacing: str) -> np.ndarray:
    """The digit in each tile of a shipped run's plane."""
    chosen = plane_of(name)
    return regions.classes(chosen, chosen.extent(0), spacing)


def path(chosen: Chosen, start: int, end: int, count: int = ALONG) -> Tensor:
    """Places (count, 2) on the straight line from the middle of one class's codes to that of another's."""
    means, labels = chosen.codes.means[:, list(chosen.axes)], chosen.codes.labels
    first, last = (means[labels == label].median(dim=0).values for label in (start, end))
    return latent.lerp(first, last, torch.linspace(0, 1, count))


def on_path(chosen: Chosen, start: int, end: int, count: int = ALONG) -> Tensor:
    """The images decoded along a path, (count, 1, 28, 28)."""
    return chosen.run.model.decode(on_plane(chosen.base, chosen.axes, path(chosen, start, end, count))).mean


def digits_between(start: int, end: int) -> list[int]:
    """The digits that a classifier reads on the path, one after the other, without the ends."""
    read = reader.digits(on_path(plane_of(RUN), start, end)).tolist()
    return [digit for digit in dict.fromkeys(read) if digit not in (start, end)]


def undecided(images: Tensor) -> Tensor:
    """The share of each image's pixels between 0.1 and 0.9, (n,)."""
    return ((images > 0.1) & (images < 0.9)).flatten(1).float().mean(dim=1)


def undecided_on(chosen: Chosen, places: list[tuple[float, float]]) -> list[float]:
    """The share of undecided pixels at places of a plane."""
    z = on_plane(chosen.base, chosen.axes, torch.tensor(places))
    return undecided(chosen.run.model.decode(z).mean).tolist()


def field(chosen: Chosen, extent: float) -> np.ndarray:
    """The share of undecided pixels on a grid over the plane, (FIELD, FIELD), the lowest row first, as a share of
    `MOST`."""
    fixed = tuple(number for axis, number in enumerate(chosen.base.tolist()) if axis not in chosen.axes)
    return field_of(chosen.run.digest, chosen.axes, fixed, extent, chosen)


@st.cache_resource(max_entries=8, show_spinner=False)
def field_of(
    digest: str, axes: tuple[int, int], fixed: tuple[float, ...], extent: float, _chosen: Chosen
) -> np.ndarray:
    along = torch.linspace(-extent, extent, FIELD)
    grid = torch.cartesian_prod(along, along).flip(1)
    shares = undecided(_chosen.run.model.decode(on_plane(_chosen.base, axes, grid)).mean)
    return (shares / MOST).clamp(0, 1).reshape(FIELD, FIELD).numpy()


@lru_cache(maxsize=8)
def undecided_at(radius: float) -> float:
    """The mean share of undecided pixels at this distance from 0, in every direction."""
    angle = torch.arange(CIRCLE) * (2 * torch.pi / CIRCLE)
    z = radius * torch.stack([angle.cos(), angle.sin()], dim=1)
    return undecided(plane_of(RUN).run.model.decode(z).mean).mean().item()


@lru_cache(maxsize=1)
def random_z_of_twenty() -> tuple[float, np.ndarray]:
    """Of random z with 20 axes: the mean distance from the plane of the first two axes, and the share of their images
    that show each digit, (10,)."""
    z = torch.randn(DRAWN, 20, generator=torch.Generator().manual_seed(0))
    digits = reader.digits(catalogue.run(TWENTY).model.decode(z).mean)
    return z[:, 2:].norm(dim=1).mean().item(), (torch.bincount(digits, minlength=10) / DRAWN).numpy()
