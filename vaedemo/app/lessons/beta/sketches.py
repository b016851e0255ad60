"""Two large pictures of a sweep: reconstruction against KL, and the KL in two parts. Names stand in the picture."""

import math

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.beta.data import Sweep
from vaedemo.figures import palette

SMALLEST = 0.1  # the smallest β on the curve: below it the KL axis would be mostly empty
HALF = 0.36  # of a bar's width


def curve(sweep: Sweep, *, is_open: bool) -> Sketch:
    """Reconstruction loss against KL, a point for each β from the largest to `SMALLEST`.

    `is_open`: only the two KL that the question names, and the loss of the first.
    """
    ordered = list(reversed(sweep.figures))
    figures = [each for each in ordered if each.beta >= SMALLEST]
    figures = figures if len(figures) > 1 else ordered
    loss, kl = np.array([each.test for each in figures]).T
    room, top = max(np.ptp(loss), 1e-3), loss.max()
    wide = max(np.ptp(kl), 1e-3)
    if is_open:
        drawn = [
            layers.upright(kl[1], color=palette.KL, dash="dashed"),
            words(kl[1] + 0.01 * wide, top + 0.06 * room, f"β = {figures[1].beta:g}: where?"),
            layers.dots(kl[:1], loss[:1], 7, color=palette.ELBO, rim=True),
        ]
    else:
        cost, saved = kl[1] - kl[0], f"{loss[1] - loss[0]:+.0f}".replace("-", "−")
        middle = ((kl[0] + kl[1]) / 2, (loss[0] + loss[1]) / 2)
        drawn = [
            layers.line(kl, loss, color=palette.ELBO, width=3),
            layers.dots(kl, loss, 7, color=palette.ELBO, rim=True),
            layers.line(kl[[0, 1, 1]], loss[[0, 0, 1]], color=palette.NEUTRAL, width=2, dash="dashed"),
            words(middle[0], loss[0] + 0.06 * room, f"{cost:+.1f} nats", color=palette.KL, align="center"),
            words(kl[1] + 0.01 * wide, middle[1], f"{saved} nats", color=palette.RECONSTRUCTION),
        ]
        for index, each in enumerate(figures[1:], 1):
            title = f"β = {each.beta:g}" if index < 3 else f"{each.beta:g}"
            drawn.append(words(kl[index], loss[index] + 0.06 * room, title, shift=6))
    drawn.append(words(kl[0], loss[0], f"β = {figures[0].beta:g}", align="right", shift=-10))
    across = Axis("KL, nats", float(kl.min() - 0.17 * wide), float(kl.max() + 0.08 * wide))
    return Sketch(
        across, Axis("reconstruction loss, nats", float(loss.min() - 0.12 * room), float(top + 0.14 * room)), drawn
    )


def words(x: float, y: float, text: str, **look) -> dict:
    """Bold text in the picture, in the page's ink unless it has a colour."""
    return layers.words(x, y, text, **({"color": "text", "bold": True, "baseline": "middle"} | look))


def parts(sweep: Sweep, *, is_open: bool) -> Sketch:
    """The KL of each model as a bar, largest β first; in its two parts unless the question `is_open`."""
    figures = list(reversed(sweep.figures))
    top = max(each.split.kl for each in figures)
    drawn, last = [], figures[-1].split
    for index, each in enumerate(figures):
        wide, total = (index - HALF, index + HALF), max(each.split.kl, 0.0)
        known = min(max(each.split.information, 0.0), total)
        if is_open:
            drawn.append(layers.bar(wide, (0, total), color=palette.KL))
        else:
            drawn.append(layers.bar(wide, (0, known), color=palette.DATA))
            drawn.append(layers.bar(wide, (known, total), color=palette.PRIOR))
    if not is_open:
        left = len(figures) - 1 - 1.3 * HALF
        most = f"log {math.exp(last.log_count):,.0f} = {last.log_count:.1f}"
        drawn += [
            layers.line(*level_between_words(figures, last.log_count, top), color=palette.NEUTRAL, dash="dashed"),
            words(left, 0.75 * top, "KL(q(z)‖p(z)): codes outside the prior", align="right"),
            words(-0.45, last.log_count + 0.12 * top, "I(x; z): what z tells about x,", color=palette.DATA),
            words(-0.45, last.log_count + 0.05 * top, f"at most {most}", color=palette.DATA),
        ]
    for index, each in enumerate(figures):
        total = max(each.split.kl, 0.0)
        drawn.append(words(index, total + 0.04 * top, f"{total:.1f}", align="center"))
    ticks = [(index, f"{each.beta:g}") for index, each in enumerate(figures)]
    return Sketch(Axis("β", -0.6, len(figures) - 0.4, ticks, bare=True), Axis("KL, nats", 0, float(1.12 * top)), drawn)


def level_between_words(figures, at: float, top: float) -> tuple[list[float], list[float]]:
    """A horizontal line over all bars, interrupted where the number of a bar stands."""
    x, y = [], []
    for index, each in enumerate(figures):
        is_struck = abs(each.split.kl + 0.04 * top - at) < 0.05 * top
        x += [index - 0.5, index + 0.5]
        y += [np.nan if is_struck else at] * 2
    return x, y
