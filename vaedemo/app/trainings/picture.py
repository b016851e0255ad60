"""A picture of a training, under way or finished: loss curves, latent plane, decoded fixed codes."""

import numpy as np
import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.shared.chart import TYPE, plot
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.trainings import words
from vaedemo.config import RunConfig
from vaedemo.figures import curves, points
from vaedemo.figures import latent as latent_figures
from vaedemo.training.film import GRID_SIDE, Frame
from vaedemo.training.run import Table

CURVE_HEIGHT, STACKED_HEIGHT, PLANE_HEIGHT = 240, 90, 330  # CSS pixels
TERMS = {"reconstruction": "Reconstruction", "kl": "KL", "negative_elbo": "−ELBO"}
NO_CURVE = "The loss curves appear after the first epoch."
NO_PICTURE = "The encoded test data and the decoded images appear here when the model has begun to learn."
NO_POINTS = "The encoded test data and the decoded points appear here when the model has begun to learn."


def draw(config: RunConfig, history: Table, frame: Frame | None, key: str, size: int = TYPE) -> None:
    """Curves, latent plane and decoded codes beside each other; a sentence in place of each that the training has not
    reached. If `key` stays the same, the figures are updated in place while the training runs. `size`: of all text."""
    left, rest = st.columns((1, 2), gap="small")
    with left:
        if history["epoch"]:
            draw_curves(config, history, key, stacked=True, size=size)
        else:
            words.waiting(NO_CURVE, PLANE_HEIGHT)
    with rest:
        if frame is None:
            words.waiting(NO_POINTS if config.on_points else NO_PICTURE, PLANE_HEIGHT)
            return
        middle, right = st.columns(2, gap="small")
    with middle:
        draw_plane(config, frame, key, size)
    with right:
        draw_decoded(config, frame, key, size)


def draw_curves(config: RunConfig, history: Table, key: str, *, stacked: bool = False, size: int = TYPE) -> None:
    """The terms of the loss side by side or `stacked`, each with its last value; nothing for a term that is finite in
    no epoch."""
    unit = "nats per point" if config.on_points else "nats per image"
    height = STACKED_HEIGHT if stacked else CURVE_HEIGHT
    figures = curves.loss_curves(history, epochs=max(config.epochs, 1), unit=unit, height=height)
    terms = [term for term in (TERMS if config.model == "vae" else ("reconstruction",)) if term in figures]
    if not terms:
        return
    places = [st.container(gap="xsmall") for _ in terms] if stacked else st.columns(len(terms), gap="small")
    for term, place in zip(terms, places, strict=True):
        with place:
            st.markdown(f"**{TERMS[term]}** {history[f'test_{term}'][-1]:.2f}")
            if stacked:
                figures[term].update_layout(showlegend=False, margin={"t": 4})
                figures[term].update_yaxes(title_text="", nticks=3)
                figures[term].update_xaxes(title_text="")
            alt = f"{TERMS[term]} on training and test data over the epochs"
            plot(figures[term], key=f"{key}.{term}", alt=alt, pixels=size)


def draw_plane(config: RunConfig, frame: Frame, key: str, size: int) -> None:
    """The mean codes on the plane of the two axes that vary most. A single latent axis has no plane."""
    st.markdown("**Where the encoder puts test data**")
    if config.latent_dim == 1:
        st.caption("One latent axis: what it decodes to is on the right, from its lowest to its highest values.")
        return
    axes = widest_axes(frame.means)
    figure = latent_figures.latent_plane(
        frame.means[:, axes],
        frame.labels,
        datasets.class_names(config.dataset),
        prior=config.model == "vae",
        axis_names=tuple(f"z{subscript(axis + 1)}" for axis in axes),
        height=PLANE_HEIGHT,
        view=f"{key} plane",
    )
    plot(figure, key=f"{key}.plane", alt="Means of test data on the latent plane, by class", pixels=size)


def widest_axes(means: np.ndarray) -> tuple[int, int]:
    """The two axes whose means vary most over the examples, in axis order."""
    if means.shape[1] == 2:
        return 0, 1
    first, second = sorted(np.argsort(-means.astype(np.float64).var(axis=0))[:2].tolist())
    return first, second


def draw_decoded(config: RunConfig, frame: Frame, key: str, size: int) -> None:
    if config.on_points:
        st.markdown("**The decoder bends the plane of z onto the data**")
        data, _ = catalogue.images(config.dataset)
        lines = grid_lines(frame.images) if config.latent_dim == 2 else None
        samples = None if lines is not None else frame.images
        figure = points.points_plane(data.x.numpy(), samples, lines=lines, height=PLANE_HEIGHT, view=f"{key} points")
        plot(figure, key=f"{key}.points", alt="Data points and the decoded grid of z", pixels=size)
        return
    what = "What the plane decodes to" if config.latent_dim == 2 else "Decoded from 100 fixed codes"
    st.markdown(f"**{what}**")
    image_grid(frame.images, GRID_SIDE, key=f"{key}.decoded", label=what, scale_hint=1.5, clickable=False)


def grid_lines(decoded: np.ndarray) -> list[np.ndarray]:
    """The rows and columns of the decoded square grid (n², 2), as lines."""
    side = round(len(decoded) ** 0.5)
    grid = decoded.reshape(side, side, 2)
    return [*grid, *grid.transpose(1, 0, 2)]
