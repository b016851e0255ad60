"""Exhibit: one image as a sum of rank-one terms, from its singular value decomposition."""

from string import Template

import numpy as np
import streamlit as st

from vaedemo.analysis import rank_one
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pca import sketches
from vaedemo.app.lessons.pca.data import examples_of_each_class
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.figures.signed import signed_pixels
from vaedemo.rules import ConfigError, one_of, whole

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion-MNIST"}
CHOICES = 20
SIDE = 28
PARAMETERS = (
    Parameter("images", "mnist-55k", one_of(*DATASETS)),
    Parameter("image", 0, whole(0, CHOICES - 1)),
    Parameter("terms", 3, whole(0, SIDE)),
)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import rank_one, reduction

images, which = vd.datasets.first_view("$images")
image = images.as_data("grey")[$row, 0].double()
found = rank_one.decompose(image)
kept = found.shares()[:$terms].sum().item()
print(f"Rank: {found.rank}")
print(f"Squared norm kept: {100 * kept:.2f} %")
print(f"Error per pixel: {reduction.pixel_error(found.partial($terms), image):.5f}")
print("Numbers needed: {:,} of {:,}".format($terms * (sum(image.shape) + 1), image.numel()))
""")


@st.cache_resource(max_entries=48, show_spinner=False)
def decomposed(dataset: str, row: int) -> tuple[rank_one.RankOneSum, np.ndarray]:
    """The terms of one test image, and the image itself."""
    image = catalogue.images(dataset)[0].as_data("grey")[row, 0].double()
    return rank_one.decompose(image), image.numpy()


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    left, right = st.columns([1, 2.2], gap="large")
    with left:
        st.segmented_control(
            "Images",
            list(DATASETS),
            format_func=DATASETS.get,
            key=view.key("images"),
            required=True,
            width="stretch",
            on_change=lambda: choose(view, view["image"]),
        )
    shown, sentence = catalogue.images(view["images"])
    offered = examples_of_each_class(shown.y, CHOICES // 10)
    row = offered[view["image"]]
    found, image = decomposed(view["images"], row)
    if view["terms"] > found.rank:
        accepts = f"a whole number from 0 to {found.rank}, the rank of this image"
        st.warning(str(ConfigError("terms", view["terms"], accepts)), icon=":material/link_off:")
        view["terms"] = found.rank
    with left:
        st.slider("Terms added up, k", 0, found.rank, key=view.key("terms"))
        k = view["terms"]
        shares = found.shares().numpy()
        picture = sketches.shares_sketch(shares, k)
        label = f"Share of the squared norm that is left after each term; after {k} it is {shares[k:].sum():.2%}"
        sketch(picture, key=view.key("shares"), label=label, height=250)
    partial = found.partial(k).numpy()
    with right:
        together(view, image, partial, k)
        st.markdown(
            f"**The first {min(found.rank, SIDE // 2)} terms** $s_i u_i v_i^\\top$: blue adds, orange takes away"
        )
        every = found.terms[: SIDE // 2].numpy()
        image_grid(
            signed_pixels(every, float(np.abs(every[0]).max())),
            7,
            key=view.key("each"),
            label="Each rank-one term; a click adds up all terms to this one",
            captions=[f"{100 * share:.{0 if share >= 0.1 else 1}f} %" for share in shares[: len(every)]],
            selected=k - 1 if 1 <= k <= len(every) else None,
            scale_hint=2.6,
            on_click=lambda index: view.__setitem__("terms", index + 1),
        )
    numbers(found, image, k)
    st.markdown("**Choose another image**")
    image_grid(
        shown.x[offered].numpy(),
        10,
        key=view.key("choice"),
        label="Images to choose from",
        selected=view["image"],
        scale_hint=2,
        on_click=lambda index: choose(view, index),
    )
    st.caption(f"From {sentence} Singular values of the 28 × 28 pixels, no mean taken off.")
    return SCRIPT.substitute(images=view["images"], row=row, terms=k)


def together(view: frame.View, image: np.ndarray, partial: np.ndarray, k: int) -> None:
    """The image, the sum of its first k terms, and the residual."""
    pictures = [np.repeat(np.clip(each, 0, 1)[None], 3, axis=0) for each in (image, partial)]
    grey = np.rint(255 * np.stack(pictures)).astype(np.uint8)
    image_grid(
        np.concatenate([grey, signed_pixels(image - partial, 1.0)[None]]),
        3,
        key=view.key("together"),
        label=f"The image, the sum of its first {k} terms, and what is left",
        captions=["the image", f"sum of {k} term{'s' * (k != 1)}", "what is left"],
        scale_hint=6,
        clickable=False,
    )


def numbers(found: rank_one.RankOneSum, image: np.ndarray, k: int) -> None:
    left = ((image - found.partial(k).numpy()) ** 2).mean()
    frame.numbers(
        {
            "Rank": f"{found.rank}",
            "Squared norm kept": f"{100 * found.shares()[:k].sum().item():.2f} %",
            "Error per pixel": f"{left:.5f}",
            "Numbers needed": f"{k * (sum(image.shape) + 1):,} of {image.size:,}",
        },
        {
            "Rank": "Terms that are not zero: blank rows and columns add none.",
            "Squared norm kept": "s₁² + … + s_k² over the sum of all.",
            "Error per pixel": "Mean of (x − x̂)² over the pixels, before clipping to grey.",
            "Numbers needed": "k columns, k rows and k values, against the pixels: from 14 terms on no saving.",
        },
    )


def choose(view: frame.View, index: int) -> None:
    """Choose another image. If its rank is lower than k, show all its terms."""
    view["image"] = index
    rows = examples_of_each_class(catalogue.images(view["images"])[0].y, CHOICES // 10)
    view["terms"] = min(view["terms"], decomposed(view["images"], rows[index])[0].rank)
