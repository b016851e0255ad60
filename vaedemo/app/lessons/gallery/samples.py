"""The samples: codes from the chosen source, what they decode to, and the grid of images beside the plane of z."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.components.flipbook import flipbook
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.gallery import code, files, sources
from vaedemo.app.lessons.gallery.code import NOTHING_PICKED
from vaedemo.app.lessons.gallery.picked import in_prior, inspect_picked
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import points
from vaedemo.training.run import Run

WIDTHS = (2.8, 1)  # of the grid of images and of the plane of z
HELD, BESIDE = 440, 210  # heights of the plane: alone while the images are held back, and beside them


def decoded(run: Run, values: sources.Values) -> tuple[Tensor, Tensor]:
    """The codes (n, latent_dim) of the page's settings, and their images: means of p(x|z), or draws from it."""
    generator = torch.Generator().manual_seed(values["seed"])
    z = sources.draw_codes(values, run, code.sample_count(run, values["side"]), generator)
    found = run.model.decode(z)
    return z, found.mean if values["show"] == "mean" else found.sample(generator)


def of(values: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """`decoded` of a view whose run is shipped."""
    return decoded(catalogue.run(values["run"]), values)


def pick(view: StepView, index: int) -> None:
    view["picked"] = index


def picture(view: StepView, run: Run) -> None:
    """The samples of the view; in Explore with downloads and, where it is asked for, the picked image."""
    z, x = decoded(run, view)
    if run.config.on_points:
        on_data(view, run, x)
        downloads(view, run)
        return
    is_step = view["step"] != EXPLORE
    if view["part"] == "copies" and is_step:
        inspect_picked(run, view, z, x)
        return
    if is_step and z.shape[1] == 2:
        beside_plane(view, z, x)
    else:
        grid(view, x)
    if is_step:
        return
    if z.shape[1] == 2:
        plane(view, z, BESIDE)
    downloads(view, run)
    if view["source"] == "walk":
        walk = {"The walk, played": x.numpy()}
        flipbook(walk, key=view.key("walk"), label="The walk, played", columns=1, milliseconds=120)
    if view["part"] != "samples":
        inspect_picked(run, view, z, x)


def beside_plane(view: StepView, z: Tensor, x: Tensor) -> None:
    """The images, and beside them their z on its plane; the images are missing while the first question is open."""
    if view.held:
        plane(view, z, HELD)
        return
    left, right = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    with left:
        grid(view, x)
    with right:
        plane(view, z, BESIDE)


def plane(view: StepView, z: Tensor, height: int) -> None:
    """Where the codes lie; grey where they lay before an answer."""
    before = view.before and of(view.values() | view.before)[0]
    count = len(z)
    label = f"{count} codes among the circles that hold 50, 90 and 99 % of the prior"
    sketch(
        in_prior(z, view["picked"], before, bare=height == BESIDE),
        key=view.key(f"plane{height}"),
        label=label,
        height=height,
    )


def grid(view: StepView, x: Tensor) -> None:
    image_grid(
        x.numpy(),
        view["side"],
        key=view.key("grid"),
        label=f"{len(x)} images decoded from random codes",
        selected=view["picked"],
        scale_hint=2.6,
        on_click=lambda index: pick(view, index),
    )


def on_data(view: StepView, run: Run, x: Tensor) -> None:
    """Points among the data, and how many there are."""
    data, sentence = catalogue.images(run.config.dataset)
    figure = points.points_plane(data.x.numpy(), x.numpy(), height=560, view="gallery points")
    chart(view, figure, name="points", alt="Data points and points sampled from the model")
    st.caption(f"{len(x):,} samples; {sentence}")


def downloads(view: StepView, run: Run) -> None:
    values = view.values()
    files.downloads(values, sources.source_of(values, run), run, lambda: decoded(run, values))


def within(picked: int, side: int) -> int:
    """The picked image, or the last one of a smaller grid."""
    return max(NOTHING_PICKED, min(picked, side**2 - 1))
