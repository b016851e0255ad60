"""Exhibit: a classifier and a VAE make an image of a class, by gradient ascent on p(y|x) and by Bayes' rule."""

from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import best_input
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.discriminative import form
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.rules import ConfigError, shorten, whole
from vaedemo.training.run import Run

BEST, STEPS, STRIDE = 10, 40, 0.1
SHOWN_DRAWS, COLUMNS = 60, 15
REJECTED = 0.22  # share of its brightness that a rejected image keeps
MOST_DRAWS = 2000
PARAMETERS = (
    *form.PARAMETERS,
    Parameter("ask", 7, whole(0, 9)),
    Parameter("step", STEPS, whole(0, STEPS)),
    Parameter("draws", 1000, whole(100, MOST_DRAWS)),
    Parameter("digit_seed", 0, whole(0, 9999)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import best_input

classifier, vae = vd.load("$classifier").model, vd.load("$vae").model
generator = torch.Generator().manual_seed($seed)
noise = best_input.noise($best, classifier.data_shape, generator)
path = best_input.ascend(classifier, noise, $ask, steps=$steps, stride=$stride)
draws = best_input.draw_class(vae, classifier, $ask, $draws, torch.Generator().manual_seed($seed))
kept = draws.x[draws.kept]

def loss(x):
    bound = vae.elbo(x, generator=torch.Generator().manual_seed($seed)).elbo
    return f"{-bound.mean().item():.1f} nats"

print(f"p(y|x) of the best inputs: {classifier.probabilities(path[$step])[:, $ask].mean().item():.4f}")
print(f"VAE's loss on them: {loss(path[$step])}")
if len(kept):
    print(f"p(y|x) of what is kept: {draws.probability[draws.kept].mean().item():.4f}")
    print(f"VAE's loss on that: {loss(kept[:$best])}")
print(f"Acceptance rate: {draws.rate:.1%}")
print(f"Expected rate: {draws.expected_rate:.1%}")
""")


@st.cache_resource(max_entries=24, show_spinner=False)
def climbed(digest: str, _run: Run, ask: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The path of the noise images uphill, (steps + 1, 10, 1, 28, 28), and p(y = ask|x) along it, (steps + 1, 10)."""
    start = best_input.noise(BEST, _run.model.data_shape, torch.Generator().manual_seed(seed))
    path = best_input.ascend(_run.model, start, ask, STEPS, STRIDE)
    probabilities = _run.model.probabilities(path.flatten(0, 1))[:, ask]
    return path, probabilities.view(STEPS + 1, BEST)


@st.cache_resource(max_entries=24, show_spinner=False)
def drawn(digests: tuple[str, str], _runs: tuple[Run, Run], ask: int, count: int, seed: int) -> best_input.Draws:
    generator = torch.Generator().manual_seed(seed)
    return best_input.draw_class(_runs[1].model, _runs[0].model, ask, count, generator)


def loss(vae: Run, x: torch.Tensor, seed: int) -> str:
    """The mean −ELBO of the images; on grey pixels a loss, not a likelihood."""
    bound = vae.model.elbo(x, generator=torch.Generator().manual_seed(seed)).elbo
    return f"{-bound.mean().item():.1f} nats"


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view, empty while its models are not trained."""
    form.choose_source(view)
    found = form.find(view)
    if found is None:
        return ""
    classifier, vae = found
    names = datasets.class_names(classifier.config.dataset)
    if view["ask"] >= len(names):
        refusal = ConfigError("ask", view["ask"], f"a class from 0 to {len(names) - 1} of {classifier.config.dataset}")
        st.warning(str(refusal), icon=":material/block:")
        view["ask"] = len(names) - 1
    ask = st.segmented_control(
        "Ask both for", range(len(names)), format_func=names.__getitem__, key=view.key("ask"), required=True
    )
    first, second, third = st.columns([1.5, 1.5, 1], gap="large")
    step = first.slider("Steps uphill on log p(y|x)", 0, STEPS, key=view.key("step"))
    count = second.slider("Draws from p(x)", 100, MOST_DRAWS, step=100, key=view.key("draws"))
    seed = third.number_input("Seed", 0, 9999, key=view.key("digit_seed"))
    path, certainty = climbed(classifier.digest, classifier, ask, seed)
    draws = drawn((classifier.digest, vae.digest), found, ask, count, seed)
    kept, probability = draws.x[draws.kept], draws.probability[draws.kept]
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**The classifier's best inputs**, from noise, with their p(y|x)")
        certain = [f"{value:.3f}" for value in certainty[step].tolist()]
        label = f"{BEST} images found uphill on the probability of {names[ask]}, with that probability"
        image_grid(
            path[step].numpy(), 5, key=view.key("best"), label=label, captions=certain, scale_hint=3.0, clickable=False
        )
    with right:
        st.markdown("**The VAE's answer by Bayes' rule**, with p(y|x)")
        if len(kept):
            certain = [f"{value:.3f}" for value in probability[:BEST].tolist()]
            label = f"Images drawn from p(x) and kept with the probability of {names[ask]}"
            image_grid(
                kept[:BEST].numpy(),
                5,
                key=view.key("kept"),
                label=label,
                captions=certain,
                scale_hint=3.0,
                clickable=False,
            )
        else:
            st.caption("None was kept: ask for more draws.")
    st.markdown(f"**The first {SHOWN_DRAWS} draws from p(x)**: the bright ones are kept, each with probability p(y|x)")
    brightness = torch.where(draws.kept[:SHOWN_DRAWS], 1.0, REJECTED).view(-1, 1, 1, 1)
    image_grid(
        np.asarray(draws.x[:SHOWN_DRAWS] * brightness),
        COLUMNS,
        key=view.key("draws.grid"),
        label=f"Draws from the VAE; those kept as {names[ask]} are bright",
        scale_hint=2.0,
        clickable=False,
    )
    numbers(vae, path[step], certainty[step], kept, probability, draws, seed)
    names_of = form.SHIPPED if view["source"] == "shipped" else (classifier.digest, vae.digest)
    accuracy = classifier.metrics["test_accuracy"]
    st.caption(
        f"The classifier is right on {accuracy:.1%} of its test images. Both models were trained on the same images, "
        f"{shorten(classifier.config.dataset)[1:-1]}. A draw is the mean of p(x|z), with z from N(0, I)."
    )
    return SCRIPT.substitute(
        classifier=names_of[0],
        vae=names_of[1],
        seed=seed,
        best=BEST,
        ask=ask,
        steps=STEPS,
        stride=STRIDE,
        draws=count,
        step=step,
    )


def numbers(vae: Run, best, certainty, kept, probability, draws: best_input.Draws, seed: int) -> None:
    values = {
        "p(y|x) of the best inputs": f"{certainty.mean().item():.4f}",
        "VAE's loss on them": loss(vae, best, seed),
    }
    if len(kept):
        values |= {
            "p(y|x) of what is kept": f"{probability.mean().item():.4f}",
            "VAE's loss on that": loss(vae, kept[:BEST], seed),
        }
    values |= {
        "Acceptance rate": f"{draws.rate:.1%}",
        "Expected rate": f"{draws.expected_rate:.1%}",
    }
    frame.numbers(
        values,
        {
            "VAE's loss on them": "Cross-entropy plus KL with one sampled z, the mean over the images shown: what the "
            "VAE says of images that the classifier finds perfect.",
            "Expected rate": "The mean of p(y|x) over these draws: the acceptance rate's exact expectation, which "
            "estimates p(y).",
        },
    )
