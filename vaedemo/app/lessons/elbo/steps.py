"""The steps of the lesson on the evidence lower bound (slides 15, 16 and 17)."""

from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo import film, lines, q
from vaedemo.app.shell.steps import Goal, Option, Question, Reveal, Step, Values
from vaedemo.training.bound_film import STEPS as FRAMES

DIGIT = 7  # a 3; its gap is near the median of the twenty
PEAK = {"q": "hand", "mu_1": -1.06, "mu_2": -0.44}  # of its posterior
AS_WIDE, NARROW = -5.5, -10.0  # log σ²: about as wide as its posterior, and almost a point
TRAINED = 13  # a 6, whose log p(x) falls while its ELBO rises
FROM, TO = FRAMES.index(1_243), FRAMES.index(2_535)
TASK, ENOUGH = 11, 0.5  # a 5 with a slanted posterior; nats of its gap
NAMES = {"encoder": "The encoder's q", "best": "The best q", "hand": "Your q"}


def gap(values: Values) -> str:
    missed = q.terms(values).kl_posterior
    return (
        f"{NAMES[values['q']]} misses the posterior p(z|x) by KL(q‖p(z|x)) = **{missed:.2f} nats**. "
        "The ELBO, the bound that training raises, lies under log p(x) by exactly this gap. "
        "Drag q: the ELBO moves, log p(x) does not."
    )


def line(values: Values) -> str:
    return SAID[values["line"]].format(value=f"{lines.value(values, values['line']):.2f}".replace("-", "−"))


SAID = {
    1: "**Why is this allowed?** log p(x) has no z in it. Its mean over z ~ q is therefore log p(x) itself, "
    "**{value} nats**, whichever q we take. θ is the decoder, φ the encoder.",
    2: "**Why is this allowed?** Bayes' rule: p(x) = p(x|z) p(z) / p(z|x). It holds at every z, so the value stays.",
    3: "**Why is this allowed?** Any q will do: the new factor is 1 wherever q is positive, and the mean looks at no "
    "other z.",
    4: "**Why is this allowed?** The log of a product is a sum of logs, and the mean of a sum is the sum of the means. "
    "q stands once over the prior and once over the posterior.",
    5: "**Why is this allowed?** It is the definition: the mean of log q/p over z ~ q is KL(q‖p). "
    "The first KL we can compute. The last one needs the posterior.",
    6: "**Why is this allowed?** The last KL is at least 0. Without it a bound remains that we can compute: "
    "the ELBO, **{value} nats**.",
}


def rises(values: Values) -> str:
    before = q.terms(values | {"q": "encoder"})
    gain = q.terms(values).elbo - before.elbo
    return (
        f"The ELBO has risen by **{gain:.2f} nats**, and KL(q‖p(z|x)) has fallen by the same {gain:.2f}. "
        "Their sum, log p(x), has no q in it. So raising the ELBO over q brings q closer to the posterior."
    )


def shrinks(values: Values) -> str:
    before, after = (film.row(values["digit"], frame) for frame in (FROM, values["frame"]))
    rise, fall = after.elbo - before.elbo, before.log_marginal - after.log_marginal
    return (
        f"The ELBO of this digit rose by **{rise:.1f} nats**, and log p(x) fell by **{fall:.1f}**: the gap shrank. "
        "ELBO = log p(x) − gap, so training has two ways to raise the ELBO: a higher log p(x), or a smaller gap."
    )


def narrows(values: Values) -> str:
    wide, now = q.terms(values | {"logvar_1": AS_WIDE, "logvar_2": AS_WIDE}), q.terms(values)
    gain, price = now.log_likelihood - wide.log_likelihood, now.kl_prior - wide.kl_prior
    return (
        f"Reconstruction gains only **{gain:.1f} nats**: it cannot exceed log p(x|z) at the best z. KL(q‖p(z)) grows "
        f"by **{price:.1f}**, and by another log 2 each time σ is halved on one axis."
    )


def parts(values: Values) -> str:
    facts = elbo_facts.of(values)
    left = facts.log_marginal - facts.best_elbo
    return (
        f"The best upright Gaussian (dashed) still misses by **{left:.2f} nats**: *approximation*. The rest is "
        "*amortization*: one network answers for all x."
    )


def is_near(values: Values) -> bool:
    return values["part"] == "gap" and q.terms(values).kl_posterior < ENOUGH


