"""Exhibit: r applied again and again to the points of a grid."""

from string import Template

import numpy as np

from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.stream import stream
from vaedemo.app.lessons.denoising import field, form, sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.figures import palette

PARAMETERS = ()  # all in ring.py
HEIGHT = 430
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import denoising

run = $run
path = denoising.iterate(run.model, denoising.plane_grid($reach, $side), $steps)
data = vd.datasets.first_view("ring")[0].x
print(f"Spread of the radius, data: {data.norm(dim=1).std(correction=0).item():.3f}")
print(f"Spread after $steps times r: {path[-1].norm(dim=1).std(correction=0).item():.3f}")
print(f"Mean radius after $steps times r: {path[-1].norm(dim=1).mean().item():.3f}")
""")


def picture(view: StepView) -> None:
    """Where the points end; while it is asked, where they start. In Explore they move."""
    if view.is_open:
        grid = field.start_grid()
        drawn = sketches.start(field.ring(), grid)
        sketch(drawn, key=view.key("asked"), label=f"The ring and a grid of {len(grid)} points", height=HEIGHT)
        return
    run = form.ring_run(view)
    if run is None:
        return
    found = field.found(run)
    if view["step"] == EXPLORE:
        iterates(view, found, field.of(view, run), height=400)
        return
    drawn = sketches.ends(field.ring(), found.flow)
    label = (
        f"Points of a grid after r was applied {field.STEPS} times, all near one circle of radius {radius(found):.2f}"
    )
    sketch(drawn, key=view.key("ends"), label=label, height=HEIGHT)


def iterates(view: StepView, found: field.Learned, at: field.AtPoint, height: int) -> None:
    """The points, moved by a slider or a button."""
    stream(
        found.flow,
        at.ground,
        key=view.key("flow"),
        name="xₖ₊₁ = r(xₖ), from a grid",
        color=palette.RECONSTRUCTION,
        label=f"Points of a grid that move to the ring as r is applied up to {field.STEPS} times",
        height=height,
        slider="Times that r was applied",
    )


def radii(found: field.Learned) -> np.ndarray:
    """The distances from 0 at which the points end."""
    return np.linalg.norm(found.flow[-1], axis=1)


def radius(found: field.Learned) -> float:
    return float(radii(found).mean())


def spread(found: field.Learned) -> float:
    return float(radii(found).std())


def spread_of_data() -> float:
    """The standard deviation of the data's distance from 0."""
    return float(np.linalg.norm(field.ring(), axis=1).std())


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The spread of the radius before and after; none before the model is trained."""
    run = form.finished_ring(view)
    script = SCRIPT.substitute(
        run=form.code_of_ring(view), reach=field.REACH, side=field.FLOWING_SIDE, steps=field.STEPS
    )
    if run is None:
        return {}, script
    found = field.found(run)
    figures = {
        "Spread of the radius, data": f"{spread_of_data():.3f}",
        f"Spread after {field.STEPS} times r": f"{spread(found):.3f}",
        f"Mean radius after {field.STEPS} times r": f"{radius(found):.3f}",
    }
    return figures, script


def controls_of(values: Values) -> tuple[str, ...]:
    return (*form.ring_controls(values), "point")
