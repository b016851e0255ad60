"""The slide's drawing: a net with more units than pixels, of which few fire, and the units' own loop."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import palette

PIXELS, UNITS = 6, 11
FIRING = (2, 7)  # of the units
PLACES = {"x": 0.0, "z": 1.0, "x̂": 2.0}
HEIGHT = 430
LABEL = "A net with more units than pixels: few of the units fire, and a loop leads from the units to themselves"


def picture(view: StepView) -> None:
    sketch(drawing(), key=view.key("net"), label=LABEL, height=HEIGHT)


def drawing() -> Sketch:
    """Pixels x, more units z, pixels x̂, all connected; the lines of the firing units stand out."""
    pixels, units = heights(PIXELS), heights(UNITS)
    drawn = []
    for first, second, ink in (("x", "z", palette.POSTERIOR), ("z", "x̂", palette.RECONSTRUCTION)):
        for fires, look in ((False, {"alpha": 0.18, "width": 1}), (True, {"alpha": 0.9, "width": 2})):
            drawn.append(layers.line(*lines(pixels, units, first, second, fires), color=ink, **look))
    drawn += [
        layers.line(*loop(), color=palette.NEUTRAL, width=2.5),
        layers.dots(np.full(PIXELS, PLACES["x"]), pixels, 9, color=palette.DATA),
        layers.dots(np.full(PIXELS, PLACES["x̂"]), pixels, 9, color=palette.RECONSTRUCTION),
    ]
    lit = [place in FIRING for place in range(UNITS)]
    for fires, alpha in ((False, 0.28), (True, 1.0)):
        chosen = units[[each == fires for each in lit]]
        drawn.append(layers.dots(np.full(len(chosen), PLACES["z"]), chosen, 9, color=palette.POSTERIOR, alpha=alpha))
    look = {"bold": True, "align": "center", "baseline": "bottom"}
    drawn += [
        layers.words(PLACES["x"], 0.8, "784 pixels x", color=palette.DATA, **look),
        layers.words(PLACES["z"], 1.37, "1,024 units z, few fire", color=palette.POSTERIOR, **look),
        layers.words(PLACES["x̂"], 0.8, "784 pixels x̂", color=palette.RECONSTRUCTION, **look),
        layers.words(0.42, -1.0, "encoder E", color=palette.POSTERIOR, align="center", baseline="top"),
        layers.words(1.58, -1.0, "decoder D", color=palette.RECONSTRUCTION, align="center", baseline="top"),
        layers.words(1.0, -1.58, "S: the units' loop (Rolfe & LeCun)", color="text", align="center", baseline="top"),
    ]
    return Sketch(Axis("", -0.45, 2.45, (), bare=True), Axis("", -1.85, 1.6, (), bare=True), drawn)


def heights(count: int) -> np.ndarray:
    """The heights of so many dots, one above the other, around 0."""
    return (np.arange(count) - (count - 1) / 2) * 0.24


def lines(pixels: np.ndarray, units: np.ndarray, first: str, second: str, fires: bool):
    """The connections of two layers as one broken line: those of the firing units, or all others."""
    x, y = [], []
    for place, height in enumerate(units):
        if (place in FIRING) != fires:
            continue
        for other in pixels:
            ends = (other, height) if first == "x" else (height, other)
            x += [PLACES[first], PLACES[second], np.nan]
            y += [*ends, np.nan]
    return x, y


def loop() -> tuple[np.ndarray, np.ndarray]:
    """An arc below the units that leads back to them, with the tip of an arrow."""
    angle = np.linspace(0.62 * np.pi, 2.38 * np.pi, 60)
    x, y = 1.0 + 0.1 * np.cos(angle), -1.42 + 0.12 * np.sin(angle)
    tip = np.array([[0.05, 0.0], [0.0, 0.0], [0.01, -0.1]])
    return np.concatenate([x, [np.nan], x[-1] + tip[:, 0]]), np.concatenate([y, [np.nan], y[-1] + tip[:, 1]])
