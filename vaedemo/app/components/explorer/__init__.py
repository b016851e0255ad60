"""The latent plane: codes, contours, and beside them the decoded image at the pointer, computed in the browser.

The message holds the points and the place. The browser fetches the decoder once, by its address. The decoder's
arithmetic is in `decode.js`; the formula of the mean of p(x|z) comes from the likelihood's class.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.assets import Asset, asset, asset_store
from vaedemo.app.components.common.files import Sources, source, with_header
from vaedemo.figures import palette, pixels
from vaedemo.probability import likelihoods

MOST_POINTS = 5_000
TILES = 13  # decoded images along one side of the plane
SPACINGS = {"z": "linear", "prior": "normal"}  # an axis of the plane: equal steps of z, or equal shares of N(0, 1)
COLOURS = {
    "classes": palette.CLASS_COLOURS,
    "markers": palette.CLASS_MARKERS,
    "prior": palette.PRIOR,
    "posterior": palette.POSTERIOR,
    "data": palette.DATA,
    "decoded": palette.RECONSTRUCTION,
    "neutral": palette.NEUTRAL,
}

SCRIPTS = (
    "common/canvas.js",
    "common/fetched.js",
    "common/axes.js",
    "common/life.js",
    "explorer/decode.js",
    "explorer/normal.js",
    "explorer/marks.js",
    "explorer/notes.js",
    "explorer/draw.js",
    "explorer/touch.js",
    "explorer/explorer.js",
)


def means() -> str:
    """JavaScript: the formula of each likelihood's mean by its name, as `decode.js` looks them up."""
    formulas = dict(kind.browser_mean for kind in likelihoods.CLASSES.values())
    return "const means = {\n" + "".join(f"  {name}: {formula},\n" for name, formula in formulas.items()) + "};\n"


SOURCES = Sources(
    source("explorer/explorer.html"), ("common/base.css", "explorer/explorer.css", "common/paper.css"), SCRIPTS, means()
)
mount = st.components.v2.component("vaedemo_explorer", **SOURCES.for_streamlit())


@dataclass(frozen=True)
class Plane:
    """The content of the plane; it shows two axes of the code, the others stay fixed.

    `means` (N, 2), at most 5,000; `classes` (N,), indices into `names`. `off_plane` (N,): squared distance of each mean
    from the plane, along the axes that are not drawn. `deviations`: (M,) rows into the means and (M, 2) standard
    deviations of q, drawn as ellipses, or None. `base` (latent_dim,): the code in which the place replaces the two
    `axes`. `extent`: the plane runs from −extent to extent. `prior`: whether the model has a prior to draw and to
    measure by. `tiles`: whether decoded images cover the plane. `data` (K, 2): the data, if x is a point.

    `spacing`: one of `SPACINGS`. `dots`: whether the codes are drawn; `legend`: whether it names their classes.
    `labels`: (x, y, text) written on the plane. `regions` (TILES, TILES): the class of each tile, the top row first;
    borders are drawn between classes. `path`: places of a path. `field` (s, s): shares from 0 to 1 over the plane, the
    lowest row first. `size`: the largest side of the plane in rem. `zoom`: the largest side of one pixel of the decoded
    image, in CSS pixels.
    """

    means: np.ndarray
    classes: np.ndarray
    names: Sequence[str]
    off_plane: np.ndarray
    base: np.ndarray
    axes: tuple[int, int] = (0, 1)
    axis_names: tuple[str, str] = ("z₁", "z₂")
    extent: float = 3.5
    prior: bool = True
    deviations: tuple[np.ndarray, np.ndarray] | None = None
    tiles: bool = False
    data: np.ndarray | None = None
    spacing: str = "z"
    dots: bool = True
    legend: bool = True
    labels: Sequence[tuple[float, float, str]] = ()
    regions: np.ndarray | None = None
    path: Sequence[tuple[float, float]] = ()
    field: np.ndarray | None = None
    size: float = 27.5
    zoom: int = 14


def explorer(
    plane: Plane,
    place: tuple[float, float],
    decoder: Asset | None,
    *,
    key: str,
    label: str,
    on_settled: Callable[[tuple[float, float]], None] | None = None,
) -> None:
    """Draw the plane with the place on it. `on_settled(place)` is called before the page reruns, when the pointer
    rests.

    `decoder` comes from `pack_layers` or `pack_sheet`; None: nothing is decoded.

    Raises:
        ValueError: arrays that do not fit each other, more than 5,000 points, an empty label.
    """
    payload = pack(plane, place, asset_store.put(decoder) if decoder else "", label)

    def receive():
        settled = read_place(st.session_state[key].get("settled"))
        if settled is not None and on_settled is not None:
            on_settled(settled)

    mount(key=key, data=payload, on_settled_change=receive)


