"""Encoder, code, decoder: all layers of an autoencoder for one image, and the effect of the code's size."""

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
from vaedemo.app.lessons.autoencoder import form, pictures
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.networks import count_parameters
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.likelihoods import reconstruction
from vaedemo.training.run import Run

OFFERED = 20  # images to choose from: two of each class
FLOOR_HELP = "The cross-entropy of x̂ = x, mean over test images: grey pixels have an entropy of their own."
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.models.networks import count_parameters
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.likelihoods import reconstruction

run = $found
images, which = vd.datasets.first_view(run.config.dataset)
x = images.as_data("grey")[$image : $image + 1]
code = run.model.encode(x).mean
print(f"Numbers in the code: {code.numel()} of {x.numel()}")
print(f"Parameters: {count_parameters(run.model):,}")
print(f"Loss of this image: {reconstruction(run.model.decode(code), x).item():.2f} nats")
print(f"Loss, test images: {run.metrics['test_reconstruction']:.2f} nats")
print(f"Floor: {self_entropy(images.x):.2f} nats")
print(f"Ceiling: {mean_image_cross_entropy(images.x):.2f} nats")
""")

LESSON = frame.Lesson(
    name="autoencoder",
    question="What does a network keep of an image that must pass through a few numbers?",
    look_for=(
        "**The diagram**: each square is one number. The encoder squeezes 784 pixels into the code z; the decoder sees "
        "nothing else and has to draw the image anew.",
        "**The size of the code**: with 1 or 2 numbers the decoder answers with a blurred, typical digit. With more, "
        "what the error map shows grows thin: blue is ink that is missing, orange is ink too much.",
        "**The curve** falls steeply at first and then hardly at all, and never to its floor: the first numbers "
        "say what all digits differ in.",
    ),
    explained=(Autoencoder, activations.layers, self_entropy, mean_image_cross_entropy),
    references=(
        "G. E. Hinton, R. R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*, "
        "Science 313, 2006.",
        "I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, 2016, chapter 14, "
        "[deeplearningbook.org](https://www.deeplearningbook.org/contents/autoencoders.html).",
    ),
    table=LinkTable(*form.PARAMETERS),
)
PREDICTION = frame.Prediction(
    "The code grows from 1 number to 64. Which step lowers the reconstruction loss most?",
    ("From 1 number to 8", "From 8 to 64", "Both the same: the loss falls evenly"),
    right="From 1 number to 8",
    because="The first numbers go to what images differ in most: which digit, how slanted, how thick. "
    "What is left for the later ones are details of a few pixels each.",
)


def draw(view: frame.View) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="medium"):
        form.choose(view)
    found = form.find(view)
    if found is None:
        return
    form.choose_size(view)
    run = found[view["size"]]
    images, sentence = catalogue.images(run.config.dataset)
    if view["image"] >= len(images):
        st.warning(
            f"image accepts a whole number from 0 to {len(images) - 1:,} here, got {view['image']:,}.",
            icon=":material/link_off:",
        )
        view["image"] = 0
    seen = see(run.digest, run, view["image"], len(images))
    layer_diagram(seen.boxes, key=view.key("diagram"), label=f"The layers of the network at this image: {seen.words}")
    st.caption(
        "Every square is one number. Between two layers: how many parameters. Hidden layers from black, 0, to their "
        "largest value; in the code blue is positive, orange negative."
    )
    floor, ceiling = bounds(run.config.dataset, len(images))
    look(view, found, seen, (floor, ceiling))
    frame.numbers(
        {
            "Numbers in the code": f"{len(seen.code)} of {seen.pixels}",
            "Parameters": f"{count_parameters(run.model):,}",
            "Loss of this image": f"{seen.loss:.2f} nats",
            "Loss, test images": f"{run.metrics['test_reconstruction']:.2f} nats",
            "Floor": f"{floor:.2f} nats",
            "Ceiling": f"{ceiling:.2f} nats",
        },
        {"Floor": FLOOR_HELP, "Ceiling": "The cross-entropy of the mean image, for every x the same."},
    )
    choose_image(view, images)
    st.caption(f"{run.config.title}. Floor and ceiling: {sentence}")
    view.script = SCRIPT.substitute(found=code_of(view, run), image=view["image"])


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


@st.cache_resource(max_entries=128, show_spinner=False)
def see(digest: str, _run: Run, image: int, count: int) -> Seen:
    """Run a network on one of the `count` available images."""
    images, _ = catalogue.images(_run.config.dataset)
    x = _run.model.as_data(images.x[image : image + 1])
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


def look(view: frame.View, found: dict[int, Run], seen: Seen, ends: tuple[float, float]) -> None:
    """Draw the image and its reconstruction, the code, and the loss against the size of the code."""
    left, middle, right = st.columns([1.15, 0.9, 1.2], gap="medium")
    with left:
        st.markdown("**What comes back**")
        image_grid(
            seen.three,
            3,
            key=view.key("three"),
            label="The image, its reconstruction, and their difference",
            captions=["x", "x̂", "x − x̂"],
            scale_hint=4,
            clickable=False,
        )
        st.caption("x − x̂: blue where ink is missing, orange where there is too much.")
    with middle:
        st.markdown("**The code of this image**")
        label = f"The {len(seen.code)} numbers of the code, from {seen.code.min():.2f} to {seen.code.max():.2f}"
        sketch(pictures.code_bars(seen.code), key=view.key("code"), label=label, height=230)
    with right:
        st.markdown("**Loss against the size of the code**")
        if len(found) == 1:
            st.caption("Train several sizes, such as 2,8,32, and this is a curve.")
        losses = {size: run.metrics["test_reconstruction"] for size, run in found.items()}
        label = f"Test loss against the size of the code: {losses[view['size']]:.1f} nats at {view['size']}"
        picture = pictures.loss_curve(losses, view["size"], *ends)
        sketch(picture, key=view.key("curve"), label=label, height=230)


def choose_image(view: frame.View, images: datasets.ImageSet) -> None:
    """Two test images of each class to click on, and a field for the number of any other."""
    st.markdown("**Choose another image**")
    offered = offer(images.name, len(images))
    names = datasets.class_names(images.name)

    def pick(index: int) -> None:
        view["image"] = offered[index]

    left, right = st.columns([3, 1], gap="medium", vertical_alignment="center")
    with left:
        image_grid(
            images.x[list(offered)].numpy(),
            OFFERED // 2,
            key=view.key("choice"),
            label="Images to choose from",
            selected=offered.index(view["image"]) if view["image"] in offered else None,
            scale_hint=2,
            on_click=pick,
        )
    with right:
        st.number_input("Test image", 0, len(images) - 1, key=view.key("image"))
        st.caption(f"Its class: {names[int(images.y[view['image']])]}")


@st.cache_data(show_spinner=False, max_entries=8)
def offer(dataset: str, count: int) -> tuple[int, ...]:
    """The first images of each class, class by class in each row."""
    labels = catalogue.images(dataset)[0].y
    classes = labels.unique().tolist()
    rounds = -(-OFFERED // len(classes))
    each = [(labels == label).nonzero().flatten()[:rounds].tolist() for label in classes]
    return tuple(places[turn] for turn in range(rounds) for places in each if turn < len(places))[:OFFERED]


@st.cache_data(show_spinner=False, max_entries=8)
def bounds(dataset: str, count: int) -> tuple[float, float]:
    """Floor and ceiling of the loss over the `count` available images, nats per image."""
    images, _ = catalogue.images(dataset)
    return self_entropy(images.x), mean_image_cross_entropy(images.x)


def code_of(view: frame.View, run: Run) -> str:
    """The lines of the script that load or train the run."""
    if view["source"] == "shipped":
        return f'vd.load("{form.SHIPPED[view["network"]]}-{view["size"]}")'
    return f"vd.train(vd.RunConfig.from_dict({run.config.to_dict()}))"


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
