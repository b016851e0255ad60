"""The steps of the lesson on over-complete and sparse codes (slide 5)."""

from functools import lru_cache

from vaedemo.app import catalogue
from vaedemo.app.lessons.overcomplete import few, form, noise, sizes
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

DIGIT = 48  # a 3 for which about as many units fire, in both nets, as for the mean digit
WIDE = {"source": "1024"}
LITTLE = 0.10  # of the noise, of a goal


def net(kind: str):
    """A shipped net with 1,024 units."""
    return catalogue.run(form.shipped(kind, WIDE["source"]))


def copies(values: Values) -> str:
    free, sparse = (noise.passed(net(kind), values) for kind in form.OF_1024)
    return (
        "With more units than pixels a net can copy whatever it gets: "
        f"**{free:.0%}** of the added noise comes out again. A sparsity penalty lets only **{sparse:.0%}** out, and "
        "the digit loses a little."
    )


def wider(values: Values) -> str:
    small, large = (sizes.at("none", size)["passed"] for size in (sizes.SMALL, 1024))
    return (
        f"From 16 to 1,024 units the share of the noise that comes out grows from **{small:.1%}** to "
        f"**{large:.0%}**: each unit is one more way through. With the penalty it stays below 9 %, also with more "
        "units than pixels."
    )


def price(values: Values) -> str:
    free, sparse = (sizes.at(kind, 1024)["squared_error"] for kind in form.OF_1024)
    return (
        f"At 1,024 units the penalty raises the error per pixel from **{free:.4f}** to **{sparse:.3f}**. It is not "
        f"free. Always printing the mean image would let no noise through, but costs {mean_image():.3f}."
    )


@lru_cache(maxsize=1)
def mean_image() -> float:
    """The squared error per pixel of the mean image of the test digits."""
    return catalogue.images("digits")[0].as_data("grey").var(dim=0, correction=0).mean().item()


def fires(values: Values) -> str:
    free, sparse = (few.firing(net(kind), values["image"]) for kind in form.OF_1024)
    label = int(catalogue.images("digits")[0].y[values["image"]])
    return (
        f"For this {label} **{free}** of 1,024 units fire without a penalty, **{sparse}** with it. The penalty takes "
        "no unit away. It lets few of them speak at once, and other digits use other units."
    )


def limits(values: Values) -> str:
    run = net("kl")
    rho, mean = run.config.sparsity_target, few.codes(run.digest, run).mean().item()
    wish, active = under("\\rho", rho), under("\\hat\\rho_j", mean)
    return (
        "With noise on its input a net must return the clean x, so a copy is wrong: see [denoising](denoising). Ng "
        "instead charges each unit whose mean activity ρ̂ is not ρ. In Rolfe and LeCun's net units compete in a loop."
        f"\n\n$$\\begin{{aligned}}&\\textstyle\\sum_j {wish}\\log\\frac{{\\rho}}{{\\hat\\rho_j}} \\\\ "
        f"&+ (1-\\rho)\\log\\frac{{1-\\rho}}{{1-{active}}} \\\\ "
        "&z \\leftarrow \\mathrm{relu}(Ex + Sz - b)\\end{aligned}$$"
    )


def is_wide(values: Values, part: str) -> bool:
    return values["source"] == "1024" and values["part"] == part


