"""The exported page of the KL: the steps on areas and on two modes. In the first, sliders move q in the browser.

The step on any two Gaussians is left out: it asks the reader to drag q, and the server computes what follows.
"""

import math
from dataclasses import replace

from vaedemo.app.components import sketch
from vaedemo.app.components.sketch import Sketch
from vaedemo.app.export.page import Page, Shown, Slider, told
from vaedemo.app.lessons import index
from vaedemo.app.lessons.kl import integrand, modes, pair, sketches, steps
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import Values
from vaedemo.rules import one_of

TABLE = StepTable(
    steps.STEPS,
    (),
    Parameter("part", "pair", one_of("pair", "integrand", "modes")),
    *pair.PARAMETERS,
    *integrand.PARAMETERS,
    *modes.PARAMETERS,
)
LEFT_OUT = ("general",)


def page() -> Page:
    views = {name: TABLE.view_of(name) for name in TABLE.steps if name not in LEFT_OUT}
    moved = {"answer": {"sliders": sliders(views["answer"]), "numbers": numbers(views["answer"])}}
    return Page(
        "kl",
        index.BY_NAME["kl"].title,
        "What does the KL make q pay for?",
        [told(TABLE, name, shown, **moved.get(name, {})) for name in views],
        script="kl.js",
    )


def sliders(view: Values) -> list[Slider]:
    """The two sliders of q, with the ends of the app's."""
    return [
        Slider("e", "E, the mean of q", -integrand.FURTHEST, integrand.FURTHEST, 0.1, view["e"]),
        Slider("sigma", "σ of q (V = σ²)", integrand.NARROW, integrand.WIDE, 0.05, view["sigma"]),
    ]


def numbers(view: Values) -> dict[str, str]:
    """The numbers in the first step's words, as `steps.price` writes them; kl.js has the same names."""
    e, variance = view["e"], view["sigma"] ** 2
    values = {
        "total": integrand.divergence(e, variance),
        "mean": integrand.divergence(e, 1.0),
        "width": integrand.divergence(0.0, variance),
        "variance": variance,
        "logarithm": math.log(variance),
        "square": e**2,
    }
    return {name: f"{value:.2f}".replace("-", "−") for name, value in values.items()}


def shown(name: str, view: Values, is_open: bool) -> list[Shown]:
    """The pictures of a step; while a question on two modes is open, q where its search starts."""
    if view["part"] == "modes":
        points, log_density, seeking, _ = modes.fits_of_mixture(view["distance"], view["share"], 1)
        fits = {"q by KL(q‖p)": (seeking[view["start"]], "solid")}
        if is_open:
            fits = {"q, where it starts": (modes.starting(points, log_density, view["start"]), "dotted")}
        drawn = modes.on_a_line(points, log_density, fits)
        return [sent(drawn, "The target p, and " + ", ".join(fits), 400)]
    e, sigma, direction = view["e"], view["sigma"], view["direction"]
    ghosts = [ghost for ghost in integrand.COMPARED.get(name, []) if ghost != (e, sigma)]
    areas = integrand.areas(e, sigma, direction)
    return [
        sent(sketches.normals(integrand.GRID, e, sigma, ghosts), "p = N(0, 1) and q over z", 215),
        sent(
            sketches.area_picture(integrand.GRID, e, sigma, direction, areas),
            "The integrand of the KL over z, with its positive and its negative area",
            225,
        ),
    ]


def sent(drawn: Sketch, label: str, height: int) -> Shown:
    """A sketch as the browser receives it; it has no handle, because nobody would hear of its moves."""
    return Shown("sketch", [sketch.wire(sketch.pack(replace(drawn, handle=None), label, height))])
