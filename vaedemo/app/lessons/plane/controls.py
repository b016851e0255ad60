"""The controls of the page on the latent plane: run, axes, values of the other axes, layers."""

from typing import Any

import streamlit as st
import torch

from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane.codes import Chosen, Codes
from vaedemo.app.shared.forms import coordinate
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter, name_text
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training.run import Run

REACHES = {0: "Fit the codes", 6: "±6", 12: "±12"}
BASES = {"zero": "0, the prior's mean", "image": "μ of a test image"}


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
)


def controls(view: frame.View) -> Chosen:
    """Draw the controls; return the chosen plane. Raises `ConfigError` for a run with one latent axis."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width=320):
            run = widgets.choose_run(view, on_change=lambda: reset_plane(view))
        st.segmented_control("Plane", list(REACHES), format_func=REACHES.get, key=view.key("reach"), required=True)
        codes = plane_codes.codes_of(run.digest, run)
        with st.container(horizontal=True, width="content"):
            if codes.deviations is not None:
                switch(view, "ellipses", "Ellipses of q")
            if not run.config.on_points:
                switch(view, "tiles", "Decoded tiles")
    if run.config.latent_dim < 2:
        raise ConfigError("run", view["run"], "a run with at least 2 latent axes on this page")
    reset_unsupported(view, run, codes)
    if run.config.latent_dim == 2:
        return Chosen(run, codes, (0, 1), torch.zeros(2))
    return many_axes(view, run, codes)


def switch(view: frame.View, name: str, label: str) -> None:
    """A toggle for a parameter that is 0 or 1 in the link."""
    key = view.key(f"{name}.switch")
    st.session_state[key] = bool(view[name])

    def turn() -> None:
        view[name] = int(st.session_state[key])

    st.toggle(label, key=key, on_change=turn)


def reset_plane(view: frame.View) -> None:
    """Reset axes and place, because another run has another plane."""
    for name in ("across", "up", "base", "image", "z1", "z2"):
        view[name] = view.lesson.table.parameters[name].default


def reset_unsupported(view: frame.View, run: Run, codes: Codes) -> None:
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
    for error in refused:
        st.warning(str(error), icon=":material/link_off:")


def many_axes(view: frame.View, run: Run, codes: Codes) -> Chosen:
    """Draw the choice of the plane's two axes among many, and of the values of the others."""
    axes = range(1, run.config.latent_dim + 1)
    kl = codes.kl

    def name_of(axis: int) -> str:
        return f"z{subscript(axis)}" + ("" if kl is None else f" · KL {kl[axis - 1].item():.2f} nats")

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for name, other, label in (("across", "up", "Axis to the right"), ("up", "across", "Axis upwards")):
            left = [axis for axis in axes if axis != view[other]]
            st.selectbox(label, left, format_func=name_of, key=view.key(name), width=210)
        st.segmented_control(
            "All other axes stay at",
            list(BASES),
            format_func=BASES.get,
            key=view.key("base"),
            required=True,
            on_change=lambda: start(view, run, codes),
        )
        if view["base"] == "image":
            st.number_input(
                "Test image",
                0,
                len(codes.images) - 1,
                key=view.key("image"),
                width=140,
                on_change=lambda: start(view, run, codes),
            )
    chosen = (view["across"] - 1, view["up"] - 1)
    if view["base"] == "zero":
        return Chosen(run, codes, chosen, torch.zeros(run.config.latent_dim))
    return Chosen(run, codes, chosen, plane_codes.mean_of(run, codes, view["image"]))


def start(view: frame.View, run: Run, codes: Codes) -> None:
    """Start at the image's own code, so that its reconstruction is shown first; without an image at the origin."""
    view["z1"], view["z2"] = 0.0, 0.0
    if view["base"] == "image":
        mu = plane_codes.mean_of(run, codes, view["image"])
        view["z1"], view["z2"] = (round(mu[view[name] - 1].item(), 3) for name in ("across", "up"))
