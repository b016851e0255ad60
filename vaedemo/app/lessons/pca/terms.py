"""Exhibit: one image as a sum of rank-one terms, from its singular value decomposition."""

from string import Template

import numpy as np
import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pca import one_image, sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures.signed import signed_pixels
from vaedemo.rules import ConfigError, whole

PARAMETERS = (Parameter("terms", 3, whole(0, one_image.SIDE)),)
SHOWN = one_image.SIDE // 2  # terms drawn one by one
SCRIPT = Template("""\
${head}from vaedemo.analysis import rank_one, reduction

${image}found = rank_one.decompose(image)
kept = found.shares()[:$terms].sum().item()
print(f"Rank: {found.rank}")
print(f"Squared norm kept: {100 * kept:.2f} %")
print(f"Error per pixel: {reduction.pixel_error(found.partial($terms), image):.5f}")
print("Numbers needed: {:,} of {:,}".format($terms * (sum(image.shape) + 1), image.numel()))
""")


def picture(view: StepView) -> None:
    """The sum of the first k terms, each term, and the share of the squared norm that is left."""
    found, image = one_image.of(view)
    k = min(view["terms"], found.rank)
    shares = found.shares().numpy()
    left, right = st.columns([1.2, 1], vertical_alignment="center")
    with left:
        together(view, image.numpy(), found.partial(k).numpy(), k)
    with right:
        drawn = sketches.shares_sketch(shares, k)
        label = f"Share of the squared norm that is left after each term; after {k} it is {shares[k:].sum():.2%}"
        sketch(drawn, key=view.key("shares"), label=label, height=200)
    st.markdown(f"**The first {min(found.rank, SHOWN)} terms** $s_i u_i v_i^\\top$: blue adds, orange takes away")
    every = found.terms[:SHOWN].numpy()
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
    st.caption(f"From {one_image.sentence(view)} Singular values of the 28 × 28 pixels, no mean taken off.")


def together(view: StepView, image: np.ndarray, partial: np.ndarray, k: int) -> None:
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


def work(view: StepView) -> tuple[dict[str, str], str]:
    found, image = one_image.of(view)
    k = min(view["terms"], found.rank)
    figures = {
        "Rank": f"{found.rank}",
        "Squared norm kept": f"{100 * found.shares()[:k].sum().item():.2f} %",
        "Error per pixel": f"{(image - found.partial(k)).square().mean().item():.5f}",
        "Numbers needed": f"{k * (sum(image.shape) + 1):,} of {image.numel():,}",
    }
    return figures, SCRIPT.substitute(one_image.code(view), terms=k)


def choose_terms(view: StepView) -> None:
    """The number of terms; a link's number above the rank of the image is refused in one sentence."""
    rank = one_image.of(view)[0].rank
    if view["terms"] > rank:
        accepts = f"a whole number from 0 to {rank}, the rank of this image"
        st.warning(str(ConfigError("terms", view["terms"], accepts)), icon=":material/link_off:")
        view["terms"] = rank
    st.slider("Terms added up, k", 0, rank, key=view.key("terms"))


CONTROLS = {"terms": choose_terms}
