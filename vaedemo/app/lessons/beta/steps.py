"""The steps of the lesson on β (slide 21). Each sentence holds for the shipped sweeps; the tests measure it."""

import itertools
import math

import torch

from vaedemo.analysis import latent
from vaedemo.app import catalogue
from vaedemo.app.lessons.beta import data
from vaedemo.app.lessons.beta.panels import PLACES
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values
from vaedemo.training import shipped_runs

DIGITS, RING = "sweep-mnist", "sweep-ring"
BEFORE = 1  # the model before the one of the smallest β, which has β = 0.1
EMPTY = 0.2  # the share of N(0, I) in a hole, for an example


def named(beta: float) -> str:
    """β = 0.1, on one line."""
    return f"β\u00a0=\u00a0{beta:g}"


def same_cloud(values: Values) -> str:
    first, last = (data.of(values).figures[values[name]] for name in ("a", "d"))
    return (
        f"A large β keeps the codes where random z fall. At {named(first.beta)} every digit has the same cloud: "
        f"all copies are one grey image. At {named(last.beta)} copies are sharper, but **{1 - last.inside:.0%}** "
        "of the codes lie outside the large circle: few random z fall near them."
    )


def falls_to_the_right(values: Values) -> bool:
    """Whether four panels of the digits go from the collapsed model to smaller and smaller β, the last with a small
    cloud for each digit."""
    if values["sweep"] != DIGITS or values["part"] != "panels" or values["panels"] != "4":
        return False
    places = [values[name] for name in PLACES]
    figures = data.of(values).figures
    is_falling = all(before > after for before, after in itertools.pairwise(places))
    return is_falling and places[0] == len(figures) - 1 and figures[places[-1]].mean_variance < 0.05


def bargain(values: Values) -> str:
    *_, second, first = data.of(values).figures
    kl, saved = second.test[1] - first.test[1], first.test[0] - second.test[0]
    return (
        f"{kl:.1f} nats of KL save **{saved:.0f} nats** of reconstruction, {saved / kl:.0f} for each nat. "
        f"At {named(second.beta)} that is worth the price, at {named(first.beta)} it is not. "
        "Further right the curve is flat: more KL saves little."
    )


def out_of_reach(values: Values) -> str:
    figures = data.of(values).figures
    before, now = figures[BEFORE], figures[values["a"]]
    return (
        f"**{now.inside:.0%}** of the codes lie in the circle, where {data.CIRCLE:.0%} of all random z fall; at "
        f"{named(before.beta)} it was {before.inside:.0%} (grey). "
        "Almost all 1s lie outside, where random z hardly ever fall."
    )


def two_parts(values: Values) -> str:
    smallest = data.of(values).figures[0]
    split = smallest.split
    return (
        f"At {named(smallest.beta)} z tells {split.information:.1f} nats about x. "
        f"The other **{split.marginal:.0f} nats** are KL(q(z)‖p(z)): it charges codes outside the prior. "
        "It hardly sees holes between codes: "
        f"a hole with a fifth of N(0, I) alone costs {-math.log(1 - EMPTY):.2f} nats."
    )


def mean_point(values: Values) -> str:
    return (
        f"All random z become almost one point, **{distance_to_middle():.2f}** from the middle; the ring's radius is "
        f"{radius():.1f}. z says nothing about x, so the best x̂ is the mean of all data. "
        "For digits it is the mean image."
    )


def distance_to_middle() -> float:
    """The mean distance from 0 of the points that the ring's model of the largest β draws."""
    run = catalogue.run([*shipped_runs.members(RING)][-1])
    z = latent.prior_samples(data.POINTS, run.config.latent_dim, torch.Generator().manual_seed(0))
    with torch.no_grad():
        return run.model.decode(z).mean.norm(dim=1).mean().item()


def radius() -> float:
    """The mean distance of the ring's points from 0."""
    return catalogue.images("ring")[0].x.norm(dim=1).mean().item()


