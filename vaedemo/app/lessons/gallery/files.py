"""The gallery's downloads: images, a contact sheet, codes. A file is made only when it is requested."""

import csv
import io
from collections.abc import Callable
from typing import Any

import streamlit as st
import torch

from vaedemo.app.lessons.gallery.sources import ANY_CLASS
from vaedemo.figures import pixels
from vaedemo.figures.contact_sheet import contact_sheet
from vaedemo.training.run import Run

FROM = {
    "prior": "z ~ N(0, I)",
    "posterior": "z ~ q(z), the aggregated posterior",
    "gaussian": "z from a Gaussian fitted to the codes",
    "mixture": "z from a mixture of 10 Gaussians fitted to the codes",
    "walk": "z on an Ornstein–Uhlenbeck walk",
}


def downloads(
    values: dict[str, Any], source: str, run: Run, draw: Callable[[], tuple[torch.Tensor, torch.Tensor]]
) -> None:
    """Draw the buttons. `draw` computes the codes and their images again: buttons that stored them would keep 300 kB
    for each change on the page until the next garbage collection."""
    images = not run.config.on_points
    # the download callables run outside this session
    stem, side = f"vaedemo-{values['run']}-seed{values['seed']}", values["side"]
    if source != "prior":
        stem += f"-{source}"
    with st.container(horizontal=True):
        # With a key, a button with another file name is the same element, and the browser need not rebuild it.
        if images:
            st.download_button(
                "Images (PNG)",
                data=lambda: pixels.png_bytes(pixels.sheet(draw()[1].clamp(0, 1).numpy(), side, scale=2)),
                file_name=f"{stem}.png",
                mime="image/png",
                on_click="ignore",
                icon=":material/image:",
                key="gallery.images",
            )
            st.download_button(
                "Contact sheet (PNG)",
                data=lambda: pixels.png_bytes(
                    contact_sheet(draw()[1].clamp(0, 1).numpy(), side, footer(values, source, run), scale=2)
                ),
                file_name=f"{stem}-sheet.png",
                mime="image/png",
                on_click="ignore",
                icon=":material/photo_library:",
                key="gallery.sheet",
            )
        st.download_button(
            "Latents (CSV)",
            data=lambda: latents_csv(*draw(), with_points=not images),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/table:",
            key="gallery.latents",
        )


def footer(values: dict[str, Any], source: str, run: Run) -> list[str]:
    """How the samples were made, with all that is needed to make them again."""
    how = [FROM[source], f"seed {values['seed']}"]
    if source == "prior":
        how += [f"temperature {values['temperature']:g}"]
        how += [f"truncation {values['truncation']:g}"] if values["truncation"] else []
    if source == "walk":
        how += [f"start {values['start']}", f"stride {values['stride']:g}"]
        how += [] if values["within"] == ANY_CLASS else [f"within class {values['within']}"]
    shown = "mean of p(x|z)" if values["show"] == "mean" else "draw from p(x|z)"
    return [f"{values['run']}: {run.config.title}, run {run.digest}", "; ".join([*how, shown]) + "; vaedemo"]


def latents_csv(z: torch.Tensor, x: torch.Tensor, with_points: bool) -> str:
    """One row per sample: z_1, …, and x_1, x_2 if the data are points."""
    columns = [f"z_{axis + 1}" for axis in range(z.shape[1])] + (["x_1", "x_2"] if with_points else [])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # Shortest decimals of float32: as few digits as distinguish a number from its neighbours.
    writer.writerows((torch.cat([z, x], dim=1) if with_points else z).numpy().astype(str))
    return text.getvalue()
