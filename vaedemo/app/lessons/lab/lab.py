"""Training lab: choose, press Train, watch. The link stores every setting, and every finished run is stored."""

import streamlit as st

from vaedemo.app.lessons.lab import form, progress, results
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable
from vaedemo.app.trainings import runs
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.vae import VAE, Elbo
from vaedemo.training.loop import fit

EXAMPLE = "mnist-2d"

LESSON = frame.Lesson(
    name="lab",
    question="What does a VAE trade away when its code must look like noise?",
    look_for=(
        "In the first epochs the KL rises while the reconstruction loss falls: the encoder starts to say something "
        "about x, and pays for it.",
        "On the latent plane the classes come apart although nobody told the model about classes.",
        "Train and test curves stay together while the model learns what digits share, and part when it learns its "
        "training images by heart: the 4,000 embedded digits show it within 50 epochs.",
    ),
    explained=(VAE, Elbo, Autoencoder, fit),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "I. Higgins et al., *β-VAE*, ICLR 2017, [openreview Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).",
        "G. Loaiza-Ganem, J. P. Cunningham, *The continuous Bernoulli*, 2019, "
        "[arXiv 1907.06845](https://arxiv.org/abs/1907.06845): why cross-entropy on grey pixels is not a likelihood.",
    ),
    table=LinkTable(*form.PARAMETERS),
)
PREDICTION = frame.Prediction(
    "Set β to 50 and train again. What will the decoded plane show?",
    ("The same blurry image everywhere", "Sharper digits than before", "Digits mixed at random"),
    right="The same blurry image everywhere",
    because="With β = 50 every nat of KL costs fifty: the cheapest code says nothing, q(z|x) = N(0, I) for every "
    "x, and the best decoder without a message is the mean image.",
)

with frame.lesson_page(LESSON) as view:
    left, right = st.columns([1, 3], gap="medium")
    with left:
        config = form.draw(view)
        state = form.buttons(view, config) if config is not None else None
    with right:
        if isinstance(state, runs.UnderWay) and (state.mine or state.job.stopping):
            progress.live(config, state.job)
        elif isinstance(state, runs.Finished):
            results.finished(view, state.run)
        else:
            results.nothing_yet(view, state, EXAMPLE)
    results.recent_and_compare(view)
    view.prediction = PREDICTION
    view.script = results.script(state, config, EXAMPLE)
