"""The steps of the lesson on pPCA, an aside. The tests hold each sentence against the closed forms."""

from vaedemo.app.lessons.ppca import beta, turn
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

EQUAL = 5.0
TURNED = {"part": "bound", "theta": 45}
DIGITS = "mnist-55k"


def meets(values: Values) -> str:
    gap = turn.shown(values).gap
    return (
        "Turn two latent axes by θ: log p(x) stays. The ELBO meets it where the axes suit the diagonal q: at 0° and "
        f"90°. At {values['theta']}° the posterior is tilted, q is not, and the ELBO lies **{gap:.2f} nats** lower."
        "\n\n$$\\begin{aligned}&\\tfrac12\\big[\\textstyle\\sum_i \\log M_{ii} - \\log\\det M\\big] "
        f"\\\\ &= {gap:.2f}, \\quad M = W^\\top W + \\sigma^2 I\\end{{aligned}}$$"
    )


def loses_nothing(values: Values) -> str:
    gap = turn.shown(values).gap
    return (
        f"With λ₁ = λ₂ the posterior is round, and a circle has no tilt: the gap is **{gap:z.2f} nats** at every θ. "
        "Only unequal variances tie the axes of a linear VAE to those of the data."
    )


def parts(values: Values) -> str:
    now, best = beta.shown(values), beta.shown({**values, "beta": 1.0})
    return (
        f"β = {values['beta']:g} trains other weights and a wider q. The ELBO, without β, now lies "
        f"**{now.log_likelihood - now.elbo:.2f} nats** under log p(x), and log p(x) itself is "
        f"{best.log_likelihood - now.log_likelihood:.2f} nats lower than at β\u00a0=\u00a01. "
        "There both are best, and equal."
    )


def fewer(values: Values) -> str:
    now, before = beta.shown(values), beta.shown({**values, "beta": 1.0})
    return (
        f"An axis lives while λ > βσ². At β = {values['beta']:g} only **{now.alive}** axes are left of {before.alive}. "
        "The other axes say nothing about x, although nothing went wrong in training: this is *posterior collapse*."
    )


def is_tilted(values: Values) -> bool:
    return values["part"] == "bound" and values["theta"] % 90 != 0 and turn.shown(values).gap > 0.005


STEPS = (
    Step(
        name="answer",
        title="Where the bound is tight",
        view=TURNED,
        say=meets,
        controls=("theta",),
        holds=is_tilted,
    ),
    Step(
        name="round",
        title="Equal variances",
        view=TURNED | {"lambda1": EQUAL, "lambda2": EQUAL},
        say=loses_nothing,
        controls=("theta",),
        holds=lambda values: (
            (values["part"], values["data"]) == ("bound", "gaussian") and values["lambda1"] == values["lambda2"]
        ),
        ask=Question(
            "Still θ = 45°. Now both variances of the data become equal, λ₁ = λ₂ = 5. How large is the gap?",
            (
                Option("Larger than before", "The gap grows with the difference of the variances."),
                Option("As large as before: θ is 45°", "θ counts only if the two variances differ."),
                Option("There is none", "A round posterior looks the same at every angle.", right=True),
            ),
            start={"lambda1": 9.0, "lambda2": 2.0},
            giveaways=("a circle has no tilt",),
        ),
    ),
    Step(
        name="beta",
        title="β above 1",
        view={"part": "beta", "beta": 3.0},
        say=parts,
        holds=lambda values: (values["part"], values["data"]) == ("beta", "gaussian") and values["beta"] > 1.2,
        controls=("beta",),
        ask=Question(
            "The axes are not turned, and at β = 1 the ELBO is log p(x). Now a linear VAE is trained with β = 3. "
            "Does its ELBO, without β, meet log p(x)?",
            (
                Option("Yes: the axes still suit q", "The axes do. But β also changes q's width, and the weights."),
                Option("No, and log p(x) is lower too", "β = 3 is another goal than log p(x).", right=True),
                Option("No: it lies above log p(x) now", "A bound from below never lies above."),
            ),
            start={"beta": 1.0},
            giveaways=("a wider q",),
        ),
    ),
    Step(
        name="digits",
        title="Which axes live",
        view={"part": "beta", "data": DIGITS, "beta": 3.0},
        say=fewer,
        controls=("beta",),
        holds=lambda values: (values["part"], values["data"]) == ("beta", DIGITS) and values["beta"] > 1.2,
        ask=Question(
            "MNIST digits, 20 axes, σ² = 1. At β = 1 an axis with variance λ lives if λ > 1. What does β = 3 do?",
            (
                Option("Fewer axes live", "The line βσ² rises, and more variances lie under it.", right=True),
                Option("The same axes live, with wider q", "Under the line an axis is worth less than its KL costs."),
                Option("More axes live: KL counts more", "KL wants axes to say nothing about x."),
            ),
            start={"beta": 1.0},
            giveaways=("are left of", "posterior collapse"),
        ),
    ),
)
GOALS = (
    Goal(
        "In **The bound**, make a gap of more than 0.5 nats.",
        lambda values: values["part"] == "bound" and turn.shown(values).gap > 0.5,
        "The variances must differ more.",
    ),
    Goal(
        "In **β**, with the digits at β = 1, keep more than 15 axes alive.",
        lambda values: (
            (values["part"], values["data"], values["beta"]) == ("beta", DIGITS, 1.0) and beta.shown(values).alive > 15
        ),
        "Lower σ².",
    ),
)
