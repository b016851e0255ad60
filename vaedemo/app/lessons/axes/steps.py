"""The steps of the lesson on latent axes (slide 24)."""

from collections.abc import Callable
from typing import Any

from vaedemo.app import catalogue
from vaedemo.app.lessons.axes import factors, product, strips, turn
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

GOOD, OTHER = strips.FIRST, strips.SECOND
STRIPS = {"part": "strips", "shapes": GOOD}
DIGIT = 0  # the digit that is turned
X = 3  # the column of the factors
HELPED, LESS = 0.01, 0.2  # nats, and MIG: of the two tasks


def meant(values: Values) -> str:
    run = catalogue.run(values["shapes"])
    names, live = strips.named(run), strips.live_axes(run)
    most = factors.of(values["shapes"]).matrix[:, [axis for axis in live if axis not in names]].max()
    return (
        f"**{len(names)} of {len(live)} axes** here mean mostly one thing: size, left–right, up–down. "
        f"The other {len(live) - len(names)} tell at most {most:.0%} of any factor. "
        "N(0, I) makes axes independent before any image is seen. It gives them no meaning."
    )


def stands(values: Values) -> str:
    mean = turn.mean_change(catalogue.run(turn.RUN).digest)[values["theta"] // turn.STEP]
    return (
        "N(0, I) is round: the turned model has the same p(x), and **log p(x) stays**. A diagonal q is not round. "
        f"On turned axes it loses **{-turn.change(values):.2f} nats** for this digit, {-mean:.2f} on average. "
        "So the diagonal q chooses the axes."
    )


def no_product(values: Values) -> str:
    codes, shuffled = product.of(values)
    return (
        f"In both clouds z₁ and z₂ are nearly uncorrelated. Yet **{shuffled.far:.0%}** of the shuffled codes lie far "
        f"from every code of A; of A itself {codes.far:.0%} do. So **q(z) ≠ q(z₁)\u00a0q(z₂)**: "
        "p(z) is a product by choice, and q(z) need not be one."
    )


def lost(values: Values) -> str:
    before, after = strips.shares(values, "shapes"), strips.shares(values, "beside")
    one, two = (f"z{subscript(axis + 1)}" for axis in sorted(factors.pair_of(values["beside"])))
    return (
        f"Now the best axis tells only **{after[X]:.0%}** of left–right (before {before[X]:.0%}): {one} and {two} each "
        "move the shape along a diagonal. Nothing but the seed differs. "
        "The loss knows of no factors: training may find such axes, or turned ones."
    )


def others(values: Values) -> str:
    return (
        "If z₁ made the width and z₂ the height, independent z would give uncorrelated sizes, but here "
        f"r\u00a0=\u00a0{values['correlation']:g}. The best axes of a linear VAE are other ones: **z₁ makes it larger, "
        "z₂ wider and lower**. Names are given by us."
    )


def shows(part: str, **wanted: Any) -> Callable[[Values], bool]:
    """Whether a view shows this part with these values."""
    return lambda values: values["part"] == part and all(values[name] == value for name, value in wanted.items())


STEPS = (
    Step(
        name="meaning",
        title="One axis at a time",
        view=STRIPS,
        say=meant,
        holds=shows("strips", shapes=GOOD, beside=strips.NOTHING),
        ask=Question(
            "A VAE with 6 axes learns these images: one shape, of any kind, size, angle and place. What does one axis "
            "alone change?",
            (
                Option("One thing each: they are independent", "N(0, I) is independent before any image is seen."),
                Option("Some one thing, others a mixture", "Three have one factor each here.", right=True),
                Option("Each a little of everything", "Some runs end so. In this one three axes do not."),
            ),
            giveaways=("left–right 88%", "mostly one thing"),
        ),
        slides=(24,),
        notes="Each row moves one axis from −2 to 2, all others stay. The share: how much of this factor the axis "
        "tells, in per cent of its entropy. The slide's arrow from diagonal V(z) to meaning claims more than holds.",
    ),
    Step(
        name="turn",
        title="Turned by 45°",
        view={"part": "turn", "digit": DIGIT, "theta": 45},
        say=stands,
        controls=("theta",),
        holds=lambda values: (
            values["part"] == "turn"
            and turn.change(values) < -HELPED
            and turn.mean_change(catalogue.run(turn.RUN).digest)[values["theta"] // turn.STEP] < -HELPED
        ),
        ask=Question(
            "The latent plane of a trained VAE is turned by α = 45°, and its decoder turned back. What changes?",
            (
                Option("log p(x) and the best ELBO", "p(x) is an integral over all z: it stays."),
                Option("The best ELBO alone", "The posterior no longer lies along the axes.", right=True),
                Option("Neither: N(0, I) is round", "The prior is round. A diagonal q is not."),
            ),
            start={"theta": 0},
            giveaways=("0.63", "chooses the axes"),
        ),
    ),
    Step(
        name="product",
        title="Is q(z) a product?",
        view={"part": "product"},
        say=no_product,
        holds=shows("product", cloud="fashion-2d"),
        ask=Question(
            "Each point is the code z of a garment. In one cloud z₂ was shuffled among them. Which cloud is q(z)?",
            (
                Option("Cloud A", "It has empty places that z₁ or z₂ alone do not know.", right=True),
                Option("Cloud B", "B has no edges but upright and level ones: z₂ does not follow z₁."),
                Option("Both: nothing can tell", "Uncorrelated is less than independent: look at the empty places."),
            ),
            giveaways=("far from every code", "need not be one"),
        ),
        slides=(24,),
        notes="Black points: farther from all codes than 95% of A's own are. Shuffling keeps q(z₁) and q(z₂), and "
        "loses how they belong together.",
    ),
    Step(
        name="seed",
        title="Another random start",
        view=STRIPS | {"beside": OTHER},
        say=lost,
        holds=shows("strips", shapes=GOOD, beside=OTHER),
        ask=Question(
            "Three axes found size, left–right and up–down. The same VAE is trained again from another random start. "
            "What does it find?",
            (
                Option("The same things, on the same axes", "No axis is different from the others before training."),
                Option("The same things, on other axes", "That would be as good for the loss. Here it did not happen."),
                Option("Axes that mix some of them", "No axis tells even half of one of them now.", right=True),
            ),
            start={"beside": strips.NOTHING},
            giveaways=("tells only", "along a diagonal"),
        ),
    ),
    Step(
        name="sizes",
        title="Correlated factors",
        view={"part": "sizes"},
        say=others,
        controls=("correlation",),
        holds=lambda values: values["part"] == "sizes" and values["correlation"] > 0,
        ask=Question(
            "Data: rectangles. Wide ones tend to be high: r = 0.6. A linear VAE with two axes learns them. Which "
            "of its axes make width and height?",
            (
                Option("Neither of them", "Independent axes cannot make correlated things singly.", right=True),
                Option("One each: these are the true factors", "Then width and height would be independent."),
                Option("One each, if β is large", "A large β wants independence even more."),
            ),
            giveaways=("wider and lower",),
        ),
    ),
)


def is_helped(values: Values) -> bool:
    return values["part"] == "turn" and turn.change(values) > HELPED


def loses_meaning(values: Values) -> bool:
    return (
        values["part"] == "factors"
        and bool(values["turned"])
        and factors.mig_of(values) < factors.of(values["shapes"]).mig - LESS
    )


GOALS = (
    Goal("In **Turn the axes**, find a digit for which turning helps.", is_helped, "Try each digit with α at 60°."),
    Goal(
        f"In **Known factors**, lower MIG by more than {LESS:g} by a turn alone.",
        loses_meaning,
        "It needs a run whose axes know x and y.",
    ),
)
