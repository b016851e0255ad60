"""Two linked canvases, a plane and its image under a map. The slider between them runs in the browser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import Sources, source, with_header
from vaedemo.figures import palette
from vaedemo.rules import ConfigError, real

MOST_POINTS = 2_000
MOST_NUMBERS = 1_000_000  # float32 numbers in one message
HUES = 24  # colours around the circle, as in draw.js
SHOWS = ("both", "points", "grid")
COLOURS = {"neutral": palette.NEUTRAL, "line": palette.PRIOR}

SOURCES = Sources(
    source("warp/warp.html"),
    (
        "common/base.css",
        "common/slider.css",
        "common/buttons.css",
        "common/player.css",
        "warp/warp.css",
        "common/paper.css",
    ),
    ("common/canvas.js", "common/axes.js", "common/life.js", "warp/draw.js", "warp/touch.js", "warp/warp.js"),
)
mount = st.components.v2.component("vaedemo_warp", **SOURCES.for_streamlit())


@dataclass(frozen=True)
class Pane:
    """The texts around a pane: its title, a description for screen readers, and the names of its axes.

    `circle`: radius of a dashed circle around the origin, or None. `end`: the title at the end of the slider, if it is
    another.
    """

    title: str
    description: str
    axes: tuple[str, str]
    circle: float | None = None
    end: str = ""


@dataclass(frozen=True)
class Scene:
    """The content of both panes. Coordinates are in units of the data; a pane shows −extent to extent on both axes.

    `left` (N, 2): points of the left pane. `frames` (F, N, 2): their images on the right; the slider moves through them
    and interpolates between neighbours. `angles` (N,): radians, the hue of the points. `lines_left`: lines (M_i, 2);
    `lines_right`: frame number → images of those lines, interrupted at NaN. `mesh`: s if the N = s² points form a grid,
    row by row, whose curves are drawn in frames without lines; else 0. `extents_right`: one per frame. `labels`: one
    word per frame for a film; None: the slider shows 0 to F − 1. `seconds`: duration of Play.
    """

    left: np.ndarray
    frames: np.ndarray
    angles: np.ndarray
    lines_left: Sequence[np.ndarray]
    lines_right: Mapping[int, Sequence[np.ndarray]]
    extent_left: float
    extents_right: Sequence[float]
    mesh: int = 0
    labels: Sequence[str] | None = None
    slider: str = "t"
    seconds: float = 3.0
    hint: str = "Drag across either pane: the same points light up in both."

    @cached_property
    def bins(self) -> list[int]:
        """The index of each point's colour."""
        turn = np.mod(np.asarray(self.angles, dtype=np.float64) / (2 * np.pi), 1.0)
        return (np.floor(turn * HUES).astype(int) % HUES).tolist()

    @cached_property
    def numbers(self) -> bytes:
        """All coordinates as float32 pairs, in the browser's order; computed once."""
        pairs = [self.left, np.asarray(self.frames).reshape(-1, 2), *self.lines_left]
        for frame in sorted(self.lines_right):
            pairs += self.lines_right[frame]
        numbers = np.concatenate(pairs).astype("<f4")
        if numbers.size > MOST_NUMBERS:
            raise ValueError(f"A scene has at most {MOST_NUMBERS:,} numbers, got {numbers.size:,}.")
        return numbers.tobytes()


@dataclass(frozen=True)
class Settled:
    """The reader's settings in the component: the slider's position, the layers shown, and the brush.

    `brush`: "left,x0,y0,x1,y1,position" or "right,…", where position is the slider's when it was drawn; "" for none.
    """

    position: float = 0.0
    shows: str = "both"
    brush: str = ""


def warp(
    scene: Scene,
    panes: tuple[Pane, Pane],
    state: Settled,
    *,
    key: str,
    on_settled: Callable[[Settled], None] | None = None,
) -> None:
    """Draw a scene. `on_settled(settings)` is called before the page reruns, when the reader's input rests.

    Play, slider, brush and the two switches run in the browser. Without `on_settled` the browser sends nothing.

    Raises:
        ValueError: arrays that do not fit each other, more than 2,000 points, or more numbers than a page may send.
    """
    payload = pack(scene, panes, state, report=on_settled is not None)

    def receive():
        settled = read_settled(st.session_state[key].get("settled"), len(scene.frames))
        if settled is not None and on_settled is not None:
            on_settled(settled)

    mount(key=key, data=payload, on_settled_change=receive)


