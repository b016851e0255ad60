"""Exhibit: the columns of a linear decoder and PCA's axes are different vectors that span the same plane."""

from string import Template

import numpy as np
import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pca import data, form, sketches
from vaedemo.app.shell import frame
from vaedemo.figures.signed import signed_pixels

PARAMETERS = ()  # all in form.py
TILES = 8
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


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view, empty while there are no models."""
    found = form.find(view)
    if found is None:
        return ""
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        k = form.choose_size(view, found)
    pair = found.pairs[k]
    shown = data.planes(pair.linear.digest, k, pair.linear, found.axes(k))
    angles = np.degrees(shown.angles)
    nearest = np.degrees(np.arccos(np.abs(shown.cosines).max(axis=0).clip(max=1)))
    with left:
        picture = sketches.angles_sketch(angles, np.sort(nearest))
        label = f"Angles between the planes, at most {angles[-1]:.2f}°, and of each column to its nearest axis"
        sketch(picture, key=view.key("angles"), label=label, height=320)
    with right:
        tiles(view, shown, k, tuple(found.x.shape[2:]))
    # torch's median: the lower of the two middle values.
    frame.numbers(
        {
            "Largest angle between the planes": f"{angles[-1]:.2f}°",
            "Median angle between the planes": f"{angles[(k - 1) // 2]:.2f}°",
            "Column to its nearest axis, mean": f"{nearest.mean():.1f}°",
        },
        {
            "Largest angle between the planes": "The last principal angle: 0° where the planes are one and the same.",
            "Column to its nearest axis, mean": "0° were the columns PCA's axes, in whatever order and sign.",
        },
    )
    st.caption(
        f"PCA of the training images; linear autoencoder with k = {k}, trained {pair.linear.config.epochs} epochs. "
        "Where neighbouring variances $\\lambda_k$ and $\\lambda_{k+1}$ are close, the last angle shrinks slowly: "
        "the loss hardly sees it."
    )
    dataset = pair.linear.config.dataset
    return SCRIPT.substitute(dataset=dataset, k=k, runs=form.code_of_runs(view.values(), pair))


def tiles(view: frame.View, shown: data.Planes, k: int, side: tuple[int, int]) -> None:
    """The first few axes and columns as images, and the columns recombined."""
    count = min(k, TILES)
    some = "" if k == count else f", the first {count} of {k}"
    rows = {
        f"**PCA's axes**{some}: orthogonal, the largest variance first": ("axes", shown.axes),
        "**The decoder's columns**: neither ordered nor orthogonal": ("columns", shown.columns),
        "**The columns, recombined** to come nearest to the axes": ("recombined", shown.recombined),
    }
    for title, (name, vectors) in rows.items():
        st.markdown(title)
        units = vectors[:, :count] / np.linalg.norm(vectors[:, :count], axis=0)
        image_grid(
            np.stack([signed_pixels(unit.reshape(side)) for unit in units.T]),
            TILES,
            key=view.key(f"tiles.{name}"),
            label=title.replace("*", ""),
            scale_hint=2.4,
            clickable=False,
        )
