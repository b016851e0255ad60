"""pPCA, a VAE in closed form: where the bound is tight, the cost of rotating the latent axes, the effect of β."""

import streamlit as st

from vaedemo.app.lessons.ppca import beta, code, turn
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca.steps import GOALS, STEPS
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.shell.steps import Values
from vaedemo.models import pca
from vaedemo.probability import covariance, ppca
from vaedemo.rules import one_of, real, whole

DATA = {
    "gaussian": "A Gaussian you set",
    "mnist-55k": "MNIST digits",
    "fashion": "Fashion-MNIST",
    "ring": "Ring of points",
}
# Links of before have no part; they showed both exhibits, so that is the default.
PARTS = {"both": "Both", "bound": "The bound", "beta": "β"}


def both(view: StepView) -> None:
    """Both exhibits, and what the data are."""
    turn.pictures(view)
    beta.pictures(view, turn.HEIGHT)
    st.caption(ppca_data.of(view.own)[2])


DRAWN = {"both": both, "bound": turn.bound, "beta": beta.pictures}


def choose_data(view: StepView) -> None:
    st.selectbox("Data", list(DATA), format_func=DATA.get, key=view.key("data"))


def variances(view: StepView) -> None:
    """The variances of the Gaussian, those of two axes in words, or the choice of the axis turned against the first."""
    data, _, _ = ppca_data.of(view.own)
    count = len(data.eigenvalues)
    if view["data"] == "gaussian":
        for number in (1, 2):
            st.slider(f"Variance λ{subscript(number)}", 0.5, 20.0, step=0.5, key=view.key(f"lambda{number}"))
    elif count == 2:
        shown = " and ".join(f"{value:.3f}" for value in data.eigenvalues.tolist())
        st.markdown(f"Variances λ along the two axes: **{shown}**")
    else:
        st.slider("Axis turned against axis 1", 2, count, key=view.key("other"))


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of both exhibits."""
    data, second, _ = ppca_data.of(view.own)
    turned, model = turn.shown(view.own), beta.shown(view.own)
    figures = {
        "Mean log p(x)": f"{turned.log_likelihood:.4f} nats",
        "Mean ELBO": f"{turned.elbo:.4f} nats",
        "Gap": f"{turned.mean_gap:z.4f} nats",
        "½[Σ log M_ii − log det M]": f"{turned.gap:z.4f} nats",
        "Axes alive": f"{model.alive} of {len(data.eigenvalues)}",
        "Mean log p(x) at β": f"{model.log_likelihood:.4f} nats",
        "Mean ELBO at β": f"{model.elbo:.4f} nats",
        "Gap at β": f"{model.log_likelihood - model.elbo:z.4f} nats",
    }
    return figures, code.script(view.values(), second)


def explored(values: Values) -> tuple[str, ...]:
    """The controls of a part in Explore."""
    moved = {"bound": ("theta",), "beta": ("beta",)}.get(values["part"], ("theta", "beta"))
    return ("part", "data", "variance", "variances", *moved)


LESSON = SteppedLesson(
    name="ppca",
    question="When does the evidence lower bound meet log p(x)?",
    parameters=(
        Parameter("part", "both", one_of(*PARTS)),
        Parameter("data", "gaussian", one_of(*DATA)),
        Parameter("lambda1", 9.0, real(0.5, 20.0)),
        Parameter("lambda2", 2.0, real(0.5, 20.0)),
        Parameter("other", 12, whole(2, ppca_data.AXES)),
        Parameter("variance", 1.0, real(0.05, 5.0)),
        Parameter("theta", 30, whole(0, 180)),
        Parameter("beta", 3.0, real(0.1, 10.0)),
    ),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "data": choose_data,
        "variance": lambda view: st.slider("Noise variance σ²", 0.05, 5.0, step=0.05, key=view.key("variance")),
        "variances": variances,
        "theta": lambda view: st.slider("θ, degrees, at β = 1", 0, 180, key=view.key("theta")),
        "beta": lambda view: st.slider("β, axes not turned", 0.1, 10.0, step=0.1, key=view.key("beta")),
    },
    explored=explored,
    picture=lambda view: DRAWN[view["part"]](view),
    work=work,
    goals=GOALS,
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
)

stepped.lesson_page(LESSON)
