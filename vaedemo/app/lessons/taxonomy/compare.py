"""Exhibit: three models of the same points as samples or densities, and their −log p(x) above the truth."""

import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.taxonomy import code, data, form, sketches
from vaedemo.app.lessons.taxonomy.nats import nats_figure
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell import widgets
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.figures import palette
from vaedemo.training.run import Run

SHOWS = {"samples": "Samples", "density": "Densities"}
TITLES = {"data": "Data", "vae": "VAE", "flow": "Flow", "autoregressive": "Autoregressive"}
SMALL, LARGE = 150, 350  # heights of a picture beside three others, and beside one


def picture(view: StepView) -> None:
    """The data beside each model. A step shows the samples with the nats below them, or the density of the flow."""
    found = form.find(view)
    if found is None:
        return
    exploring, shown = view["step"] == EXPLORE, data.shown(found)
    if view["show"] == "samples":
        clouds(view, shown)
    elif exploring:
        densities(view, found, shown)
    else:
        the_flow(view, found, shown)
    if exploring or view["show"] == "samples":
        height = 270 if view["present"] else 220
        figure = nats_figure(data.nats(found, tight=not view.is_open), height=height)
        chart(view, figure, name="nats", alt="How far −log p(x) of each model lies above the truth, in nats")
    if exploring:
        st.caption(
            "Mean over 1,000 test points: what −log p(x) has above the truth estimates KL(data ‖ model). The VAE's "
            f"tighter bound takes {data.DRAWS} draws from q(z|x). For a sample the VAE and the flow are passed once, "
            "the autoregressive model once for each axis."
        )


def clouds(view: StepView, shown: data.Shown) -> None:
    """Points of the data and of each model."""
    points = {"data": shown.data} | shown.samples
    for column, (kind, title) in zip(st.columns(4, gap="small"), TITLES.items(), strict=True):
        drawn = sketches.cloud(points[kind], shown.edge, color_of(kind), bare=True)
        with column:
            st.markdown(f"**{title}**")
            sketch(drawn, key=view.key(f"picture.{kind}"), label=f"{title}: points in the plane", height=SMALL)


def densities(view: StepView, found: list[Run], shown: data.Shown) -> None:
    """p(x) of the data and of each model."""
    truth = data.true_density(found[0].config.dataset, shown.edge)
    maps = {kind: data.density(run.digest, run, shown.edge) for kind, run in zip(form.KINDS, found, strict=True)}
    for column, (kind, title) in zip(st.columns(4, gap="small"), TITLES.items(), strict=True):
        drawn = sketches.density(maps.get(kind, truth), truth, shown.edge, color_of(kind), bare=True)
        with column:
            st.markdown(f"**{title}**")
            sketch(drawn, key=view.key(f"picture.{kind}"), label=f"{title}: density in the plane", height=SMALL)
    st.caption(
        "Data: the true density. VAE: integrated over 128² codes, which only two latent axes allow. Flow and "
        "autoregressive: exact. Ink is the same p(x) in all four."
    )


def the_flow(view: StepView, found: list[Run], shown: data.Shown) -> None:
    """p(x) of the data and of the flow, with its seam; while the question is open, the data's alone."""
    truth, flow = data.true_density(found[0].config.dataset, shown.edge), found[1]
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Data**: p(x)")
        drawn = sketches.density(truth, truth, shown.edge, palette.DATA, bare=True)
        sketch(drawn, key=view.key("large.data"), label="The density of the data", height=LARGE)
    with right:
        st.markdown("**Flow**: p(x)")
        if view.is_open:
            sketch(sketches.covered(shown.edge), key=view.key("large.flow"), label="Held back", height=LARGE)
            return
        values = data.density(flow.digest, flow, shown.edge)
        drawn = sketches.density(values, truth, shown.edge, palette.RECONSTRUCTION, bare=True)
        if view["source"] == "ring":
            drawn.layers.extend(sketches.seam(data.seam(flow.digest, flow)))
        sketch(drawn, key=view.key("large.flow"), label="The density of the flow", height=LARGE)


def color_of(kind: str) -> str:
    return palette.DATA if kind == "data" else palette.RECONSTRUCTION


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The nats of the test points under each model, and the code that prints them."""
    found, script = form.finished(view), code.script(view)
    if found is None:
        return {}, script
    return {label: f"{value:.3f} nats" for label, value in data.nats(found).items()}, script


def choose_show(view: StepView) -> None:
    widgets.choose(view, "show", SHOWS, "Show")


CONTROLS = {"source": form.choose_source, "own": form.fields, "show": choose_show}


def controls_of(values) -> tuple[str, ...]:
    return ("source", "own", "show") if values["source"] == "own" else ("source", "show")


def ring_flow() -> tuple[np.ndarray, float]:
    """The density of the shipped flow of the ring, and the edge of its window."""
    found = form.shipped("ring")
    edge, flow = data.shown(found).edge, found[1]
    return data.density(flow.digest, flow, edge), edge
