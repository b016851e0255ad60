"""The steps of the lesson on discriminative and generative models (slide 2)."""

from vaedemo.app.lessons.discriminative import digits, form, models, planes
from vaedemo.app.lessons.discriminative.moved import NEW
from vaedemo.app.lessons.discriminative.points import gap_at
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

CERTAIN = 0.99  # mean p(y|x) from which on the classifier is called certain
FAR_APART = 0.2


def same_and_different(values: Values) -> str:
    classifiers, _ = models.shipped()
    difference, *_ = planes.errors(planes.digests(classifiers), classifiers)
    return (
        "**p(y|x) does not say where points lie.** The two data sets lie in different places, but both classifiers "
        f"learned nearly the same p(y|x): they differ by {difference:.2f} on average. Only a model of p(x), the VAE, "
        "can draw points, here blurred."
    )


def certain_noise(values: Values) -> str:
    here = of_digits(values)
    return (
        f"The classifier is certain of a {values['ask']}, p = {here.certainty.mean().item():.3f}, and the image is "
        f"**still noise**: a pixel has changed by {here.change:.2f} on average. p(y|x) says which class fits best. It "
        "does not say whether x is a digit."
    )


def unlikely(values: Values) -> str:
    here = of_digits(values)
    return (
        f"The VAE's loss is **{here.loss_of_best:,.0f} nats** for the noise and {here.loss_of_kept:,.0f} for its own "
        "draws: it was trained to make the loss of digits small. A classifier only compares classes. A model of p(x) "
        "says how well x itself fits."
    )


def chosen(values: Values) -> str:
    here, ask = of_digits(values), values["ask"]
    wanted = f"y{{=}}{ask}"
    share = under(f"p({wanted})", here.draws.expected_rate)
    return (
        f"Draw x from p(x), and keep it with probability p(y = {ask}|x). **{int(here.draws.kept.sum()):,} of "
        f"{len(here.draws.kept):,}** are kept: draws from p(x|y = {ask}), by Bayes' rule. The VAE brings the images, "
        "the classifier only chooses."
        f"\n\n$$p(x\\mid {wanted}) = \\dfrac{{p({wanted}\\mid x)\\,p(x)}}{{{share}}}$$"
    )


def still_right(values: Values) -> str:
    classifiers, vaes = models.shipped()
    old, own = planes.right_on(planes.digests(classifiers), classifiers, NEW)
    worse, better = planes.loss_on(planes.digests(vaes), vaes, NEW)
    return (
        f"The clusters' classifier is right on **{old:.0%}** of the stripes, their own on {own:.0%}. The clusters' VAE "
        f"has {worse - better:.1f} nats more loss than theirs: it knows another p(x). "
        "This needs training points in all places: here every fifth lies anywhere."
    )


def of_digits(values: Values) -> digits.Shown:
    return digits.shown(values, form.shipped())


def is_certain(values: Values) -> bool:
    """Whether the shipped classifier is certain of the class after these steps uphill, from noise."""
    if values["source"] != "shipped" or values["part"] not in ("uphill", "images"):
        return False
    return of_digits(values).certainty.mean().item() > CERTAIN


def is_unlikely(values: Values) -> bool:
    """Whether the classifier is surer of the noise than of the draws, and the VAE's loss tells them apart."""
    if not is_certain(values):
        return False
    here = of_digits(values)
    if not len(here.kept) or here.certainty.mean() <= here.kept_probability.mean():
        return False
    return here.loss_of_best > 3 * here.loss_of_kept


def is_chosen(values: Values) -> bool:
    shows = values["part"] == "bayes" and values["source"] == "shipped"
    return shows and len(of_digits(values).kept) > 0


def rarest(values: Values) -> bool:
    """Whether the class asked for is the one that the shipped VAE draws least often."""
    if values["source"] != "shipped" or values["part"] not in ("images", "bayes"):
        return False
    rates = [of_digits(dict(values) | {"ask": ask}).draws.expected_rate for ask in range(10)]
    return rates[values["ask"]] == min(rates)


