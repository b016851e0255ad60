"""The steps of the lesson on the loss of a VAE (slide 20)."""

import math

from vaedemo.app import catalogue
from vaedemo.app.lessons.loss import line
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

SUM, LOG_V = "\\textstyle\\sum ", "\\log V"
STRONG = 50.0
WEAK, PLAIN, STRONG_RUN = "sweep-mnist-1", "sweep-mnist-4", "sweep-mnist-8"  # trained with β = 0.01, 1 and 50


def formula(values: Values) -> str:
    """The slide's formula, with this view's number under each symbol."""
    found, beta = line.here(values), values["beta"]
    variance, square = sum(found.variance), sum(each**2 for each in found.mean)
    logarithm = sum(map(math.log, found.variance))
    inside = (
        f"{under(SUM + 'V', variance, 3)} - {under(SUM + LOG_V, logarithm, 1)} "
        f"- {under('d', len(found.mean), 0)} + {under(SUM + 'E^2', square)}"
    )
    recon, weight = under("l_{recon}", found.reconstruction, 1), under("\\beta", beta, 0 if beta >= 1 else 2)
    return (
        f"$$\\begin{{aligned}}&{recon} + {weight}\\cdot\\tfrac12\\Big( \\\\ &{inside}\\Big) \\\\ "
        f"&= {found.total(beta):.1f}\\end{{aligned}}$$"
    )


def two_wishes(values: Values) -> str:
    found = line.here(values)
    return (
        f"The loss of this digit is **{found.total(values['beta']):.0f} nats**. Reconstruction wants the means E of "
        "q(z|x) far apart and the variances V small: then z tells which x it was. KL wants E → 0 and V → 1, the prior."
        f"\n\n{formula(values)}"
    )


def pulled(values: Values) -> str:
    start, now = line.along(values)[0], line.here(values)
    rise, fall = now.reconstruction - start.reconstruction, start.kl - now.kl
    return (
        f"Half-way KL costs **{fall:.1f} nats less**, and reconstruction **{rise:.0f} nats more**. At β = 1 the "
        f"encoder's q is the best place on this way.\n\n{formula(values)}"
    )


def heavy(values: Values) -> str:
    return (
        f"With β = {values['beta']:g} the sum is least at t = **{line.least(values):g}**, close to the prior: "
        f"the digit is given up for a small KL.\n\n{formula(values)}"
    )


def spread(name: str) -> tuple[float, float]:
    """Over 1,000 test digits of a run of the sweep: the root mean square of E, and the mean of V."""
    model = catalogue.run(name).model
    mu, logvar = model.posterior(catalogue.images(line.DATASET)[0].as_data()[:1000])
    return mu.square().mean().sqrt().item(), logvar.exp().mean().item()


def trained(values: Values) -> str:
    (weak_e, weak_v), (e, v), (_, strong_v) = map(spread, (WEAK, PLAIN, STRONG_RUN))
    return (
        f"Trained with β = 0.01: E is {weak_e:.1f} on average, V {weak_v:.3f}. With β = 1: {e:.1f} and {v:.3f}. "
        f"With β = {STRONG:g}: 0.0 and {strong_v:.2f}, the prior itself. Both wishes come true, each in its own run. "
        "See [the β trade-off](beta)."
    )


STEPS = (
    Step(
        name="answer",
        title="Two wishes",
        view={},
        say=two_wishes,
        holds=lambda values: True,
        ask=Question(
            "The loss adds two terms. What does the reconstruction loss want from E and V?",
            (
                Option("E = 0 and V = 1", "That is what KL wants: q equal to the prior."),
                Option("E far from other digits', V large", "A large V sends many different z to the decoder."),
                Option("E far from other digits', V small", "Then z tells which x it came from.", right=True),
            ),
            giveaways=("then z tells which x",),
        ),
        slides=(20,),
        notes="The slide's own formula, with the numbers of this digit. d is the number of axes, here 2. "
        "V and E belong to one x, not to a batch.",
    ),
    Step(
        name="pull",
        title="Half-way to the prior",
        view={"t": 0.5},
        say=pulled,
        controls=("t",),
        holds=lambda values: values["t"] == 0.5 and values["beta"] == 1 and line.least(values) == 0,
        ask=Question(
            "Now q is pulled half-way to the prior: KL falls. What does the sum do at β = 1?",
            (
                Option("It falls: KL is smaller", "KL is a small part of this loss. Look at the other term."),
                Option("It rises", "The decoder gets blurred codes and draws a worse digit.", right=True),
                Option("It stays: one term falls as the other rises", "The two terms have no reason to cancel."),
            ),
            start={"t": 0.0},
            giveaways=("nats less", "nats more"),
        ),
        slides=(20,),
        notes="Then take the slider to 1: the decoder draws a digit for a random z, not for this x.",
    ),
    Step(
        name="weight",
        title="A large β",
        view={"t": 0.8, "beta": STRONG},
        say=heavy,
        controls=("t", "beta"),
        holds=lambda values: line.least(values) >= 0.5 and values["t"] == line.least(values),
        ask=Question(
            "β is now 50. Where on this way is the sum least?",
            (
                Option("Close to the prior", "50 nats are charged for each nat of KL.", right=True),
                Option("At the encoder's q: it is the best", "The encoder was trained for β = 1."),
                Option("Exactly half-way", "Nothing makes the middle special."),
            ),
            start={"t": 0.0},
            giveaways=("the sum is least at",),
        ),
    ),
    Step(
        name="trained",
        title="What training makes of it",
        view={},
        say=trained,
        ask=Question(
            "A VAE is trained with β = 0.01, so KL costs almost nothing. What happens to the codes?",
            (
                Option("They gather at 0", "Only KL pulls E to 0, and it is weak now."),
                Option("They go far apart and V shrinks", "Reconstruction gets what it wants.", right=True),
                Option("Nothing: the encoder is the same", "Encoder and decoder are trained by this very loss."),
            ),
            giveaways=("Trained with",),
        ),
    ),
)
GOALS = (
    Goal(
        "At β = 1, raise the sum by more than 100 nats.",
        lambda values: values["beta"] == 1 and line.here(values).total(1) > line.along(values)[0].total(1) + 100,
        "Pull q towards the prior.",
    ),
    Goal(
        "Find a β for which the sum is least at t = 0.5 or further.",
        lambda values: line.least(values) >= 0.5,
        "KL must count for more.",
    ),
)
