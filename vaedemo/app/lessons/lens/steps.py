"""The steps of the lesson on one training step. It is on no slide: it shows what slides 18 to 22 add up to."""

import math

from vaedemo.app.lessons.lens import facts
from vaedemo.app.lessons.lens.facts import TRAINED, UNTRAINED
from vaedemo.app.lessons.lens.texts import number
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values
from vaedemo.training.one_step import OneStep

COIN = 784 * math.log(2)  # nats: the loss of an image each of whose pixels is given the probability one half
MU, SIGMA, EPSILON = "\\mu_1", "\\sigma_1", "\\varepsilon_1"
START, LOSS, ON_WEIGHTS, AGAIN = 0, 4, 6, 8  # stages of the picture


def at(**fixed):
    """Whether a view has these values, whatever its other ones."""
    return lambda values: all(values[name] == value for name, value in fixed.items())


def whole(values: Values) -> str:
    step = facts.of(values).step
    return (
        f"Forward, the digit costs **{number(step.before.loss, 1)} nats**. Backward, each weight gets its gradient. "
        "Adam then moves each weight a little. The same digit with the same ε then costs "
        f"**{number(step.after.loss, 1)} nats**."
    )


def coins(values: Values) -> str:
    before = facts.of(values).step.before
    return (
        f"l_recon is **{number(before.reconstruction, 0)} nats**: about one coin toss for each pixel, "
        f"784 · log 2 = {number(COIN, 0)}. l_KL is {number(before.kl)} nats: q is nearly the prior. "
        "The network knows nothing of this digit."
    )


def on_encoder(step: OneStep) -> tuple[float, float]:
    """The norm of the gradient of each term on all weights of the encoder: of l_recon, and of β · l_KL."""
    layers = [layer for layer in step.layers if layer.name.startswith("encoder")]
    return math.hypot(*(each.reconstruction for each in layers)), math.hypot(*(each.kl for each in layers))


def chain(step: OneStep) -> str:
    """The gradients on μ₁ and log σ₁², with this step's number under each part."""
    before, slope = step.before, step.pulls["reconstruction"].mu[0].item()
    mean, sigma, noise = (each[0].item() for each in (before.mu, before.sigma, before.noise))
    recon = under("\\tfrac{\\partial l_{recon}}{\\partial z_1}", slope)
    beta = under("\\beta", before.beta, 0 if before.beta >= 1 else 2)
    on_mu = f"{recon} + {beta}\\,{under(MU, mean)}"
    path = f"{recon}\\cdot\\tfrac12{under(SIGMA, sigma)}\\,{under(EPSILON, noise)}"
    width = f"\\tfrac12{beta}\\,({under(SIGMA + '^2', sigma**2)} - 1)"
    return f"$$\\begin{{aligned}}\\mu_1:\\ &{on_mu} \\\\ \\log\\sigma_1^2:\\ &{path} \\\\ &+ {width}\\end{{aligned}}$$"


def from_reconstruction(values: Values) -> str:
    step = facts.of(values).step
    recon, kl = on_encoder(step)
    return (
        f"On the encoder’s weights the gradient of l_recon has the norm **{number(recon, 0)}**, that of β · l_KL "
        f"**{number(kl, 1)}**. q is close to the prior already, so the KL has little to pull.\n\n{chain(step)}"
    )


def in_balance(values: Values) -> str:
    found = facts.balance(values)
    return (
        f"l_KL has {number(found.kl.mean())}: it makes q wider. l_recon has "
        f"**+{number(found.reconstruction.mean())}**: it makes q narrower. On average they cancel: training brought "
        "σ to where they balance. In one step, with one ε, they do not."
    )


def same_distance(values: Values) -> str:
    shown = facts.of(values)
    return (
        f"Of the weights with a gradient, **{shown.alike:.0%}** move by {values['rate']:g}, within 1%. At the first "
        "step Adam’s two means are g and g². So it divides g by |g|, and only the sign is left."
    )


def others(values: Values) -> str:
    found = facts.repeated(values)
    own, rest = ((each[0], each[-1]) for each in (found.own, found.others))
    return (
        f"This digit falls from {number(own[0], 0)} to {number(own[1], 0)} nats. The mean of the others rises from "
        f"**{number(rest[0], 0)}** to **{number(rest[1], 0)}**. All digits share the weights. So a real step averages "
        "over a batch."
    )


def others_rise(values: Values) -> bool:
    """Whether the digit's own loss falls in the repetition and the others' mean rises."""
    found = facts.repeated(values)
    return found.own[-1] < found.own[0] and found.others[-1] > found.others[0]


def others_fall(values: Values) -> bool:
    """Whether ten or more steps on a digit lower the mean loss of the others, too."""
    if values["part"] != "repeat" or values["n"] < 10:
        return False
    found = facts.repeated(values)
    return found.others[-1] < found.others[0]


def too_far(values: Values) -> bool:
    """Whether the step makes its own digit worse."""
    step = facts.of(values).step
    return step.after.loss > step.before.loss