STEPS = (
    Step(
        name="answer",
        title="Noise comes out too",
        view=WIDE | {"part": "noise", "digit": DIGIT},
        say=copies,
        controls=("anew",),
        holds=lambda values: is_wide(values, "noise"),
        ask=Question(
            "This net has 1,024 units for 784 pixels and copies digits well. What does it do with added noise?",
            (
                Option("It removes it: it has seen only digits", "Nothing forced it to learn what a digit is."),
                Option("It lets a large part through", "Copying pixels needs no knowledge of digits.", right=True),
                Option("It draws another digit", "The input is still near the digit, and so is the copy."),
            ),
            giveaways=("can copy whatever",),
        ),
        slides=(5,),
        notes="Third row: the output for x and noise, less the output for x. The shares are over 200 digits. "
        "Pixels in random order do not come out whole, see Explore: the net copies what lies near digits best.",
    ),
    Step(
        name="width",
        title="From few units to many",
        view=WIDE | {"part": "sizes", "measure": "passed"},
        say=wider,
        holds=lambda values: values["part"] == "sizes" and values["measure"] == "passed",
        ask=Question(
            "Without a penalty d grows from 16 units to 1,024. How much of the added noise comes out?",
            (
                Option("None at any d: noise is no digit", "The net never learned to tell noise from digits."),
                Option("The same share at every d", "Each unit is a direction that passes. More pass more."),
                Option("More and more", "A low error alone says nothing: copying has error 0.", right=True),
            ),
            giveaways=("one more way through",),
        ),
        slides=(5,),
        notes="On the left the code is under-complete, right of the dotted line over-complete. "
        "The nets are small steps on the way to the identity, which passes 100 %.",
    ),
    Step(
        name="price",
        title="The price of the penalty",
        view=WIDE | {"part": "sizes", "measure": "squared_error"},
        say=price,
        holds=lambda values: values["part"] == "sizes" and values["measure"] == "squared_error",
        ask=Question(
            "The penalty lets less noise out. What does it cost?",
            (
                Option("Digits are copied less exactly", "The code may say less, of digits as well.", right=True),
                Option("Nothing: noise is no part of a digit", "The net cannot tell which details are noise."),
                Option("Units: the net becomes as narrow as 16", "All 1,024 are there. Other digits use others."),
            ),
            giveaways=("It is not free",),
        ),
        slides=(5,),
        notes="Both axes are logarithmic. Without a penalty the error falls as d grows; with it the curve is flat "
        "from 256 units on.",
    ),
    Step(
        name="units",
        title="Few units fire",
        view=WIDE | {"part": "units", "kind": "kl", "image": DIGIT},
        say=fires,
        controls=("image",),
        holds=lambda values: is_wide(values, "units"),
        ask=Question(
            "The net with the penalty also has 1,024 units. How many of them fire for this digit?",
            (
                Option("About as many as without the penalty", "Then the penalty would have changed nothing."),
                Option("A few dozen at most", "Each unit shall be active for few digits.", right=True),
                Option("Half of them", "On average a unit's activity shall be near ρ = 0.05, not ½."),
            ),
            giveaways=("speak at once",),
        ),
        slides=(5,),
        notes="Each tile is what one unit draws: blue adds ink, orange takes it away. Dark tiles do not fire. "
        "A rectified unit fires above 0, a sigmoid one above ½.",
    ),
    Step(
        name="net",
        title="Other limits",
        view=WIDE | {"part": "net"},
        say=limits,
        holds=lambda values: values["part"] == "net",
        ask=Question(
            "A penalty keeps a wide net from copying. What else would?",
            (
                Option("Training it for longer", "The longer it trains, the better it copies."),
                Option("Giving it still more units", "The copy gets better with every further unit."),
                Option("Adding noise to its input", "What it must return is then not what it gets.", right=True),
            ),
            giveaways=("must return the clean",),
        ),
        slides=(5,),
        notes="The slide's drawing: units may outnumber pixels if few are active. ρ̂ is a unit's mean over digits; "
        "the number under it is the mean over all units. This KL compares two rates, it is not l_KL.",
    ),
)
GOALS = (
    Goal(
        "Find nets without a penalty that let less than 10 % of the noise out.",
        lambda values: (
            values["part"] == "noise"
            and values["source"] in form.SOURCES
            and values["source"] != "own"
            and noise.passed(catalogue.run(form.shipped("none", values["source"])), values) < LITTLE
        ),
        "See Noise. How many units have they?",
    ),
    Goal(
        "With the penalty, find a digit for which more than 30 of 1,024 units fire.",
        lambda values: (
            is_wide(values, "units") and form.kind_of(values) == "kl" and few.firing(net("kl"), values["image"]) > 30
        ),
        "See Units, d = 1,024: try digits with much ink.",
    ),
)
