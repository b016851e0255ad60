"""The steps of the lesson on the reparameterization trick (slide 22)."""

from vaedemo.app.lessons.reparameterization.code import three_digits
from vaedemo.app.lessons.reparameterization.draws import RING, of
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

GRAPHS = {"part": "graphs", "flow": "draw"}
CLOUDS = {"part": "clouds"}
ROOT_V, EPSILON = "\\sqrt{V(z_1)}", "\\varepsilon_1"


def formula(values: Values) -> str:
    """The slide's z, first axis, with this draw's number under each symbol."""
    draws = of(values).draws
    row = values["draw"]
    z, mean, sigma, noise = (each[0].item() for each in (draws.z[row], draws.mu, draws.sigma, draws.noise[row]))
    return (
        f"$$\\begin{{aligned}}{under('z_1', z)} &= {under('E(z_1)', mean)} \\\\ "
        f"&+ {under(ROOT_V, sigma)}\\;{under(EPSILON, noise)}\\end{{aligned}}$$"
    )


def an_input(values: Values) -> str:
    return (
        "On the left z is drawn: no gradient passes. On the right the noise ε is an input, and z = μ + σε is an "
        "ordinary function: ∂z/∂μ = 1, ∂z/∂σ = ε. So the gradient of log p(x|z) reaches the encoder."
        f"\n\n{formula(values)}"
    )


def both_terms(values: Values) -> str:
    return (
        f"The KL of **{of(values).kl:.1f} nats** is computed from μ and σ, before anything is drawn. Its gradient "
        "reaches the encoder in both graphs. On the left it is the only one: every q would become the prior."
    )


def many_draws(values: Values) -> str:
    shown = of(values)
    return (
        "Both means agree with the exact gradient (the cross) within two standard errors (±). But the score "
        f"function's variance is **{three_digits(shown.ratio('score'))} times** as large: a random direction is "
        f"multiplied by all of log p(x|z), about {shown.reward[0]:.0f} nats.".replace("-", "−")
    )


def with_baseline(values: Values) -> str:
    shown = of(values)
    return (
        f"**{shown.ratio('baselined'):.1f} times** the variance is left, instead of "
        f"{three_digits(shown.ratio('score'))} times. The large constant is gone. But the score function still learns "
        "only how good each z was, and not in which direction z should go."
    )


def on_the_ring(values: Values) -> str:
    shown = of(values)
    return (
        f"Only **{shown.ratio('score'):.0f} times** the variance. Here log p(x|z) is about {shown.reward[0]:.0f} "
        "nats, so there is no large number to multiply with. The score function also works where the trick does not: "
        "when z is a class."
    )


def is_mnist(values: Values) -> bool:
    """Whether the view is one of the clouds of the first digit."""
    return values["part"] == "clouds" and values["run"] != RING and values["image"] == 42 and values["seed"] == 0


STEPS = (
    Step(
        name="answer",
        title="Noise as an input",
        view=GRAPHS,
        say=an_input,
        controls=("next",),
        holds=lambda values: values["part"] == "graphs",
        ask=Question(
            "Both graphs draw the same z. In which one does the gradient of log p(x|z) reach the encoder?",
            (
                Option("In both: they compute the same z", "The same number can have two derivatives, or none."),
                Option("In the right one", "There only ε is random, and z is a function of μ and σ.", right=True),
                Option("In the left one", "The draw lies between z and the encoder, and a draw has no derivative."),
            ),
            giveaways=("ordinary function", "no gradient", "has no derivative"),
        ),
        slides=(22,),
        notes="Press Next draw: both graphs have the same z, so the forward pass is the same. "
        "On the slide μ is E(z) and σ is the root of V(z). Doersch (2016) draws both graphs in figure 4.",
    ),
    Step(
        name="kl",
        title="Where the KL hangs",
        view=GRAPHS | {"flow": "kl"},
        say=both_terms,
        holds=lambda values: values["part"] == "graphs" and values["flow"] == "kl",
        ask=Question(
            "Suppose the left graph is trained: no gradient of log p(x|z) passes the draw. What trains its encoder?",
            (
                Option("Chance: it keeps its random start", "The loss has a second term: the green box."),
                Option("log p(x|z), by way of the KL", "The KL does not contain x̂: nothing of log p(x|z) is in it."),
                Option("The KL alone", "It needs μ and σ only, and no z.", right=True),
            ),
            start={"flow": "draw"},
            giveaways=("before anything is drawn",),
        ),
        slides=(22,),
        notes="Follow the green arrows, then the orange ones. Only on the right both terms meet at μ and σ.",
    ),
    Step(
        name="score",
        title="Without the trick",
        view=CLOUDS,
        say=many_draws,
        controls=("k",),
        holds=lambda values: is_mnist(values) and values["score"] == "plain" and values["pair"] == "mu",
        ask=Question(
            "Without the trick: the number log p(x|z) times ∇ log q(z|x), the score function. How many of its draws "
            "are worth one with the trick?",
            (
                Option("More than a thousand", "Its single draws point anywhere, and they are long.", right=True),
                Option("One, since both are right on average", "The same mean says nothing about the spread."),
                Option("About ten", "log p(x|z) is about −93 here, and its square counts."),
            ),
            start={"part": "graphs", "flow": "draw"},
            giveaways=("1,990 times",),
        ),
        notes="Same axes, same z in both pictures. Then average K draws: both variances are divided by K.",
    ),
    Step(
        name="baseline",
        title="Take the constant off",
        view=CLOUDS | {"score": "baseline"},
        say=with_baseline,
        controls=("score",),
        holds=lambda values: is_mnist(values) and values["score"] == "baseline",
        ask=Question(
            "A baseline takes the mean of the other draws off log p(x|z). Is the score function then as good as the "
            "trick?",
            (
                Option("As good: only the constant was bad", "The rest still multiplies a random direction."),
                Option("No, but it comes closer", "The decoder is asked for values, never for a slope.", right=True),
                Option("It stays as bad as it was", "A constant times a random direction is pure noise: it was large."),
            ),
            start={"score": "plain"},
            giveaways=("the variance is left",),
        ),
    ),
    Step(
        name="ring",
        title="A point of the ring",
        view=CLOUDS | {"run": RING, "seed": 1},  # the mean over seed 0 is 2.5 standard errors away, by chance
        say=on_the_ring,
        controls=("angle",),
        holds=lambda values: (
            values["part"] == "clouds"
            and values["run"] == RING
            and values["score"] == "plain"
            and of(values).ratio("score") < 10
        ),
        ask=Question(
            "For the digit, 2,000 draws of the score function were worth one. For a point of the ring, log p(x|z) is "
            "about 3 nats, not −93. How many now?",
            (
                Option("Less than ten", "The variance grows with the square of log p(x|z).", right=True),
                Option("About 2,000 again", "The factor is log p(x|z), which sums 784 pixels of a digit."),
                Option("Less than one: the trick loses", "The trick still asks for the slope, which helps here too."),
            ),
            start={"run": "mnist-2d", "seed": 0},
            giveaways=("7 times",),
        ),
    ),
)
GOALS = (
    Goal(
        "Average so many draws that the dots of the score function, without a baseline, are 10 times closer.",
        lambda values: values["part"] in ("both", "clouds") and values["score"] == "plain" and values["k"] == 100,
        "The variance falls with K, the distance with its root.",
    ),
    Goal(
        "Find an x for which the score function needs less than 5 times the draws.",
        lambda values: values["score"] == "plain" and of(values).ratio("score") < 5,
        "Look on the ring, where log p(x|z) is small.",
    ),
)
