"""The steps of the lesson on interpolation, an aside on no slide."""

from vaedemo.analysis import paths
from vaedemo.app import catalogue
from vaedemo.app.lessons.interpolation import facts, picker
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

WAYS = {"part": "ways", "rows": "fade", "steps": 7}


def shares(values: Values) -> dict[str, str]:
    """The shares of grey pixels in whole percent, by path."""
    found = facts.grey(values["run"], catalogue.run(values["run"]).digest)
    return {name: f"{100 * share:.0f}\u00a0%" for name, share in found.items()}


def halves(values: Values) -> tuple[list[float], float]:
    """The lengths of the first two stops, and that of the code half-way between them."""
    run = catalogue.run(values["run"])
    shown, _ = catalogue.images(run.config.dataset)
    places = [min(place, len(shown) - 1) for place in values["stops"][:2]]  # read before wrong ones are replaced
    stops = run.model.encode(picker.pixels(shown, places, own_digit.text_of(values))).mean
    return paths.lengths(stops).tolist(), stops.mean(0).norm().item()


def two_ways(values: Values) -> str:
    grey = shares(values)
    return (
        "A path through z passes through images that look like digits. A cross-fade lays one digit over the other. "
        f"In the middle image **{grey['straight']}** of the path's pixels are grey (0.25 to 0.75), "
        f"**{grey['pixels']}** of the cross-fade's. Real digits have {grey['real']}."
    )


def shorter(values: Values) -> str:
    (first, second), middle = halves(values)
    return (
        f"The ends are {first:.1f} and {second:.1f} long, the code half-way only **{middle:.1f}**. On many axes two "
        "codes are almost at right angles, and the straight path cuts the corner. The prior has few z as short as that."
    )


def curved(values: Values) -> str:
    grey = shares(values)
    return (
        f"Half-way on the spherical path **{grey['spherical']}** of the pixels are grey, on the straight one "
        f"{grey['straight']}. The spherical path keeps the length of z, so it stays where the decoder was trained."
    )


def plain(values: Values) -> str:
    grey = shares(values)
    return (
        f"The plain autoencoder has **{grey['autoencoder']}** grey pixels half-way, the VAE {grey['straight']}. "
        "It is no greyer: nothing blurs its codes. The measure counts grey pixels alone. It does not say whether an "
        "image is a digit."
    )


def once(values: Values) -> str:
    return (
        "A classifier still reads a **3** at strength 1. At strength 1.5 it reads an **8**. The difference of two "
        "mean codes is a direction. How far to go along it is another question."
    )


def is_first(values: Values) -> bool:
    """Whether the view has the run of the steps."""
    return values["run"] == facts.RUNS[0]


STEPS = (
    Step(
        name="answer",
        title="Between two digits",
        view=WAYS,
        say=two_ways,
        controls=("steps",),
        holds=lambda values: is_first(values) and values["rows"] == "fade",
    ),
    Step(
        name="length",
        title="The length half-way",
        view={"part": "length"},
        say=shorter,
        ask=Question(
            "z has 20 axes. Both ends are about 4.7 long, and almost at right angles. How long is the code half-way on "
            "the straight path?",
            (
                Option("4.7, as long as its ends", "Only a path that turns keeps the length."),
                Option("0: it passes the origin", "That needs two ends in opposite directions."),
                Option("About 3.2", "At right angles half-way is shorter by a factor √2.", right=True),
            ),
            giveaways=("cuts the corner",),
        ),
    ),
    Step(
        name="spherical",
        title="A path that turns",
        view=WAYS | {"rows": "curve"},
        say=curved,
        holds=lambda values: is_first(values) and values["rows"] == "curve",
        ask=Question(
            "A spherical path turns from one code to the other and keeps the length. How do its images half-way "
            "compare with the straight path's?",
            (
                Option("They have fewer grey pixels", "A short z is drawn blurred.", right=True),
                Option("They have more grey pixels", "The longer way does not mean a greyer image."),
                Option("The decoder does not care about the length of z", "Count the grey pixels over many pairs."),
            ),
            start={"rows": "fade"},
            giveaways=("stays where the decoder",),
        ),
    ),
    Step(
        name="plain",
        title="The plain autoencoder",
        view=WAYS | {"rows": "plain"},
        say=plain,
        holds=lambda values: is_first(values) and values["rows"] == "plain",
        ask=Question(
            "Nothing asked a plain autoencoder to fill the space between its codes. Are its images half-way greyer "
            "than the VAE's?",
            (
                Option("Yes, as grey as a cross-fade", "Its decoder is no average of two images either."),
                Option("No", "It has no noise in z, and draws sharper images.", right=True),
                Option("Yes, but less than a cross-fade", "Gaps between codes need not be grey."),
            ),
            start={"rows": "fade"},
            giveaways=("It is no greyer",),
        ),
    ),
    Step(
        name="arithmetic",
        title="Arithmetic with codes",
        view={"part": "arithmetic"},
        say=once,
        ask=Question(
            "9 less 7 is a loop at the top. The mean code of 9 less that of 7 is added once to the mean code of 3. "
            "What is drawn?",
            (
                Option("An 8: the loop closes", "Not yet. The step is too short to leave the 3."),
                Option("Still a 3", "The direction is right, but the step is short.", right=True),
                Option("A mixture of 3, 7 and 9", "The decoder draws no mixture of images: it reads one code."),
            ),
            giveaways=("At strength 1.5",),
        ),
    ),
)
GOALS = (
    Goal(
        "Find two digits between which z half-way is shorter than 2.5.",
        lambda values: halves(values)[1] < 2.5,
        "Press Random, and look at the length of z.",
        is_first,
    ),
    Goal(
        "Draw an 8 from the mean code of 3: try another difference than 9 less 7.",
        lambda values: values["base"] == 3 and (values["plus"], values["minus"]) == (8, 3),
        "The difference to 8 itself.",
        lambda values: values["run"].startswith("mnist-"),
    ),
)
