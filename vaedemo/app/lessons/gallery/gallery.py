"""Sampling gallery: z from the prior, x from p(x|z), and a check for memorised training images."""

import numpy as np
import streamlit as st

from vaedemo.analysis import code_density, frechet, latent, quality, walks
from vaedemo.app.lessons.gallery import code, controls, fair, picked, samples, sources
from vaedemo.app.lessons.gallery.code import NOTHING_PICKED
from vaedemo.app.lessons.gallery.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter, name_text
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.rules import one_of, real, whole


def picture(view: StepView) -> None:
    """The samples, and the plain autoencoder beside the VAE, as the part asks for."""
    run = widgets.run_of(view)
    view["picked"] = samples.within(view["picked"], view["side"])
    for note in run.notes:
        st.warning(note)
    if view["part"] != "beside":
        samples.picture(view, run)
    if view["part"] == "beside" or (view["part"] == "all" and not run.config.on_points):
        if view["step"] == EXPLORE:
            st.header("Beside a plain autoencoder", anchor="autoencoder")
        fair.picture(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the samples and of the comparison, and the code that prints them."""
    run, values = widgets.run_of(view), view.values()
    z, x = samples.decoded(run, values)
    figures = {"Mean length of z": f"{z.norm(dim=1).mean().item():.3f}"}
    index, beside = values["picked"], ""
    if run.config.on_points:
        figures["Mean distance from the origin"] = f"{np.linalg.norm(x.numpy(), axis=1).mean():.3f}"
    else:
        if index != NOTHING_PICKED:
            figures["Length of its z"] = f"{z[index].norm().item():.3f}"
            figures["Nearest real image"] = f"{picked.distance(run, x[index : index + 1]):.3f}"
        figures |= fair.figures(values["run"])
        beside = fair.code(values["run"])
    return figures, code.script(run, values, sources.source_of(values, run), beside)


LESSON = SteppedLesson(
    name="gallery",
    question="Can new images be made by drawing z from N(0, I) and decoding it?",
    parameters=(
        Parameter("part", "all", one_of(*controls.PARTS)),
        Parameter("run", "mnist-2d", name_text),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("side", 10, whole(2, controls.LARGEST_SIDE)),
        Parameter("temperature", 1.0, real(0.0, 3.0)),
        Parameter("truncation", 0.0, real(0.0, 4.0)),
        Parameter("show", "mean", one_of(*controls.SHOW)),
        Parameter("picked", 0, whole(NOTHING_PICKED, controls.LARGEST_SIDE**2 - 1)),
        *sources.PARAMETERS,
        fair.SEED,
    ),
    steps=STEPS,
    controls=controls.CONTROLS,
    explored=controls.explored,
    picture=picture,
    work=work,
    run=widgets.run_of,
    goals=GOALS,
    explained=(
        latent.prior_samples,
        code_density.aggregated_posterior,
        code_density.CodeDensity,
        code_density.fit_mixture,
        walks.walk,
        frechet.frechet_distance,
        quality.nearest,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, figures 4 and 5, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "P. Ghosh, M. S. M. Sajjadi, A. Vergari, M. Black, B. Schölkopf, *From Variational to Deterministic "
        "Autoencoders*, 2020, section 4, [arXiv 1903.12436](https://arxiv.org/abs/1903.12436).",
        "A. Brock, J. Donahue, K. Simonyan, *Large Scale GAN Training* (the truncation trick), 2018, "
        "[arXiv 1809.11096](https://arxiv.org/abs/1809.11096).",
    ),
)

stepped.lesson_page(LESSON)
