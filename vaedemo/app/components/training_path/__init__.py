"""One training step of a VAE as a picture: the way forward from left to right, then the gradients, then the update.

The step has stages. The picture lights the parts of one of them, and below it stands what happens there, with a table.
The browser plays them in slow motion once Play is pressed, without the server.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import Sources, source, with_header
from vaedemo.figures.palette import ROLES

STAGES = 9
# The stage at which each part of the drawing gets its numbers.
PARTS = {
    "x": 0,
    "encoder": 1,
    "q": 1,
    "noise": 2,
    "z": 2,
    "decoder": 3,
    "image": 3,
    "reconstruction": 4,
    "kl": 4,
    "sum": 4,
}
PICTURES = (0, 3, 8)  # the stages of x, of x̂, and of x̂ after the step
SOURCES = Sources(
    source("training_path/training_path.html"),
    (
        "common/base.css",
        "common/buttons.css",
        "common/player.css",
        "common/slider.css",
        "training_path/training_path.css",
    ),
    ("common/canvas.js", "common/life.js", "training_path/panel.js", "training_path/training_path.js"),
)
mount = st.components.v2.component("vaedemo_training_path", **SOURCES.for_streamlit())


@dataclass(frozen=True)
class Stage:
    """One stage: its `name`, one sentence, and its table.

    `table`: rows of cells, the first row the heads; none for a stage without a table. `roles`: by the number of a row,
    the role of the palette whose colour marks it. `pictures`: captions of the pictures beside the table, by their place
    in the message: 0 is x, 1 x̂ and 2 x̂ after the step.
    """

    name: str
    words: str
    table: Sequence[Sequence[str]] = ()
    roles: Mapping[int, str] = field(default_factory=dict)
    pictures: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Path:
    """What a step shows. `lines`: the text in each of `PARTS`, one or two lines. `stages`: `STAGES` of them.
    `images`: x, x̂ and x̂ after the step, uint8 (3, H, W)."""

    lines: Mapping[str, Sequence[str]]
    stages: Sequence[Stage]
    images: np.ndarray


def training_path(
    path: Path,
    stage: int,
    *,
    key: str,
    label: str,
    last: int = STAGES - 1,
    player: bool = True,
    on_stage: Callable[[int], None] | None = None,
) -> None:
    """Draw a step at one stage.

    Args:
        path: the step.
        stage: the stage that is lit, from 0.
        key: unique on the page; with the same key the drawing is updated in place.
        label: what is shown, for screen readers.
        last: the last stage that can be reached. What comes later is not sent.
        player: whether there are a slider and a Play button.
        on_stage: called with the stage before the page reruns, when the visitor has moved the slider.

    Raises:
        ValueError: another number of stages, a stage after `last`, a part without text, or images of another shape.
    """

    def receive() -> None:
        told = read_stage(st.session_state[key].get("stage"), last)
        if told is not None and on_stage is not None:
            on_stage(told)

    mount(key=key, data=pack(path, stage, last, player, label), on_stage_change=receive)


def pack(path: Path, stage: int, last: int, player: bool, label: str) -> bytes:
    """The message for the browser: a header, then the pixels of the pictures that are sent."""
    if len(path.stages) != STAGES or not 0 <= stage <= last < STAGES:
        raise ValueError(f"A step has {STAGES} stages, and stage and last are among them: got {stage} and {last}.")
    if set(path.lines) != set(PARTS) or not all(path.lines.values()):
        raise ValueError(f"Each part needs its text: {', '.join(PARTS)}.")
    images = path.images
    if images.dtype != np.uint8 or images.ndim != 3 or len(images) != len(PICTURES):
        raise ValueError(f"images must be uint8 (3, H, W), got {images.dtype} {images.shape}.")
    if not label:
        raise ValueError("label must say what the drawing shows; it is read out in its place.")
    sent = [image for image, since in zip(images, PICTURES, strict=True) if since <= last]
    header = {
        "colours": dict(ROLES),
        "label": label,
        "stage": stage,
        "player": player,
        "lines": {part: list(lines) if PARTS[part] <= last else [] for part, lines in path.lines.items()},
        "parts": PARTS,
        "stages": [wire(each) for each in path.stages[: last + 1]],
        "height": images.shape[1],
        "width": images.shape[2],
        "pictures": len(sent),
    }
    return with_header(header, *(image.tobytes() for image in sent))


def wire(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "words": stage.words,
        "table": [list(row) for row in stage.table],
        "roles": {str(row): role for row, role in stage.roles.items()},
        "pictures": [[place, caption] for place, caption in stage.pictures.items()],
    }


def read_stage(value: Any, last: int) -> int | None:
    """Validate the browser's message: a stage from 0 to `last`; None if malformed."""
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= last
    return value if sound else None