def pack(plane: Plane, place: tuple[float, float], decoder: str, label: str) -> bytes:
    """Pack the plane: length of the header, JSON header, float32. `decoder`: its address."""
    check(plane, label)
    rows, deviations = plane.deviations if plane.deviations is not None else (np.zeros(0, int), np.zeros((0, 2)))
    data = np.zeros((0, 2)) if plane.data is None else plane.data
    field = np.zeros((0, 0)) if plane.field is None else plane.field
    header = {
        "decoder": decoder,
        "count": len(plane.means),
        "names": list(plane.names),
        "classes": np.asarray(plane.classes).tolist(),
        "rows": np.asarray(rows).tolist(),
        "data": len(data),
        "base": [float(number) for number in plane.base],
        "axes": list(plane.axes),
        "axis_names": list(plane.axis_names),
        "extent": float(plane.extent),
        "prior": plane.prior,
        "mosaic": plane.tiles,
        "tiles": TILES,
        "map": SPACINGS[plane.spacing],
        "dots": plane.dots,
        "legend": plane.legend,
        "labels": [[float(x), float(y), text] for x, y, text in plane.labels],
        "regions": None if plane.regions is None else np.ravel(plane.regions).tolist(),
        "path": [[float(x), float(y)] for x, y in plane.path] or None,
        "field": len(field),
        "size": plane.size,
        "zoom": plane.zoom,
        "place": [round(float(number), 3) for number in place],
        "label": label,
        "colours": COLOURS,
        "opacity": palette.CLASS_OPACITY,
    }
    blocks = (plane.means, plane.off_plane, deviations, data, field)
    return with_header(header, np.concatenate([np.ravel(block) for block in blocks]).astype("<f4").tobytes())


def pack_layers(weights: Sequence[tuple[np.ndarray, np.ndarray]], mean: str, levels: int, shape) -> Asset:
    """Pack a decoder for the browser: weights row by row, each layer's matrix before its bias."""
    header = {
        "kind": "layers",
        "layers": [list(matrix.shape) for matrix, _ in weights],
        "mean": mean,
        "levels": levels,
        "shape": list(shape),
    }
    arrays = [np.ravel(array) for layer in weights for array in layer]
    return asset(with_header(header, np.concatenate(arrays).astype("<f4").tobytes()), "bin")


def pack_sheet(decoded: np.ndarray, extent: float) -> Asset:
    """Pack a sheet (s, s, *shape) of decoded means over [−extent, extent]²; images as bytes, clipped."""
    side, _, *shape = decoded.shape
    header = {"kind": "sheet", "side": side, "extent": float(extent), "shape": shape}
    if len(shape) == 3:
        values = pixels.as_bytes(decoded.reshape(-1, *shape)).tobytes()
    else:
        values = decoded.astype("<f4").tobytes()
    return asset(with_header(header, values), "bin")


def check(plane: Plane, label: str) -> None:
    """Raise ValueError if the parts of a plane do not fit each other."""
    count = len(plane.means)
    if not label:
        raise ValueError("label must say what the plane shows; it is read out in its place.")
    if not 1 <= count <= MOST_POINTS or np.shape(plane.means) != (count, 2):
        raise ValueError(f"means must be 1 to {MOST_POINTS:,} points (N, 2), got {np.shape(plane.means)}.")
    if np.shape(plane.classes) != (count,) or np.shape(plane.off_plane) != (count,):
        raise ValueError(f"classes and off_plane must be one a point, {count}.")
    if min(plane.classes) < 0 or max(plane.classes) >= len(plane.names):
        raise ValueError("classes must be indices into names.")
    if len(set(plane.axes)) != 2 or not all(0 <= axis < len(plane.base) for axis in plane.axes):
        raise ValueError(f"axes must be 2 different ones from 0 to {len(plane.base) - 1}, got {plane.axes}.")
    if not 0 < plane.extent < math.inf:
        raise ValueError(f"extent must be a positive number, got {plane.extent}.")
    if plane.spacing not in SPACINGS:
        raise ValueError(f"spacing must be one of {', '.join(SPACINGS)}, got {plane.spacing!r}.")
    if plane.regions is not None and np.shape(plane.regions) != (TILES, TILES):
        raise ValueError(f"regions must be {TILES} rows of {TILES} tiles, got {np.shape(plane.regions)}.")
    if plane.field is not None and (np.ndim(plane.field) != 2 or len(set(np.shape(plane.field))) != 1):
        raise ValueError(f"field must be a square of shares, got {np.shape(plane.field)}.")
    if plane.deviations is not None:
        rows, deviations = plane.deviations
        if np.shape(deviations) != (len(rows), 2) or (len(rows) and not 0 <= min(rows) <= max(rows) < count):
            raise ValueError("deviations must be rows into the means and a pair of numbers for each.")


def read_place(value: Any) -> tuple[float, float] | None:
    """Validate the browser's message: two finite numbers; None if malformed."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return None
    sound = all(isinstance(number, int | float) and not isinstance(number, bool) for number in value)
    if not sound or not all(math.isfinite(number) and abs(number) <= 100 for number in value):
        return None
    return round(float(value[0]), 3), round(float(value[1]), 3)
