"""The tiles of the plane: their places, the class that each shows, where the classes' names stand."""

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis.portable import on_plane
from vaedemo.app.components.explorer import TILES
from vaedemo.app.lessons.plane.codes import Chosen
from vaedemo.app.shared import reader
from vaedemo.app.shared.places import apart

APART = 0.13  # the least distance of two names, as a share of half the plane
Label = tuple[float, float, str]


def edges(extent: float, spacing: str) -> Tensor:
    """The ends of the tiles along one axis, (TILES + 1,): equal steps of z, or equal shares of N(0, 1)."""
    if spacing == "z":
        return torch.linspace(-extent, extent, TILES + 1, dtype=torch.float64)
    low, high = torch.special.ndtr(torch.tensor([-extent, extent], dtype=torch.float64)).tolist()
    return torch.special.ndtri(torch.linspace(low, high, TILES + 1, dtype=torch.float64))


def middles(extent: float, spacing: str) -> Tensor:
    """The middles of the tiles along one axis, (TILES,), as they lie on the screen."""
    ends = edges(extent, spacing)
    if spacing == "z":
        return (ends[1:] + ends[:-1]) / 2
    shares = torch.special.ndtr(ends)
    return torch.special.ndtri((shares[1:] + shares[:-1]) / 2)


def masses(extent: float, spacing: str) -> Tensor:
    """The share of N(0, I) in each tile, (TILES, TILES)."""
    along = torch.special.ndtr(edges(extent, spacing)).diff()
    return along[:, None] * along


def places(extent: float, spacing: str) -> Tensor:
    """The middles of all tiles, (TILES², 2), row by row from the top."""
    along = middles(extent, spacing).float()
    up, across = torch.meshgrid(along.flip(0), along, indexing="ij")
    return torch.stack([across.flatten(), up.flatten()], dim=1)


def classes(chosen: Chosen, extent: float, spacing: str) -> np.ndarray | None:
    """The class that each tile shows, (TILES, TILES), the top row first; None for data other than digits."""
    if chosen.run.config.dataset not in reader.READ:
        return None
    fixed = tuple(number for axis, number in enumerate(chosen.base.tolist()) if axis not in chosen.axes)
    return classes_of(chosen.run.digest, chosen.axes, fixed, extent, spacing, chosen)


@st.cache_resource(max_entries=32, show_spinner=False)
def classes_of(digest: str, axes, fixed: tuple[float, ...], extent: float, spacing: str, _chosen: Chosen) -> np.ndarray:
    z = on_plane(_chosen.base, axes, places(extent, spacing))
    return reader.digits(_chosen.run.model.decode(z).mean).reshape(TILES, TILES).numpy()


def share(shown: np.ndarray, digit: int) -> float:
    """The share of the tiles that show a digit."""
    return float((shown == digit).mean())


def names_on_tiles(shown: np.ndarray, extent: float, spacing: str, names: tuple[str, ...]) -> list[Label]:
    """Each class that has tiles is written on the one that lies deepest among tiles of its class."""
    at = places(extent, spacing).reshape(TILES, TILES, 2)
    found = []
    for label in np.unique(shown):
        row, column = np.unravel_index(depth(shown == label).argmax(), shown.shape)
        found.append((*at[row, column].tolist(), names[label]))
    return found


def depth(inside: np.ndarray) -> np.ndarray:
    """For each tile of a region the distance to the nearest tile that is not; the plane's edge counts half."""
    rows, columns = np.indices(inside.shape)
    outside = np.argwhere(~inside)
    apart = np.hypot(rows[..., None] - outside[:, 0], columns[..., None] - outside[:, 1]).min(axis=2, initial=TILES)
    edge = np.minimum(np.minimum(rows, columns), TILES - 1 - np.maximum(rows, columns)) + 1
    return np.where(inside, np.minimum(apart, 0.5 + edge), 0)


def names_on_codes(chosen: Chosen, extent: float) -> list[Label]:
    """Each class is written near the middle of its codes."""
    means, labels = chosen.codes.means[:, list(chosen.axes)].numpy(), chosen.codes.labels.numpy()
    names = datasets.class_names(chosen.run.config.dataset)
    kinds = np.unique(labels)
    middles = np.array([np.median(means[labels == kind], axis=0) for kind in kinds], float)
    at = apart(middles, APART * extent).clip(-0.92 * extent, 0.92 * extent)
    return [(float(x), float(y), names[kind]) for (x, y), kind in zip(at, kinds, strict=True)]
