"""Home: one image through a whole VAE, and the map of the lecture."""

from string import Template

import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.home import sketch as home_sketch
from vaedemo.app.shell import frame, lecture
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.models.vae import VAE, reparameterize
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.rules import whole

RUN = "mnist-2d"
SCRIPT = Template("""\
import torch
import vaedemo as vd

run = vd.load("$run")
images = vd.datasets.load("mnist-55k", split="test")
x = images.as_data()[$image : $image + 1]
q = run.model.encode(x)
terms = run.model.elbo(x, generator=torch.Generator().manual_seed($noise))
(mu_1, mu_2), (sigma_1, sigma_2) = q.mean[0].tolist(), q.stddev[0].tolist()
print(f"Reconstruction loss: {terms.reconstruction.item():.2f} nats")
print(f"KL: {terms.kl.item():.2f} nats")
print(f"−ELBO: {-terms.elbo.item():.2f} nats")
print(f"μ: ({mu_1:.2f}, {mu_2:.2f})")
print(f"σ: ({sigma_1:.3f}, {sigma_2:.3f})")
""")

LESSON = frame.Lesson(
    name="home",
    question="How can a network that only copies images learn to draw new ones?",
    look_for=(
        "The encoder does not answer with a point but with a small cloud, q(z|x): the red ellipse. "
        "Press **Resample z** and watch the decoder draw a slightly different digit from each point of the cloud.",
        "Digits of one class gather in one region, and all regions together fill the prior's circles, N(0, I). "
        "That is what the KL pays for, and why a z drawn from the prior decodes to a digit.",
        "The reconstruction loss changes with every z; the KL does not: it depends on μ and σ alone.",
    ),
    explained=(VAE, reparameterize, kl_standard_normal),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "D. J. Rezende, S. Mohamed, D. Wierstra, *Stochastic Backpropagation and Approximate Inference in Deep "
        "Generative Models*, 2014, [arXiv 1401.4082](https://arxiv.org/abs/1401.4082).",
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, [arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "University of Georgia, *Deep Learning & Engineering Applications*, lecture 12.",
    ),
    table=LinkTable(Parameter("image", 42, whole(0, 4999)), Parameter("noise", 0, whole(0, 99_999))),
)

PREDICTION = frame.Prediction(
    "You resample z a hundred times for the same digit. What changes?",
    ("The reconstruction loss, but not the KL", "The KL, but not the reconstruction loss", "Both"),
    right="The reconstruction loss, but not the KL",
    because="The KL is between two Gaussians, q(z|x) and N(0, I), and has a closed form in μ and σ. The reconstruction "
    "loss is a mean over z, estimated here from the one z you drew.",
)


def choose(image: int) -> None:
    st.session_state["home.image"] = image
    st.session_state["home.noise"] = 0


def another(presses: int) -> None:
    choose(image_after(st.session_state["home.image"], presses))


def image_after(image: int, presses: int) -> int:
    """`presses` steps of x → (7 x + 1) mod 5000, in closed form: 7ⁿ x + (7ⁿ − 1) / 6 for n steps, however large n
    is."""
    return (pow(7, presses, 5000) * image + (pow(7, presses, 6 * 5000) - 1) // 6) % 5000


def resample(presses: int) -> None:
    st.session_state["home.noise"] = (st.session_state["home.noise"] + presses) % 100_000


def strip(view: frame.View) -> None:
    """x, q(z|x) on the plane, the sampled z and x̂ in one row, with their numbers below."""
    run = catalogue.run(RUN)
    shown, sentence = catalogue.images("mnist-55k")
    offered = list(home_sketch.offered())
    x = shown.x[view["image"] : view["image"] + 1]
    terms = run.model.elbo(x, generator=torch.Generator().manual_seed(view["noise"]))
    mu, logvar = run.model.posterior(x)
    sigma = (0.5 * logvar).exp()
    z = reparameterize(mu, logvar, torch.Generator().manual_seed(view["noise"]))
    drawn = run.model.decode(z).mean

    left, middle, right = st.columns([1, 2.2, 1], vertical_alignment="center", gap="medium")
    with left:
        st.markdown("**x**, a digit it has never seen")
        image_grid(x.numpy(), 1, key="home.x", label="The chosen digit x", scale_hint=8, clickable=False)
        st.markdown("encoder :material/arrow_forward: $\\mu, \\sigma$")
        icon = ":material/shuffle:"
        press_button("Another digit", icon=icon, on_press=another, width="stretch", key=view.key("another"))
    with middle:
        sketch(
            home_sketch.plane(RUN, run.digest, mu[0].numpy(), sigma[0].numpy(), z[0].numpy()),
            key="home.plane",
            label="Means of 1,200 digits on the latent plane, the prior's circles, the posterior of the chosen digit",
            height=400,
        )
    with right:
        st.markdown("**x̂**, the mean of p(x|z)")
        image_grid(drawn.numpy(), 1, key="home.drawn", label="The decoded digit", scale_hint=8, clickable=False)
        st.markdown("decoder :material/arrow_back: $z = \\mu + \\sigma \\varepsilon$")
        press_button(
            "Resample z",
            icon=":material/casino:",
            on_press=resample,
            kind="primary",
            width="stretch",
            key=view.key("resample"),
        )
    frame.numbers(
        {
            "Reconstruction loss": f"{terms.reconstruction.item():.2f} nats",
            "KL": f"{terms.kl.item():.2f} nats",
            "−ELBO": f"{-terms.elbo.item():.2f} nats",
            "μ": f"({mu[0, 0]:.2f}, {mu[0, 1]:.2f})",
            "σ": f"({sigma[0, 0]:.3f}, {sigma[0, 1]:.3f})",
        },
        {"Reconstruction loss": "Cross-entropy, summed over the 784 grey pixels, at the sampled z."},
    )
    st.markdown("**Choose another digit**")
    image_grid(
        shown.x[offered].numpy(),
        10,
        key="home.choice",
        label="Digits to choose from",
        selected=offered.index(view["image"]) if view["image"] in offered else None,
        scale_hint=2,
        on_click=lambda index: choose(offered[index]),
    )
    st.caption(f"Live from the shipped run {RUN}: {run.config.title}. Shown: {sentence}")
    view.script = SCRIPT.substitute(run=RUN, image=view["image"], noise=view["noise"])


def map_of_the_lecture() -> None:
    st.subheader("The map of the lecture", anchor="map")
    lecture.draw_map({"present": "1"} if view["present"] else {})
    with st.expander(
        "Slide by slide: every idea, the slide's own symbols, and where it is here", icon=":material/list:"
    ):
        lecture.draw_index()


lecture.follow()
with frame.lesson_page(LESSON) as view:
    view.prediction, view.closing = PREDICTION, map_of_the_lecture
    frame.exhibit(view, strip)
