"""The stops of a path: real images, chosen from a grid, by class or at random."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.step_view import StepView
from vaedemo.datasets import drawing
from vaedemo.rules import ConfigError, whole

LARGEST_INDEX = 9_999
FEWEST, MOST = 2, 4
DEFAULT = (88, 320)
OFFERED = 20
ACCEPTS = f"{FEWEST} to {MOST} images, whole numbers from 0 to {LARGEST_INDEX:,}"
EVERY_CLASS = -1


def stops_rule(name: str, value: Any) -> tuple[int, ...]:
    """The rule for the link's `stops`: indices of 2 to 4 images, written "3,17"."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not FEWEST <= len(parts) <= MOST:
        raise ConfigError(name, value, ACCEPTS)
    try:
        return tuple(whole(0, LARGEST_INDEX)(name, part) for part in parts)
    except ConfigError:
        raise ConfigError(name, value, ACCEPTS) from None


def fit(view: StepView, shown: datasets.ImageSet) -> None:
    """Replace stops outside the data set, with a sentence on the page."""
    past = [index for index in view["stops"] if index >= len(shown)]
    if past and view["stops"] == DEFAULT:
        view["stops"] = random_stops(shown, len(DEFAULT), view["seed"])  # nobody has chosen these
    elif past:
        error = ConfigError("stops", past[0], f"images from 0 to {len(shown) - 1:,} of this data set")
        st.warning(str(error), icon=":material/link_off:")
        view["stops"] = random_stops(shown, len(view["stops"]), view["seed"])
    view["stop"] = min(view["stop"], len(view["stops"]))
    if view["from_class"] > int(shown.y.max()):
        view["from_class"] = EVERY_CLASS


def pixels(shown: datasets.ImageSet, stops: Sequence[int], text: str) -> torch.Tensor:
    """The stops' images, float in [0, 1], (S, ...); the first is the drawing `text` unless that is ""."""
    x = shown.x[list(stops)].float() / 255
    if text:
        x[0] = drawing.as_set(text).as_data()
    return x


def key_of(view: StepView) -> tuple[int | str, ...]:
    """What the stops' images depend on, for caches."""
    text = own_digit.text_of(view)
    return (text, *view["stops"][1:]) if text else view["stops"]


def check(view: StepView, shown: datasets.ImageSet) -> None:
    """Say in one sentence what is wrong with the stops; replace those outside the data set."""
    fit(view, shown)
    for first, second in pairwise(key_of(view)):
        if first == second:
            error = ConfigError("stops", f"{first},{second}", "images that differ from the one before")
            st.warning(f"{error} That part of the path stands still.", icon=":material/pause_circle:")
            break


def random_stops(shown: datasets.ImageSet, count: int, seed: int) -> tuple[int, ...]:
    """Images of different classes, drawn with a seed; where there are fewer classes, of these again."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(shown), generator=generator).tolist()
    first_of = {}
    for index in order:
        first_of.setdefault(int(shown.y[index]), index)
        if len(first_of) == count:
            break
    chosen = list(first_of.values())
    return tuple(chosen + [index for index in order if index not in chosen][: count - len(chosen)])


@st.cache_data(max_entries=64, show_spinner=False)
def offered(dataset: str, size: int, label: int, seed: int, _labels: torch.Tensor) -> list[int]:
    """Images to choose from, drawn with a seed: two of each class, or twenty of one."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(size, generator=generator)
    labels = _labels[order]
    kinds = range(int(labels.max()) + 1) if label == EVERY_CLASS else [label]
    each = max(1, OFFERED // len(kinds))
    return torch.cat([order[labels == kind][:each] for kind in kinds]).tolist()[:OFFERED]


def draw(view: StepView, shown: datasets.ImageSet, dataset: str) -> None:
    """Draw the stops, and the images to replace them with. `dataset`: the name of the data that are shown."""
    names = datasets.class_names(dataset)

    def aim(place: int) -> None:
        view["stop"] = place + 1

    def choose(place: int) -> None:
        if view["stop"] == 1:
            own_digit.put_away(view)
        stops = list(view["stops"])
        stops[view["stop"] - 1] = choices[place]
        view["stops"] = tuple(stops)
        view["stop"] = view["stop"] % len(stops) + 1

    def another(presses: int) -> None:
        view["seed"] = (view["seed"] + presses) % 100_000
        view["stops"] = random_stops(shown, len(view["stops"]), view["seed"])

    def longer() -> None:
        drawn = random_stops(shown, MOST, view["seed"] + 50_000)
        taken = {int(shown.y[index]) for index in view["stops"]}
        fresh = [index for index in drawn if int(shown.y[index]) not in taken]
        view["stops"] = (*view["stops"], (fresh or drawn)[0])
        view["stop"] = len(view["stops"])

    def shorter() -> None:
        view["stops"] = view["stops"][:-1]
        view["stop"] = min(view["stop"], len(view["stops"]))

    choices = offered(dataset, len(shown), view["from_class"], view["seed"], shown.y)
    st.markdown("**The stops**: click one, then its new image")
    stops, text = view["stops"], own_digit.text_of(view)
    kinds = [names[int(shown.y[index])] for index in stops]
    if text:
        kinds[0] = "yours"
    image_grid(
        pixels(shown, stops, text).numpy(),
        MOST,
        key=view.key("chosen"),
        label="The stops of the path",
        captions=[f"{place + 1}: {kind}" for place, kind in enumerate(kinds)],
        selected=view["stop"] - 1,
        scale_hint=2,
        on_click=aim,
    )
    with st.container(horizontal=True, gap="small"):
        icon = ":material/casino:"
        press_button("Random", icon=icon, on_press=another, kind="primary", key=view.key("random"))
        st.button("Add", icon=":material/add:", on_click=longer, disabled=len(stops) == MOST)
        st.button("Remove", icon=":material/remove:", on_click=shorter, disabled=len(stops) == FEWEST)
    st.selectbox(
        f"Images for stop {view['stop']}",
        [EVERY_CLASS, *range(len(names))],
        format_func=lambda label: "Every class" if label == EVERY_CLASS else names[label],
        key=view.key("from_class"),
    )
    image_grid(
        shown.x[choices].numpy(),
        OFFERED // 2,
        key=view.key("offered"),
        label="Images to choose from",
        selected=choices.index(now) if (now := key_of(view)[view["stop"] - 1]) in choices else None,
        scale_hint=1,
        on_click=choose,
    )
