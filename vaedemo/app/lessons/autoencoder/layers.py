"""The layers of an autoencoder for one image: the diagram, the copy, the code; and a choice of images."""

from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st

from vaedemo import datasets
from vaedemo.analysis import activations
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.layer_diagram import Box, layer_diagram
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.autoencoder import facts, form, pictures
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.models.networks import count_parameters
from vaedemo.probability.likelihoods import reconstruction
from vaedemo.training.run import Run

OFFERED, ACROSS = 20, 4  # images to choose from: two of each of ten classes
HEIGHT = 210  # of the code's bars
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.models.networks import count_parameters
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.likelihoods import reconstruction

run = $found
images, which = vd.datasets.first_view("$dataset")
x = images.as_data("grey")[$image : $image + 1]
code = run.model.encode(x).mean
print(f"Numbers in the code: {code.numel()} of {x.numel()}")
print(f"Parameters: {count_parameters(run.model):,}")
print(f"Loss of this image: {reconstruction(run.model.decode(code), x).item():.2f} nats")
print(f"Loss, test images: {run.metrics['test_reconstruction']:.2f} nats")
print(f"Floor: {self_entropy(images.x):.2f} nats")
print(f"Ceiling: {mean_image_cross_entropy(images.x):.2f} nats")
""")


@dataclass(frozen=True, eq=False)
class Seen:
    """A network's result for one image: its layers as `boxes` and in `words`, the numbers of the code, the picture of
    the image beside its reconstruction, the number of pixels, and the loss in nats."""

    boxes: list[Box]
    words: str
    code: np.ndarray
    three: np.ndarray
    pixels: int
    loss: float


def see(run: Run, dataset: str, image: int) -> Seen:
    """Run a network on one of the available images of a data set."""
    return _see(run.digest, dataset, image, len(catalogue.images(dataset)[0]), run)


@st.cache_resource(max_entries=128, show_spinner=False)
def _see(digest: str, dataset: str, image: int, count: int, _run: Run) -> Seen:
    x = _run.model.as_data(catalogue.images(dataset)[0].x[image : image + 1])
    layers = activations.layers(_run.model, x)
    (code,) = (layer.values.numpy() for layer in layers if layer.part == "code")
    return Seen(
        pictures.boxes(layers),
        ", ".join(f"{layer.part} {layer.shape_text}" for layer in layers),
        code,
        pictures.with_difference(layers[0].values.numpy(), layers[-1].values.numpy()),
        x.numel(),
        reconstruction(_run.model.decode(_run.model.encode(x).mean), x).item(),
    )


def picture(view: StepView) -> None:
    found = form.find(view)
    if found is None:
        return
    form.make_available(view)
    form.images(view)
    seen = see(found[view["size"]], form.data_of(view), view["image"])
    layer_diagram(seen.boxes, key=view.key("diagram"), label=f"The layers of the network at this image: {seen.words}")
    label = f"The {len(seen.code)} numbers of the code, from {seen.code.min():.2f} to {seen.code.max():.2f}"
    bars = pictures.code_bars(seen.code)
    if view["step"] != EXPLORE:
        sketch(bars, key=view.key("code"), label=label, height=HEIGHT)
        return
    left, right = st.columns([1.15, 1], gap="medium", vertical_alignment="center")
    with left:
        image_grid(
            seen.three,
            3,
            key=view.key("three"),
            label="The image, its reconstruction, and their difference",
            captions=["x", "x̂", "x − x̂"],
            scale_hint=5,
            clickable=False,
        )
    with right:
        sketch(bars, key=view.key("code"), label=label, height=HEIGHT)
    st.caption(
        "Every square is one number. Between two layers: how many parameters. Hidden layers from black, 0, to "
        "their largest value; in the code blue is positive, orange negative. "
        "x − x̂: blue where ink is missing, orange where there is too much."
    )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the chosen net and image, none before the nets are trained; and the code."""
    found, dataset = form.finished(view), form.data_of(view)
    size = view["size"] if view["size"] in form.options(view) else form.options(view)[0]
    script = SCRIPT.substitute(found=form.code_of(view, size), dataset=dataset, image=view["image"])
    if found is None:
        return {}, script
    run = found[size]
    seen, (floor, ceiling) = see(run, dataset, view["image"]), facts.bounds(dataset)
    figures = {
        "Numbers in the code": f"{len(seen.code)} of {seen.pixels}",
        "Parameters": f"{count_parameters(run.model):,}",
        "Loss of this image": f"{seen.loss:.2f} nats",
        "Loss, test images": f"{run.metrics['test_reconstruction']:.2f} nats",
        "Floor": f"{floor:.2f} nats",
        "Ceiling": f"{ceiling:.2f} nats",
    }
    return figures, script


def choose_image(view: StepView) -> None:
    """Images of each class to click on, and a field for the number of any other."""
    images, sentence = form.images(view)
    offered = offer(images.name, len(images))

    def pick(index: int) -> None:
        view["image"] = offered[index]

    image_grid(
        images.x[list(offered)].numpy(),
        ACROSS,
        key=view.key("choice"),
        label="Images to choose from",
        selected=offered.index(view["image"]) if view["image"] in offered else None,
        scale_hint=2,
        on_click=pick,
    )
    st.number_input("Test image", 0, len(images) - 1, key=view.key("image"), help=sentence)
    st.caption(f"Its class: {datasets.class_names(images.name)[int(images.y[view['image']])]}")


@st.cache_data(show_spinner=False, max_entries=8)
def offer(dataset: str, count: int) -> tuple[int, ...]:
    """The first images of each class, class by class."""
    labels = catalogue.images(dataset)[0].y
    classes = labels.unique().tolist()
    rounds = -(-OFFERED // len(classes))
    each = [(labels == label).nonzero().flatten()[:rounds].tolist() for label in classes]
    return tuple(places[turn] for turn in range(rounds) for places in each if turn < len(places))[:OFFERED]
