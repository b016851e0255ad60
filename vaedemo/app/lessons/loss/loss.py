"""The loss of a VAE: one digit's reconstruction loss and KL, and what each of them wants."""

from string import Template

import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.loss import line, plain, sketches
from vaedemo.app.lessons.loss.steps import GOALS, STEPS
from vaedemo.app.shell import sliders, stepped
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.vae import VAE, reparameterize
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.rules import whole

IMAGE = 3027  # a 6 whose loss is near the median of the 5,000 test digits, 147 nats
BETAS = sliders.decades(0.01, 100)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.probability.divergences import kl_standard_normal

model = vd.load("$run").model
x = vd.datasets.load("$dataset", split="test").as_data()[$image : $image + 1]
noise = torch.randn($draws, model.latent_dim, generator=torch.Generator().manual_seed($seed))
mu, logvar = model.posterior(x)
mean, spread = (1 - $t) * mu, (1 - $t) * logvar
likelihood = model.decode(mean + (0.5 * spread).exp() * noise)
reconstruction = -likelihood.log_prob(x.expand($draws, *x.shape[1:])).flatten(1).sum(1).mean().item()
kl = kl_standard_normal(mean, spread).sum().item()
print(f"l_recon: {reconstruction:.2f} nats")
print(f"l_KL: {kl:z.2f} nats")
print(f"l_recon + β · l_KL: {reconstruction + $beta * kl:.2f} nats")
""")


def picture(view: StepView) -> None:
    """x and an x̂ side by side, and the terms over the way from the encoder's q to the prior."""
    digest = catalogue.run(line.RUN).digest
    pair = torch.cat([line.image(view["image"]), line.decoded(view["image"], view["t"], digest)])
    images, chart = st.columns([2, 5], vertical_alignment="center")
    with images:
        st.markdown("x, and x̂ from one z of q")
        image_grid(pair.numpy(), 1, key=view.key("pair"), label="x above x̂", scale_hint=5, clickable=False)
    before = view.before
    with chart:
        drawn = sketches.way(
            line.along(view), view["beta"], view["t"], before and before["t"], lines=not view.is_open and not view.held
        )
        label = f"Both terms of the loss and their sum in nats, at t = {view['t']:g}"
        sketch(drawn, key=view.key("way"), label=label, height=430)


def work(view: StepView) -> tuple[dict[str, str], str]:
    found, beta = line.here(view), view["beta"]
    figures = {
        "l_recon": f"{found.reconstruction:.2f} nats",
        "l_KL": f"{found.kl:z.2f} nats",
        "l_recon + β · l_KL": f"{found.total(beta):.2f} nats",
    }
    fields = {"run": line.RUN, "dataset": line.DATASET, "image": view["image"], "t": view["t"], "beta": beta}
    return figures, SCRIPT.substitute(fields, draws=line.DRAWS, seed=line.SEED)


def way_slider(view: StepView) -> None:
    st.select_slider("t, how far q is pulled to the prior", line.PLACES, format_func="{:g}".format, key=view.key("t"))


def another(view: StepView) -> None:
    def choose(presses: int) -> None:
        view["image"] = (view["image"] + 37 * presses) % 5000

    press_button("Another digit", icon=":material/shuffle:", on_press=choose, key=view.key("another"))


LESSON = SteppedLesson(
    name="loss",
    question="What do the two terms of the loss want?",
    parameters=(
        Parameter("image", IMAGE, whole(0, 4999)),
        Parameter("t", 0.0, sliders.listed(line.PLACES)),
        Parameter("beta", 1.0, sliders.listed(BETAS)),
    ),
    steps=STEPS,
    controls={
        "t": way_slider,
        "beta": lambda view: sliders.slider(view, "beta", "β", BETAS),
        "another": another,
    },
    picture=picture,
    work=work,
    run=lambda view: catalogue.run(line.RUN),
    plain=plain.view_code,
    goals=GOALS,
    explained=(VAE, reparameterize, kl_standard_normal),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, section 3, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "I. Higgins and others, *β-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework*, "
        "ICLR 2017, [openreview](https://openreview.net/forum?id=Sy2fzU9gl).",
    ),
)

stepped.lesson_page(LESSON)
