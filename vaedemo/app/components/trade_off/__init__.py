"""Panels along β with charts beside them. Sliders move them in the browser; all data are sent at once."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.app.components.sketch import Sketch
from vaedemo.app.components.sketch import pack as pack_sketch
from vaedemo.figures import palette
from vaedemo.figures.latent import prior_radius
from vaedemo.rules import ConfigError, whole

PANEL_NAMES = "ABCD"
LEAST_REACH = 3.3  # half the width of a plane at least, so that the prior's circle of 99 % is visible
PRIOR_SHARES = (0.5, 0.99)  # of N(0, I), inside the circles on a plane
MOST_BYTES = 4_000_000  # bytes


SCRIPTS = (
    "common/canvas.js",
    "common/axes.js",
    "common/life.js",
    "sketch/draw.js",
    "sketch/plot.js",
    "trade_off/panel.js",
    "trade_off/trade_off.js",
)
mount = st.components.v2.component(
    "vaedemo_trade_off",
    html=source("trade_off/trade_off.html"),
    css=source(
        "common/base.css", "common/slider.css", "common/legend.css", "trade_off/trade_off.css", "common/paper.css"
    ),
    js=script(*SCRIPTS),
)


@dataclass(frozen=True)
class Row:
    """Pictures in every panel, `across` of them in a line: (K, n, H, W) uint8, or (1, n, H, W) if all models share
    them."""

    title: str
    pictures: np.ndarray
    across: int = 8


@dataclass(frozen=True)
class Chart:
    """A sketch with β along it, and the position of each model, (K, 2), where the panels' letters are drawn."""

    title: str
    label: str
    drawn: Sketch
    track: np.ndarray


@dataclass(frozen=True)
class Models:
    """The data of K models in the order of β.

    `betas`: rising, one per model. `lines`: a short text per model, shown under its panel's β. `codes` (K, M, 2): one z
    of q(z|x) for each of M examples; `labels` (M,): their classes. `rows`: strips of pictures. `cloud` (K, n, 2) and
    `data` (m, 2), for models of points, else None: points sampled from each model, and the data to compare them with.
    `names`: for each model the (x, y, text) to write on its plane, such as the classes.
    """

    betas: Sequence[float]
    lines: Sequence[str]
    codes: np.ndarray
    labels: np.ndarray
    rows: Sequence[Row] = ()
    cloud: np.ndarray | None = None
    data: np.ndarray | None = None
    names: Sequence[Sequence[tuple[float, float, str]]] = ()


def trade_off(
    models: Models,
    charts: Sequence[Chart],
    places: Sequence[int],
    *,
    key: str,
    before: Sequence[int] | None = None,
    is_fixed: bool = False,
    on_settled: Callable[[tuple[int, ...]], None] | None = None,
) -> None:
    """Draw one panel for each of `places`, the numbers of models from 0 to K − 1. A slider stops at models only.

    `before`: earlier places, whose codes stay as a grey ghost. `is_fixed`: without sliders. `on_settled(places)` is
    called when a slider rests.

    Raises:
        ValueError: arrays that do not fit each other, a place out of range, or more bytes than a page may send.
    """
    payload = pack(models, charts, places, before, is_fixed)

    def receive():
        settled = read_places(st.session_state[key].get("settled"), len(places), len(models.betas))
        if settled is not None and on_settled is not None:
            on_settled(settled)

    mount(key=key, data=payload, on_settled_change=receive)


