"""The controls of the page on the latent plane: run, axes, values of the other axes, layers, path."""

from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane.codes import Chosen, Codes
from vaedemo.app.shared import own_digit
from vaedemo.app.shared.forms import coordinate
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter, name_text
from vaedemo.app.shell.view import View
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training.run import Run
from vaedemo.training.store import RunNotFound

REACHES = {0: "Fit the codes", 6: "±6", 12: "±12"}
BASES = {"zero": "0, the prior's mean", "image": "μ of a test image"}
SPREADS = {"z": "z", "prior": "N(0, I)"}
NO_CLASS = -1


def reach(name: str, value: Any) -> int:
    """The rule for the reach of the plane: 0 to fit the codes, else one of the listed distances."""
    if str(value) not in map(str, REACHES):
        raise ConfigError(name, value, "one of " + ", ".join(map(str, REACHES)) + " (0 fits the codes)")
    return int(value)


def sides(largest: int):
    """The rule for the side of the manifold's grid."""
    return whole(2, largest)


PARAMETERS = (
    Parameter("run", "mnist-2d", name_text),
    Parameter("across", 1, whole(1, 1024)),
    Parameter("up", 2, whole(1, 1024)),
    Parameter("base", "zero", one_of(*BASES)),
    Parameter("image", 0, whole(0, 59_999)),
    Parameter("z1", 0.0, coordinate),
    Parameter("z2", 0.0, coordinate),
    Parameter("reach", 0, reach),
    Parameter("ellipses", 0, whole(0, 1)),
    Parameter("tiles", 0, whole(0, 1)),
    Parameter("dots", 1, whole(0, 1)),
    Parameter("undecided", 0, whole(0, 1)),
    Parameter("spacing", "z", one_of(*SPREADS)),
    Parameter("start", NO_CLASS, whole(NO_CLASS, 9)),
    Parameter("end", NO_CLASS, whole(NO_CLASS, 9)),
)


def chosen(view: View) -> Chosen:
    """The plane shown. What the link asks for and this run has not is reset, with one sentence for each.

    Raises `ConfigError` for a run with one latent axis.
    """
    run = widgets.run_of(view)
    if run.config.latent_dim < 2:
        raise ConfigError("run", view["run"], "a run with at least 2 latent axes on this page")
    codes = plane_codes.codes_of(run.digest, run)
    reset_unsupported(view, run, codes)
    if run.config.latent_dim == 2:
        return Chosen(run, codes, (0, 1), torch.zeros(2))
    axes = (view["across"] - 1, view["up"] - 1)
    if view["base"] == "zero":
        return Chosen(run, codes, axes, torch.zeros(run.config.latent_dim))
    return Chosen(run, codes, axes, base_image(view, run, codes))


def base_image(view: View, run: Run, codes: Codes) -> Tensor:
    """μ of the visitor's drawing, or of the chosen test image without one."""
    text = own_digit.text_of(view)
    return plane_codes.own_mean(run, text) if text else plane_codes.mean_of(run, codes, view["image"])


def model(view: View) -> None:
    widgets.choose_run(view, on_change=lambda: reset_plane(view))


def layers(view: View) -> None:
    """What is drawn on the plane, and how it is spread."""
    shown = chosen(view)
    on_points, prior = shown.run.config.on_points, shown.codes.deviations is not None
    st.segmented_control("Plane", list(REACHES), format_func=REACHES.get, key=view.key("reach"), required=True)
    if prior:
        label = "Spread evenly"
        st.segmented_control(label, list(SPREADS), format_func=SPREADS.get, key=view.key("spacing"), required=True)
    with st.container(horizontal=True):
        switch(view, "dots", "Codes")
        if prior:
            switch(view, "ellipses", "Ellipses of q")
        if not on_points:
            switch(view, "tiles", "Decoded tiles")
            switch(view, "undecided", "Undecided pixels")


def path(view: View) -> None:
    """The classes between which a path runs."""
    shown = chosen(view)
    if shown.run.config.on_points:
        return
    names = shown.codes.names
    left, right = st.columns(2)
    for column, name, label in ((left, "start", "Path from"), (right, "end", "to")):
        listed, title = [NO_CLASS, *range(len(names))], lambda kind: "–" if kind == NO_CLASS else names[kind]
        column.selectbox(label, listed, format_func=title, key=view.key(name))


def axes(view: View) -> None:
    """The plane's two axes among many, and the values of the others."""
    shown = chosen(view)
    if shown.run.config.latent_dim > 2:
        many_axes(view, shown.run, shown.codes)


def own(view: View) -> None:
    """The visitor's own digit as x: z goes to its μ, where the decoder draws its copy x̂."""
    run = chosen(view).run
    if not takes_drawings(run):
        return
    own_digit.choose(view, on_change=lambda: go_to_own(view, run))
    if text := own_digit.text_of(view):
        is_there = place_of(view, plane_codes.own_mean(run, text)) == (view["z1"], view["z2"])
        where = "z stands there: the large image" if is_there else "Move z there: the large image then"
        st.caption(f"**x** marks the mean of q(z|x) of your digit. {where} is its copy x̂.")


