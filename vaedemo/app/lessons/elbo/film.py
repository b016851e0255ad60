"""Exhibit: log p(x) and the ELBO of one digit while the VAE trains."""

from functools import lru_cache
from string import Template

import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.lessons.elbo import gap
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette
from vaedemo.rules import whole
from vaedemo.training import bound_film
from vaedemo.training.bound_film import STEPS, Row

PARAMETERS = (Parameter("frame", len(STEPS) - 1, whole(0, len(STEPS) - 1)),)
TICKS = (300, 1_000, 3_000, 10_000)
SCRIPT = Template("""\
from vaedemo.training import bound_film

step, digit = $step, $digit
row = next(row for row in bound_film.read() if (row.step, row.digit) == (step, digit))
print(f"Step: {row.step:,}")
print(f"log p(x): {row.log_marginal:.2f} nats")
print(f"ELBO: {row.elbo:.2f} nats")
print(f"KL to the posterior: {row.log_marginal - row.elbo:.2f} nats")
""")


@lru_cache(maxsize=1)
def rows() -> list[Row]:
    return bound_film.read()


def row(digit: int, frame: int) -> Row:
    """The row of a digit at a frame of the film."""
    return rows()[frame * bound_film.DIGITS + digit]


def along(digit: int) -> list[Row]:
    """A digit's rows, one for each frame."""
    return rows()[digit :: bound_film.DIGITS]


def picture(view: StepView) -> None:
    if own_digit.text_of(view):
        st.info("The training was measured for the twenty digits alone: here x is one of them, not yours.")
    found = along(view["digit"])
    # While the question is open the ELBO is seen to rise to where the step ends, and log p(x) is not.
    ahead = view.lesson.table.view_of(view["step"])["frame"] if view.is_open else view["frame"]
    before = view.before
    drawn = curves(found, view["frame"], ahead, before and before["frame"])
    last = found[view["frame"]]
    label = (
        f"log p(x) and the ELBO over the steps of training, up to step {last.step:,}: "
        f"{last.log_marginal:.1f} and {last.elbo:.1f} nats"
    )
    digit, chart = st.columns([1, 5])
    with digit:
        st.markdown(gap.pictured(view, view["digit"]))
    with chart:
        sketch(drawn, key=view.key("film"), label=label.replace("-", "−"), height=405)


def curves(found: list[Row], frame: int, ahead: int, before: int | None = None) -> Sketch:
    """Both numbers of a digit up to a frame; `ahead`: a later frame up to which the ELBO goes on, dashed; `before`: an
    earlier frame, with rings."""
    steps, exact, bound = (np.array([each[column] for each in found]) for column in (0, 2, 3))
    low, high = float(bound.min()), float(exact.max())
    room = high - low
    now = slice(0, frame + 1)
    drawn = [
        layers.band(steps[now], bound[now], exact[now], color=palette.NEUTRAL, alpha=0.25),
        layers.line(steps[now], exact[now], color="text", width=3),
        layers.line(steps[now], bound[now], color=palette.ELBO, width=3),
        layers.dots(steps[now], exact[now], 4, color="text"),
        layers.dots(steps[now], bound[now], 4, color=palette.ELBO),
    ]
    if before is not None:
        drawn.append(
            layers.dots(steps[[before] * 2], [exact[before], bound[before]], 9, color=palette.NEUTRAL, alpha=0.5)
        )
    widest = int((exact[now] - bound[now]).argmax())
    middle = (exact[widest] + bound[widest]) / 2
    drawn.append(layers.words(steps[widest], middle, "gap", color="text", align="center"))
    if ahead > frame:
        later = slice(frame, ahead + 1)
        drawn.append(layers.line(steps[later], bound[later], color=palette.ELBO, width=3, dash="dashed"))
    end = {"bold": True, "align": "left", "shift": 10}
    # Where both lines end close together their names stand above and below.
    touch = 0.12 * room > exact[frame] - bound[frame] and ahead == frame
    drawn += [
        layers.words(
            steps[frame], exact[frame], "log p(x)", color="text", baseline="bottom" if touch else "middle", **end
        ),
        layers.words(
            steps[ahead], bound[ahead], "ELBO", color=palette.ELBO, baseline="top" if touch else "middle", **end
        ),
    ]
    return Sketch(
        Axis("steps of training", 260, 80_000, [(each, f"{each:,}") for each in TICKS], log=True),
        Axis("nats", low - 0.08 * room, high + 0.08 * room),
        drawn,
        readout=[
            (each.step, f"step {each.step:,}: {each.log_marginal:.1f} and {each.elbo:.1f}".replace("-", "−"))
            for each in found[now]
        ],
    )


def work(values: Values) -> tuple[dict[str, str], str]:
    found = row(values["digit"], values["frame"])
    figures = {
        "Step": f"{found.step:,}",
        "log p(x)": f"{found.log_marginal:.2f} nats",
        "ELBO": f"{found.elbo:.2f} nats",
        "KL to the posterior": f"{found.log_marginal - found.elbo:.2f} nats",
    }
    return figures, SCRIPT.substitute(step=found.step, digit=values["digit"])


def slider(view: StepView) -> None:
    options = range(len(STEPS))
    st.select_slider("Steps of training", options, format_func=lambda frame: f"{STEPS[frame]:,}", key=view.key("frame"))
