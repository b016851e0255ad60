"""The pictures of the image exhibits: noise made certain, draws of which some are kept, and both."""

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.discriminative import digits, form, sketches
from vaedemo.app.lessons.discriminative.digits import BEST, Shown
from vaedemo.app.shared.forms import DATA_TITLES
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.training.run import Run

SIDE_BY_SIDE, KEPT = 5, 8  # large images in a row
SHOWN_DRAWS, COLUMNS = 55, 11
REJECTED = 0.22  # share of its brightness that a rejected image keeps


def uphill(view: StepView) -> None:
    """Half of the noise images at the start, and below them the same after so many steps, with their p(y|x)."""
    found = form.find(view)
    if found is None:
        return
    here, name = digits.shown(view, found), name_of(view)
    start = digits.climbed(found[0].digest, found[0], view["ask"], view["digit_seed"])[1][0]
    st.markdown(f"**Noise**, with the classifier's p(y = {name}|x)")
    row(view, "start", here.path[0], start, f"Noise images with the probability of {name}")
    if view.is_open:
        st.markdown(f"**The same after {digits.STEPS} steps**")
        sketch(sketches.covered(), key=view.key("covered"), label="Held back", height=130)
        return
    st.markdown(f"**The same after {view['uphill']} steps uphill** on log p(y = {name}|x)")
    row(view, "best", here.best, here.certainty, f"The same images after {view['uphill']} steps, with that probability")


def row(view: StepView, key: str, images: torch.Tensor, probability: torch.Tensor, label: str) -> None:
    """A row of large images with their p(y|x)."""
    image_grid(
        images[:SIDE_BY_SIDE].numpy(),
        SIDE_BY_SIDE,
        key=view.key(key),
        label=label,
        captions=[f"{value:.3f}" for value in probability[:SIDE_BY_SIDE].tolist()],
        scale_hint=6.0,
        clickable=False,
    )


def bayes(view: StepView) -> None:
    """Draws from p(x); once the question is answered those that are kept are bright, and a row shows the first."""
    found = form.find(view)
    if found is None:
        return
    here = digits.shown(view, found)
    if view.is_open:
        st.markdown("**Draws from p(x)**, the VAE")
        all_draws(view, here.draws.x[:SHOWN_DRAWS], "Draws from the VAE")
        return
    st.markdown("**Draws from p(x)**: the bright ones are kept")
    kept_among_draws(view, here)
    st.markdown(f"**Kept as {name_of(view)}**, with p(y = {name_of(view)}|x)")
    kept_images(view, here, KEPT, KEPT)


def both(view: StepView) -> None:
    """The classifier's best inputs beside the draws that are kept; in Explore more."""
    found = form.find(view)
    if found is None:
        return
    here, name = digits.shown(view, found), name_of(view)
    exploring = view["step"] == EXPLORE
    columns, count = (5, BEST) if exploring else (3, 9)
    named = f", p(y = {name}|x)"
    left, right = st.columns(2, gap="medium")
    with left:
        loss = "" if view.is_open else f": loss {here.loss_of_best:,.0f} nats"
        st.markdown(f"**Noise, {view['uphill']} steps uphill**{loss or named}")
        certain = [f"{value:.3f}" for value in here.certainty[:count].tolist()]
        label = f"Images found uphill on the probability of {name}, with that probability"
        grid(view, "best", here.best[:count], columns, label, certain)
    with right:
        loss = "" if view.is_open or not len(here.kept) else f": loss {here.loss_of_kept:,.0f} nats"
        st.markdown(f"**Draws kept as {name}**{loss or named}")
        kept_images(view, here, columns, count)
    if exploring:
        st.markdown(
            f"**The first {SHOWN_DRAWS} draws from p(x)**: the bright ones are kept, each with probability p(y|x)"
        )
        kept_among_draws(view, here)
        st.caption(told_of(found[0]))


def told_of(classifier: Run) -> str:
    """What the models are."""
    return (
        f"The classifier is right on {classifier.metrics['test_accuracy']:.1%} of its test images. Both models were "
        f"trained on the same images ({DATA_TITLES[classifier.config.dataset]}). A draw is the mean of p(x|z), with z "
        "from N(0, I). The loss is cross-entropy plus KL with one sampled z, the mean over ten images."
    )


def kept_images(view: StepView, here: Shown, columns: int, count: int) -> None:
    """The first draws that are kept, with their p(y|x)."""
    if not len(here.kept):
        st.caption("None was kept: ask for more draws.")
        return
    certain = [f"{value:.3f}" for value in here.kept_probability[:count].tolist()]
    label = f"Images drawn from p(x) and kept with the probability of {name_of(view)}"
    grid(view, "kept", here.kept[:count], columns, label, certain)


def kept_among_draws(view: StepView, here: Shown) -> None:
    brightness = torch.where(here.draws.kept[:SHOWN_DRAWS], 1.0, REJECTED).view(-1, 1, 1, 1)
    label = f"Draws from the VAE; those kept as {name_of(view)} are bright"
    all_draws(view, np.asarray(here.draws.x[:SHOWN_DRAWS] * brightness), label)


def all_draws(view: StepView, images, label: str) -> None:
    image_grid(np.asarray(images), COLUMNS, key=view.key("draws.grid"), label=label, scale_hint=2.5, clickable=False)


def grid(view: StepView, key: str, images: torch.Tensor, columns: int, label: str, captions: list[str]) -> None:
    image_grid(
        images.numpy(),
        columns,
        key=view.key(key),
        label=label,
        captions=captions,
        scale_hint=4.0,
        clickable=False,
    )


def name_of(view: StepView) -> str:
    """The name of the class that is asked for."""
    return datasets.class_names(form.data_of(view))[view["ask"]]