def go_to_own(view: View, run: Run) -> None:
    """Let z be the μ of the visitor's digit, on all axes."""
    if text := own_digit.text_of(view):
        view["base"] = "image" if run.config.latent_dim > 2 else "zero"
        go_to(view, plane_codes.own_mean(run, text))


def takes_drawings(run: Run) -> bool:
    """Whether a run's x are pictures of a drawing's size."""
    return tuple(run.model.data_shape) == (1, own_digit.SIDE, own_digit.SIDE)


CONTROLS = {"model": model, "own": own, "layers": layers, "path": path, "axes": axes}


def switch(view: View, name: str, label: str) -> None:
    """A toggle for a parameter that is 0 or 1 in the link."""
    key = view.key(f"{name}.switch")
    st.session_state[key] = bool(view[name])

    def turn() -> None:
        view[name] = int(st.session_state[key])

    st.toggle(label, key=key, on_change=turn)


def reset_plane(view: View) -> None:
    """Reset axes and place, because another run has another plane; a digit of the visitor's is encoded anew."""
    for name in ("across", "up", "base", "image", "z1", "z2", "start", "end"):
        view[name] = view.lesson.table.parameters[name].default
    if not own_digit.text_of(view):
        return
    try:
        run = catalogue.latent_run(view["run"])
    except RunNotFound:
        return  # it was removed after it was listed: the page says so
    if takes_drawings(run):
        go_to_own(view, run)
    else:
        own_digit.put_away(view)


def reset_unsupported(view: View, run: Run, codes: Codes) -> None:
    """Reset values of the link that this run does not support, with one sentence for each."""
    axes, count = run.config.latent_dim, len(codes.images)
    refused = []
    for name in ("across", "up"):
        if view[name] > axes:
            refused.append(ConfigError(name, view[name], f"a latent axis from 1 to {axes} of the run {view['run']}"))
    if not refused and view["across"] == view["up"]:
        refused.append(ConfigError("up", view["up"], "a latent axis other than across"))
    if refused:
        view["across"], view["up"] = 1, 2
    if axes == 2 and (view["across"], view["up"]) != (1, 2):
        refused.append(ConfigError("across", view["across"], "1, with up 2, where a run has two axes"))
        view["across"], view["up"] = 1, 2
    if view["image"] >= count:
        refused.append(ConfigError("image", view["image"], f"a whole number from 0 to {count - 1:,}"))
        view["image"] = 0
    for name in ("start", "end"):
        if view[name] >= len(codes.names):
            refused.append(ConfigError(name, view[name], f"a class from 0 to {len(codes.names) - 1}"))
            view[name] = NO_CLASS
    if own_digit.text_of(view) and not takes_drawings(run):
        refused.append(ConfigError("drawing", own_digit.text_of(view), "a run of images of 28 × 28 pixels"))
        own_digit.put_away(view)
    for error in refused:
        st.warning(str(error), icon=":material/link_off:")


def many_axes(view: View, run: Run, codes: Codes) -> None:
    listed = range(1, run.config.latent_dim + 1)
    kl = codes.kl

    def name_of(axis: int) -> str:
        return f"z{subscript(axis)}" + ("" if kl is None else f" · KL {kl[axis - 1].item():.2f} nats")

    left, right = st.columns(2)
    for column, name, other, label in ((left, "across", "up", "To the right"), (right, "up", "across", "Upwards")):
        free = [axis for axis in listed if axis != view[other]]
        column.selectbox(label, free, format_func=name_of, key=view.key(name))
    st.segmented_control(
        "All other axes stay at",
        list(BASES),
        format_func=(BASES | {"image": "μ of your digit"} if own_digit.text_of(view) else BASES).get,
        key=view.key("base"),
        required=True,
        on_change=lambda: start(view, run, codes),
    )
    if view["base"] == "image" and not own_digit.text_of(view):
        st.number_input(
            "Test image", 0, len(codes.images) - 1, key=view.key("image"), on_change=lambda: start(view, run, codes)
        )


def start(view: View, run: Run, codes: Codes) -> None:
    """Start at the image's own code, so that its reconstruction is shown first; without an image at the origin."""
    view["z1"], view["z2"] = 0.0, 0.0
    if view["base"] == "image":
        go_to(view, base_image(view, run, codes))


def go_to(view: View, mu: Tensor) -> None:
    view["z1"], view["z2"] = place_of(view, mu)


def place_of(view: View, mu: Tensor) -> tuple[float, float]:
    """Where a code lies on the plane that is shown, as the link has it."""
    return tuple(round(mu[view[name] - 1].item(), 3) + 0.0 for name in ("across", "up"))
