"""The steps of the training lab, an aside. The tests hold each sentence against the shipped runs."""

from vaedemo.app.lessons.lab import facts, form
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

GOOD = 130.0  # nats: 20 axes reach it on the digits, 2 do not
LEARNED_BY_HEART = 15.0  # nats between training and test images


def two_films(values: Values) -> str:
    plain, vae = (facts.inside(name, values["frame"]) for name in facts.FILMS)
    return (
        "Without labels both encoders pull the digits apart. The violet circle holds "
        f"{100 * facts.SHARE:.0f}% of N(0, I): **{100 * plain:.0f}%** of the autoencoder's codes lie inside, "
        f"**{100 * vae:.0f}%** of the VAE's. The KL pulls them in, and the VAE draws all ten digits from z ~ N(0, I)."
    )


def pays(values: Values) -> str:
    table = facts.history()
    bought = facts.mean_image_loss() - table["test_reconstruction"][0]
    return (
        f"The first epoch takes the KL from {facts.before()['kl']:.2f} to **{table['test_kl'][0]:.1f} nats**. Each nat "
        "tells the decoder about x, and it pays: the reconstruction loss falls "
        f"**{bought:.0f} nats** below that of the mean image."
    )


def unseen(values: Values) -> str:
    last = facts.history()["epoch"][-1]
    return (
        f"Test images gain too. But after {last} epochs a training image costs **{facts.gap(last):.1f} nats** less "
        "than one that the model has never seen: what it has learned by heart helps with no other image."
    )


def yours(values: Values) -> str:
    if values["until"]:
        return "**The training is in your hands:** take one step, change β or go on. The link shows this step."
    return (
        "**Press Train:** the same thing happens for you, on 4,000 handwritten digits. **Pause** it where you like: "
        "take one step, or change β and go on. The link shows it to everybody."
    )


STEPS = (
    Step(
        name="films",
        title="AE and VAE learn",
        view={"part": "films"},
        say=two_films,
        controls=("start",),
    ),
    Step(
        name="kl",
        title="What the KL does",
        view={"part": "kl"},
        say=pays,
        ask=Question(
            "A VAE before its first step: q(z|x) is about N(0, I) for every x, and the KL near 0. The loss charges "
            "for KL. What does the KL do in the first epoch?",
            (
                Option("It stays near 0: KL costs", "It costs, but a z that tells of x saves more."),
                Option("It rises by some nats", "What z tells of x saves more than it costs.", right=True),
                Option("It falls, as each part of a loss does", "Only the sum must fall. A part may rise."),
            ),
            giveaways=("The first epoch takes",),
        ),
    ),
    Step(
        name="unseen",
        title="Images never seen",
        view={"part": "unseen"},
        say=unseen,
        ask=Question(
            "The curve is −ELBO on training images, seen again and again for 50 epochs. How does −ELBO run on "
            "test images, which are never trained on?",
            (
                Option("The same, to the end", "It does at first. Then part of the gain is learned by heart."),
                Option("It does not fall at all", "What digits share helps with new digits too."),
                Option("It falls too, but ends higher", "Most of what is learned holds for new digits.", right=True),
            ),
            giveaways=("learned by heart helps", "never seen:"),
        ),
    ),
    Step(
        name="yours",
        title="Train your own",
        view={"part": "run"},
        say=yours,
        controls=("train", "axes"),
        holds=lambda values: values["part"] == "run",
        goals=(
            Goal(
                f"Train a VAE of the digits with a test −ELBO under {GOOD:.0f} nats.",
                lambda values: form.measured(values, "test_negative_elbo") < GOOD,
                "More latent axes.",
            ),
        ),
    ),
)


def fitted(values: Values) -> bool:
    """Whether the run of these settings was trained so long that training images cost far less than test images."""
    run = form.stored(values)
    if run is None or run.config.model != "vae" or not run.table["epoch"]:  # held within the first epoch
        return False
    last = {part: run.table[f"{part}_negative_elbo"][-1] for part in ("train", "test")}
    return last["test"] - last["train"] > LEARNED_BY_HEART


GOALS = (
    Goal(
        f"Train a VAE until its training images cost {LEARNED_BY_HEART:.0f} nats less than test images.",
        fitted,
        "Few images, many epochs.",
    ),
    Goal(
        "Train a VAE whose codes say nothing: KL under 0.1 nats.",
        lambda values: form.measured(values, "test_kl") < 0.1,
        "A large β.",
    ),
)
