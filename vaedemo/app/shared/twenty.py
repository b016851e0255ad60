"""The twenty digits of several pages: two of each class, not in the training set. Most pages binarize them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.datasets import drawing
from vaedemo.probability import bounds
from vaedemo.rules import whole
from vaedemo.training import first_views
from vaedemo.training.run import Run

DATASET, COUNT = first_views.DATASET, 10 * first_views.PER_CLASS
LARGEST_ERROR = 0.01  # nats: a digit whose quadrature may have a larger error is named on the page

# The lines of a script that load the digits; `indices` is inserted as text.
LOAD = """\
images = vd.datasets.load("{dataset}", split="test")
x = images.as_data("{pixels}")[{indices}]
"""


def parameter(default: int) -> Parameter:
    """The link's parameter `digit`: an index into the twenty."""
    return Parameter("digit", default, whole(0, COUNT - 1))


@st.cache_resource(show_spinner=False)
def binary() -> Tensor:
    """The twenty as a model reads them, 0 or 1: (20, 1, 28, 28)."""
    return first_views.digits()


@st.cache_resource(show_spinner=False)
def grey() -> Tensor:
    """The twenty with their greys, from 0 to 1: (20, 1, 28, 28)."""
    return first_views.digits("grey")


def code(pixels: str = "binary") -> str:
    """The lines of a script that load the twenty."""
    return LOAD.format(dataset=DATASET, indices=first_views.indices(), pixels=pixels)


def chosen(values: Mapping[str, Any] | View) -> int | str:
    """Which digit is x in a view that offers the visitor's own: an index into the twenty, or the text of a drawing."""
    return own_digit.text_of(values) or values["digit"]


def one(which: int | str) -> Tensor:
    """The digit that `chosen` names, 0 or 1: (1, 1, 28, 28)."""
    return drawing.as_set(which).as_data("binary") if isinstance(which, str) else binary()[which : which + 1]


def choose(view: View, *, own_is_x: bool = True, images: Tensor | None = None) -> None:
    """Draw a grid from which one digit is chosen; it sets `digit`, and puts the visitor's own away.

    `own_is_x`: whether a drawing, where there is one, is x here; none of the twenty then has the ring. `images`: the
    twenty as they are shown, binarized unless given.
    """
    offers_own = own_digit.is_offered(view)

    def pick(place: int) -> None:
        view["digit"] = place
        if offers_own:
            own_digit.put_away(view)

    image_grid(
        (binary() if images is None else images).numpy(),
        COUNT // 2,
        key=view.key("digits"),
        label="Digits to choose from",
        selected=None if offers_own and own_is_x and own_digit.text_of(view) else view["digit"],
        scale_hint=2,
        on_click=pick,
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def exact(digest: str, _run: Run) -> tuple[Tensor, Tensor]:
    """log p(x) of the twenty under a model with two latent axes, and the estimated error: (20,) each, in nats."""
    known = first_views.known(_run, first_views.LOG_MARGINAL)
    return tuple(first_views.log_marginal(_run) if known is None else known)


@st.cache_resource(max_entries=40, show_spinner=False)
def exact_of_drawing(digest: str, _run: Run, text: str) -> tuple[float, float]:
    """log p(x) of a drawing, binarized, under a model with two latent axes, and the estimated error, in nats."""
    value, error = bounds.log_marginal_grid(_run.model, one(text), return_error=True)
    return value.item(), error.item()


def log_marginal(digest: str, run: Run, which: int | str) -> float:
    """log p(x) of the digit that `chosen` names, in nats."""
    if isinstance(which, str):
        return exact_of_drawing(digest, run, which)[0]
    return float(exact(digest, run)[0][which])


def warn_inexact_drawing(error: float) -> None:
    """Say so if the quadrature may be off by more than a hundredth of a nat for a drawing."""
    if error > LARGEST_ERROR:
        st.warning(
            f"The quadrature of log p(x) may be off by {error:.3f} nats for your digit.", icon=":material/warning:"
        )


def warn_inexact(error: Tensor) -> None:
    """Name the digits whose quadrature may be off by more than a hundredth of a nat."""
    labels = catalogue.images(DATASET)[0].y[first_views.indices()].tolist()
    unsure = [
        f"number {place + 1} (a {labels[place]}, up to {error[place]:.3f} nats)"
        for place in (error > LARGEST_ERROR).nonzero().flatten().tolist()
    ]
    if unsure:
        st.warning(
            f"The quadrature of log p(x) may be off by more than {LARGEST_ERROR} nats for {', '.join(unsure)}.",
            icon=":material/warning:",
        )
