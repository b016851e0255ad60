"""The charts beside the panels of the β page: rate against distortion, the loss, the KL of each axis, the KL split."""

import math
from collections.abc import Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.components.trade_off import Chart
from vaedemo.app.lessons.beta.data import Figures, Sweep
from vaedemo.figures import palette

TANGENT = 0.075  # half the length of a tangent, as a share of the chart
EQUAL_LINES = 5
BAR = 1.28  # a bar extends from β / 1.28 to 1.28 β


def charts(sweep: Sweep, unit: str) -> list[Chart]:
    """All four charts; `unit` is "nats per image" or "nats per point"."""
    return [rate_distortion(sweep, unit), losses(sweep, unit), thermometer(sweep, unit), split(sweep, unit)]


def positions(figures: Sequence[Figures]) -> np.ndarray:
    """The position of each β on a logarithmic axis; 0 is put one step below the smallest."""
    betas = np.array([each.beta for each in figures])
    return np.where(betas > 0, betas, betas[betas > 0].min() / 10)


def beta_axis(figures: Sequence[Figures]) -> Axis:
    at = positions(figures)
    ticks = [(place, f"{each.beta:g}") for place, each in zip(at, figures, strict=True)]
    return Axis("β", at.min() / 1.6, at.max() * 1.6, ticks, log=True, bare=True)


def padded(*values, below: float = 0.08, above: float = 0.12) -> tuple[float, float]:
    low, high = min(map(np.min, values)), max(map(np.max, values))
    room = max(high - low, 1e-3)
    return float(low - below * room), float(high + above * room)


def rate_distortion(sweep: Sweep, unit: str) -> Chart:
    r"""Reconstruction D against KL R: a model trained with β touches a line D + βR = constant (Alemi 2018)."""
    figures = sweep.figures
    test, train = (np.array([getattr(each, part)[::-1] for each in figures]) for part in ("test", "train"))
    x_ends, y_ends = padded(test[:, 0], train[:, 0]), padded(test[:, 1], train[:, 1])
    drawn = [*equal_elbo(x_ends, y_ends)]
    drawn += [tangent(place, each.beta, x_ends, y_ends) for place, each in zip(test, figures, strict=True)]
    drawn += [
        layers.line(*train.T, color=palette.NEUTRAL, width=1.5, dash="dashed"),
        layers.dots(*train.T, 3.5, color=palette.NEUTRAL, name="train"),
        layers.line(*test.T, color=palette.ELBO, width=2),
        layers.dots(*test.T, 5, color=palette.ELBO, rim=True, name="test"),
    ]
    for places, words, look in (
        (train, "least on train", {"color": palette.NEUTRAL, "shift": -14, "baseline": "top", "align": "right"}),
        (test, "least −ELBO", {"color": "text", "bold": True, "shift": 14, "baseline": "bottom"}),
    ):
        drawn.append(layers.words(*places[places.sum(axis=1).argmin()], words, **look))
    return Chart(
        "What β buys: reconstruction against KL",
        "Reconstruction loss against KL, one point for each β, with tangents of slope −β",
        Sketch(Axis(f"KL, {unit}", *x_ends), Axis(f"reconstruction loss, {unit}", *y_ends), drawn),
        test,
    )


def equal_elbo(x_ends: tuple[float, float], y_ends: tuple[float, float]) -> list[dict]:
    """Lines along which KL + reconstruction is constant."""
    sums = np.linspace(x_ends[0] + y_ends[0], x_ends[1] + y_ends[1], EQUAL_LINES + 2)[1:-1]
    across = np.array(x_ends)
    looks = [{"name": "equal −ELBO"}, *[{}] * (EQUAL_LINES - 1)]
    return [
        layers.line(across, total - across, color=palette.NEUTRAL, width=1, dash="dotted", **look)
        for total, look in zip(sums, looks, strict=True)
    ]


def tangent(place: np.ndarray, beta: float, x_ends: tuple[float, float], y_ends: tuple[float, float]) -> dict:
    """A line of slope −β through a point, of the same length on the screen for every β."""
    wide, tall = x_ends[1] - x_ends[0], y_ends[1] - y_ends[0]
    step = TANGENT / math.hypot(1 / wide, beta / tall)
    across = np.array([-step, step])
    look = {"name": "slope −β"} if beta == 1 else {}
    return layers.line(place[0] + across, place[1] - beta * across, color=palette.KL, width=2, **look)