STEPS = (
    Step(
        name="answer",
        title="The gap",
        view={"digit": DIGIT},
        say=gap,
        controls=("snap",),
        holds=lambda values: values["part"] == "gap",
        ask=Question(
            "The ELBO lies under log p(x). Now q alone moves onto the posterior. What moves on the ruler?",
            (
                Option("log p(x), down to the ELBO", "log p(x) has no q in it. It stays."),
                Option("Both, up by the same amount", "log p(x) depends on θ and x alone. A better q cannot raise it."),
                Option("The ELBO, up to log p(x)", "log p(x) stays, and the gap closes.", right=True),
            ),
            giveaways=("misses the posterior", "1.45"),
        ),
        slides=(15,),
        notes="Drag q over the posterior, then off it. Only the ELBO's tick moves. The dashed tick is where the "
        "encoder's q has it.",
    ),
    Step(
        name="lines",
        title="Line by line",
        view={"part": "lines", "digit": DIGIT, "line": 1},
        say=line,
        reveals=Reveal("line", len(lines.LINES), asks_at=3),
        holds=lambda values: values["part"] == "lines",
        ask=Question(
            "Line 3 multiplies by q/q, the factor in the frame. For which q is this allowed?",
            (
                Option(
                    "Only for q = p(z|x), the posterior",
                    "Then the last KL will be 0, but the derivation does not need it.",
                ),
                Option("For every density q(z)", "It multiplies by 1.", right=True),
                Option(
                    "Only for a Gaussian q, as an encoder gives",
                    "A Gaussian makes a KL easy to compute. The derivation does not need it.",
                ),
            ),
            giveaways=("Any q will do",),
        ),
        slides=(16,),
        notes="Next shows one line more. Before the fourth a question comes. The number on the right does not move "
        "until the last line.",
    ),
    Step(
        name="bound",
        title="What the bound leaves out",
        view={"digit": DIGIT, "q": "best"},
        say=rises,
        holds=lambda values: values["part"] == "gap" and values["q"] == "best",
        ask=Question(
            "log p(x) and one term are covered. q alone moves, until the ELBO is as high as it can be. "
            "What falls by as much as the ELBO rises?",
            (
                Option("The KL of q to the posterior", "It and the ELBO add up to log p(x).", right=True),
                Option(
                    "The KL of q to the prior, KL(q‖p(z))",
                    "It is a part of the ELBO, and need not fall at all when q moves.",
                ),
                Option("−log p(x), the loss itself", "The true −log p(x) has no q in it. It stays."),
            ),
            start={"q": "encoder"},
            giveaways=("has risen by", "has fallen by"),
        ),
        slides=(17,),
        notes="We can compute the first two terms. The covered one needs p(z|x), and it is at least 0. So what is left "
        "is a bound, and we maximise it over θ and φ.",
    ),
    Step(
        name="theta",
        title="When θ changes too",
        view={"part": "film", "digit": TRAINED, "frame": TO},
        say=shrinks,
        controls=("frame",),
        holds=lambda values: (values["part"], values["digit"], values["frame"]) == ("film", TRAINED, TO),
        ask=Question(
            "Training changes θ and φ, and the ELBO of this digit rises (dashed). What can log p(x) do meanwhile?",
            (
                Option("Only rise: the bound pushes it up", "The ELBO may also come nearer to log p(x) from below."),
                Option("Rise or fall: the gap changes too", "θ moves log p(x) and the gap.", right=True),
                Option("Only stay: it is the exact value", "It stays while q alone moves. But θ is in p(x) itself."),
            ),
            start={"frame": FROM},
            giveaways=("the gap shrank",),
        ),
        slides=(17,),
        notes="Move the slider on: in the end both have risen. The model is the page's own, trained again and stopped "
        "at each of ten steps.",
    ),
    Step(
        name="point",
        title="A q like a point",
        view={"digit": DIGIT, **PEAK, "logvar_1": NARROW, "logvar_2": NARROW},
        say=narrows,
        controls=("width",),
        holds=lambda values: (
            values["part"] == "gap"
            and all(values[name] == value for name, value in PEAK.items())
            and max(values["logvar_1"], values["logvar_2"]) <= NARROW + 1
        ),
        ask=Question(
            "q stands at the posterior's peak. Its σ now goes to 0, so that q becomes a point. Where does the ELBO go?",
            (
                Option("Down, without an end", "A sharp code is expensive: −½ log V has no upper bound.", right=True),
                Option("To log p(x), the highest value", "The posterior has a width, and a point has none."),
                Option("To the reconstruction term alone", "KL(q‖p(z)) is charged too, and it grows."),
            ),
            start={"logvar_1": AS_WIDE, "logvar_2": AS_WIDE},
            giveaways=("Reconstruction gains",),
        ),
    ),
    Step(
        name="do",
        title="Close the gap yourself",
        view={"digit": TASK},
        say=parts,
        controls=("mean",),
        holds=lambda values: values["part"] == "gap" and values["digit"] == TASK,
        ask=Question(
            "Another digit. Suppose an encoder gave each x its own best μ and σ. What would be left of the gap?",
            (
                Option("Nothing: the gap is closed", "No upright Gaussian equals this posterior."),
                Option("All of it, as long as θ stays", "The gap is about q. A better q makes it smaller."),
                Option("A part of it", "This posterior is no upright ellipse.", right=True),
            ),
            giveaways=("still misses", "0.34"),
        ),
        goals=(
            Goal(
                f"Bring the gap under {ENOUGH} nats.",
                is_near,
                "Drag q.",
            ),
        ),
    ),
)
GOALS = (
    Goal(
        "In **The gap**, find a digit for which the encoder's q misses by more than 20 nats.",
        lambda values: (values["part"], values["q"]) == ("gap", "encoder") and q.terms(values).kl_posterior > 20,
        "It is a 7.",
    ),
    Goal(
        "Go to its best q, and have less than 0.1 nats left.",
        lambda values: values["part"] == "gap" and q.terms(values).kl_posterior < 0.1,
        "One press does it.",
    ),
)
