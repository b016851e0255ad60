"""Exhibit: the output of nets with and without a sparsity penalty for noise, added to a digit or alone."""

from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.overcomplete import form
from vaedemo.app.lessons.overcomplete.sizes import SHORT
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.rules import whole
from vaedemo.training.run import Run

IMAGES = 1_000
LEVELS = 20  # steps of 0.05
MEASURED = 200  # digits for the figures; together their noise has 156,800 pixels
PARAMETERS = (
    Parameter("digit", 0, whole(0, IMAGES - 1)),
    Parameter("noise", 6, whole(1, LEVELS)),
    Parameter("draw", 0, whole(0, 99_999)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import hidden_units

$found
images, which = vd.datasets.first_view("digits")
x = images.as_data("grey")
noise = $level * torch.randn(x.shape, generator=torch.Generator().manual_seed($draw))
shuffled = hidden_units.shuffled_pixels(x, torch.Generator().manual_seed($draw))
some = slice($measured)
for kind, title in $titles.items():
    print(f"Passed, {title}: {100 * hidden_units.noise_passed(runs[kind].model, x[some], noise[some]):.1f} %")
    print(f"Error on noise, {title}: {100 * hidden_units.error_on(runs[kind].model, shuffled[some]):.0f} %")
""")


@st.cache_resource(show_spinner=False, max_entries=4)
def inputs(draw: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The test digits, standard normal noise for each, and each with its pixels in random order."""
    x = catalogue.images("digits")[0].as_data("grey")
    noise, order = (torch.Generator().manual_seed(draw) for _ in range(2))
    return x, torch.randn(x.shape, generator=noise), hidden_units.shuffled_pixels(x, order)


@st.cache_data(show_spinner=False, max_entries=128)
def passed(digest: str, level: float, draw: int, _run: Run) -> float:
    """The share of the noise that the net passes to its output."""
    x, noise, _ = inputs(draw)
    return hidden_units.noise_passed(_run.model, x[:MEASURED], level * noise[:MEASURED])


@st.cache_data(show_spinner=False, max_entries=32)
def noise_error(digest: str, draw: int, _run: Run) -> float:
    """The relative error on shuffled pixels."""
    return hidden_units.error_on(_run.model, inputs(draw)[2][:MEASURED])


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    found = form.find(view)
    if found is None:
        return ""
    first, second, third = st.columns([1, 1.6, 1], gap="medium", vertical_alignment="bottom")
    first.number_input("Test digit", 0, IMAGES - 1, key=view.key("digit"))
    second.slider(
        "Standard deviation of the noise, in steps of 0.05 of the grey scale", 1, LEVELS, key=view.key("noise")
    )
    third.button("Draw noise anew", icon=":material/casino:", on_click=anew, args=(view,), width="stretch")
    level = round(0.05 * view["noise"], 2)
    x, noise, shuffled = (each[view["digit"]][None] for each in inputs(view["draw"]))
    rows = {
        "The digit": x,
        f"The digit with noise, σ = {level:g}": x + level * noise,
        "Nothing but noise: the digit's pixels, shuffled": shuffled,
    }
    captions = ["input", *(f"out: {SHORT[kind]}" for kind in found)]
    for number, (title, shown) in enumerate(rows.items()):
        st.markdown(f"**{title}**")
        with torch.no_grad():
            outputs = [run.model.reconstruct(shown) for run in found.values()]
        image_grid(
            torch.cat([shown, *outputs]).numpy(),
            len(captions),
            key=view.key(f"row{number}"),
            label=f"{title}: the input, and what each net makes of it",
            captions=captions,
            scale_hint=5,
            clickable=False,
        )
    figures = {}
    for kind, run in found.items():
        figures[f"Passed, {SHORT[kind]}"] = f"{100 * passed(run.digest, level, view['draw'], run):.1f} %"
        figures[f"Error on noise, {SHORT[kind]}"] = f"{100 * noise_error(run.digest, view['draw'], run):.0f} %"
    frame.numbers(
        figures,
        {
            "Passed, no penalty": "Share of the added noise that comes out again, over 200 digits. A copy has 100 %.",
            "Error on noise, no penalty": "‖x̂ − x‖ / ‖x‖ for shuffled pixels, over 200 digits. A copy has 0 %.",
        },
    )
    return SCRIPT.substitute(found=form.code_of(view), draw=view["draw"], level=level, titles=SHORT, measured=MEASURED)


def anew(view: frame.View) -> None:
    view["draw"] = int(np.random.default_rng(view["draw"] + 1).integers(0, 100_000))
