"""The steps of the lesson on the families of generative models (slide 3)."""

from vaedemo.app.lessons.taxonomy import compare, data, form
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

PIXELS = 784


def prices(values: Values) -> str:
    return (
        "**Each family gives something up.** Autoregressive models give up one-pass sampling; flows free networks and "
        "a smaller z; VAEs the exact likelihood; GANs the density; Boltzmann machines exact likelihood and one-pass "
        "sampling."
    )


def bound_and_model(values: Values) -> str:
    nats = data.nats(form.shipped("ring"))
    tight, loose = nats[f"VAE, IWAE-{data.DRAWS}"], nats["VAE, −ELBO"]
    return (
        f"−ELBO lies {loose - nats['Truth']:.2f} nats above the truth. A tighter bound of the same VAE is "
        f"**{loose - tight:.2f} nats** lower: at least this much is the bound's part. The samples show the model's: "
        "too many of them lie in the ring's hole."
    )


def thin(values: Values) -> str:
    return (
        f"**{data.in_hole(*compare.ring_flow()):.1%}** of the flow's p(x) lies in the hole, where the data have none. "
        "The inverse of f takes each x to some z, and N(0, I) is above 0 there. The flow cuts the ring open at the "
        "seam, where its density is low."
    )


def one_by_one(values: Values) -> str:
    return (
        f"Here x₁ = {values['x1']:.2f} comes first".replace("-", "−")
        + ", and p(x₂|x₁) needs it. An image of 784 pixels takes "
        f"**{PIXELS} passes**, one after the other. For the likelihood of a given x nothing waits: all its pixels are "
        "known, and one pass can do."
    )


def no_volume(values: Values) -> str:
    return (
        "Its x lie on a 64-dimensional surface in 784 dimensions. This surface has no volume, so **there is no p(x)**: "
        "a GAN's generator is such a g. A VAE adds noise to g(z), and so has a p(x) > 0 at every x."
    )


def seams(values: Values) -> bool:
    return (values["part"], values["show"], values["source"]) == ("points", "density", "ring")


STEPS = (
    Step(
        name="tree",
        title="What each gives up",
        view={"part": "tree"},
        say=prices,
        controls=("family",),
        holds=lambda values: values["part"] == "tree",
        ask=Question(
            "Autoregressive models and flows both have an exact log p(x). What does a flow give up for it?",
            (
                Option("Sampling in one pass: it goes axis by axis", "That is the autoregressive model's price."),
                Option("A free choice of network and of z's size", "f needs an inverse: as many z as x.", right=True),
                Option("Nothing at all", "Its map must have an inverse, and that rules out most networks."),
            ),
            giveaways=("free networks",),
        ),
        slides=(3,),
        notes="Goodfellow's tree. Press a family: its likelihood and how it samples stand on the left. "
        "The slide's question is the first branch: is there a density that can be written down?",
    ),
    Step(
        name="nats",
        title="Whose nats?",
        view={"part": "points"},
        say=bound_and_model,
        ask=Question(
            "Three families learned the ring. The exact two come close to the truth, the VAE's −ELBO does not. What is "
            "its distance made of?",
            (
                Option("The VAE's worse p(x), nothing else", "−ELBO is not −log p(x), but a bound above it."),
                Option("Only the bound: its p(x) is as good", "Look at its samples: the hole is not empty."),
                Option("Both: a worse p(x), and the bound", "A tighter bound removes one part only.", right=True),
            ),
            giveaways=("at least this much",),
        ),
        slides=(3,),
        notes="The bars begin at the truth: −log p(x) of the density that the points come from. "
        "The tighter bound takes 100 draws from q(z|x).",
    ),
    Step(
        name="seam",
        title="A flow cannot tear",
        view={"part": "points", "show": "density"},
        say=thin,
        holds=seams,
        ask=Question(
            "The ring has a hole. A flow bends the plane by a smooth map that has an inverse. Can its p(x) be exactly "
            "0 in the hole?",
            (
                Option("No: p(x) > 0 everywhere", "Each x has its z, and no z has density 0.", right=True),
                Option("Yes, after enough training", "Training can make it small, never 0."),
                Option("Yes, with enough couplings", "Each coupling has an inverse, and so has any number of them."),
            ),
            giveaways=("of the flow's p(x) lies",),
        ),
    ),
    Step(
        name="passes",
        title="One pixel after the other",
        view={"part": "making", "leaf": "autoregressive", "x1": 0.5},
        say=one_by_one,
        controls=("x1",),
        holds=lambda values: (values["part"], values["leaf"], values["source"]) == ("making", "autoregressive", "ring"),
        ask=Question(
            "The second coordinate is drawn given the first. An autoregressive model of 28 × 28 pixels draws an image. "
            "How many passes does it take?",
            (
                Option("One, for all pixels together", "Each pixel needs the values drawn before it."),
                Option("28, one for each row", "Pixels of a row need each other too."),
                Option("784, one for each pixel", "None can be drawn before those it depends on.", right=True),
            ),
            giveaways=("nothing waits",),
        ),
    ),
    Step(
        name="place",
        title="Where does it belong?",
        view={"part": "tree", "leaf": "gan"},
        say=no_volume,
        ask=Question(
            "A new model: x = g(z), where z are 64 normal numbers, x are 784 pixels, and g is any network. No noise is "
            "added. What is its p(x)?",
            (
                Option("Exact, as for a flow: p(z) is known", "That needs an inverse: 64 numbers for 784 have none."),
                Option("There is none", "The points g(z) fill no volume of the space of x.", right=True),
                Option("A lower bound, as for a VAE", "A bound of what? Almost every x cannot come out at all."),
            ),
            start={"leaf": "vae"},
            giveaways=("has no volume",),
        ),
    ),
)
GOALS = (
    Goal(
        "In the tree, press a family with an exact likelihood whose samples take one pass.",
        lambda values: values["leaf"] == "flow",
        "The one with an inverse.",
    ),
    Goal(
        "Bring the flow of the ring half-way: 4 of its 8 couplings done.",
        lambda values: BY_KEY[values["leaf"]].model == "flow" and values["layers"] == 4 and values["source"] == "ring",
        "Making a sample, with the flow.",
    ),
)
