"""The steps of the lesson on the KL (slide 19)."""

import math

from vaedemo.app.lessons.kl import integrand, pair
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

AREAS = {"part": "integrand"}
LOG_V = "\\log V"
TRACE = "\\operatorname{tr}\\Sigma_p^{-1}\\Sigma_q"
DETERMINANTS = "\\log\\tfrac{|\\Sigma_p|}{|\\Sigma_q|}"
DISTANCE = "(\\mu_p-\\mu_q)^\\top\\Sigma_p^{-1}(\\mu_p-\\mu_q)"
SMALL_SHARE = 0.4  # of the mode near which q starts


def price(values: Values) -> str:
    """The cost of q, split into its mean's and its width's."""
    e, variance = values["e"], values["sigma"] ** 2
    total, mean, width = (integrand.divergence(*each) for each in ((e, variance), (e, 1.0), (0.0, variance)))
    logarithm = math.log(variance)
    return (
        f"KL(q‖p) is the green area minus the grey area: **{total:.2f} nats**. "
        f"The mean of q costs {mean:.2f} (E²/2), its width {width:.2f} (the rest). "
        "Only q = p, with E = 0 and V = 1, costs nothing."
        f"\n\n$$\\tfrac12\\big({under('V', variance)} - {under(LOG_V, logarithm)} - 1 + {under('E^2', e**2)}\\big)$$"
    )


def widths(values: Values) -> str:
    wide, narrow = integrand.divergence(0.0, 4.0), integrand.divergence(0.0, 0.25)
    return (
        f"Twice as wide costs **{wide:.2f} nats**, half as wide **{narrow:.2f}**. "
        "In ½(V − log V − 1), V grows in proportion to the variance, and −log V only with its logarithm."
    )


def directions(values: Values) -> str:
    forward, backward = (integrand.divergence(0.0, 0.25, each) for each in ("qp", "pq"))
    return (
        f"KL(p‖q) is **{backward:.2f} nats**, KL(q‖p) {forward:.2f}. KL is not symmetric. "
        "Here p has mass in its tails, where the narrow q has almost none: there log(p/q) is large."
    )


def general(values: Values) -> str:
    forward, _ = pair.terms_of(values)
    trace, distance, logarithm = (
        2 * term.item() for term in (forward.trace, forward.mahalanobis, forward.log_determinant)
    )
    return (
        "For any two Gaussians the same two parts: the shapes (trace and determinants) and the distance of the means. "
        "Drag q. With Σₚ\u00a0=\u00a0I and μₚ\u00a0=\u00a00 it is the sum over the axes of "
        "½(V\u00a0−\u00a0log\u00a0V\u00a0−\u00a01\u00a0+\u00a0E²)."
        "\n\n$$\\begin{aligned}&\\tfrac12\\Big("
        f"{under(TRACE, trace)} - {under('k', int(values['axes']), 0)} + {under(DETERMINANTS, logarithm)} \\\\ "
        f"&+ {under(DISTANCE, distance)}\\Big) \\\\ &= {forward.total.item():.2f}\\end{{aligned}}$$"
    )


def one_mode(values: Values) -> str:
    near, other = -math.log(SMALL_SHARE), -math.log(1 - SMALL_SHARE)
    return (
        f"q ends on the mode that it started near: a local minimum of **{near:.2f} nats** = −log 0.4. "
        f"The larger mode would cost {other:.2f} = −log 0.6, but between them p is almost 0, and q does not cross."
    )


def nothing(values: Values) -> str:
    return (
        "q(z|x) = p(z) for every x: z is pure noise and says **nothing** about x. "
        "KL alone wants exactly this. The reconstruction loss pulls the other way: see [the β trade-off](beta)."
    )


