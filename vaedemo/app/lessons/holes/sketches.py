"""The two latent planes of the page on holes: codes by class, the prior's circles, and the z that both decode."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.shared.places import apart
from vaedemo.figures import latent, palette, style

Z = palette.PRIOR  # the colour of z that are drawn at random
INSIDE = 0.99  # of a density, inside its dashed line
FEW = 200  # codes whose q is drawn
SHOWN = 1_000  # codes that are drawn as dots
APART = 0.065  # the least distance of two digits' names, as a share of the plane's narrow side
TOP = 0.12  # room for a name above, as a share of the plane
CLEARLY = 1.2  # how many times wider an axis must be to lie across
TITLES = {"prior": "99 % of N(0, I)", "fitted": "99 % of N(m, S)"}
ROOM = 1.06
PRIOR_REACH = 4.0  # radius outside which the prior has 0.03 % of its mass
CIRCLES = (1, 2, 3)


def window(means: np.ndarray, place: tuple[float, float], only_prior: bool) -> list[tuple[float, float]]:
    """The ends of both axes of a square plane that contains z and the prior, and all codes (N, 2) unless
    `only_prior`."""
    shown = np.array([[-PRIOR_REACH] * 2, [PRIOR_REACH] * 2, place])
    if not only_prior:
        shown = np.concatenate([shown, means])
    low, high = shown.min(axis=0), shown.max(axis=0)
    half = ROOM * (high - low).max() / 2
    return [(float(centre - half), float(centre + half)) for centre in (low + high) / 2]


def code_layers(means: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The layers that do not depend on z: codes (N, 2) by class, and the prior's circles."""
    drawn = [
        layers.dots(
            *means[labels == label].T,
            2.2,
            color=palette.class_colour(label),
            alpha=palette.CLASS_OPACITY,
            name=names[label],
        )
        for label in np.unique(labels).tolist()
    ]
    turn = np.linspace(0, 2 * np.pi, 97)
    for radius in CIRCLES:
        name = {"name": "N(0, I), 1, 2 and 3 σ"} if radius == 1 else {}
        drawn.append(layers.line(radius * np.cos(turn), radius * np.sin(turn), color=palette.PRIOR, width=2, **name))
    return drawn


def plane_sketch(
    codes: Sequence[dict[str, Any]],
    samples: np.ndarray,
    place: tuple[float, float],
    ends: list[tuple[float, float]],
) -> Sketch:
    """The `code_layers`, the prior's samples (n, 2) shown, and z, which is draggable.

    `ends`: lowest and highest value of each axis.
    """
    drawn = [
        *codes,
        layers.dots(*samples.T, 2.5, color=palette.PRIOR, rim=True, name="the samples below"),
        layers.dots([place[0]], [place[1]], 7.5, color="text", rim=True, moves=True, name="z: drag it"),
    ]
    return Sketch(Axis("z₁", *ends[0]), Axis("z₂", *ends[1]), drawn, equal=True, handle=place)


def draws_plane(
    codes,
    labels: Tensor,
    source: str = "",
    *,
    z: np.ndarray | None = None,
    lost: np.ndarray | None = None,
    with_q: bool = False,
    before: bool = False,
    at: tuple[float, float] | None = None,
) -> Sketch:
    """Codes in the encoder's colour, each digit written at its middle; the density of z, and z, large in holes.

    The axis on which the codes are widest lies across, so that the plane fills a wide picture.

    `codes`: a `data.Codes`; `labels` (N,) of its digits; `source`: prior, fitted or "" for none; `z` (n, 2), those in
    holes are `lost`; `with_q`: some q(z|x) at two standard deviations; `before`: also the fitted density, as a ghost;
    `at`: z that is draggable.
    """
    means = codes.means.numpy()
    turn = order(codes)
    rows = style.every_kth(len(means), FEW if with_q else SHOWN)
    drawn = [layers.dots(*means[rows][:, turn].T, 2, color=palette.POSTERIOR, alpha=0.4)]
    if with_q:
        sizes = 2 * codes.deviation.numpy()
        clouds = style.broken_line([style.circle(means[row], sizes[row], 24) for row in rows])
        drawn.append(layers.line(*clouds[:, turn].T, color=palette.POSTERIOR, width=1))
    lines = [("fitted", palette.NEUTRAL)] * before + [(source, Z)] * bool(source)
    drawn += [layers.line(*outline(codes, name)[:, turn].T, color=ink, width=2, dash="dashed") for name, ink in lines]
    low, high = ends(codes, at)
    high[turn[1]] += TOP * (high - low)[turn[1]]
    kinds = labels.unique().tolist()
    middles = np.array([np.median(means[labels.numpy() == kind], axis=0) for kind in kinds])
    for kind, middle in zip(kinds, apart(middles, APART * (high - low).min()), strict=True):
        drawn.append(written(*middle[turn], str(kind)))
    if source:
        drawn.append(named(outline(codes, source)[:, turn], source, beside=source == "prior" and turn == [1, 0]))
    if z is not None:
        drawn.append(layers.dots(*z[~lost][:, turn].T, 4, color=Z, rim=True))
        drawn.append(layers.dots(*z[lost][:, turn].T, 8, color=Z, rim=True))
    if at is not None:
        x, y = np.array(at)[turn]
        drawn.append(layers.dots([x], [y], 9, color="text", rim=True, moves=True))
        drawn.append(layers.words(x, y, "z", color="text", bold=True, shift=13, moves=True))
    across, up = (f"z{'₁₂'[axis]}" for axis in turn)
    titles = (f"{across} across, {up} up", "")
    axes = [Axis(title, float(low[axis]), float(high[axis])) for title, axis in zip(titles, turn, strict=True)]
    return Sketch(*axes, drawn, equal=True, handle=None if at is None else (x, y))


def written(x: float, y: float, text: str) -> dict[str, Any]:
    """Bold words in the page's ink."""
    return layers.words(x, y, text, color="text", bold=True, align="center", baseline="middle")


def named(line: np.ndarray, source: str, *, beside: bool) -> dict[str, Any]:
    """The name of a density at its line: above it, or to its right."""
    if beside:
        return layers.words(*line[line[:, 0].argmax()], TITLES[source], color="text", baseline="middle", shift=6)
    return layers.words(*line[line[:, 1].argmax()], TITLES[source], color="text", align="center", baseline="bottom")


def order(codes) -> list[int]:
    """The axes of the plane, the one with the widest codes first."""
    first, second = codes.means.std(dim=0).tolist()
    return [0, 1] if first * CLEARLY >= second else [1, 0]


def ends(codes, at: tuple[float, float] | None) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest values of both axes: nearly all codes, both densities, and z."""
    shown = [np.quantile(codes.means.numpy(), share, axis=0) for share in (1 - INSIDE, INSIDE)]
    shown += [*outline(codes, "prior"), *outline(codes, "fitted"), *([] if at is None else [np.array(at)])]
    low, high = np.min(shown, axis=0), np.max(shown, axis=0)
    room = 0.04 * (high - low)
    return low - room, high + room


def outline(codes, source: str) -> np.ndarray:
    """The line that holds `INSIDE` of a density, (n, 2)."""
    radius = latent.prior_radius(INSIDE)
    if source == "prior":
        return style.circle((0, 0), (radius, radius))
    factor = codes.fitted.factors[0].numpy()
    return style.ellipse(codes.fitted.means[0].numpy(), factor @ factor.T, radius)
