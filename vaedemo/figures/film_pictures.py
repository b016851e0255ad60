"""The frames of a film as images, uint8 (H, W, 3), for a GIF to download."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vaedemo.figures import markers, palette, pixels

SIDE = 480  # pixels of one of the two pictures
FINE = 3  # supersampling factor: images are drawn larger and then reduced, which smooths edges
MARKER = 3.2  # pixels
WHITE, INK = (255, 255, 255), (38, 39, 48)
MARGIN, HEAD = 12, 34  # pixels around and above the pictures


class _Canvas:
    """A square white image with data coordinates; y increases upwards."""

    def __init__(self, window: tuple[tuple[float, float], tuple[float, float]], side: int):
        (self.left, right), (bottom, self.top) = window
        self.scale = (FINE * side / (right - self.left), FINE * side / (self.top - bottom))
        self.side = side
        self.image = Image.new("RGB", (FINE * side, FINE * side), WHITE)
        self.draw = ImageDraw.Draw(self.image)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Points (n, 2) as pixel coordinates of the large image."""
        points = np.asarray(points, dtype=np.float64)
        return np.stack([(points[:, 0] - self.left) * self.scale[0], (self.top - points[:, 1]) * self.scale[1]], axis=1)

    def line(self, points: np.ndarray, colour: str, width: float) -> None:
        self.draw.line(self.place(points).ravel().tolist(), fill=colour, width=round(FINE * width), joint="curve")

    def dots(self, points: np.ndarray, polygon: np.ndarray, colour: str, radius: float) -> None:
        corners = FINE * radius * polygon * [1, -1]
        for middle in self.place(points):
            self.draw.polygon((middle + corners).ravel().tolist(), fill=colour)

    def done(self) -> np.ndarray:
        end = FINE * self.side - 1
        self.draw.rectangle((0, 0, end, end), outline=palette.NEUTRAL, width=FINE)
        return np.asarray(self.image.reduce(FINE))


def codes_picture(
    means, labels, extent: float, radii: Sequence[float], *, upright: bool = False, side: int = SIDE
) -> np.ndarray:
    """Means (M, 2) by class among the prior's contours, (side, side, 3).

    Args:
        labels: class of each mean, (M,).
        extent: half the side of the window.
        radii: of the contours; `upright` draws them as lines at ±radius, for a single latent axis.
    """
    canvas = _Canvas(((-extent, extent), (-extent, extent)), side)
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    for radius in radii:
        if upright:
            for at in (-radius, radius):
                canvas.line(np.array([[at, -extent], [at, extent]]), palette.PRIOR, 1.5)
        else:
            canvas.line(radius * circle, palette.PRIOR, 1.5)
    means, labels = np.asarray(means), np.asarray(labels)
    for index in np.unique(labels).tolist():
        canvas.dots(means[labels == index], markers.class_polygon(index), palette.class_colour(index), MARKER)
    return canvas.done()


def plane_picture(decoded, data, window, mesh: int, *, side: int = SIDE) -> np.ndarray:
    """Decoded points (n, 2) among the data (D, 2), joined as a grid of side `mesh` unless that is 0."""
    canvas = _Canvas(window, side)
    canvas.dots(data, markers.POLYGONS["circle"], palette.DATA, 1.3)
    if mesh:
        grid = np.asarray(decoded).reshape(mesh, mesh, 2)
        for line in (*grid, *grid.transpose(1, 0, 2)):
            canvas.line(line, palette.PRIOR, 1.3)
    else:
        canvas.dots(decoded, markers.POLYGONS["diamond"], palette.RECONSTRUCTION, 3)
    return canvas.done()


def sheet_picture(images, columns: int, *, side: int = SIDE) -> np.ndarray:
    """Images (n, C, H, W) in rows, each pixel a whole number of pixels large, about (side, side, 3)."""
    width = pixels.as_bytes(images).shape[3]
    scale = max(1, round(side / (min(columns, len(images)) * (width + 1))))
    return pixels.sheet(images, columns, gap=1, scale=scale, background=WHITE)


def beside(left: np.ndarray, right: np.ndarray, words: str) -> np.ndarray:
    """Two images side by side on white, aligned at the top, with words above them, (H, W, 3)."""
    height = HEAD + max(len(left), len(right)) + MARGIN
    width = left.shape[1] + right.shape[1] + 3 * MARGIN
    page = Image.new("RGB", (width, height), WHITE)
    page.paste(Image.fromarray(left), (MARGIN, HEAD))
    page.paste(Image.fromarray(right), (left.shape[1] + 2 * MARGIN, HEAD))
    ImageDraw.Draw(page).text((MARGIN, HEAD // 2), words, fill=INK, font=ImageFont.load_default(18), anchor="lm")
    return np.asarray(page)