STEPS = (
    Step(
        name="answer",
        title="One rule, two sets",
        view={"part": "sets"},
        say=same_and_different,
        ask=Question(
            "The two sets lie in different places, but at each x both have the same p(y|x). Each trains a "
            "classifier of its own. What do the two know in the end?",
            (
                Option("Each knows where its points lie", "It was only asked for y, at x that were given."),
                Option("Nearly the same: p(y|x)", "Both were asked the same question at each x.", right=True),
                Option("The one of the clusters knows more", "Both saw equally many points, some of them everywhere."),
            ),
            giveaways=("they differ by",),
        ),
        slides=(2,),
        notes="Middle: p(y = 1|x), learned from the set on the left; the numbers are its contour lines. "
        "Right: the VAE of the clusters blurs most, but no two pictures on the right are alike.",
    ),
    Step(
        name="noise",
        title="A certain 7",
        view={"part": "uphill"},
        say=certain_noise,
        controls=("uphill",),
        holds=is_certain,
        ask=Question(
            "A classifier names nearly every test digit rightly. From noise we change the pixels, step by step, until "
            "it is certain of a 7. What do we see then?",
            (
                Option("Noise, hardly changed", "A small push along the gradient of log p(y|x) is enough.", right=True),
                Option("A clear 7", "It would be one if p(y|x) said what a 7 looks like."),
                Option(
                    "A blurred mean of all 7s", "Weights are no memory of images: they only need to tell ten classes."
                ),
            ),
            start={"uphill": 0},
            giveaways=("still noise",),
        ),
        slides=(2,),
        notes="Pull the slider back: when does it become certain? Five of ten starts are shown. "
        "Noise alone has a class for it, too: in Explore, ask for a 5 after 0 steps.",
    ),
    Step(
        name="draw",
        title="Draw a 7",
        view={"part": "bayes"},
        say=chosen,
        controls=("ask",),
        holds=is_chosen,
        ask=Question(
            "This VAE was trained without labels. You have it and the classifier, and want 7s drawn at random. What "
            "is needed?",
            (
                Option("A new VAE, trained on 7s alone", "It would work, but p(x|y) is in what you have."),
                Option("Steps uphill on p(y = 7|x) from each draw", "They end where p(y|x) is large, also at noise."),
                Option("Only to choose among the VAE's draws", "p(x|y) is p(y|x) p(x), divided by p(y).", right=True),
            ),
            giveaways=("are kept",),
        ),
        slides=(2,),
        notes="Rejection: each draw is kept with probability p(y|x), so a doubtful one is kept now and then. "
        "The share that is kept estimates p(y).",
    ),
    Step(
        name="doubt",
        title="Who sees the noise?",
        view={"part": "images"},
        say=unlikely,
        holds=is_unlikely,
        ask=Question(
            "The classifier is surer of a 7 for this noise than for these draws of the VAE. And the VAE's own loss, "
            "−ELBO?",
            (
                Option("It is about the same for both", "Then the VAE would see only what the classifier sees."),
                Option("It is far larger for the noise", "The noise is far from all that it can draw.", right=True),
                Option("It cannot say: it has no classes", "It needs none: the loss asks how well p(x) fits x."),
            ),
            giveaways=("for its own draws",),
        ),
    ),
    Step(
        name="moved",
        title="p(x) moves",
        view={"part": "moved"},
        say=still_right,
        ask=Question(
            "The models of the clusters now meet the stripes: another p(x), the same p(y|x). Which of them does as "
            "well as the stripes' own?",
            (
                Option("The classifier", "p(y|x) is all it learned, and that has not moved.", right=True),
                Option("The VAE, as it learned more", "It learned p(x), and just that has moved."),
                Option("Neither: both saw other points", "The classifier saw other x, but the same rule for y."),
            ),
            giveaways=("more loss than theirs",),
        ),
    ),
)
GOALS = (
    Goal(
        f"In **At one x**, find a place where the two classifiers differ by more than {FAR_APART:g}.",
        lambda values: values["part"] == "points" and values["points"] == "shipped" and gap_at(values) > FAR_APART,
        "Dark in the lower picture in the middle.",
    ),
    Goal(
        "In **By Bayes**, find the digit that the VAE draws least often.",
        rarest,
        "Its expected rate is the smallest.",
    ),
)