def losses(sweep: Sweep, unit: str) -> Chart:
    """Reconstruction and −ELBO against β, between the floor and the ceiling of the data."""
    figures, at = sweep.figures, positions(sweep.figures)
    reconstruction = np.array([each.test[0] for each in figures])
    total = np.array([each.negative_elbo for each in figures])
    ends = [value for value in (sweep.floor, sweep.ceiling) if value is not None]
    drawn = [
        layers.line(at, reconstruction, color=palette.RECONSTRUCTION, width=2, name="reconstruction"),
        layers.dots(at, reconstruction, 4, color=palette.RECONSTRUCTION),
        layers.line(at, total, color=palette.ELBO, width=2, name="−ELBO"),
        layers.dots(at, total, 4, color=palette.ELBO),
    ]
    if ends:
        drawn.append(layers.level(sweep.ceiling, color=palette.NEUTRAL, dash="dashed", name="ceiling: the mean image"))
        drawn.append(layers.level(sweep.floor, color=palette.NEUTRAL, dash="dotted", name="floor: the pixels' entropy"))
    y_ends = padded(reconstruction, total, *[np.array(ends)] * bool(ends))
    return Chart(
        "Between the data's floor and ceiling" if ends else "The loss against β",
        "Reconstruction loss and −ELBO on test data against β",
        Sketch(beta_axis(figures), Axis(unit, *y_ends), drawn),
        np.column_stack([at, total]),
    )


def thermometer(sweep: Sweep, unit: str) -> Chart:
    """The KL of each axis against β: at 0 the axis has collapsed onto the prior."""
    figures, at = sweep.figures, positions(sweep.figures)
    per_axis = np.array([sorted(each.per_axis, reverse=True) for each in figures])
    drawn = [
        layers.line(at, values, color=palette.KL, width=2, alpha=0.9, **({"name": "KL of an axis"} if not axis else {}))
        for axis, values in enumerate(per_axis.T)
    ]
    drawn.append(layers.dots(np.repeat(at, per_axis.shape[1]), per_axis.ravel(), 3.5, color=palette.KL))
    low, high = padded(per_axis, [0.0], above=0.22)
    drawn += [
        layers.words(place, high - 0.06 * (high - low), f"{each.active_units}", color="text", align="center")
        for place, each in zip(at, figures, strict=True)
    ]
    return Chart(
        "Collapse: KL of each axis, and active units above",
        "KL of each latent axis against β, with the number of active units",
        Sketch(beta_axis(figures), Axis(unit, low, high), drawn),
        np.column_stack([at, per_axis[:, 0]]),
    )


def split(sweep: Sweep, unit: str) -> Chart:
    """The mean KL as a stacked bar: the information of the code on x, and the distance of q(z) from the prior."""
    figures, at = sweep.figures, positions(sweep.figures)
    drawn = []
    for index, (place, each) in enumerate(zip(at, figures, strict=True)):
        wide = (place / BAR, place * BAR)
        known, apart = max(each.split.information, 0.0), max(each.split.marginal, 0.0)
        looks = (
            ({"name": "I(x; z), what z knows of x"}, {"name": "KL(q(z)‖p(z)), codes outside the prior"})
            if not index
            else ({}, {})
        )
        drawn.append(layers.bar(wide, (0, known), color=palette.DATA, **looks[0]))
        drawn.append(layers.bar(wide, (known, known + apart), color=palette.PRIOR, **looks[1]))
    most = figures[0].split.log_count
    drawn.append(
        layers.level(most, color=palette.NEUTRAL, dash="dashed", name=f"log N = {most:.2f}, the most I can be")
    )
    total = np.array([each.split.kl for each in figures])
    return Chart(
        "The mean KL, split in two",
        "The mean KL against β as a stacked bar: mutual information below, distance of q(z) from the prior above",
        Sketch(beta_axis(figures), Axis(unit, 0, 1.12 * max(total.max(), most)), drawn),
        np.column_stack([at, total]),
    )
