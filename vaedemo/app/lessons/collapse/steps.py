"""The steps of the lesson on collapse, an aside: each sentence holds for the shipped trainings; the tests measure."""

from vaedemo.app.lessons.collapse import data, spectrum
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values
from vaedemo.training import collapse

SCHEDULES = ("warm-up", "cycles")


def carries_nothing(values: Values) -> str:
    row = data.shown(values)
    return (
        f"Of {collapse.AXES} latent axes only **{row.in_use}** are in use. "
        "On every other axis q is almost N(0, 1) for all x: its KL is almost 0, and it tells the decoder nothing. "
        "This is *posterior collapse*."
    )


def falls_below(values: Values) -> str:
    found, before = spectrum.alive(values), spectrum.alive({"variance": 1.0})
    return (
        "An axis of a linear VAE lives exactly while its variance λ lies above the line βσ². "
        f"At σ² = {values['variance']:g} the line is lower: **{found}** axes live, at σ² = 1 there are {before}. "
        "Below the line an axis saves less than its KL costs."
    )


def few_stay(values: Values) -> str:
    cure = values["cure"]
    most = max(each.kl for each in data.moments(cure))
    end, plain = data.summary(cure).in_use, data.summary("plain").in_use
    return (
        f"While β is small the KL rises, up to {most:.0f} nats. With β at 1 again it falls, and {end.mean:.1f} axes "
        f"stay in use, {plain.mean:.1f} without this cure. "
        f"−ELBO gains nothing from them: it changes by **{data.gain(cure, 'negative_elbo').told(1)} nats**."
    )


def forced(values: Values) -> str:
    found, worse = data.summary("free-bits"), data.gain("free-bits", "negative_elbo")
    return (
        f"All {collapse.AXES} axes are in use now, most of them close to λ. The KL rises to {found.kl.mean:.1f} nats, "
        f"the reconstruction loss hardly changes, so −ELBO is **{worse.mean:.1f} nats** higher. "
        "The same information is spread over more axes."
    )


def line_falls(values: Values) -> str:
    fixed, learned = data.summary("fixed"), data.summary("learned")
    return (
        f"The noise shrinks to σ² = {learned.noise_variance.mean:.3f}, and the line βσ² falls with it. "
        f"Now **{learned.in_use.mean:.0f}** axes are in use, {fixed.in_use.mean:.0f} before, and the squared error is "
        f"{error_saved():.0%} smaller. The fixed σ² kept the axes empty, not the training."
    )


def error_saved() -> float:
    """The share of the squared error at σ² = 1 that a learned σ² saves."""
    return 1 - data.summary("learned").half_error.mean / data.summary("fixed").half_error.mean


def no_illness(values: Values) -> str:
    more, worse = data.gain("fixed-free-bits", "kl"), data.gain("fixed-free-bits", "negative_elbo")
    return (
        f"Free bits raise the KL by {more.mean:.1f} nats, and −ELBO gets **{worse.mean:.1f} nats** worse. "
        "With σ² = 1 the ELBO itself wants these axes empty, so there is nothing to cure."
    )


