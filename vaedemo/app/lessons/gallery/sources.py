"""The sources of the gallery's codes: the prior, encoded data, densities fitted to codes, or a walk."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import code_density, latent, walks
from vaedemo.app import catalogue
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.datasets.arrays import LAST_CLASS
from vaedemo.rules import ConfigError, one_of, real, whole
from vaedemo.training.run import Run

SOURCES = {
    "prior": "N(0, I)",
    "posterior": "q(z)",
    "gaussian": "Gaussian",
    "mixture": "Mixture",
    "walk": "Walk",
}
SAYS = {
    "prior": "z from the prior N(0, I), which the KL holds the codes to.",
    "posterior": "z from the aggregated posterior q(z): a random test example is encoded and its q(z|x) sampled. "
    "Where these look better than N(0, I), the prior has holes.",
    "gaussian": "z from one Gaussian, fitted to the codes of test data after training.",
    "mixture": "z from a mixture of 10 Gaussians, fitted to the codes of test data after training (Ghosh et al. 2020).",
    "walk": "A walk that leaves its Gaussian as it is, read row by row: z ← m + √(1 − s²)(z − m) + s L ε.",
}
UNTRAINED = "z from N(0, I), of which this autoencoder has never heard: its codes lie elsewhere."
ANY_CLASS = -1
Values = View | Mapping[str, Any]  # the page's parameters: current, or as they were
PARAMETERS = (
    Parameter("source", "prior", one_of(*SOURCES)),
    Parameter("start", 0, whole(0, 9_999)),
    Parameter("stride", 0.3, real(0.0, 1.0)),
    Parameter("within", ANY_CLASS, whole(ANY_CLASS, LAST_CLASS)),
)


@st.cache_resource(max_entries=8, show_spinner=False)
def codes(digest: str, _run: Run) -> Tensor:
    """The codes of all available examples, (N, d): means of q(z|x), or an autoencoder's codes."""
    shown, _ = catalogue.images(_run.config.dataset)
    return _run.model.encode(shown.x).mean


@st.cache_resource(max_entries=16, show_spinner=False)
def density(digest: str, kind: str, _run: Run) -> code_density.CodeDensity:
    """A Gaussian or a mixture fitted to a run's codes."""
    fit = code_density.fit_gaussian if kind == "gaussian" else code_density.fit_mixture
    return fit(codes(digest, _run))


def controls(view: View, run: Run) -> None:
    """Draw the choice of source above the grid, and the controls of a walk."""
    st.segmented_control(
        "z from", list(SOURCES), format_func=SOURCES.get, key=view.key("source"), required=True, wrap=True
    )
    if view["source"] == "posterior" and run.config.model == "autoencoder":
        accepts = "prior, gaussian, mixture or walk for an autoencoder, which has no q(z|x) to sample"
        st.warning(str(ConfigError("source", view["source"], accepts)), icon=":material/link_off:")
    source = source_of(view, run)
    st.caption(UNTRAINED if source == "prior" and run.config.model == "autoencoder" else SAYS[source])
    if source == "walk":
        walk_controls(view, run)


def source_of(values: Values, run: Run) -> str:
    """The source in use; an autoencoder has no posterior to sample."""
    return "prior" if values["source"] == "posterior" and run.config.model == "autoencoder" else values["source"]


def walk_controls(view: View, run: Run) -> None:
    """The start, the stride and the class of a walk."""
    names = datasets.class_names(run.config.dataset)
    shown, _ = catalogue.images(run.config.dataset)
    if view["start"] >= len(shown):
        error = ConfigError("start", view["start"], f"an example from 0 to {len(shown) - 1:,}")
        st.warning(str(error), icon=":material/link_off:")
        view["start"] = 0
    if view["within"] >= len(names):
        error = ConfigError("within", view["within"], f"a class from 0 to {len(names) - 1}")
        st.warning(str(error), icon=":material/link_off:")
        view["within"] = ANY_CLASS
    st.number_input("Start at test example", 0, len(shown) - 1, key=view.key("start"))
    st.slider("Stride s", 0.0, 1.0, step=0.05, key=view.key("stride"))
    st.selectbox(
        "Stay within",
        [ANY_CLASS, *range(len(names))],
        format_func=lambda label: around_everything(run) if label == ANY_CLASS else f"class {names[label]}",
        key=view.key("within"),
    )


def around_everything(run: Run) -> str:
    return "the prior" if run.config.model == "vae" else "all codes"


def draw_codes(values: Values, run: Run, count: int, generator: torch.Generator) -> Tensor:
    """Codes (count, latent_dim) from the chosen source."""
    source = source_of(values, run)
    if source == "prior":
        return latent.prior_samples(
            count,
            run.model.latent_dim,
            generator,
            temperature=values["temperature"],
            truncation=values["truncation"] or None,
        )
    shown, _ = catalogue.images(run.config.dataset)
    if source == "posterior":
        return code_density.aggregated_posterior(run.model, shown.x, count, generator)
    if source == "walk":
        start = run.model.encode(shown.x[values["start"] : values["start"] + 1]).mean[0]
        return walks.walk(start, count, values["stride"], generator, around(values, run, shown))
    return density(run.digest, source, run).sample(count, generator)


def around(values: Values, run: Run, shown: datasets.ImageSet) -> code_density.CodeDensity | None:
    """The Gaussian that a walk stays around: of a class's codes, of an autoencoder's codes, or (None) the prior."""
    if values["within"] != ANY_CLASS:
        return code_density.fit_gaussian(codes(run.digest, run)[shown.y == values["within"]])
    return None if run.config.model == "vae" else density(run.digest, "gaussian", run)