def pack(
    models: Models,
    charts: Sequence[Chart],
    places: Sequence[int],
    before: Sequence[int] | None = None,
    is_fixed: bool = False,
) -> bytes:
    """Pack the models: length of the header, JSON header, float32 numbers, then uint8 pictures."""
    check(models, charts, places)
    if before is not None:
        check(models, charts, before)
    numbers = [models.codes]
    if models.cloud is not None:
        numbers += [models.cloud, models.data]
    flat = np.concatenate([np.asarray(each, "<f4").ravel() for each in numbers])
    pictures = b"".join(np.ascontiguousarray(row.pictures, np.uint8).tobytes() for row in models.rows)
    header = {
        "betas": [float(beta) for beta in models.betas],
        "lines": list(models.lines),
        "codes": models.codes.shape[1],
        "labels": [int(label) for label in models.labels],
        "reaches": [reach(own) for own in models.codes],
        "rows": [{"title": row.title, "shape": list(row.pictures.shape), "across": row.across} for row in models.rows],
        "classes": [[list(each) for each in own] for own in models.names],
        "cloud": 0 if models.cloud is None else models.cloud.shape[1],
        "data": 0 if models.data is None else len(models.data),
        "charts": [
            {
                "title": chart.title,
                "spec": pack_sketch(chart.drawn, chart.label, 300),
                "track": np.asarray(chart.track, float).round(5).tolist(),
            }
            for chart in charts
        ],
        "names": PANEL_NAMES[: len(places)] if len(places) > 1 else "β",
        "places": [int(place) for place in places],
        "fixed": is_fixed,
        "before": None if before is None else [int(place) for place in before],
        "circles": [prior_radius(share) for share in PRIOR_SHARES],
        "circled": f"{PRIOR_SHARES[-1]:.0%} of N(0, I)",
        "opacity": palette.CLASS_OPACITY,
        "colours": {
            "classes": list(palette.CLASS_COLOURS),
            "prior": palette.PRIOR,
            "data": palette.DATA,
            "reconstruction": palette.RECONSTRUCTION,
            "neutral": palette.NEUTRAL,
        },
    }
    text = json.dumps(header, allow_nan=False, default=list).encode()  # default=list: `Numbers` is not a list
    packed = struct.pack("<I", len(text)) + text + flat.tobytes() + pictures
    if len(packed) > MOST_BYTES:
        raise ValueError(f"A sweep has at most {MOST_BYTES:,} bytes to show, got {len(packed):,}.")
    return packed


def reach(codes: np.ndarray) -> float:
    """Half the width of a plane that shows nearly all of these codes, (M, 2), and the prior."""
    return float(max(LEAST_REACH, np.quantile(np.abs(codes), 0.995))) if len(codes) else LEAST_REACH


def check(models: Models, charts: Sequence[Chart], places: Sequence[int]) -> None:
    """Raise ValueError if the parts do not fit each other."""
    count = len(models.betas)
    if count < 2 or list(models.betas) != sorted(set(models.betas)) or len(models.lines) != count:
        raise ValueError("betas must be two or more, rising, with a line for each.")
    if models.codes.shape != (count, len(models.labels), 2):
        raise ValueError(f"codes must have the shape ({count}, {len(models.labels)}, 2), got {models.codes.shape}.")
    if models.names and len(models.names) != count:
        raise ValueError("names must be one list per model.")
    if any(row.pictures.ndim != 4 or row.pictures.shape[0] not in (1, count) for row in models.rows):
        raise ValueError(f"pictures must have the shape ({count} or 1, n, H, W).")
    if (models.cloud is None) != (models.data is None) or (models.cloud is not None and len(models.cloud) != count):
        raise ValueError("cloud must come with data, and with points for each model.")
    if any(np.shape(chart.track) != (count, 2) for chart in charts):
        raise ValueError(f"track must have the shape ({count}, 2).")
    if not 1 <= len(places) <= len(PANEL_NAMES) or not all(place in range(count) for place in places):
        raise ValueError(
            f"places must be 1 to {len(PANEL_NAMES)} whole numbers from 0 to {count - 1}, got {tuple(places)}."
        )


def read_places(value: Any, count: int, models: int) -> tuple[int, ...] | None:
    """Validate the browser's message; None if malformed."""
    if not isinstance(value, Mapping) or not isinstance(value.get("places"), list) or len(value["places"]) != count:
        return None
    try:
        return tuple(whole(0, models - 1)("place", place) for place in value["places"])
    except ConfigError:
        return None