def pack(scene: Scene, panes: tuple[Pane, Pane], state: Settled, report: bool) -> bytes:
    """Pack a scene: length of the header, JSON header, float32 pairs."""
    check(scene, panes)
    header = {
        "count": len(scene.left),
        "frames": len(scene.frames),
        "lengths": [len(line) for line in scene.lines_left],
        "line_frames": sorted(scene.lines_right),
        "bins": scene.bins,
        "extents": [float(scene.extent_left), [float(extent) for extent in scene.extents_right]],
        "mesh": scene.mesh,
        "labels": None if scene.labels is None else list(scene.labels),
        "step": 0.01 if scene.labels is None else 1,
        "slider": scene.slider,
        "seconds": scene.seconds,
        "hint": scene.hint,
        "titles": [[pane.title, pane.end or pane.title] for pane in panes],
        "descriptions": [pane.description for pane in panes],
        "axes": [pane.axes for pane in panes],
        "circles": [pane.circle for pane in panes],
        "colours": COLOURS,
        "state": {"position": plain(state.position), "shows": state.shows, "brush": state.brush},
        "report": report,
    }
    return with_header(header, scene.numbers)


def plain(number: float) -> int | float:
    """1.0 as 1, as JavaScript writes it: both sides compare states as text."""
    rounded = round(float(number), 3)
    return int(rounded) if rounded == int(rounded) else rounded


def check(scene: Scene, panes: tuple[Pane, Pane]) -> None:
    """Raise ValueError if the parts of a scene do not fit each other."""
    count = len(scene.left)
    shape = np.shape(scene.frames)
    if not 1 <= count <= MOST_POINTS or np.shape(scene.left) != (count, 2):
        raise ValueError(f"left must be 1 to {MOST_POINTS:,} points (N, 2), got {np.shape(scene.left)}.")
    if len(shape) != 3 or not shape[0] or shape[1:] != (count, 2):
        raise ValueError(f"frames must have the shape (F, {count}, 2), got {shape}.")
    if len(scene.angles) != count or scene.mesh**2 not in (0, count):
        raise ValueError("angles must be one a point, and a mesh of side s needs s² points.")
    if len(scene.extents_right) != shape[0] or (scene.labels is not None and len(scene.labels) != shape[0]):
        raise ValueError(f"extents_right and labels must be one a frame, {shape[0]}.")
    lengths = [len(line) for line in scene.lines_left]
    for frame, lines in scene.lines_right.items():
        if not 0 <= frame < shape[0] or [len(line) for line in lines] != lengths:
            raise ValueError("lines_right must have, for a frame there is, as many vertices a line as lines_left.")
    if not all(pane.title and pane.description for pane in panes):
        raise ValueError("Each pane needs a title and a description.")


def read_settled(value: Any, frames: int) -> Settled | None:
    """Validate the browser's message; None if malformed."""
    if not isinstance(value, Mapping):
        return None
    try:
        position = real(0, frames - 1)("position", value.get("position"))
        brush = brush_text("brush", value.get("brush"))
    except ConfigError:
        return None
    return Settled(position, value["shows"], brush) if value.get("shows") in SHOWS else None


def brush_text(name: str, value: Any) -> str:
    """The rule for a brush in a link: "", or a side, two corners and the slider's position when it was drawn."""
    if value == "":
        return ""
    accepts = "left or right, then x0,y0,x1,y1 from −100 to 100 and the slider's position"
    try:
        side, *numbers = value.split(",")
        corners = [real(-100, 100)(name, number) for number in numbers]
    except (AttributeError, ConfigError):
        raise ConfigError(name, value, accepts) from None
    if side not in ("left", "right") or len(corners) != 5 or corners[4] < 0:
        raise ConfigError(name, value, accepts)
    x0, y0, x1, y1, position = corners
    ordered = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), position)
    return ",".join([side, *(f"{plain(number)}" for number in ordered)])
