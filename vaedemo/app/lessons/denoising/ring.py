"""Exhibit: the arrows of a denoising autoencoder around the ring, the exact score, and repeated denoising."""

from string import Template

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.stream import stream
from vaedemo.app.lessons.denoising import form, sketches
from vaedemo.app.lessons.denoising.field import (
    JUDGED_SIDE,
    REACH,
    STEPS,
    AtPoint,
    Learned,
    at_point,
    best_cosine,
    learned_field,
)
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.config import RunConfig
from vaedemo.figures import palette
from vaedemo.rules import real


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


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    st.markdown(
        "A denoising autoencoder r gets x̃ = x + σε and must return x. It never sees a density; yet "
        "$r(\\tilde x) - \\tilde x = \\sigma^2 \\nabla \\log p_\\sigma(\\tilde x)$: "
        "**its arrows point uphill**, to where noisy data are more likely."
    )
    left, middle, right = st.columns([1, 1.5, 1.5], gap="medium")
    with left:
        run = form.ring_run(view)
        st.slider("x̃₁", -REACH, REACH, step=0.01, key=view.key("x1"))
        st.slider("x̃₂", -REACH, REACH, step=0.01, key=view.key("x2"))
    config = form.ring_config(view)
    sigma = config.corruption_level
    digest = "" if run is None else run.digest
    found = None if run is None else learned_field(digest, run)
    at = at_point(sigma, digest, run, found, view["x1"], view["x2"])

    def move(x1: float, x2: float) -> None:
        for name, value in (("x1", x1), ("x2", x2)):
            view[name] = round(min(max(value, -REACH), REACH), 2) + 0.0

    with middle:
        st.markdown(f"**Arrows at σ = {sigma:g}**")
        label = f"The ring, arrows of the exact score and of the model at σ = {sigma:g}, and the chosen point"
        sketch(at.plane, key=view.key("plane"), label=label, height=390, on_moved=move)
    with right:
        st.markdown("**Apply r again and again**")
        if found is None:
            st.caption("Train the model first.")
        else:
            stream(
                found.flow,
                at.ground,
                key=view.key("flow"),
                name="xₖ₊₁ = r(xₖ), from a grid",
                color=palette.RECONSTRUCTION,
                label=f"Points of a grid that move to the ring as r is applied up to {STEPS} times",
                height=366,
                slider="Times that r was applied",
            )
    numbers(found, at, sigma)
    st.caption(
        f"Grid arrows at {sketches.SHORTENED:.0%} of their length, those of x̃ whole; faint where $p_\\sigma$ "
        f"is below 1 % of its largest value and hardly any noisy point ever fell. Judged on {JUDGED_SIDE}² points. The "
        "exact arrows vanish on the crest of $p_\\sigma$ and at the centre, where a small error turns an arrow round. "
        "Diffusion models learn this score at every σ and walk along it:"
    )
    frame.link_to("taxonomy")
    return script(view, config, run is not None)


def numbers(found: Learned | None, at: AtPoint, sigma: float) -> None:
    """The agreement of the model over the plane, then the values at x̃."""
    of_model = {}
    if found is not None:
        frame.numbers(
            {
                "Mean cosine": f"{found.match.cosine:.3f}",
                "Weighted by density": f"{found.match.weighted:.3f}",
                "4,000 points alone": f"{best_cosine(sigma):.3f}",
                "Cosine ≥ 0.95": f"{found.match.close:.1%}",
                "Error": f"{found.match.length_error:.1%}",
            },
            {
                "Mean cosine": "Of the angle between learned and exact arrow, where the density of noisy points is at "
                "least 1 % of its largest value.",
                "Weighted by density": "The same over the whole grid, weighted by the density of noisy points.",
                "4,000 points alone": "The same, of the best map for the 4,000 training points, which are all that r "
                "saw: their density is lumpy.",
                "Cosine ≥ 0.95": "Share of the grid's points, where the density is at least 1 % of its largest value.",
                "Error": "Root mean square of the arrows' difference over that of the exact arrows, weighted.",
            },
        )
        of_model = {"Cosine at x̃": at.cosine, "Learned arrow": at.learned}
    frame.numbers(
        of_model | {"Exact arrow": at.exact},
        {"Learned arrow": "Length of r(x̃) − x̃ at your x̃.", "Exact arrow": "Length of σ²∇log p at your x̃."},
    )


def script(view: frame.View, config: RunConfig, there: bool) -> str:
    """The code of this view; it trains the model if it has custom settings."""
    sigma = config.corruption_level
    code = EXACT.substitute(x1=view["x1"], x2=view["x2"], sigma=sigma)
    if there:
        fields = ", ".join(f"{name}={value!r}" for name, value in config.canonical().items())
        shipped_one = view["field"] == "shipped"
        run = f'vd.load("{form.ring_name(view)}")' if shipped_one else f"vd.train(vd.RunConfig({fields}))"
        code += LEARNED.substitute(run=run, sigma=sigma, reach=REACH, side=JUDGED_SIDE)
    return code + EXACT_NUMBER
