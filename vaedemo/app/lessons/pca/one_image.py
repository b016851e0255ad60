"""The image of the page on PCA that is a sum of rank-one terms: which one, its terms, the code that loads it."""

import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import rank_one
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.pca.data import examples_of_each_class
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.rules import one_of, whole

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion-MNIST"}
PIXELS = {"kept": "Pixels in place", "shuffled": "Pixels shuffled"}
CHOICES = 20
SIDE = 28
PARAMETERS = (
    Parameter("images", "mnist-55k", one_of(*DATASETS)),
    Parameter("image", 0, whole(0, CHOICES - 1)),
    Parameter("pixels", "kept", one_of(*PIXELS)),
)
LOAD = """\
images, which = vd.datasets.first_view("{images}")
image = images.as_data("grey")[{row}, 0].double()
"""
SHUFFLE = """\
order = torch.randperm(image.numel(), generator=torch.Generator().manual_seed(0))
image = image.flatten()[order].reshape(image.shape)
"""


@st.cache_resource(max_entries=48, show_spinner=False)
def decomposed(dataset: str, row: int, pixels: str = "kept") -> tuple[rank_one.RankOneSum, Tensor]:
    """The terms of one test image, and the image itself."""
    image = catalogue.images(dataset)[0].as_data("grey")[row, 0].double()
    if pixels == "shuffled":
        order = torch.randperm(image.numel(), generator=torch.Generator().manual_seed(0))
        image = image.flatten()[order].reshape(image.shape)
    return rank_one.decompose(image), image


def offered(dataset: str) -> list[int]:
    """Rows of the images to choose from."""
    return examples_of_each_class(catalogue.images(dataset)[0].y, CHOICES // 10)


def row(values: Values) -> int:
    """The row of a view's image in its data set."""
    return offered(values["images"])[values["image"]]


def of(values: Values, pixels: str | None = None) -> tuple[rank_one.RankOneSum, Tensor]:
    """The terms of a view's image, and the image; `pixels`: its order of pixels, if not the view's."""
    return decomposed(values["images"], row(values), pixels or values["pixels"])


def sentence(values: Values) -> str:
    """What the images are."""
    return catalogue.images(values["images"])[1]


def code(values: Values) -> dict[str, str]:
    """The `head` of a script and the lines that load the `image`."""
    is_shuffled = values["pixels"] == "shuffled"
    load = LOAD.format(images=values["images"], row=row(values))
    return {
        "head": ("import torch\n" if is_shuffled else "") + "import vaedemo as vd\n",
        "image": load + (SHUFFLE if is_shuffled else ""),
    }


def choose_images(view: StepView) -> None:
    st.segmented_control(
        "Images",
        list(DATASETS),
        format_func=DATASETS.get,
        key=view.key("images"),
        required=True,
        width="stretch",
        on_change=lambda: choose(view, view["image"]),
    )


def choose_image(view: StepView) -> None:
    image_grid(
        catalogue.images(view["images"])[0].x[offered(view["images"])].numpy(),
        5,
        key=view.key("choice"),
        label="Images to choose from",
        selected=view["image"],
        scale_hint=2,
        on_click=lambda index: choose(view, index),
    )


def choose(view: StepView, index: int) -> None:
    """Choose another image. If its rank is lower than k, show all its terms."""
    view["image"] = index
    view["terms"] = min(view["terms"], of(view)[0].rank)


CONTROLS = {
    "images": choose_images,
    "pixels": lambda view: widgets.choose(view, "pixels", PIXELS, "Pixels"),
    "image": choose_image,
}
