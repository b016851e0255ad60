"""The steps of the first page: the whole idea at once."""

from vaedemo.app.lessons.home import dart as darts
from vaedemo.app.lessons.home import data
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

TYPICAL = 1334  # a 3 whose loss and KL are near the medians of the 5,000 test digits


def dart(values: Values) -> str:
    return (
        "This network learned to copy digits through two numbers, z. Training kept the codes of all digits near "
        "N(0, I). So **a random z usually decodes to a new digit**, one that nobody wrote. Click the plane, or draw z."
    )


def cloud(values: Values) -> str:
    _, sigma = data.posterior(data.chosen(values))
    terms = [data.terms(data.chosen(values), noise) for noise in (0, values["noise"])]
    before, now = (each.reconstruction.item() for each in terms)
    return (
        f"The encoder answers with a small cloud q(z|x), σ = ({sigma[0]:.2f}, {sigma[1]:.2f}). With another z from it "
        f"the reconstruction loss went from {before:.1f} to {now:.1f} nats. "
        f"The KL stays {terms[1].kl.item():.1f}: it needs μ and σ alone."
    )


def gathered(values: Values) -> str:
    ours, plain = (data.inside(name) for name in (data.RUN, data.PLAIN))
    return (
        f"**{ours:.0%}** of the VAE's codes lie in the circle that holds 99 % of N(0, I); of a plain autoencoder's "
        f"codes **{plain:.0%}**. The KL pulled them in. Without it nobody knows where a random z should fall."
    )


STEPS = (
    Step(
        name="dart",
        title="A new digit",
        view={"part": "dart", "image": TYPICAL},
        say=dart,
        controls=("draw",),
        holds=lambda values: values["part"] == "dart",
        ask=Question(
            "A network learned only to copy digits, through two numbers z. Now z is random. What does it draw?",
            (
                Option("Grey noise: no digit has this z", "True of many autoencoders. Here codes lie close together."),
                Option(
                    "Mostly a digit that nobody wrote", "The decoder fills the plane between the codes.", right=True
                ),
                Option("A copy of the nearest training digit", "It has no memory of single images, only weights."),
            ),
            giveaways=("usually decodes",),
        ),
        slides=(1,),
        notes="Click three places of the plane, one between two clusters. Then Draw z: ten at a time.",
    ),
    Step(
        name="cloud",
        title="One digit's cloud",
        view={"part": "cloud", "image": TYPICAL, "noise": 1},
        say=cloud,
        controls=("resample",),
        holds=lambda values: values["part"] == "cloud" and values["noise"] != 0,
        ask=Question(
            "z is drawn again from q(z|x), for the same digit x. What changes?",
            (
                Option("The KL", "The KL is between two Gaussians, q(z|x) and N(0, I). No z is in its formula."),
                Option("Both losses", "Only one of them looks at the z that was drawn."),
                Option("The reconstruction loss", "It is a mean over z, estimated from the one z drawn.", right=True),
            ),
            start={"noise": 0},
            giveaways=("The KL stays",),
        ),
    ),
    Step(
        name="codes",
        title="Why it works",
        view={"part": "codes", "image": TYPICAL},
        say=gathered,
        ask=Question(
            "A plain autoencoder copies digits as well. Which part of the VAE's loss makes a random z work?",
            (
                Option("The KL to N(0, I)", "It charges every code that lies far from 0.", right=True),
                Option("The reconstruction loss", "The plain autoencoder has the same one."),
                Option("The decoder's size", "Both decoders are equally large here."),
            ),
            giveaways=("of the VAE's codes lie",),
        ),
    ),
)
GOALS = (
    Goal(
        "Put a dart where |z| > 3: what does the decoder draw there?",
        lambda values: any(sum(each**2 for each in place) > 9 for place in darts.read(values["darts"])),
        "Outside the largest circle.",
    ),
    Goal(
        "Find a digit whose KL is above 7 nats.",
        lambda values: data.terms(data.chosen(values), values["noise"]).kl.item() > 7,
        "Its code lies far from 0.",
    ),
)
