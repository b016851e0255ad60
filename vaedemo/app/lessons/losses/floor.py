"""Exhibit: the floor and the ceiling of the cross-entropy loss on a data set, and the losses of trained models."""

from functools import partial
from string import Template

import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import loss_scale
from vaedemo.models.vae import reparameterize
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.probability.likelihoods import reconstruction
from vaedemo.probability.pixel_cross_entropy import cross_entropy
from vaedemo.rules import one_of, whole

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion-MNIST"}
RUNS = {
    "mnist-55k": {"20 axes": "mnist-20d", "2 axes": "mnist-2d"},
    "fashion": {"20 axes": "fashion-20d", "2 axes": "fashion-2d"},
}
PIXELS = {"grey": "Grey", "binary": "Black and white"}
CHOICES = 20
PARAMETERS = (
    Parameter("images", "mnist-55k", one_of(*DATASETS)),
    Parameter("pixels", "grey", one_of(*PIXELS)),
    Parameter("image", 0, whole(0, CHOICES - 1)),
    Parameter("draw", 0, whole(0, 99_999)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy

images, which = vd.datasets.first_view("$images")
x = images.as_data("$pixels")
print(f"Floor: {self_entropy(x):.2f} nats")
for axes, name in $runs.items():
    generator = torch.Generator().manual_seed($draw)
    loss = vd.load(name).model.elbo(x, generator=generator).reconstruction.mean().item()
    print(f"{axes}: {loss:.2f} nats")
print(f"Ceiling: {mean_image_cross_entropy(x):.2f} nats")
""")


@st.cache_data(show_spinner=False, max_entries=32)
def over_all(
    dataset: str, pixels: str, draw: int, runs: tuple[tuple[str, str, str], ...], count: int
) -> dict[str, float]:
    """Floor, ceiling and the models' losses, means over the `count` available images; `runs`: (label, name, digest)."""
    x = catalogue.images(dataset)[0].as_data(pixels)
    losses = {
        label: catalogue.run(name).model.elbo(x, generator=torch.Generator().manual_seed(draw))
        for label, name, _ in runs
    }
    models = {label: terms.reconstruction.mean().item() for label, terms in losses.items()}
    return {"Floor": self_entropy(x)} | models | {"Ceiling": mean_image_cross_entropy(x)}


@st.cache_data(show_spinner=False, max_entries=8)
def mean_image(dataset: str, pixels: str, count: int) -> torch.Tensor:
    """The mean of the `count` available images, (1, 1, 28, 28), float64."""
    return catalogue.images(dataset)[0].as_data(pixels).double().mean(0, keepdim=True).clamp(0, 1)


def images_of(view: StepView) -> tuple:
    """The images of the view with a sentence on them, and its models by label."""
    runs = {label: catalogue.run(name) for label, name in RUNS[view["images"]].items()}
    return *catalogue.images(view["images"]), runs


def means(view: StepView) -> dict[str, float]:
    """`over_all` of the view."""
    dataset = view["images"]
    shown, _, runs = images_of(view)
    keys = tuple((label, RUNS[dataset][label], run.digest) for label, run in runs.items())
    return over_all(dataset, view["pixels"], view["draw"], keys, len(shown))


def picture(view: StepView) -> None:
    dataset, pixels = view["images"], view["pixels"]
    shown, sentence, runs = images_of(view)
    offered = torch.cat([(shown.y == label).nonzero().flatten()[: CHOICES // 10] for label in range(10)]).tolist()
    x = shown.as_data(pixels)[offered[view["image"]]][None]
    pictures, costs = one_image(x, runs, mean_image(dataset, pixels, len(shown)), view["draw"])
    kind = "−log p(x|z)" if pixels == "binary" else "cross-entropy"
    figure = loss_scale.loss_scale(
        {"all": split(means(view)), "this one": split(costs)}, unit=f"{kind}, nats per image"
    )
    alt = "Floor, models and ceiling of the loss, over all images and for the chosen one"
    chart(view, figure, name="scale", alt=alt)
    image_grid(
        torch.cat([picture.float() for picture in pictures]).numpy(),
        len(pictures),
        key=view.key("predictions"),
        label="The chosen image, what the models make of it, and the mean image",
        captions=["itself", *(f"{label}" for label in runs), "mean image"],
        scale_hint=4,
        clickable=False,
    )
    st.caption(
        "Floor: the best prediction of a grey pixel is its own grey, and that costs its entropy. Ceiling: a decoder "
        f"that ignores z and always answers with the mean image. Means over {sentence} One z each. The models were "
        "trained on grey pixels."
    )
    st.markdown("**Choose another image**")
    image_grid(
        shown.x[offered].numpy(),
        10,
        key=view.key("choice"),
        label="Images to choose from",
        selected=view["image"],
        scale_hint=2,
        on_click=lambda index: choose(view.key("image"), index),
    )


def work(view: StepView) -> tuple[dict[str, str], str]:
    figures = {label: f"{value:.2f} nats" for label, value in means(view).items()}
    fields = {name: view[name] for name in ("images", "pixels", "draw")}
    return figures, SCRIPT.substitute(fields, runs=RUNS[view["images"]])


def chooser(label: str, name: str, titles: dict[str, str]):
    """A control with one of a few options."""

    def draw(view: StepView) -> None:
        key = view.key(name)
        st.segmented_control(label, list(titles), format_func=titles.get, key=key, required=True, width="stretch")

    return draw


def resample_button(view: StepView) -> None:
    press_button(
        "Resample z",
        icon=":material/casino:",
        on_press=partial(resample, view.key("draw")),
        width="stretch",
        key=view.key("resample"),
    )


def one_image(x, runs, mean, draw: int) -> tuple[list[torch.Tensor], dict[str, float]]:
    """The predictions for one image, from the image itself to the mean image, and the loss of each."""
    pictures, costs = [x], {"Floor": self_entropy(x)}
    for label, run in runs.items():
        mu, logvar = run.model.posterior(x)
        decoded = run.model.decode(reparameterize(mu, logvar, torch.Generator().manual_seed(draw)))
        pictures.append(decoded.mean)
        costs[label] = reconstruction(decoded, x).item()
    return [*pictures, mean], costs | {"Ceiling": cross_entropy(x.double(), mean).item()}


def split(losses: dict[str, float]) -> tuple[float, dict[str, float], float]:
    """Floor, models, ceiling."""
    models = {name: value for name, value in losses.items() if name not in ("Floor", "Ceiling")}
    return losses["Floor"], models, losses["Ceiling"]


def resample(key: str, presses: int) -> None:
    st.session_state[key] = (st.session_state[key] + presses) % 100_000


def choose(key: str, index: int) -> None:
    st.session_state[key] = index


CONTROLS = {
    "images": chooser("Images", "images", DATASETS),
    "pixels": chooser("Pixels", "pixels", PIXELS),
    "resample": resample_button,
}
