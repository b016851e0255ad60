"""What was uploaded, looked at before it is taken: the images or points, the choices about them, and their classes."""

import io
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from vaedemo import datasets
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings import runs
from vaedemo.app.trainings.own_data.desk import desk
from vaedemo.datasets import own
from vaedemo.datasets.split import split_indices
from vaedemo.figures import palette
from vaedemo.uploads.decoder import Decoded
from vaedemo.uploads.preparing import FRAMINGS, is_light, prepared, some_of_each

FEWEST = 50  # examples
FEWEST_TESTED = 10  # of them: a mixture of ten Gaussians is fitted to their codes
FEWEST_OF_CLASS = 3  # with fewer a fifth is nothing
SHOWN = 60  # images
POINTS_SHOWN = 2_000


def draw(view: StepView, found: Decoded, take: Callable[[str], None]) -> None:
    """Show what was uploaded. `take(name)` is called when it is taken."""
    count, there, choices = len(found.labels), weakref.ref(found), {}
    found, lost = with_classes(found)
    for note in found.notes:
        st.text(note)  # it may hold names of files, which are no Markdown
    if found.kind == "images":
        rows = some_of_each(found.labels, SHOWN)  # a rerun prepares what it shows, not thousands of images
        few = {framing: images[rows] for framing, images in found.framings.items()}
        choices = choose(view, is_light(few["whole"]))
        show_images(view, prepared(few, **choices), count)
    else:
        show_points(view, found.points)
    st.markdown(summary(found))
    if lost:
        st.warning(lost, icon=":material/category:")
    is_enough = count >= FEWEST and parts(found)[1] >= FEWEST_TESTED
    if not is_enough:
        words = f"A training needs at least {FEWEST} examples, {FEWEST_TESTED} of them to test on: these are too few."
        st.warning(words, icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(
            "Use these" if count != 1 else "Use this",
            type="primary",
            disabled=not is_enough,
            key=view.key("own_take"),
            on_click=partial(use, there, choices, take),
        )
        st.button("Bring others", key=view.key("own_other"), on_click=partial(desk().drop, runs.session_id()))


def with_classes(found: Decoded) -> tuple[Decoded, str]:
    """What was uploaded, in one class where some class is too small to be tested, and a sentence on that."""
    least = np.bincount(found.labels, minlength=len(found.class_names)).min()
    if len(found.class_names) == 1 or least >= FEWEST_OF_CLASS:
        return found, ""
    words = f"Some classes have fewer than {FEWEST_OF_CLASS} examples, too few to test on: all are put into one class."
    return replace(found, labels=np.zeros_like(found.labels), class_names=("all",)), words


def choose(view: StepView, light: bool) -> dict[str, Any]:
    """The controls of the images: what `prepared` is to be told. `light`: whether their borders are."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    framing = left.segmented_control(
        "Of each file, the",
        list(FRAMINGS),
        format_func=FRAMINGS.get,
        default="whole",
        required=True,
        key=view.key("own_framing"),
    )
    with middle:
        invert = st.toggle("Swap black and white", value=light, key=view.key("own_invert"))
        cut = st.toggle("No greys", key=view.key("own_cut"))
    threshold = right.slider("White from grey level", 1, 255, 128, key=view.key("own_threshold")) if cut else 0
    return {"framing": framing, "invert": invert, "threshold": threshold}


def show_images(view: StepView, images: np.ndarray, count: int) -> None:
    """Some of `count` images."""
    label = f"{len(images)} of the {count:,} images" if len(images) < count else "All images"
    st.markdown(f"**{label}, as the model will see them**")
    image_grid(images, 15, key=view.key("own_images"), label=label, scale_hint=2, clickable=False)


def show_points(view: StepView, points: np.ndarray) -> None:
    shown = points[:POINTS_SHOWN].astype(float)
    (least, low), (most, high) = shown.min(axis=0), shown.max(axis=0)
    # Points in one place far from 0 need a margin that their numbers of 64 bits can tell apart.
    margin = 0.05 * max(most - least, high - low, 1e-6 * max(1.0, np.abs(shown).max()))
    drawn = Sketch(
        Axis("x₁", least - margin, most + margin),
        Axis("x₂", low - margin, high + margin),
        [layers.dots(*shown.T, 2.5, color=palette.DATA, alpha=0.7)],
        equal=True,
    )
    left, _ = st.columns([2, 1])
    with left:
        sketch(drawn, key=view.key("own_points"), label=f"{len(points):,} points", height=300)


def summary(found: Decoded) -> str:
    """How many there are, of each class, and how they are divided."""
    count, kind = len(found.labels), found.kind
    words = f"**{count:,} {kind}**" if count != 1 else f"**1 {kind[:-1]}**"
    if len(found.class_names) > 1:
        counts = np.bincount(found.labels, minlength=len(found.class_names))
        named = (f"{name} ({many:,})" for name, many in zip(found.class_names, counts, strict=True))
        words += f" in {len(counts)} classes: {', '.join(named)}"
    if count >= FEWEST:
        train, test = parts(found)
        part = "A fixed random fifth" + (" of each class" if len(found.class_names) > 1 else "")
        words += f". {part} is held out: {train:,} to train on, {test:,} to test on"
    return words + "."


def parts(found: Decoded) -> tuple[int, int]:
    """How many examples are to train on and to test on."""
    train, test = split_indices(found.labels, least=2)
    return len(train), len(test)


def use(there: weakref.ref[Decoded], choices: Mapping[str, Any], take: Callable[[str], None]) -> None:
    """Keep what was shown, if it is there still.

    The button refers to it weakly: Streamlit keeps a button's arguments for minutes after its session has ended, and
    the desk could not drop what waits.
    """
    found = there()
    if found is not None:
        found, _ = with_classes(found)
        keep(prepared(found.framings, **choices) if found.kind == "images" else found.points, found, take)


def keep(x: np.ndarray, found: Decoded, take: Callable[[str], None]) -> None:
    """Make the data a set that this server keeps, and take it."""
    name = datasets.register(datasets.from_arrays(x, found.labels), found.class_names)
    own.keep(name)
    take(name)


def packed(name: str) -> bytes:
    """The data as an npz file with the arrays x and y in their first order, for code elsewhere."""
    whole = own.find(name).whole
    file = io.BytesIO()
    np.savez_compressed(file, x=whole.x.numpy(), y=whole.y.numpy())
    return file.getvalue()
