"""pPCA, a VAE in closed form: where the bound is tight, the cost of rotating the latent axes, the effect of β."""

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.ppca import code, views
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.models import pca
from vaedemo.probability import covariance, ppca, ppca_axes
from vaedemo.rules import one_of, real, whole

DATA = {
    "gaussian": "A Gaussian you set",
    "mnist-55k": "MNIST digits",
    "fashion": "Fashion-MNIST",
    "ring": "Ring of points",
}
HEIGHT = 300  # of each picture, CSS pixels

LESSON = frame.Lesson(
    name="ppca",
    question="When does the evidence lower bound meet log p(x)?",
    look_for=(
        "Encoder and decoder are linear here, so everything is known without training: the best weights, the exact "
        "posterior, log p(x). At **θ = 0** every dot lies on the line: the ELBO **is** log p(x), for every x.",
        "Turn **θ**. log p(x) does not move: p(x) knows W only through WWᵀ. But the posterior tilts, and a "
        "diagonal q cannot tilt with it: every x loses the same number of nats. At multiples of 90° nothing is lost. "
        "This is why a VAE's axes prefer the principal ones.",
        "**β** above 1 raises the water line βσ²: an axis lives only while its variance λ stands above it. log p(x) "
        "and the ELBO are best at β = 1, and equal there. Elsewhere they part, until no axis lives and z says nothing.",
    ),
    explained=(
        pca.PCA,
        ppca.optimal_weights,
        ppca.posterior,
        ppca.best_diagonal,
        ppca.log_likelihood,
        ppca.terms,
        ppca.elbo,
        ppca.rotate,
        ppca.gap,
        covariance.axes_kept,
    ),
    references=(
        "M. E. Tipping, C. M. Bishop, *Probabilistic Principal Component Analysis*, J. R. Stat. Soc. B 61, 1999.",
        "J. Lucas, G. Tucker, R. Grosse, M. Norouzi, *Don't Blame the ELBO! A Linear VAE Perspective on Posterior "
        "Collapse*, 2019, [arXiv 1911.02469](https://arxiv.org/abs/1911.02469).",
        "M. Rolínek, D. Zietlow, G. Martius, *Variational Autoencoders Pursue PCA Directions (by Accident)*, 2019, "
        "[arXiv 1812.06775](https://arxiv.org/abs/1812.06775).",
    ),
    table=LinkTable(
        Parameter("data", "gaussian", one_of(*DATA)),
        Parameter("lambda1", 9.0, real(0.5, 20.0)),
        Parameter("lambda2", 2.0, real(0.5, 20.0)),
        Parameter("other", 12, whole(2, ppca_data.AXES)),
        Parameter("variance", 1.0, real(0.05, 5.0)),
        Parameter("theta", 30, whole(0, 180)),
        Parameter("beta", 3.0, real(0.1, 10.0)),
    ),
)
PREDICTION = frame.Prediction(
    "Make the two variances equal, λ₁ = λ₂, and turn the axes by 45°. How much does the ELBO lose?",
    ("More than before", "As much as before", "Nothing"),
    right="Nothing",
    because="With equal variances the posterior is round, and a circle has no axes to miss: every rotation of the "
    "latent space is as good as any other. Only unequal variances tie a VAE's axes to the data's.",
)


def controls(view: frame.View) -> tuple[ppca_axes.AxisData, int, str]:
    """The data along their axes, the index of the axis rotated against the first, and a description of the data."""
    columns = st.columns(4, vertical_alignment="bottom", gap="medium")
    name = columns[0].selectbox("Data", list(DATA), format_func=DATA.get, key=view.key("data"))
    columns[3].slider("Noise variance σ²", 0.05, 5.0, step=0.05, key=view.key("variance"))
    data, sentence = ppca_data.along_axes(name, view["lambda1"], view["lambda2"])
    count = len(data.eigenvalues)
    if name == "gaussian":
        for number, column in zip("12", columns[1:3], strict=True):
            label = f"Variance λ{subscript(int(number))}"
            column.slider(label, 0.5, 20.0, step=0.5, key=view.key(f"lambda{number}"))
    elif count == 2:
        shown = " and ".join(f"{value:.3f}" for value in data.eigenvalues.tolist())
        columns[1].markdown(f"Variances λ along the two axes: **{shown}**")
    else:
        columns[1].slider("Axis turned against axis 1", 2, count, key=view.key("other"))
        return data, view["other"] - 1, sentence
    return data, 1, sentence


def turn(view: frame.View, data: ppca_axes.AxisData, second: int) -> None:
    """Two latent axes rotated by θ at β = 1: the ellipses, the bound against log p, the gap against θ."""
    st.subheader("Turn the latent axes", anchor="turn")
    st.slider("θ, degrees, at β = 1", 0, 180, key=view.key("theta"))
    noise = view["variance"]
    shown = views.turned(data, noise, view["theta"], second)
    for index, (column, (title, picture, label)) in enumerate(
        zip(st.columns(3, gap="medium"), shown.pictures, strict=True)
    ):
        with column:
            st.markdown(f"**{title}**")
            sketch(picture, key=f"ppca.turn{index}", label=label, height=HEIGHT)
    frame.numbers(
        {
            "Mean log p(x)": f"{shown.log_likelihood:.4f} nats",
            "Mean ELBO": f"{shown.elbo:.4f} nats",
            "Gap": f"{shown.mean_gap:z.4f} nats",
            "½[Σ log M_ii − log det M]": f"{shown.gap:z.4f} nats",
        },
        {"½[Σ log M_ii − log det M]": "The gap in closed form, M = WᵀW + σ²I: no x in it."},
    )
    if shown.dead:
        st.info(
            f"Both axes are dead: their variances λ lie below σ² = {noise:g}, so z says nothing. Lower σ².",
            icon=":material/water_drop:",
        )


def change_beta(view: frame.View, data: ppca_axes.AxisData) -> None:
    """The model that β trains at this σ²: which axes live, and the distance of the ELBO from log p."""
    st.subheader("Change β", anchor="beta")
    st.slider("β, axes not turned", 0.1, 10.0, step=0.1, key=view.key("beta"))
    noise, beta = view["variance"], view["beta"]
    shown = views.of_beta(data, noise, beta)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**An axis lives while λ > βσ²**")
        label = f"Variances of the data along its axes and the line βσ²: {shown.alive} axes stand above it"
        sketch(shown.spectrum, key="ppca.spectrum", label=label, height=HEIGHT)
    with right:
        st.markdown("**log p(x) and ELBO of what each β trains**")
        label = "Mean log p(x) and mean ELBO against β: both are best, and equal, at β = 1"
        sketch(shown.curves, key="ppca.betas", label=label, height=HEIGHT)
    frame.numbers(
        {
            "Axes alive": f"{shown.alive} of {len(data.eigenvalues)}",
            "Mean log p(x) at β": f"{shown.log_likelihood:.4f} nats",
            "Mean ELBO at β": f"{shown.elbo:.4f} nats",
            "Gap at β": f"{shown.log_likelihood - shown.elbo:z.4f} nats",
        },
        {"Mean ELBO at β": "The ELBO itself, without β; β only chose the weights and q."},
    )


def draw(view: frame.View) -> None:
    data, second, sentence = controls(view)
    turn(view, data, second)
    change_beta(view, data)
    st.caption(sentence)
    view.script = code.script(view.values(), second)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
