"""Independent latent axes: the choice of a diagonal posterior, the effect of each axis, and its information."""

import streamlit as st

from vaedemo.analysis import mutual_information, rotation, total_correlation, traversal, turned_q
from vaedemo.app.lessons.axes import along, factors, turn
from vaedemo.app.shell import frame, parts
from vaedemo.probability import ppca

PARTS = {
    "turn": ("Turn the axes", turn),
    "along": ("One axis at a time", along),
    "factors": ("Known factors", factors),
}

LESSON = frame.Lesson(
    name="axes",
    question="Do a VAE's latent axes become independent, and does each come to mean something?",
    look_for=(
        "**Turn the axes**: log p(x) stays where it is. The best ELBO falls on average, though not for each digit: the "
        "axes that training found suit the diagonal q.",
        "**One axis at a time**: axes with little KL change nothing. The others are nearly uncorrelated, but "
        "uncorrelated is not independent, and seldom does one axis change one thing alone.",
        "**Known factors**: a larger β raises MIG and the reconstruction loss together; at β = 8 shape and angle are "
        "given up. But at β = 4 another seed alone triples MIG, and reaches that of β = 8.",
    ),
    explained=(
        rotation.Rotated,
        turned_q.best_over_angles,
        ppca.gap,
        traversal.traverse,
        traversal.axis_kl,
        total_correlation.gaussian_total_correlation,
        total_correlation.mixture_total_correlation,
        mutual_information.information_matrix,
        mutual_information.mig,
    ),
    references=(
        "F. Locatello et al., *Challenging Common Assumptions in the Unsupervised Learning of Disentangled "
        "Representations*, 2019, [arXiv 1811.12359](https://arxiv.org/abs/1811.12359).",
        "R. T. Q. Chen, X. Li, R. Grosse, D. Duvenaud, *Isolating Sources of Disentanglement in VAEs* (MIG), 2018, "
        "[arXiv 1802.04942](https://arxiv.org/abs/1802.04942).",
        "M. Rolínek, D. Zietlow, G. Martius, *Variational Autoencoders Pursue PCA Directions (by Accident)*, 2019, "
        "[arXiv 1812.06775](https://arxiv.org/abs/1812.06775).",
        "J. Lucas, G. Tucker, R. Grosse, M. Norouzi, *Don't Blame the ELBO!*, 2019, "
        "[arXiv 1911.02469](https://arxiv.org/abs/1911.02469).",
        "I. Higgins et al., *beta-VAE*, ICLR 2017.",
        "L. Matthey, I. Higgins, D. Hassabis, A. Lerchner, *dSprites*, 2017: the model of the data set `shapes`.",
    ),
    table=parts.table(PARTS),
)

PREDICTION = frame.Prediction(
    "The latent plane of a trained VAE is turned by 45° and its decoder turned back. What changes?",
    ("log p(x) and the best ELBO", "The best ELBO alone", "Neither: N(0, I) looks the same from everywhere"),
    right="The best ELBO alone",
    because="The prior is round, so p(x) is the very same model. A diagonal q is not round: on turned axes it can no "
    "longer lie along the posterior, and the bound moves while log p(x) stays.",
)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    st.markdown(
        "N(0, I) is the same in every rotated basis, so **the prior chooses no axes; the diagonal posterior does; and "
        "neither makes q(z), the mean of q(z|x), a product**."
    )
    frame.exhibit(view, lambda view: parts.draw(view, PARTS))
    st.markdown(
        "Locatello et al. (2019) trained over 12,000 models: **random seeds and hyperparameters mattered more than the "
        "method**, and without supervision no method can be sure to find the factors."
    )
