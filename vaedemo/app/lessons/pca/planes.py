"""Exhibit: the columns of a linear decoder and PCA's axes are different vectors that span the same plane."""

from string import Template

import numpy as np
import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pca import data, form, sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures.signed import signed_pixels

PARAMETERS = ()  # all in form.py
CONTROLS = {}
TILES, FEWER_TILES = 8, 6  # in Explore, and larger in a step
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import reduction, subspaces
from vaedemo.models import pca

train = vd.datasets.load("$dataset", "train").as_data().flatten(1)
$runs
axes = pca.fit(train, $k).components.double().T
columns = reduction.decoder_columns(linear.model)
angles = subspaces.principal_angles(axes, columns).rad2deg()
nearest = subspaces.cosines(axes, columns).abs().max(dim=0).values.clamp(max=1).arccos().rad2deg()
print(f"Largest angle between the planes: {angles[-1].item():.2f}°")
print(f"Median angle between the planes: {angles.median().item():.2f}°")
print(f"Column to its nearest axis, mean: {nearest.mean().item():.1f}°")
""")


def picture(view: StepView) -> None:
    """In a step the axes and columns as images, while it is asked the axes alone; in Explore the angles too."""
    found = form.find(view)
    if found is None:
        return
    k = form.size(view)
    pair = found.pairs[k]
    shown = data.planes(pair.linear.digest, k, pair.linear, found.axes(k))
    side = tuple(found.x.shape[2:])
    if view["step"] != EXPLORE:
        tiles(view, shown, k, side, FEWER_TILES, scale=5)
        return
    angles, nearest = degrees(shown)
    drawn = sketches.angles_sketch(angles, np.sort(nearest))
    label = f"Angles between the planes, at most {angles[-1]:.2f}°, and of each column to its nearest axis"
    sketch(drawn, key=view.key("angles"), label=label, height=220)
    tiles(view, shown, k, side, TILES, scale=2.4)
    st.caption(
        f"PCA of the training images; linear autoencoder with k = {k}, trained {pair.linear.config.epochs} epochs. "
        "Where neighbouring variances $\\lambda_k$ and $\\lambda_{k+1}$ are close, the last angle shrinks slowly: "
        "the loss hardly sees it."
    )


def degrees(shown: data.Planes) -> tuple[np.ndarray, np.ndarray]:
    """The angles between the planes, ascending, and of each column to its nearest axis."""
    nearest = np.arccos(np.abs(shown.cosines).max(axis=0).clip(max=1))
    return np.degrees(shown.angles), np.degrees(nearest)


def of_shipped(k: int) -> tuple[np.ndarray, np.ndarray]:
    """The `degrees` of the shipped linear autoencoder with k numbers."""
    found = form.shipped()
    linear = found.pairs[k].linear
    return degrees(data.planes(linear.digest, k, linear, found.axes(k)))


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The angles; none before the models are trained."""
    found, k = form.finished(view), form.size(view)
    script = SCRIPT.substitute(dataset=form.dataset_of(view), k=k, runs=form.code_of_runs(view))
    if found is None:
        return {}, script
    linear = found.pairs[k].linear
    angles, nearest = degrees(data.planes(linear.digest, k, linear, found.axes(k)))
    figures = {
        "Largest angle between the planes": f"{angles[-1]:.2f}°",
        # torch's median: the lower of the two middle values.
        "Median angle between the planes": f"{angles[(k - 1) // 2]:.2f}°",
        "Column to its nearest axis, mean": f"{nearest.mean():.1f}°",
    }
    return figures, script


def tiles(view: StepView, shown: data.Planes, k: int, side: tuple[int, int], across: int, scale: float) -> None:
    """The first few axes and columns as images, and the columns recombined; the axes alone while it is asked."""
    count = min(k, across)
    some = "" if k == count else f", the first {count} of {k}"
    rows = {f"**PCA's axes**{some}: orthogonal, the largest variance first": ("axes", shown.axes)}
    if not view.is_open:
        rows |= {
            "**The decoder's columns**: neither ordered nor orthogonal": ("columns", shown.columns),
            "**The columns, recombined** to come nearest to the axes": ("recombined", shown.recombined),
        }
    for title, (name, vectors) in rows.items():
        st.markdown(title)
        units = vectors[:, :count] / np.linalg.norm(vectors[:, :count], axis=0)
        image_grid(
            np.stack([signed_pixels(unit.reshape(side)) for unit in units.T]),
            across,
            key=view.key(f"tiles.{name}"),
            label=title.replace("*", ""),
            scale_hint=scale,
            clickable=False,
        )