STEPS = (
    Step(
        name="answer",
        title="The whole step",
        view={},
        say=whole,
        controls=("seed",),
        holds=lambda values: values["part"] == "path" and not too_far(values),
        notes="Press Play for the slow motion: forward, backward, Adam, and the digit again. "
        "Slides 18 to 22 each show one part of it. Adam starts anew here, with m = v = 0, also in the trained network.",
    ),
    Step(
        name="forward",
        title="Before any training",
        view={"when": UNTRAINED, "stage": LOSS},
        say=coins,
        controls=("digit",),
        holds=at(part="path", when=UNTRAINED),
        ask=Question(
            "This network is untrained: for each of the 784 pixels it says about ½. What is l_recon for the digit?",
            (
                Option("About 784 · log 2 nats", "−log ½ for each pixel, black or white.", right=True),
                Option("About 784 nats", "One nat would need a probability of 1/e = 0.37. Here it is ½."),
                Option("About 0 nats: ½ favours nothing", "Who always says ½ pays log 2 each time, right or wrong."),
            ),
            start={"stage": START},
            giveaways=("coin toss",),
        ),
        notes="log 2 is 0.69 nats, or one bit: 784 pixels are 784 bits. "
        "Choose other digits: the number hardly changes.",
    ),
    Step(
        name="back",
        title="Back through the network",
        view={"when": UNTRAINED, "stage": ON_WEIGHTS},
        say=from_reconstruction,
        controls=("digit",),
        holds=at(part="path", when=UNTRAINED, beta=1.0),
        ask=Question(
            "Still untrained. Both terms send a gradient into the encoder. Which one is it that moves its weights?",
            (
                Option("l_KL: it acts on μ and σ directly", "A short way makes no large gradient. Look at μ and σ."),
                Option("l_recon, nearly alone", "It comes back through the decoder and z.", right=True),
                Option("Both: the loss adds them", "It adds them as they are, and they differ much in size."),
            ),
            start={"stage": LOSS},
            giveaways=("little to pull",),
        ),
        notes="The formula is the chain rule of z = μ + σε: dz/dμ = 1, dz/dlog σ² = σε/2. "
        "The decoder gets no gradient from the KL.",
    ),
    Step(
        name="balance",
        title="A balance on σ",
        view={"part": "balance", "when": TRAINED},
        say=in_balance,
        holds=at(part="balance", when=TRAINED, beta=1.0),
        ask=Question(
            "Now the network is trained, and l_recon is about 20 times l_KL. On log σ² the gradient of l_KL is about "
            "−0.5. What is that of l_recon, averaged over ε and twenty digits?",
            (
                Option("About 0: σ only adds noise", "Noise in z costs: the decoder draws another image."),
                Option("About +10: 20 times as large", "The size of a loss says nothing about its slope."),
                Option("About +0.5", "Else σ would still move on average.", right=True),
            ),
            start={"part": "path", "stage": LOSS},
            giveaways=("On average they cancel",),
        ),
        notes="The means over ε are by quadrature, for both axes. On μ, too, the means of the two terms oppose "
        "each other, for 15 of the twenty digits. With one ε the gradient of l_recon on μ is mostly many times that of "
        "the KL.",
    ),
    Step(
        name="adam",
        title="How far a weight moves",
        view={"part": "adam"},
        say=same_distance,
        controls=("rate", "when"),
        holds=lambda values: values["part"] == "adam" and facts.of(values).alike > 0.9,
        ask=Question(
            "One weight has a gradient 1,000 times as large as another. How far does Adam’s first step move it, "
            "compared with the other?",
            (
                Option("1,000 times as far", "That is plain gradient descent, the dashed line."),
                Option("About 32 times as far: the root of 1,000", "The root is taken of g², not of g."),
                Option("Equally far", "Each moves by about the rate.", right=True),
            ),
            start={"part": "path", "stage": ON_WEIGHTS},
            giveaways=("within 1%",),
        ),
        notes="ϵ = 1e−8 in Adam’s denominator: only weights with a gradient that small move less. "
        "Later steps differ, because the two means then remember older gradients.",
    ),
    Step(
        name="others",
        title="One digit’s step, other digits",
        view={"part": "repeat"},
        say=others,
        controls=("when",),
        holds=lambda values: values["part"] == "repeat" and others_rise(values),
        goals=(
            Goal(
                "Find ten steps on one digit that help the other digits, too.",
                others_fall,
                "When does every digit still teach the same?",
            ),
        ),
        ask=Question(
            "The trained network makes ten steps on this one digit. What does the mean loss of the nineteen "
            "others show?",
            (
                Option(
                    "A fall: all of them are digits", "That is true before training: then all digits teach the same."
                ),
                Option("A rise", "Their weights move, too.", right=True),
                Option("No change: they were not shown", "They were not shown, but their weights have moved."),
            ),
            start={"part": "path", "stage": AGAIN},
            giveaways=("So a real step averages",),
        ),
        notes="Untrained, the others' loss falls at first: black margins and white ink suit all digits. "
        "A batch of 128 averages over digits, so that what is good for one alone counts little.",
    ),
)
GOALS = (
    Goal(
        "Find a learning rate with which the step makes its own digit worse.",
        too_far,
        "A step can go too far.",
    ),
    Goal(
        "Bring the digit’s loss below 70 nats by repeating the step.",
        lambda values: values["part"] == "repeat" and facts.repeated(values).own[-1] < 70,
        "Repeat it ten times or more.",
    ),
)
