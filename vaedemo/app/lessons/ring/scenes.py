"""The panes of the ring page: the plane of z and its image under a map, exact, learned, or during the training."""

import math
from dataclasses import replace

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import latent, warp
from vaedemo.app.components.warp import Pane, Scene
from vaedemo.probability import transforms
from vaedemo.training.film import GRID_SIDE, Frame
from vaedemo.training.run import Run

MAPS = {"ring": "Ring", "scale": "Scale", "spiral": "Spiral", "two_modes": "Two modes"}
NOTES = {
    "ring": "The plane is torn at z = 0, where g has no limit: the code takes the direction (1, 0) there.",
    "scale": "Stretching the axes by 2 and ½ keeps the Gaussian a Gaussian: no linear map makes a ring.",
    "spiral": "z₁ says how far along the arm, z₂ how far across it; nothing is torn.",
    "two_modes": "The halves are pulled apart without a tear, so a thin bridge of points stays between the modes.",
}
LONGEST = {"ring": 1.7, "scale": 7.0, "spiral": 1.5, "two_modes": 6.0}  # right end of the radii's axis
MOST_SAMPLES = 30_000
MOST_DRAWN = 1_000
HOLE = 0.9
Z_EXTENT = 3.4
RING_EXTENT = 1.6
Z_PANE = Pane("z, drawn from N(0, I)", "Points of a standard normal, coloured by angle, on a square grid", ("z₁", "z₂"))


@st.cache_resource(max_entries=64, show_spinner=False)
def samples(seed: int) -> torch.Tensor:
    """The largest number of samples of z that a page may use; smaller numbers use the first of them."""
    return torch.randn(MOST_SAMPLES, 2, generator=torch.Generator().manual_seed(seed))


@st.cache_resource(max_entries=64, show_spinner=False)
def exact_scene(name: str, seed: int, count: int) -> Scene:
    """z on the left, its movement to the map's image on the right; the slider is t."""
    mapping = getattr(transforms, name)
    z = samples(seed)[: min(count, MOST_DRAWN)]
    lines = warp.plane_lines()
    bent = warp.image_of(lines, mapping, torn=name == "ring")
    x = mapping(z)
    reach = max(x.abs().max().item(), bent.nan_to_num().abs().max().item())
    return Scene(
        left=z.numpy(),
        frames=torch.stack([z, x]).numpy(),
        angles=angles(z),
        lines_left=list(lines.numpy()),
        lines_right={0: list(lines.numpy()), 1: list(bent.numpy())},
        extent_left=Z_EXTENT,
        extents_right=(Z_EXTENT, math.ceil(10.5 * reach) / 10),
    )


def exact_panes(name: str) -> tuple[Pane, Pane]:
    circle = HOLE if name == "ring" else None
    words = f"The same points and grid, moved a share t of the way from z to the {MAPS[name].lower()} g(z)"
    return Z_PANE, Pane("(1 − t) z + t g(z)", words, ("x₁", "x₂"), circle, end="x = g(z)")


def not_moved(scene: Scene, panes: tuple[Pane, Pane], title: str) -> tuple[Scene, tuple[Pane, Pane]]:
    """The scene with its first frame alone, without a slider: where an open question starts. `title`: of the right
    pane."""
    lines = {0: scene.lines_right[0]} if 0 in scene.lines_right else {}
    labels = scene.labels and scene.labels[:1]
    first = replace(
        scene, frames=scene.frames[:1], lines_right=lines, extents_right=scene.extents_right[:1], labels=labels
    )
    left, right = panes
    return first, (left, replace(right, title=title, description=f"The same points: {title}", circle=None, end=""))


@st.cache_resource(show_spinner=False)
def exact_radii(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Radii from 0 up and the exact density of ‖g(z)‖ there, dense enough for a line."""
    rho = torch.linspace(0, LONGEST[name], 241, dtype=torch.float64)
    if name == "ring":
        return rho.numpy(), transforms.ring_radius_density(rho).numpy()
    return rho.numpy(), warp.radius_density(getattr(transforms, f"{name}_density"), rho, angles=360).numpy()


def learned_scene(run: Run) -> Scene:
    """g on the left, on the right the film's codes as the decoder maps them, frame by frame."""
    return _learned_scene(run.digest, run)


@st.cache_resource(max_entries=24, show_spinner=False)
def _learned_scene(digest: str, _run: Run) -> Scene:
    run = _run
    lines = warp.quantile_lines(GRID_SIDE)
    bent = warp.image_of(lines, lambda z: run.model.decode(z).mean)
    film = list(run.film or [])
    frames = [frame.images for frame in film] or [run.model.decode(latent.manifold_grid(GRID_SIDE)).mean.numpy()]
    return film_scene(
        np.stack(frames),
        {len(frames) - 1: list(bent.numpy())},
        [f"{frame.step:,}" for frame in film] or ["the last"],
    )


def live_scene(frame: Frame) -> Scene:
    """The current state of a training under way."""
    return film_scene(frame.images[None], {}, [""])


def film_scene(frames: np.ndarray, lines: dict[int, list[np.ndarray]], labels: list[str]) -> Scene:
    codes = latent.manifold_grid(GRID_SIDE)
    exact = warp.image_of(warp.quantile_lines(GRID_SIDE), transforms.ring)
    reach = max(np.abs(part).max() for part in (frames, *(line for image in lines.values() for line in image)))
    extent = max(RING_EXTENT, math.ceil(10.5 * float(reach)) / 10)
    return Scene(
        left=transforms.ring(codes).numpy(),
        frames=frames,
        angles=angles(codes),
        lines_left=list(exact.numpy()),
        lines_right=lines,
        extent_left=RING_EXTENT,
        extents_right=[extent] * len(frames),
        mesh=GRID_SIDE,
        labels=labels,
        slider="Training step",
        seconds=4.0,
        hint="Drag across either pane: each point is one code z, 1 % of the prior's mass.",
    )


LEARNED_PANES = (
    Pane("g(z), exact", "Ten by ten codes and the lines through them on the exact ring", ("x₁", "x₂"), HOLE),
    Pane("decoder(z), learned", "The same codes and lines as the decoder places them", ("x₁", "x₂"), HOLE),
)


def angles(z: torch.Tensor) -> np.ndarray:
    return torch.atan2(z[:, 1], z[:, 0]).numpy()