STEPS = (
    Step(
        name="answer",
        title="Empty axes",
        view={},
        say=carries_nothing,
        holds=lambda values: values["part"] == "axes" and values["cure"] == "plain",
        notes="Clothes of Fashion-MNIST. One model; the other four seeds look the same. "
        f"In use: a KL above {collapse.IN_USE:g} nats, as a mean over the test images.",
    ),
    Step(
        name="line",
        title="When an axis dies",
        view={"part": "spectrum", "variance": 0.3},
        say=falls_below,
        controls=("variance",),
        holds=lambda values: values["part"] == "spectrum" and values["variance"] < 1,
        ask=Question(
            "A linear VAE with a Gaussian p(x|z). Each dot is the variance λ of the images along an axis. "
            "σ² falls from 1 to 0.3. How many axes live?",
            (
                Option("Fewer: the KL is as dear as before", "The KL is. But an error now costs three times as much."),
                Option("More axes than at σ² = 1", "An error counts ½‖x − x̂‖²/σ², three times as much.", right=True),
                Option("As many: the data are the same", "The variances λ are. The line they must pass is σ²."),
            ),
            start={"variance": 1.0},
            giveaways=("the line is lower",),
        ),
        notes="Lucas et al. 2019: this holds at the optimum of the ELBO itself. A schedule that ends with the same "
        "loss brings no such axis back.",
    ),
    Step(
        name="schedules",
        title="Warm-up and cycles",
        view={"part": "course", "cure": "cycles"},
        say=few_stay,
        controls=("cure",),
        holds=lambda values: values["part"] == "course" and values["cure"] in SCHEDULES,
        ask=Question(
            "β rises from 0 to 1, four times. At a small β the KL is cheap, and axes open. "
            "Where is −ELBO at the end, beside that with β = 1 all the time?",
            (
                Option("Far below: the opened axes stay", "Few stay: with β at 1 they are charged in full again."),
                Option("Far above: half of the time was lost", "Time at a small β trains the decoder as well."),
                Option("Close to it", "At the end both train with the same loss.", right=True),
            ),
            giveaways=("gains nothing",),
        ),
        notes="Choose warm-up, one cycle, as well. Bowman 2016 and Fu 2019 trained decoders of text, which can do "
        "without z: there a schedule gained more.",
    ),
    Step(
        name="floor",
        title="Free bits",
        view={"part": "axes", "cure": "free-bits"},
        say=forced,
        holds=lambda values: values["part"] == "axes" and values["cure"] == "free-bits",
        ask=Question(
            "Free bits: an axis is charged at least λ = 0.25 nats, also if its KL is smaller. "
            "So every axis may use λ nats at no extra cost. What does −ELBO, without λ, do?",
            (
                Option("It falls: more axes tell about x", "They tell little, and the KL counts in full."),
                Option("It rises: more KL than it saves", "The axes were empty because they did not pay.", right=True),
                Option("It stays: the bits are free", "Free in the loss of the training. −ELBO charges them."),
            ),
            start={"cure": "plain"},
            giveaways=("higher",),
        ),
        notes="The outline is the same training without free bits. λ is per axis, on the mean over the batch. "
        "In Explore, train one with a smaller λ.",
    ),
    Step(
        name="noise",
        title="A learned σ²",
        view={"part": "plane", "plane": "learned"},
        say=line_falls,
        holds=lambda values: values["part"] == "plane" and values["plane"] == "learned",
        ask=Question(
            "A Gaussian p(x|z) with σ² = 1 on grey levels from 0 to 1. Now σ² is learned like a weight. What happens?",
            (
                Option("σ² grows: more noise explains more", "A wide p(x|z) gives every image a low density."),
                Option("Nothing: σ² only scales the loss", "It scales the error and not the KL, so it sets the line."),
                Option("σ² shrinks, and axes come alive", "The error per pixel is far below 1.", right=True),
            ),
            giveaways=("shrinks to",),
        ),
        notes="A dot for each of five seeds. At this σ² a linear VAE would keep all 50 axes; the deep one needs fewer. "
        "The best σ² is the mean squared error of a pixel (Rybkin 2021).",
    ),
    Step(
        name="illness",
        title="Not always an illness",
        view={"part": "plane", "plane": "fixed"},
        say=no_illness,
        holds=lambda values: values["part"] == "plane" and values["plane"] == "fixed",
        ask=Question(
            "Back to σ² = 1, where most λ lie below the line. Free bits raise the KL. What does −ELBO do?",
            (
                Option("It gets worse", "Below the line a nat of KL saves less than a nat.", right=True),
                Option("It gets better: more axes are used", "Used axes are no aim. The ELBO is."),
                Option("The KL cannot rise: the axes are dead", "Free bits pay for it, so it rises up to λ each."),
            ),
            giveaways=("gets **",),
        ),
        notes="Warm-up opens a few axes here too, and −ELBO gains nothing. The cure was the model: σ².",
    ),
)
GOALS = (
    Goal(
        "In **Variances**, find a σ² at which 20 to 30 axes live.",
        lambda values: values["part"] == "spectrum" and 20 <= spectrum.alive(values) <= 30,
        "Lower the line.",
    ),
    Goal(
        "In **Axes**, find the training whose KL is the highest of all.",
        lambda values: values["part"] == "axes" and values["cure"] == highest(),
        "Which model expects the least noise?",
    ),
)


def highest() -> str:
    """The training with the highest KL."""
    return max(collapse.CURES, key=lambda cure: data.summary(cure).kl.mean)
