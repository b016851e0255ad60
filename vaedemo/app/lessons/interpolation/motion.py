"""All paths played in step, in the browser and as a GIF."""

import numpy as np
import streamlit as st

from vaedemo.app.components.flipbook import flipbook
from vaedemo.app.lessons.interpolation import picker
from vaedemo.app.lessons.interpolation.facts import Strips
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import pixels
from vaedemo.figures.gif import gif

GIF_SCALE, GIF_MILLISECONDS = 5, 80
SHORT = {
    "straight": "straight",
    "spherical": "spherical",
    "autoencoder": "plain autoencoder",
    "pixels": "cross-fade",
}


def moving(view: StepView, strips: Strips) -> None:
    """Play all paths in step, and offer them as a GIF."""
    st.markdown("**In motion**")
    images = {SHORT[name]: each.numpy() for name, each in strips.images.items()}
    count = len(next(iter(images.values())))
    parts = len(view["stops"]) - 1
    places = [f"t = {value:.2f}" for value in np.linspace(0, parts, count)]
    flipbook(images, key=view.key("flipbook"), label="The paths, played there and back", places=places, side=170)
    named = ["own" if isinstance(stop, str) else str(stop) for stop in picker.key_of(view)]
    stops = "-".join(named)
    st.download_button(
        "Animation (GIF)",
        data=lambda: animation(images),
        file_name=f"vaedemo-{view['run']}-path-{stops}.gif",
        mime="image/gif",
        on_click="ignore",
        icon=":material/animation:",
    )


def animation(images: dict[str, np.ndarray]) -> bytes:
    """The paths side by side, forward and back, in the page's order."""
    strips = [pixels.as_bytes(each) for each in images.values()]
    ground = (255, 255, 255)
    there = [pixels.sheet(np.stack(each), len(strips), gap=2, background=ground) for each in zip(*strips, strict=True)]
    rests = [0] * 5, [len(there) - 1] * 5
    order = [*rests[0], *range(1, len(there) - 1), *rests[1], *range(len(there) - 2, 0, -1)]
    return gif([there[index] for index in order], GIF_MILLISECONDS, scale=GIF_SCALE)
