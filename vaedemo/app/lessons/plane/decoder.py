"""The decoder of the latent plane's page as the browser receives it, and the manifold as the server decodes it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from vaedemo.analysis import portable
from vaedemo.app.components import explorer
from vaedemo.app.components.common.assets import Asset
from vaedemo.app.lessons.plane.codes import Chosen


@dataclass(frozen=True)
class Carried:
    """A decoder packed for the browser, and a note to the reader, or ""."""

    decoder: Asset
    note: str = ""


def carried(chosen: Chosen, extent: float) -> Carried:
    """Pack the decoder itself if it has only linear layers and is not too large, else a sheet of decoded codes."""
    layers = layers_of(chosen.run.digest, chosen.run)
    if layers is not None and layers.numbers <= portable.MOST_NUMBERS:
        return packed_layers(chosen.run.digest, layers)
    why = "a convolutional decoder" if layers is None else f"a decoder of {layers.numbers:,} weights"
    side = portable.SHEET_SIDE
    note = (
        f"The browser does not run {why}: it mixes {side} × {side} images that the server decoded. Between them "
        "pixels fade where the decoder would move them."
    )
    fixed = tuple(number for axis, number in enumerate(chosen.base.tolist()) if axis not in chosen.axes)
    return Carried(packed_sheet(chosen.run.digest, chosen.axes, fixed, extent, chosen), note)


@st.cache_resource(max_entries=8, show_spinner=False)
def layers_of(digest: str, _run) -> portable.Layers | None:
    return portable.layers(_run.model)


@st.cache_resource(max_entries=8, show_spinner=False)
def packed_layers(digest: str, _layers: portable.Layers) -> Carried:
    return Carried(explorer.pack_layers(_layers.weights, _layers.mean, _layers.levels, _layers.shape))


@st.cache_resource(max_entries=8, show_spinner=False)
def packed_sheet(digest: str, axes: tuple[int, int], fixed: tuple[float, ...], extent: float, _chosen: Chosen) -> Asset:
    return explorer.pack_sheet(portable.sheet(_chosen.run.model, _chosen.base, axes, extent), extent)


def manifold(chosen: Chosen, side: int) -> np.ndarray:
    """Decoded means (side², *data_shape) on the grid of the normal's quantiles."""
    fixed = tuple(number for axis, number in enumerate(chosen.base.tolist()) if axis not in chosen.axes)
    return manifold_of(chosen.run.digest, chosen.axes, fixed, side, chosen)


@st.cache_resource(max_entries=32, show_spinner=False)
def manifold_of(digest: str, axes: tuple[int, int], fixed: tuple[float, ...], side: int, _chosen: Chosen) -> np.ndarray:
    return _chosen.run.model.decode(_chosen.manifold(side)).mean.numpy()
