"""The pictures of the interpolation page: the length of the codes on a path, and the path on the latent plane."""

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import latent, paths
from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.interpolation.facts import SCATTERED, Codes
from vaedemo.app.shared.symbols import subscript
from vaedemo.figures import palette, style

FINE = 61  # codes on each part of a drawn path
STRAIGHT = {"color": "text", "width": 2.5, "name": "straight"}
SPHERICAL = {"color": palette.RECONSTRUCTION, "width": 2.5, "dash": "dashed", "name": "spherical"}


def both(stops: Tensor) -> tuple[Tensor, Tensor]:
    """The straight and the spherical path through the stops, in small steps."""
    return paths.through(stops, FINE), paths.through(stops, FINE, latent.slerp)


def without_name(look: dict) -> dict:
    """The look of a line that has its name beside it, not in a legend."""
    return {key: value for key, value in look.items() if key != "name"}


def named(name: str, place: np.ndarray, length: np.ndarray, baseline: str) -> list[dict]:
    """The name of a path at the middle of its first part."""
    at = FINE // 2
    return [layers.words(place[at], length[at], name, color="text", bold=True, align="center", baseline=baseline)]


@st.cache_resource(max_entries=16, show_spinner=False)
def norms(name: str, digest: str, places: tuple[int | str, ...], _stops: Tensor, lines: bool = True) -> Sketch:
    """The length of z along both paths, and the shell where the prior's codes lie.

    Run and images are the cache key of the path; `_stops` are the codes of the images. `lines`: whether the paths are
    drawn, or their stops alone.
    """
    stops = _stops
    parts = len(stops) - 1
    shell = paths.shell(stops.shape[1])
    straight, spherical = (paths.lengths(path).numpy() for path in both(stops))
    place = np.linspace(0, parts, len(straight))
    ends = [0, parts]
    low = [max(0.0, shell.mean - 2 * shell.deviation)] * 2
    high = [shell.mean + 2 * shell.deviation] * 2
    inner = [shell.mean - shell.deviation] * 2, [shell.mean + shell.deviation] * 2
    at = np.arange(parts + 1)
    top = max(high[0], float(straight.max()), float(spherical.max()))
    drawn = [
        layers.band(ends, low, high, color=palette.PRIOR, alpha=0.14),
        layers.band(ends, *inner, color=palette.PRIOR, alpha=0.24),
        layers.level(shell.mean, color=palette.PRIOR, width=1.5),
        layers.words(0.02 * parts, high[0], "N(0, I): mean ± 1 and 2 sd", color="text", align="left", baseline="top"),
        layers.dots(at, paths.lengths(stops).numpy(), 5, color=palette.POSTERIOR, rim=True),
    ]
    if lines:
        drawn += [
            layers.line(place, spherical, **without_name(SPHERICAL)),
            layers.line(place, straight, **without_name(STRAIGHT)),
            *named("spherical", place, spherical, "bottom"),
            *named("straight", place, straight, "top"),
        ]
    words = [
        (float(x), f"straight {a:.2f}, spherical {b:.2f}") for x, a, b in zip(place, straight, spherical, strict=True)
    ]
    ticks = [(tick, f"{tick + 1}") for tick in range(parts + 1)]
    return Sketch(
        Axis("from stop to stop", 0, parts, ticks),
        Axis("length of z", 0, 1.08 * top),
        drawn,
        readout=words if lines else (),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def plane(
    name: str, digest: str, places: tuple[int | str, ...], _codes: Codes, _labels: Tensor, _stops: Tensor
) -> Sketch:
    """Both paths over the codes of test images, on two latent axes; cache key as for `norms`."""
    codes, labels, stops = _codes, _labels, _stops
    axes = list(codes.axes)
    cloud, kinds = codes.means[:SCATTERED, axes].numpy(), labels[:SCATTERED].numpy()
    straight, spherical = (path[:, axes].numpy() for path in both(stops))
    reach = max(2.6, 1.08 * float(torch.quantile(codes.means[:SCATTERED, axes].abs(), 0.99)), 1.1 * abs(stops).max())
    drawn = [
        layers.dots(*cloud[kinds == kind].T, 2.2, color=palette.class_colour(kind), alpha=palette.CLASS_OPACITY)
        for kind in np.unique(kinds).tolist()
    ]
    circles = [style.circle((0, 0), (radius, radius)) for radius in (1, 2)]
    drawn += [layers.line(*circle.T, color=palette.PRIOR, width=1.5) for circle in circles]
    drawn += [
        layers.line(*spherical.T, **SPHERICAL),
        layers.line(*straight.T, **STRAIGHT),
        layers.dots(*stops[:, axes].T.numpy(), 6, color=palette.POSTERIOR, rim=True, name="stops"),
    ]
    titles = [f"z{subscript(axis + 1)}" for axis in axes]
    return Sketch(Axis(titles[0], -reach, reach), Axis(titles[1], -reach, reach), drawn, equal=True)
