"""The steps of the clinic, an aside. The tests hold each sentence against the shipped records."""

from vaedemo.app.lessons.clinic import facts, form
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

DEAF, MEAN, FIFTY, QUIET, LEAK = 7, 1, 2, 5, 9  # the patients of the steps
AXES, PIXELS = 50, 784


def last_loss(patient: int, term: str) -> float:
    """A loss of a patient's test images after its last epoch."""
    return facts.sick(patient).last(term)


def alive(values: Values) -> str:
    return (
        "**Look at what a VAE draws, and at its KL.** The healthy VAE draws many digits. Patient "
        f"{DEAF} draws one grey image from every z, and its KL is **{last_loss(DEAF, 'kl'):.2f} nats**: "
        "z tells its decoder nothing. Their programs differ in one line."
    )


def averaged(values: Values) -> str:
    loss = last_loss(MEAN, "reconstruction")
    return (
        f"**{loss:.2f} is the loss of one pixel.** For all {PIXELS} it is {PIXELS * loss:.0f} nats. Beside one pixel's "
        "loss the KL costs too much, so no code is used and all images are alike."
    )


def fiftieth(values: Values) -> str:
    kl = last_loss(FIFTY, "kl")
    return (
        f"Its KL of {kl:.2f} is one axis's mean. All {AXES} axes cost **{AXES * kl:.0f} nats**. Such a cheap KL lets "
        "codes move far apart. They leave N(0, I), and z ~ N(0, I) falls where no code is."
    )


def quiet(values: Values) -> str:
    kl, twin = last_loss(QUIET, "kl"), facts.healthy(QUIET).last("kl")
    return (
        f"No σ is used, yet its KL still asks for σ = 1 and then counts μ alone: **{kl:.1f} nats**. The healthy one "
        f"copies as well and pays {twin:.1f}. A loss that is too good is a symptom, too."
    )


def leaked(values: Values) -> str:
    record = facts.sick(LEAK)
    gap = record.last("loss", "third") - record.last("loss", "test")
    return (
        f"A third set, which no program trained on, costs patient {LEAK} **{gap:.1f} nats** more than its test images. "
        "For the healthy one both cost about the same."
    )


def first_looks(values: Values) -> str:
    return (
        "**First the KL:** is it near 0, or without end? **Then the reconstruction loss:** below 0, or no better than "
        f"the mean image, {facts.mean_image():.0f} nats? **Then what z ~ N(0, I) draws.** At last a third set."
    )


def pair(patient: int) -> dict:
    return {"part": "pair", "patient": patient}


STEPS = (
    Step(
        name="answer",
        title="Ill and healthy",
        view=pair(DEAF),
        say=alive,
        controls=("lines",),
        notes="Play both films. One line of the program differs; it stands below the sentence.",
    ),
    Step(
        name="small",
        title="A tiny loss",
        view=pair(MEAN),
        say=averaged,
        controls=("lines",),
        ask=Question(
            f"Patient {MEAN} ends with a reconstruction loss of 0.27 and draws one image from every z. What is wrong?",
            (
                Option(
                    "A decoder that gets noise instead of z",
                    "Then the loss would be that of the mean image, over 200 nats, as in the first step.",
                ),
                Option("A learning rate that is too high", "Then the loss would jump. Here it falls smoothly."),
                Option(
                    "A loss averaged over pixels",
                    "A sum over 784 pixels cannot be so small.",
                    right=True,
                ),
            ),
            start={"part": "one"},
            giveaways=("is the loss of one pixel", "the KL costs too much"),
        ),
        notes="The same picture as before, with another cause. The size of the loss tells them apart.",
    ),
    Step(
        name="fifty",
        title="Good copies, bad samples",
        view=pair(FIFTY),
        say=fiftieth,
        controls=("lines",),
        ask=Question(
            f"Patient {FIFTY} has {AXES} latent axes. It copies test images better than a healthy VAE, but its "
            "samples are worse. What is wrong?",
            (
                Option(
                    "A KL averaged over the axes",
                    "Each nat of KL counts for a fiftieth.",
                    right=True,
                ),
                Option("A KL with the wrong sign", "Then the KL would grow without end. Here it ends near 3."),
                Option(
                    "Training on the test images",
                    "Then its test curve would fall with the dashed one. It stays far above it.",
                ),
            ),
            start={"part": "one"},
            giveaways=("is one axis's mean", "Such a cheap KL"),
        ),
        notes="Of 50 axes the plane shows the two that vary most. Let the class read the KL first.",
    ),
    Step(
        name="quiet",
        title="Too good a loss",
        view=pair(QUIET),
        say=quiet,
        controls=("lines",),
        ask=Question(
            f"Patient {QUIET} reaches a lower loss than the healthy VAE. Its plane and its images look good, and its "
            "KL is only about 1 nat. What is wrong?",
            (
                Option(
                    "A better VAE, with a lower loss",
                    "Losses can be compared only if both programs compute the same thing.",
                ),
                Option("A decoder that gets μ, without noise", "Its KL counts a noise that is not there.", right=True),
                Option(
                    "Pixels that are not in [0, 1]",
                    "Then the loss would fall far below 0.",
                ),
            ),
            start={"part": "one"},
            giveaways=("No σ is used", "copies as well and pays"),
        ),
        notes="z = μ is called an ELBO in many programs. It is too good a number.",
    ),
    Step(
        name="leak",
        title="Test like training",
        view=pair(LEAK),
        say=leaked,
        controls=("lines",),
        ask=Question(
            f"For 60 epochs the test loss of patient {LEAK} falls with its training loss. The healthy one's test loss "
            "ends far above its own. What is wrong?",
            (
                Option(
                    "A VAE that learns no image by heart",
                    "So many epochs with so few images leave a gap: see the healthy one.",
                ),
                Option(
                    "A learning rate that is too low",
                    "Then its training loss would stay high. It is as low as the other's.",
                ),
                Option(
                    "Training on the test images",
                    "What was trained on costs less.",
                    right=True,
                ),
            ),
            start={"part": "one"},
            giveaways=("A third set, which", "both cost about the same"),
        ),
        notes="Samples and plane look healthy. Only images that were never used can tell.",
    ),
    Step(
        name="rule",
        title="Where to look first",
        view={"part": "rule", "patient": 4},
        say=first_looks,
        controls=("patient",),
        notes="A row is a patient. Let the class name each from its grey cells, then diagnose one in Explore.",
        holds=lambda values: values["part"] == "rule",
        goals=(
            Goal(
                "Pick a patient whose loss cannot be a cross-entropy of pixels in [0, 1].",
                lambda values: last_loss(values["patient"], "reconstruction") < 0,
                "Read its reconstruction loss.",
            ),
            Goal(
                "Pick one whose KL grew without end, while its reconstruction loss is above 0.",
                lambda values: (
                    last_loss(values["patient"], "kl") > 1e4 and last_loss(values["patient"], "reconstruction") > 0
                ),
                "Read both.",
            ),
        ),
    ),
)


def found(patient: int) -> Goal:
    return Goal(
        f"Diagnose patient {patient}.",
        lambda values: values["patient"] == patient and form.is_found(values),
        "Play its film first.",
    )


GOALS = (found(6), found(4))
