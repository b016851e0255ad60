"""The steps of the lesson on the likelihood (slide 14). The tests measure what each sentence claims."""

import math

from vaedemo.app.lessons.likelihood import carriers, climbing, draws, grid, likely, needed
from vaedemo.app.shared import own_digit
from vaedemo.app.shared.symbols import power_of_ten, signed
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

MANY_WITH_TWO = 10_000  # random z with 2 axes, of a goal
RARE = 0.9  # a share of the digits, of a goal
ENOUGH = 5  # effective draws of a goal
SLIDE = r"$$p(x) \approx \tfrac1K \textstyle\sum_{i=1}^K p(x \vert z^{(i)})$$"
WEIGHED = r"$$\tfrac1K \textstyle\sum_{i=1}^K \dfrac{p(x \vert z^{(i)})\,p(z^{(i)})}{q(z^{(i)} \vert x)}$$"


def how_many(values: Values) -> str:
    few, many = (needed.draws_in_words(needed.row(axes, values["digit"]).needed) for axes in (2, 20))
    return (
        f"**Average p(x|z) over z ~ N(0, I):** with 2 latent axes about **{few}** z are enough, with 20 about "
        f"**{many}**. "
        "The number is about $e^{\\mathrm{KL}(p(z|x) \\Vert p(z))}$: the more z says about x, the fewer random "
        f"z explain x.\n\n{SLIDE}"
    )


def carried(values: Values) -> str:
    cuts = carriers.cuts_of(values)
    return (
        f"With 20 axes the best of {cuts['20'].draws:,} random z has **{cuts['20'].shares[0]:.0%}** of the sum, with "
        f"2 axes it has {cuts['2'].shares[0]:.0%}. Almost every other z explains x not at all. "
        "Press New draws: with 20 axes the sum depends on luck."
    )


def too_many_points(values: Values) -> str:
    points = power_of_ten(round(20 * math.log10(grid.VALUES)))
    return (
        f"With 2 axes a grid is small, and its sum is log p(x): so this page knows it. With 20 axes it has "
        f"**{points}** points. Two axes are the exception: in general nobody can compute this integral. It is "
        "*intractable*."
        "\n\n"
        r"$$p(x) = \textstyle\int p(x \vert z)\,p(z)\,dz$$"
    )


def from_q(values: Values) -> str:
    found = climbing.found(values)
    gain = found.elbo - float(found.prior.mean[-1])
    return (
        f"**One** z from q gives {signed(found.elbo, 0)} nats on average, {gain:.0f} nats more than "
        f"{draws.MOST_DRAWS:,} random z. This mean is [the ELBO, a bound](elbo). "
        "Both curves rise: the log of a mean is too low on average."
        f"\n\n{WEIGHED}"
    )


def one_is_enough(values: Values) -> str:
    found = needed.collapsed(values)
    missed = found.log_marginal - float(found.climb.mean[0])
    other = needed.row(2, values["digit"]).log_marginal
    return (
        f"One z misses log p(x) by {missed:.1f} nats only: p(z|x) is almost the prior, and KL almost 0. "
        f"The price: log p(x) is **{signed(found.log_marginal, 0)}** instead of {signed(other, 0)} nats. "
        "Random z suit a model whose z says nothing."
    )


