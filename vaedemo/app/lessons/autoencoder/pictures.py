"""The pictures of one image in an autoencoder: its layers, its code, and how its copy differs."""

from collections.abc import Sequence

import numpy as np

from vaedemo.analysis import activations
from vaedemo.app.components.layer_diagram import Box
from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.shared.symbols import subscript
from vaedemo.figures import palette, pixels
from vaedemo.figures.signed import signed_pixels

MOST_BARS_NAMED = 16
TITLES = {"input": "image x", "code": "code z", "output": "x̂"}


def boxes(found: Sequence[activations.Layer]) -> list[Box]:
    """A box for each layer, with one square per number."""
    hidden = iter(range(1, len(found)))
    return [
        Box(
            TITLES.get(layer.part) or f"h{subscript(next(hidden))}",
            (shape_words(layer), kind_words(layer)),
            f"{layer.parameters:,}" if layer.parameters else "",
            picture(layer),
        )
        for layer in found
    ]


def shape_words(layer: activations.Layer) -> str:
    """The shape with its product, "8 × 14 × 14 = 1,568", or one number, "80"."""
    return layer.shape_text + (f" = {layer.size:,}" if layer.values.ndim > 1 else "")


def kind_words(layer: activations.Layer) -> str:
    """The operation that computes the layer, and its units."""
    units = {"encoder": ", ReLU", "decoder": ", ReLU", "output": ", sigmoid"}.get(layer.part, "")
    return layer.kind + units if layer.kind else "pixels"


def picture(layer: activations.Layer) -> np.ndarray:
    """A layer's values as (H, W, 4): images in grey, units without sign from black to their maximum, signed in
    colour."""
    tiles, columns = activations.tiles(layer)
    values = tiles.numpy().astype(np.float64)
    if layer.part == "code":
        shown = signed_pixels(values)
    else:
        largest = 1.0 if layer.part in ("input", "output") else np.nanmax(values, initial=0.0) or 1.0
        grey = np.rint(255 * np.clip(np.nan_to_num(values) / largest, 0, 1)).astype(np.uint8)
        shown = np.repeat(grey[:, None], 3, axis=1)
    sheet = pixels.sheet(shown, columns)
    if len(tiles) == 1:
        sheet[np.isnan(values[0]), 3] = 0
    return sheet


def code_bars(code: np.ndarray) -> Sketch:
    """The numbers of the code, one bar each."""
    reach = 1.15 * max(float(np.abs(code).max()), 1e-6)
    places = np.arange(1, len(code) + 1)
    ticks = [(float(place), str(place)) for place in places] if len(code) <= MOST_BARS_NAMED else None
    bars = [
        layers.bar((place - 0.4, place + 0.4), (0, value), color=palette.POSTERIOR)
        for place, value in zip(places, code, strict=True)
    ]
    return Sketch(
        Axis("the numbers of the code z", 0.4, len(code) + 0.6, ticks, bare=True),
        Axis("value", -reach, reach),
        [*bars, layers.level(0.0, color=palette.NEUTRAL, width=1.25)],
    )


def with_difference(x: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """The image, its reconstruction and their difference (3, 3, H, W). The difference is in colour, saturated at ±1."""
    grey = [np.repeat(pixels.as_bytes(each[None])[:, :1], 3, axis=1)[0] for each in (x, reconstruction)]
    return np.stack([*grey, signed_pixels((x - reconstruction)[0], 1.0)])
