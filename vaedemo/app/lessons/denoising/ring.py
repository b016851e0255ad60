"""Exhibit: the arrows of a denoising autoencoder around the ring, and the exact score."""

from dataclasses import replace
from string import Template

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.denoising import again, field, form, sketches
from vaedemo.app.lessons.denoising.field import JUDGED_SIDE, REACH, best_cosine
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.config import RunConfig
from vaedemo.rules import real

HEIGHT = 430


def coordinate(name: str, value) -> float:
    """The rule for a coordinate of x̃: two decimals, as on its slider."""
    return round(real(-REACH, REACH)(name, value), 2) + 0.0


PARAMETERS = (*form.RING_PARAMETERS, Parameter("x1", 0.45, coordinate), Parameter("x2", 0.4, coordinate))

EXACT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import denoising
from vaedemo.probability import ring_score

point = torch.tensor([[$x1, $x2]])
exact = $sigma**2 * ring_score.blurred_score(point, $sigma)
""")
LEARNED = Template("""\
run = $run
found = denoising.match_on_ring(run.model.reconstruct, $sigma, extent=$reach, side=$side)
examples = vd.datasets.load("ring", split="train").x
best = denoising.match_on_ring(
    lambda x: denoising.best_from_examples(x, examples, $sigma), $sigma, extent=$reach, side=$side
)
learned = (run.model.reconstruct(point) - point).double()
print(f"Mean cosine: {found.cosine:.3f}")
print(f"Weighted by density: {found.weighted:.3f}")
print(f"4,000 points alone: {best.weighted:.3f}")
print(f"Cosine ≥ 0.95: {found.close:.1%}")
print(f"Error: {found.length_error:.1%}")
print(f"Cosine at x̃: {torch.nn.functional.cosine_similarity(learned, exact).item():+.3f}")
print(f"Learned arrow: {learned.norm().item():.3f}")
""")
EXACT_NUMBER = 'print(f"Exact arrow: {exact.norm().item():.3f}")\n'


def picture(view: StepView) -> None:
    """The arrows; while it is asked where they point, the data alone. In Explore the iterates beside them."""
    if view.is_open:
        sketch(sketches.asked(field.ring()), key=view.key("asked"), label="The ring of clean data", height=HEIGHT)
        return
    run = form.ring_run(view)
    found, at = field.found(run), field.of(view, run)
    sigma = form.ring_config(view).corruption_level
    label = f"The ring, arrows of the exact score and of the model at σ = {sigma:g}, and the chosen point"
    if view["step"] != EXPLORE:
        drawn = replace(at.plane, layers=sketches.named_inside(at.plane.layers))
        sketch(drawn, key=view.key("plane"), label=label, height=HEIGHT, on_moved=mover(view))
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**Arrows at σ = {sigma:g}**")
        sketch(at.plane, key=view.key("plane"), label=label, height=340, on_moved=mover(view))
    with right:
        st.markdown("**Apply r again and again**")
        if found is None:
            st.caption("Train the model first.")
        else:
            again.iterates(view, found, at, height=316)
    st.caption(
        f"Grid arrows at {sketches.SHORTENED:.0%} of their length, those of x̃ whole; faint where $p_\\sigma$ "
        f"is below 1 % of its largest value and hardly any noisy point ever fell. Judged on {JUDGED_SIDE}² points. The "
        "exact arrows vanish on the crest of $p_\\sigma$ and at the centre, where a small error turns an arrow round. "
        "Diffusion models learn this score at every σ and walk along it:"
    )
    frame.link_to("taxonomy")


def mover(view: StepView):
    """What happens when x̃ is dragged."""

    def move(x1: float, x2: float) -> None:
        for name, value in (("x1", x1), ("x2", x2)):
            view[name] = round(min(max(value, -REACH), REACH), 2) + 0.0

    return move


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The agreement of the model over the plane, then the values at x̃; without a model the exact arrow alone."""
    run = form.finished_ring(view)
    found, at = field.found(run), field.of(view, run)
    sigma = form.ring_config(view).corruption_level
    figures = {}
    if found is not None:
        figures = {
            "Mean cosine": f"{found.match.cosine:.3f}",
            "Weighted by density": f"{found.match.weighted:.3f}",
            "4,000 points alone": f"{best_cosine(sigma):.3f}",
            "Cosine ≥ 0.95": f"{found.match.close:.1%}",
            "Error": f"{found.match.length_error:.1%}",
            "Cosine at x̃": at.cosine,
            "Learned arrow": at.learned,
        }
    return figures | {"Exact arrow": at.exact}, script(view, form.ring_config(view), run is not None)


def sliders_of_point(view: StepView) -> None:
    st.slider("x̃₁", -REACH, REACH, step=0.01, key=view.key("x1"))
    st.slider("x̃₂", -REACH, REACH, step=0.01, key=view.key("x2"))


CONTROLS = form.RING_CONTROLS | {"point": sliders_of_point}


def controls_of(values: Values) -> tuple[str, ...]:
    """The controls of the ring in Explore."""
    return (*form.ring_controls(values), "point")


def script(view: StepView, config: RunConfig, there: bool) -> str:
    """The code of this view; it trains the model if it has custom settings."""
    sigma = config.corruption_level
    code = EXACT.substitute(x1=view["x1"], x2=view["x2"], sigma=sigma)
    if there:
        code += LEARNED.substitute(run=form.code_of_ring(view), sigma=sigma, reach=REACH, side=JUDGED_SIDE)
    return code + EXACT_NUMBER