STEPS = (
    Step(
        name="answer",
        title="Average over random z",
        view={"part": "needed"},
        say=how_many,
        holds=lambda values: values["part"] == "needed" and not values["collapsed"],
        ask=Question(
            "p(x) is the mean of p(x|z) over random z. With 2 axes 1,000 of them are enough for this x. "
            "How many with 20 axes?",
            (
                Option("About as many", "Then random z would hit as often. With each axis more they miss more."),
                Option("About ten times as many", "The share of z that explain x is a product over the axes."),
                Option("Billions, or more", "With each axis more, fewer random z explain x.", right=True),
            ),
            giveaways=("10¹¹", "are enough, with"),
        ),
        slides=(14,),
        notes="One digit, two VAEs: with 2 axes and with 20. A curve is log of the average, less log p(x). "
        "Dashed: nobody has drawn so many. log p(x) with 20 axes is estimated by annealing.",
    ),
    Step(
        name="sum",
        title="Which z count",
        view={"part": "sum"},
        say=carried,
        controls=("new",),
        holds=lambda values: (values["part"], values["source"]) == ("sum", "prior") and values["draws"] == 10_000,
        ask=Question(
            "10,000 random z, with 20 axes: each p(x|z) is a term of the sum. How many z carry half of it?",
            (
                Option("One, or a few", "A z that is 5 nats better weighs 150 times as much.", right=True),
                Option("About 5,000 of them", "Only if p(x|z) were about equal for all z."),
                Option("A few hundred of them", "So it is with 2 axes and many draws. With 20 axes far fewer."),
            ),
            giveaways=("of the sum, with", "has **"),
        ),
        slides=(14,),
        notes="Compare x with the best images: with 20 axes even the best random z draws no 6.",
    ),
    Step(
        name="grid",
        title="Why 2 axes are special",
        view={"part": "grid"},
        say=too_many_points,
        holds=lambda values: values["part"] == "grid",
        ask=Question(
            "No random z: a grid of 101 values on each axis. With 2 axes it has 101 · 101 points. How many with 20?",
            (
                Option("101 · 20 = 2,020", "That is 101 points on each axis alone, without the space between them."),
                Option("101 · 101 · 20 = 204,020", "Two axes give 101 · 101. Each further axis multiplies by 101."),
                Option("Too many for any computer", "Each axis multiplies the points by 101.", right=True),
            ),
            giveaways=("10⁴⁰",),
        ),
        slides=(14,),
        notes="This is what the slide's 'intractable' means. With 2 axes we can check everything, so the lecture's "
        "pictures use 2 axes.",
    ),
    Step(
        name="q",
        title="Ask the encoder",
        view={"part": "q"},
        say=from_q,
        controls=("new",),
        holds=lambda values: values["part"] == "q",
        ask=Question(
            "20 axes. Now z comes from the encoder's q(z|x), and p(x|z) is weighed with p(z)/q(z|x). "
            "How much does one such z give, on average?",
            (
                Option("log p(x) itself", "Only if q were the posterior. Then every z would give log p(x)."),
                Option("More than 100,000 random z", "q proposes z that explain x.", right=True),
                Option("As little as one random z", "q was trained to propose z that explain x."),
            ),
            giveaways=("This mean is", "nats more than"),
        ),
        slides=(14,),
        notes="The way out, and the next slides: draw z where x is explained, and correct for it by the weight.",
    ),
    Step(
        name="collapsed",
        title="When one z is enough",
        view={"part": "needed", "collapsed": 1},
        say=one_is_enough,
        holds=lambda values: values["part"] == "needed" and bool(values["collapsed"]),
        ask=Question(
            "Another VAE with 2 axes, trained with β = 50: its KL is almost 0, so z says almost nothing about x. "
            "How many random z does its log p(x) need?",
            (
                Option("About 300 again", "Its posterior is not small: any z explains x as well as any other."),
                Option("One", "e to the power of almost 0 is about 1.", right=True),
                Option("More than any other model", "It explains x badly, but with every z equally so."),
            ),
            start={"collapsed": 0},
            giveaways=("One z misses", "−165"),
        ),
    ),
    Step(
        name="likely",
        title="How likely is yours?",
        view={"part": "likely"},
        say=likely.sentence,
        controls=("own",),
        holds=lambda values: values["part"] == "likely",
        ask=Question(
            "The bars: log p(x) of 5,000 test digits under the VAE with 2 axes. It was trained on digits only. "
            "Shoe and noise lie left of all bars. Where is a blank image?",
            (
                Option("Right of most digits", "White pixels are the hard ones. A blank image has none.", right=True),
                Option("In the middle of the digits", "Digits pay for their white pixels. A blank image has none."),
                Option(
                    "Left of all digits, like the shoe",
                    "The shoe is white where digits are black. A blank image is not.",
                ),
            ),
            giveaways=("does not prove", "−47"),
        ),
        goals=(
            Goal(
                f"Draw something that is no digit, with a log p(x) above {RARE:.0%} of the digits.",
                lambda values: bool(own_digit.text_of(values)) and likely.marks(values)[likely.OWN].share > RARE,
                "Use little ink.",
            ),
        ),
        notes="Nalisnick et al. trained on clothes and found digits more likely. Here a digit beats a garment "
        "in 59 % of the pairs on grey pixels (log p̃, not a likelihood), and in 26 % on black and white ones.",
    ),
)
GOALS = (
    Goal(
        f"In **Curves and z**, have more than {ENOUGH} effective draws with 20 axes.",
        lambda values: values["part"] == "both" and carriers.cuts_of(values)["20"].effective > ENOUGH,
        "Random z do not get there.",
    ),
    Goal(
        f"In **Draws needed**, find a digit that needs more than {MANY_WITH_TWO:,} random z with 2 axes.",
        lambda values: values["part"] == "needed" and needed.row(2, values["digit"]).needed > math.log(MANY_WITH_TWO),
        "A thin digit: few z draw it.",
    ),
    Goal(
        f"In **How likely**, find a number by which blank, shoe and noise all lie below {RARE:.0%} of the digits.",
        lambda values: (
            values["part"] == "likely" and all(likely.marks(values)[name].share < 1 - RARE for name in likely.others())
        ),
        "The blank image is easy for any VAE.",
    ),
)
