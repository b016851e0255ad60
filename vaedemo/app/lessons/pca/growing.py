"""Exhibit: an image as a growing sum of rank-one terms: the first 1, 2, 5 and 20 of them."""

import itertools
from string import Template

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis.rank_one import RankOneSum
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.pca import one_image
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures.signed import signed_pixels

COUNTS = (1, 2, 5, 20)  # as on the slide
FEW = 5
SCALE = 6
PARAMETERS = ()  # all in one_image.py
CONTROLS = {}
SCRIPT = Template("""\
${head}from vaedemo.analysis import rank_one

${image}found = rank_one.decompose(image)
print(f"Rank: {found.rank}")
for k in $counts:
    print(f"k = {k}: {100 * found.shares()[:k].sum().item():.2f} %")
""")


def counts(found: RankOneSum) -> list[int]:
    """The numbers of terms that are shown; an image of a lower rank has fewer terms."""
    return sorted({min(count, found.rank) for count in COUNTS})


def share(found: RankOneSum, count: int) -> float:
    """The share of the image's squared norm that its first terms hold."""
    return found.shares()[:count].sum().item()


def few(values: Values, pixels: str | None = None) -> float:
    """The share that the first five terms hold of a view's image."""
    return share(one_image.of(values, pixels)[0], FEW)


def picture(view: StepView) -> None:
    """What each step adds, and the sum so far; of shuffled pixels the sums below those of the image."""
    kept, image = one_image.of(view, "kept")
    shuffled, mixed = one_image.of(view, "shuffled")
    is_shuffled = view["pixels"] == "shuffled"
    if view.is_open:
        compared(view, image, mixed if is_shuffled else None, kept)
        return
    if is_shuffled:
        st.markdown("**The image**: sums of its first k terms, and their share of its squared norm")
        sums(view, kept, "sums")
        st.markdown("**The same pixels, shuffled**: sums of the first k terms")
        sums(view, shuffled, "shuffled_sums")
        return
    st.markdown("**What is added**, each term one column times one row: blue adds, orange takes away")
    added(view, kept)
    st.markdown("**The sum so far**, and its share of the squared norm")
    sums(view, kept, "sums")


def added(view: StepView, found: RankOneSum) -> None:
    """The terms by which each sum exceeds the one before."""
    ends = [0, *counts(found)]
    parts = torch.stack([found.terms[start:end].sum(0) for start, end in itertools.pairwise(ends)]).numpy()
    names = [
        f"term {end}" if end == start + 1 else f"terms {start + 1} to {end}" for start, end in itertools.pairwise(ends)
    ]
    image_grid(
        signed_pixels(parts, float(np.abs(parts[0]).max()), power=0.75),
        len(parts),
        key=view.key("added"),
        label="The terms that are added: " + ", ".join(names),
        captions=names,
        scale_hint=SCALE,
        clickable=False,
    )


def sums(view: StepView, found: RankOneSum, key: str) -> None:
    """The sums of the first k terms, with their shares."""
    shown = counts(found)
    captions = [f"k = {count}: {100 * share(found, count):.0f} %" for count in shown]
    image_grid(
        torch.stack([found.partial(count) for count in shown])[:, None].numpy(),
        len(shown),
        key=view.key(key),
        label="Sums of the first k terms, with their share of the squared norm: " + ", ".join(captions),
        captions=captions,
        scale_hint=SCALE,
        clickable=False,
    )


def compared(view: StepView, image: Tensor, mixed: Tensor | None, found: RankOneSum) -> None:
    """The image of an open question, beside its shuffled pixels or its first term. No sum is shown."""
    grey = [as_grey(image)]
    if mixed is None:
        term = found.terms[0].numpy()
        pictures, names = [*grey, signed_pixels(term, float(np.abs(term).max()), power=0.75)], ["the image", "term 1"]
        st.markdown("**The image, and its first term**: one column times one row")
    else:
        pictures, names = [*grey, as_grey(mixed)], ["the image", "its pixels, shuffled"]
        st.markdown("**The image, and the same pixels in a random order**")
    image_grid(
        pictures,
        2,
        key=view.key("compared"),
        label=" and ".join(names),
        captions=names,
        scale_hint=12,
        clickable=False,
    )


def as_grey(image: Tensor) -> np.ndarray:
    """A grey image (H, W) as bytes of three channels, (3, H, W)."""
    return image.expand(3, -1, -1).clamp(0, 1).mul(255).round().byte().numpy()


def work(view: StepView) -> tuple[dict[str, str], str]:
    found, _ = one_image.of(view)
    shown = counts(found)
    figures = {"Rank": f"{found.rank}"}
    figures |= {f"k = {count}": f"{100 * share(found, count):.2f} %" for count in shown}
    return figures, SCRIPT.substitute(one_image.code(view), counts=shown)