STEPS = (
    Step(
        name="answer",
        title="What KL charges",
        view=AREAS,
        say=price,
        controls=("e", "sigma"),
        holds=lambda values: values["part"] == "integrand" and values["direction"] == "qp",
        ask=Question(
            "q is N(1.5, 0.5²) and p is N(0, 1). What does KL(q‖p) charge q for?",
            (
                Option(
                    "Only its mean, which is not 0", "A q around 0 with another width than p's costs something too."
                ),
                Option("Its mean and its width", "Each has its own term, and the two terms add up.", right=True),
                Option("Only its width, which is not 1", "A q as wide as p, but beside it, costs something too."),
            ),
            giveaways=("1.44", "0.32"),
        ),
        slides=(19,),
        notes="Point at the green area: q has mass where p is smaller. The grey area is where p is larger than q. "
        "Then move E and σ: each has its own term.",
    ),
    Step(
        name="width",
        title="Too wide, too narrow",
        view=AREAS | {"e": 0.0, "sigma": 2.0},
        say=widths,
        ask=Question(
            "Here q = p, which costs nothing. Now σ is halved, or it is doubled (dashed). Which costs more?",
            (
                Option("Half the width", "A narrow q looks like the strict case. But −log V grows slowly."),
                Option("The same for both", "KL is no distance in σ: its two terms grow at different rates."),
                Option("Twice the width", "V grows faster than −log V falls.", right=True),
            ),
            start={"sigma": 1.0},
            giveaways=("0.81", "0.32"),
        ),
        slides=(19,),
        notes="Let them vote. Most say half the width. V − log V: one term is linear, the other a logarithm.",
    ),
    Step(
        name="direction",
        title="The other direction",
        view=AREAS | {"e": 0.0, "sigma": 0.5, "direction": "pq"},
        say=directions,
        controls=("direction",),
        holds=lambda values: (values["e"], values["sigma"], values["part"]) == (0.0, 0.5, "integrand"),
        ask=Question(
            "q has half the width of p, and KL(q‖p) is 0.32 nats. How large is KL(p‖q)?",
            (
                Option("Larger", "Now p's mass counts, and p has mass where q has almost none.", right=True),
                Option("The same", "KL weighs log q/p by one of the two densities: it matters by which."),
                Option("Smaller", "A narrow q fits inside p. But now p would have to fit inside q."),
            ),
            start={"direction": "qp"},
            giveaways=("0.81",),
        ),
    ),
    Step(
        name="general",
        title="Any two Gaussians",
        view={"part": "pair"},
        say=general,
        controls=("swap",),
        holds=lambda values: values["part"] == "pair",
        slides=(19,),
        notes="The slide's first formula. The slide writes μ(z), Σ(z): they are the encoder's answers for one x.",
    ),
    Step(
        name="modes",
        title="A target with two modes",
        view={"part": "modes", "distance": 6.0, "share": 1 - SMALL_SHARE, "start": "right"},
        say=one_mode,
        ask=Question(
            "40 % of p is in the right mode. q starts near it and follows the gradient of KL(q‖p). Where does it end?",
            (
                Option("On the larger mode", "Between the modes p is almost 0: on the way there q would pay too much."),
                Option("On the right mode", "It is a local minimum: every small move costs more.", right=True),
                Option("Between both, wide enough for both", "That is KL(p‖q). KL(q‖p) charges q where p is small."),
            ),
            giveaways=("0.92", "0.51"),
        ),
    ),
    Step(
        name="nothing",
        title="When KL is zero",
        view=AREAS | {"e": 0.0, "sigma": 1.0},
        say=nothing,
        ask=Question(
            "An encoder gives E = 0 and V = 1 on every axis, for every digit x. So KL = 0. What does z say about x?",
            (
                Option("All that is needed: KL is perfect", "A KL of 0 is the best value, but of this term alone."),
                Option("Which class x has, not more", "To tell classes apart, E must differ between them."),
                Option("Nothing at all", "The code has the same distribution for every x.", right=True),
            ),
            giveaways=("pure noise",),
        ),
    ),
)
GOALS = (
    Goal(
        "In **Areas**, find a q around 0 that costs 0.5 nats.",
        lambda values: (
            values["part"] == "integrand"
            and abs(values["e"]) < 1e-9
            and abs(integrand.divergence(0.0, values["sigma"] ** 2) - 0.5) < 0.02
        ),
        "Two widths do: one is below 0.5.",
    ),
    Goal(
        "In **Areas**, keep σ = 0.7 and pay less than 0.11 nats.",
        lambda values: (
            values["part"] == "integrand"
            and abs(values["sigma"] - 0.7) < 1e-9
            and integrand.divergence(values["e"], 0.49) < 0.11
        ),
        "The width alone costs 0.10.",
    ),
)
