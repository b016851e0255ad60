"""The steps of the lesson on reconstruction losses (slide 18)."""

from vaedemo.app.lessons.losses import axes, density, sentences
from vaedemo.app.shell.steps import Goal, Option, Question, Step

NARROW = 0.01  # σ² of the second step
COPY = 0.75  # x, and λ of the continuous Bernoulli

STEPS = (
    Step(
        name="gaussian",
        title="A loss is a distribution",
        view={"part": "density", "variance": 0.1},
        say=sentences.assumed,
        controls=("prediction",),
        holds=lambda values: values["part"] == "density",
        ask=Question(
            "A network is trained with the squared error of each pixel. What does this assume about a pixel x?",
            (
                Option("That x is near x̂, no more", "The absolute error wants that too."),
                Option("That x is x̂ plus Gaussian noise", "Its −log is a squared error.", right=True),
                Option("That x is black or white", "That is the Bernoulli: its loss is the cross-entropy."),
            ),
            giveaways=("you assume Gaussian noise",),
        ),
        slides=(18,),
        notes="Left the density, right minus its logarithm: both at the same x. Move x̂. "
        "The slide takes σ² = 1 and drops the constant.",
    ),
    Step(
        name="sigma",
        title="A smaller σ²",
        view={"part": "density", "variance": NARROW},
        say=sentences.narrower,
        controls=("variance",),
        holds=lambda values: (
            values["part"] == "density"
            and density.terms(values)[1] < 0
            and density.loss_of(values["x"], values["prediction"], values["variance"])
            > density.loss_of(values["x"], values["prediction"], 1.0)
        ),
        ask=Question(
            "The mistake x − x̂ is 0.35 and stays. Now σ² goes from 1 to 0.01. How large is the loss then?",
            (
                Option("Larger", "The mistake is now 3.5 times σ.", right=True),
                Option("The same: the mistake stays", "½(x − x̂)² has no σ² in it, but it is the case σ² = 1."),
                Option("Smaller", "p(x|z) is higher at its centre now. But x lies far out in its tail."),
            ),
            start={"variance": 1.0},
            giveaways=("4.74", "−1.38"),
        ),
    ),
    Step(
        name="categorical",
        title="Free grey levels",
        view={"part": "levels", "rest": "far"},
        say=sentences.one_term,
        controls=("rest",),
        holds=lambda values: values["part"] == "levels" and values["rest"] == "far" and values["levels"] > 2,
        ask=Question(
            "x is level 2. Now probability moves from level 3, beside it, to level 0, the farthest. p₂ stays. "
            "What does the loss do?",
            (
                Option("It rises", "For a squared error, yes: black is far from light grey."),
                Option("It stays", "$x_c$ is 0 for all levels but one.", right=True),
                Option("It falls", "No probability has come to the true level."),
            ),
            start={"rest": "next"},
            giveaways=("no order of the levels",),
        ),
        slides=(18,),
        notes="The slide leaves out the index c of the sum: x is one-hot, so one term is left. "
        "The order of grey levels must be learned from data.",
    ),
    Step(
        name="grey",
        title="A perfect grey copy",
        view={"part": "grey", "prediction": COPY},
        say=sentences.floor_of_grey,
        controls=("prediction",),
        holds=lambda values: (
            values["part"] == "grey" and 0 < values["x"] < 1 and abs(values["prediction"] - values["x"]) < 1e-9
        ),
        ask=Question(
            "Now the loss is the cross-entropy, for the grey pixel x\u00a0=\u00a00.75. "
            "The copy becomes perfect: x̂\u00a0=\u00a0x. What is the loss?",
            (
                Option("0: nothing is wrong", "True of a squared error, and of black and white pixels."),
                Option("Below 0", "x̂ and 1 − x̂ are at most 1, so no −log of them is negative."),
                Option("Above 0", "Both terms stay positive as long as x is grey.", right=True),
            ),
            start={"prediction": 0.4},
            giveaways=("0.56",),
        ),
    ),
    Step(
        name="continuous",
        title="What λ is",
        view={"part": "grey", "prediction": COPY},
        say=sentences.not_its_mean,
        controls=("prediction",),
        holds=lambda values: values["part"] == "grey" and values["prediction"] != 0.5,
        ask=Question(
            "A density for grey pixels has the same formula and one factor C(λ): the continuous Bernoulli, "
            "here with λ\u00a0=\u00a00.75. What is its mean?",
            (
                Option("Nearer to ½ than λ", "More than a third of its area lies below ½.", right=True),
                Option(
                    "Exactly λ, as for a Bernoulli", "A Bernoulli has mass on 0 and 1 alone; this one on all greys."
                ),
                Option("Nearer to 1 than λ", "It is highest at 1, but most of its area lies below λ."),
            ),
            giveaways=("0.59",),
        ),
    ),
    Step(
        name="mean",
        title="Mean instead of sum",
        view={"part": "axes", "reduction": "mean"},
        say=sentences.averaged,
        controls=("reduction",),
        holds=lambda values: (
            values["part"] == "axes"
            and (values["reduction"], values["axes_beta"], values["axes_variance"]) == ("mean", 1, 1)
            and not axes.kept(values).any()
        ),
        ask=Question(
            "A program takes the mean of ½(x − x̂)² over the 784 pixels, and adds the whole KL. What did it change?",
            (
                Option("Just the unit of the loss", "It would be, if the KL were divided by 784 as well."),
                Option("The learning rate, which is 784 times smaller", "That would scale both terms of the loss."),
                Option("σ², which is 784 times larger", "Only the error is divided, by 784.", right=True),
            ),
            start={"reduction": "sum"},
            giveaways=("instead of 12",),
        ),
    ),
)
GOALS = (
    Goal(
        "In **Noise and loss**, make the loss of x = 0.75 negative.",
        lambda values: (
            values["part"] == "density"
            and values["x"] == 0.75
            and density.loss_of(values["x"], values["prediction"], values["variance"]) < 0
        ),
        "The density at x must be above 1.",
    ),
    Goal(
        "In **Which axes live**, keep more than 100 axes of MNIST with β = 1.",
        lambda values: (
            (values["part"], values["data"], values["axes_beta"]) == ("axes", "mnist-55k", 1)
            and axes.kept(values).sum().item() > 100
        ),
        "Nobody has to take σ² = 1.",
    ),
)
