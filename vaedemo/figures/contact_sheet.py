"""Images on one sheet with a footer that says how to reproduce them."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vaedemo.figures import pixels

MARGIN, TYPE_SIZE = 16, 14  # pixels
PAPER, INK = (255, 255, 255), (40, 44, 52)
NARROWEST = 420  # least width in pixels, so that a usual footer fits below few images


def contact_sheet(images, columns: int, footer: Sequence[str], *, scale: int = 2) -> np.ndarray:
    """A sheet of images on white paper, with lines of text below, as uint8 (H, W, 3).

    Args:
        images: as for `pixels.sheet`, (n, …); `columns`: images per row; `scale`: the enlargement of each image.
        footer: lines of text; a line wider than the sheet is wrapped between words.

    Raises:
        ValueError: as from `pixels.sheet`, or no line of text.
    """
    if not footer:
        raise ValueError("A contact sheet needs at least one line that says how it was made.")
    sheet = Image.fromarray(pixels.sheet(images, columns, gap=1, scale=scale, background=PAPER))
    font = ImageFont.load_default(TYPE_SIZE)
    width = max(sheet.width, NARROWEST)
    lines = [piece for line in footer for piece in broken(line, width, font)]
    step = round(1.5 * TYPE_SIZE)
    paper = Image.new("RGB", (width + 2 * MARGIN, sheet.height + 3 * MARGIN + step * len(lines)), PAPER)
    paper.paste(sheet, (MARGIN, MARGIN))
    pen = ImageDraw.Draw(paper)
    for row, line in enumerate(lines):
        pen.text((MARGIN, sheet.height + 2 * MARGIN + step * row), line, fill=INK, font=font)
    return np.asarray(paper)


def broken(line: str, width: int, font) -> list[str]:
    """A line wrapped to a width; a single word that is too long is not broken."""
    lines, held = [], ""
    for word in line.split():
        longer = f"{held} {word}".strip()
        if held and font.getlength(longer) > width:
            lines.append(held)
            held = word
        else:
            held = longer
    return [*lines, held]