STEPS = (
    Step(
        name="answer",
        title="Large β, small β",
        view={},
        say=same_cloud,
        holds=falls_to_the_right,
        ask=Question(
            "β is the price of KL in the loss. At β = 50, what does the encoder answer for a digit x?",
            (
                Option("A tiny cloud close to 0", "KL also wants V → 1: it charges a tiny cloud for −log V."),
                Option("The same cloud for every x", "Nothing else has a KL of almost 0.", right=True),
                Option("One cloud for each of the classes", "Even clouds for classes must leave 0, which costs KL."),
            ),
            giveaways=("all copies are",),
        ),
        slides=(21,),
        notes="The slide's four panels: KL rises from left to right. A colour is a class, a point one z of q(z|x). "
        "Compare the copies first, then the random z.",
    ),
    Step(
        name="bargain",
        title="The price of a nat",
        view={"part": "curve"},
        say=bargain,
        ask=Question(
            "From β = 50 to β = 10 the KL rises by 2.3 nats. How far does the reconstruction loss fall?",
            (
                Option("Not at all: β is still above 1", "A large β leaves the KL that saves more than it costs."),
                Option("By 2.3 nats: one for one", "One for one is the exchange at β = 1. Here β is 10 and more."),
                Option("By far more than 2.3 nats", "At a high price only the best bargains are left.", right=True),
            ),
            giveaways=("for each nat",),
        ),
        slides=(21,),
        notes="At its optimum a run with β lies where the curve's slope is −β. "
        "These runs are short: below β = 2 their losses differ little.",
    ),
    Step(
        name="reach",
        title="Random z at a small β",
        view={"panels": "1", "a": 0},
        say=out_of_reach,
        ask=Question(
            "β falls from 0.1 to 0.01. Random z fall as before. How many codes lie where they fall?",
            (
                Option("Fewer than before", "KL costs almost nothing now, so codes move far away.", right=True),
                Option("As many: N(0, I) has not moved", "The prior stays. The codes need not stay with it."),
                Option(
                    "More: the encoder is freer now", "Freed from the KL it does not gather codes, it spreads them."
                ),
            ),
            start={"a": BEFORE},
            giveaways=("it was 5", "(grey)"),
        ),
        slides=(21,),
        notes="The axes grow: look at the circle. Grey: the codes of β = 0.1. The random z of the images are the same.",
    ),
    Step(
        name="parts",
        title="Two parts of KL",
        view={"part": "split"},
        say=two_parts,
        ask=Question(
            "At β = 0.01 the KL of 1,000 digits is 34 nats. How many of them can tell which of the digits x is?",
            (
                Option("All: KL is what z knows", "KL also charges codes for lying far from 0, all together."),
                Option("At most log 1,000 = 6.9", "To name one of N digits takes log N nats.", right=True),
                Option("None: at this β KL does not count", "β is the weight of KL in the loss, not its size."),
            ),
            giveaways=("The other",),
        ),
    ),
    Step(
        name="ring",
        title="The same for a ring",
        view={"sweep": RING},
        say=mean_point,
        ask=Question(
            "The data are points on a ring (blue). At β = 50 the KL is 0. Where does the decoder put random z?",
            (
                Option("In the middle, where no data are", "The mean has the least squared error.", right=True),
                Option("All around the ring: q equals the prior", "A z that fits the prior need not say where x is."),
                Option("At one point of the ring", "It would be far from the points on the other side."),
            ),
            giveaways=("almost one point",),
        ),
    ),
)
GOALS = (
    Goal(
        "Bring panel A to the β with the least −ELBO.",
        lambda values: of_panel(values, "a") == data.of(values).best,
        "KL + reconstruction: see the charts.",
        lambda values: values["sweep"] != "own",
    ),
    Goal(
        "In the **ring** sweep, bring panel A to the largest β that has not collapsed.",
        lambda values: (
            values["sweep"] == RING
            and of_panel(values, "a") == [each for each in data.of(values).figures if not each.collapsed][-1]
        ),
        "Its KL is above 0.",
    ),
)


def of_panel(values: Values, name: str) -> data.Figures:
    """The figures of a panel's model in a shipped sweep."""
    figures = data.of(values).figures
    return figures[min(values[name], len(figures) - 1)]
