"""A digit, the digit with noise, and the noise alone; and what nets with and without a penalty make of them."""

from string import Template

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.lessons.overcomplete import form
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.figures import pixels
from vaedemo.figures.signed import signed_pixels
from vaedemo.rules import whole
from vaedemo.training.run import Run

IMAGES = 1_000
LEVELS = 20  # steps of 0.05
MEASURED = 200  # digits for the figures; together their noise has 156,800 pixels
COVERED = 128  # grey of what a question asks for
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
def inputs(draw: int) -> tuple[Tensor, Tensor, Tensor]:
    """The test digits, standard normal noise for each, and each with its pixels in random order."""
    x = catalogue.images("digits")[0].as_data("grey")
    noise, order = (torch.Generator().manual_seed(draw) for _ in range(2))
    return x, torch.randn(x.shape, generator=noise), hidden_units.shuffled_pixels(x, order)


def passed(run: Run, values: Values) -> float:
    """The share of a view's noise that the net passes to its output."""
    return _passed(run.digest, level(values), values["draw"], run)


@st.cache_data(show_spinner=False, max_entries=128)
def _passed(digest: str, level: float, draw: int, _run: Run) -> float:
    x, noise, _ = inputs(draw)
    return hidden_units.noise_passed(_run.model, x[:MEASURED], level * noise[:MEASURED])


@st.cache_data(show_spinner=False, max_entries=32)
def noise_error(digest: str, draw: int, _run: Run) -> float:
    """The relative error on shuffled pixels."""
    return hidden_units.error_on(_run.model, inputs(draw)[2][:MEASURED])


def level(values: Values) -> float:
    """The standard deviation of a view's noise."""
    return round(0.05 * values["noise"], 2)


def picture(view: StepView) -> None:
    """A row for the digit, the noisy digit and the noise alone: the input, then the output of each net."""
    found = form.find(view)
    if found is None:
        return
    x, noise, shuffled = (each[view["digit"]][None] for each in inputs(view["draw"]))
    added = level(view) * noise
    clean, noisy = ([run.model.reconstruct(each) for run in found.values()] for each in (x, x + added))
    changes = [after - before for before, after in zip(clean, noisy, strict=True)]
    shares = [f"{form.NAMED[kind]}: {100 * passed(run, view):.0f} %" for kind, run in found.items()]
    names = [form.NAMED[kind] for kind in found]
    rows = [
        ("a digit x", names, [grey(each) for each in (x, *clean)]),
        ("x and noise", names, [grey(each) for each in (x + added, *noisy)]),
        ("the noise", shares, [signed(each, view) for each in (added, *changes)]),
    ]
    if view.held:
        rows = [rows[0], *((title, [f"{name}: ?" for name in names], covered(tiles)) for title, _, tiles in rows[1:])]
    if view["step"] == EXPLORE:
        rows.append(("pixels shuffled", names, [grey(each) for each in (shuffled, *map_all(found, shuffled))]))
    image_grid(
        np.stack([tile for _, _, tiles in rows for tile in tiles]),
        1 + len(found),
        key=view.key("rows"),
        label=f"A digit, the digit with noise and the noise alone: inputs, then outputs {', '.join(names)}",
        captions=[caption for title, others, _ in rows for caption in (title, *others)],
        scale_hint=6,
        clickable=False,
    )
    if view["step"] == EXPLORE:
        st.caption(
            "The noise: blue makes a pixel brighter, orange darker. Third row: the output for x and noise less that "
            "for x."
        )


def map_all(found: dict[str, Run], x: Tensor) -> list[Tensor]:
    return [run.model.reconstruct(x) for run in found.values()]


def grey(image: Tensor) -> np.ndarray:
    """One image (1, 1, H, W) as bytes in three colours."""
    return np.repeat(pixels.as_bytes(image.numpy()), 3, axis=1)[0]


def signed(change: Tensor, values: Values) -> np.ndarray:
    """A change of one image in colour, saturated at three standard deviations of the noise."""
    return signed_pixels(change[0, 0].numpy(), 3 * level(values), power=1.0)


def covered(tiles: list[np.ndarray]) -> list[np.ndarray]:
    """The input, and grey in place of all outputs."""
    return [tiles[0], *(np.full_like(each, COVERED) for each in tiles[1:])]


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures, none before the nets are trained; and the code."""
    titles = {kind: form.SHORT[kind] for kind in form.kinds(view)}
    fields = {"draw": view["draw"], "level": level(view), "titles": titles, "measured": MEASURED}
    figures = {}
    for kind, run in (form.finished(view) or {}).items():
        figures[f"Passed, {form.SHORT[kind]}"] = f"{100 * passed(run, view):.1f} %"
        figures[f"Error on noise, {form.SHORT[kind]}"] = f"{100 * noise_error(run.digest, view['draw'], run):.0f} %"
    return figures, SCRIPT.substitute(fields, found=form.code_of(view))


def choose_digit(view: StepView) -> None:
    st.number_input("Test digit", 0, IMAGES - 1, key=view.key("digit"))


def choose_noise(view: StepView) -> None:
    st.slider("Standard deviation of the noise, in steps of 0.05 of the grey scale", 1, LEVELS, key=view.key("noise"))


def draw_anew(view: StepView) -> None:
    """A button that draws other noise."""

    def anew(presses: int) -> None:
        for _ in range(min(presses, LEVELS)):
            view["draw"] = int(np.random.default_rng(view["draw"] + 1).integers(0, 100_000))

    press_button("Draw noise anew", icon=":material/casino:", on_press=anew, key=view.key("anew"))
