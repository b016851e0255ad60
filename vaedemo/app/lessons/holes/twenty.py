"""Exhibit: models with 20 axes. z from N(0, I) and from a density fitted afterwards, decoded."""

import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import code_density, latent
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.holes import code, data
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import one_of

RUNS = {"autoencoder": "mnist-20d-autoencoder", "vae": "mnist-20d"}
JUDGE = "digit-classifier"
SURE = 0.8  # a classifier is unsure of an image below this probability of its likeliest digit
COUNT, COLUMNS = 15, 3
AFTERWARDS = {"none": "N(0, I) alone", "mixture": "Fitted p(z) too"}
TITLES = {
    "prior": "**Autoencoder**, z ~ N(0, I)",
    "mixture": "**Autoencoder**, z ~ fitted p(z)",
    "vae": "**VAE**, z ~ N(0, I)",
}
PARAMETERS = (Parameter("afterwards", "mixture", one_of(*AFTERWARDS)),)


@st.cache_resource(max_entries=2, show_spinner=False)
def mixture(digest: str) -> code_density.CodeDensity:
    """The mixture of Gaussians fitted to the codes of the autoencoder with this digest."""
    return code_density.fit_mixture(codes(digest))


@st.cache_resource(max_entries=2, show_spinner=False)
def codes(digest: str) -> Tensor:
    """Its codes of the available test images, (N, 20)."""
    return catalogue.run(RUNS["autoencoder"]).model.encode(catalogue.images(data.DATASET)[0].as_data()).mean


def drawn(case: str, count: int, seed: int) -> Tensor:
    """z of one of `TITLES`, (count, 20)."""
    generator = torch.Generator().manual_seed(seed)
    if case == "mixture":
        return mixture(catalogue.run(RUNS["autoencoder"]).digest).sample(count, generator)
    return latent.prior_samples(count, 20, generator)


def decoded(case: str, count: int, seed: int) -> Tensor:
    """The images decoded from them, (count, 1, 28, 28)."""
    return catalogue.run(RUNS["vae" if case == "vae" else "autoencoder"]).model.decode(drawn(case, count, seed)).mean


@st.cache_data(max_entries=64, show_spinner=False)
def unsure(case: str, seed: int) -> float:
    """The share of 2,000 images of which a classifier is unsure."""
    best = catalogue.run(JUDGE).model.probabilities(decoded(case, data.DRAWN, seed).clamp(0, 1)).max(dim=1).values
    return (best < SURE).double().mean().item()


def lengths(seed: int) -> tuple[float, float]:
    """The mean distance from 0 of the autoencoder's codes, and of random z."""
    own = codes(catalogue.run(RUNS["autoencoder"]).digest).norm(dim=1).mean().item()
    return own, drawn("prior", data.DRAWN, seed).norm(dim=1).mean().item()


def shown(values) -> list[str]:
    """The cases of a view."""
    return [case for case in TITLES if case != "mixture" or values["afterwards"] == "mixture"]


def picture(view: StepView) -> None:
    columns = dict(zip(TITLES, st.columns(3, gap="small"), strict=True))
    for case in shown(view):
        with columns[case]:
            st.markdown(TITLES[case])
            image_grid(
                decoded(case, COUNT, view["draw"]).numpy(),
                COLUMNS,
                key=view.key(f"twenty.{case}"),
                label=f"{COUNT} images: {TITLES[case].replace('*', '')}",
                scale_hint=3,
                clickable=False,
            )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The share of images of each case of which the classifier is unsure."""
    figures = {f"{code.TWENTY[case]}: unsure": f"{100 * unsure(case, view['draw']):.1f} %" for case in shown(view)}
    own, prior = lengths(view["draw"])
    figures |= {"Distance of the codes from 0": f"{own:.1f}", "Distance of random z from 0": f"{prior:.1f}"}
    return figures, code.twenty(shown(view), view["draw"])


CONTROLS = {"afterwards": lambda view: widgets.choose(view, "afterwards", AFTERWARDS, "Densities")}
