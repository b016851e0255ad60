"""The steps of the lesson on denoising (slide 10). The tests measure what each sentence claims."""

from vaedemo.app.lessons.denoising import again, field, form, images, mean
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

SIGMA, WIDE = 0.3, 0.5
INSIDE = {"x1": 0.3, "x2": 0.3}
HALF = 0.5


def cleaned(values: Values) -> str:
    before, after = images.errors(values)
    return (
        f"The net r learns to take the noise out: its error falls from {before:.3f} to **{after:.3f}** per pixel. "
        "Many clean x could have become this x̃. The best r returns their mean, so a doubtful stroke comes out grey."
        "\n\n$$r^*(\\tilde x) = \\mathbb{E}[\\,x \\mid \\tilde x\\,]$$"
    )


def uphill(values: Values) -> str:
    found = field.found(form.finished_ring(values))
    return (
        "They point to where *noisy* points are denser. The best r has exactly the thick arrows; p_σ is the density "
        f"of the noisy data. This r comes near: the mean cosine is **{found.match.cosine:.2f}**."
        "\n\n$$r^*(\\tilde x) - \\tilde x = \\sigma^2\\,\\nabla \\log p_\\sigma(\\tilde x)$$"
    )


def off_the_data(values: Values) -> str:
    return (
        f"r(x̃) lies **{mean.distance(values):.2f}** from the middle, where no data are: all lie beyond 1. "
        "Points on a wide arc could have become x̃ (a larger dot is more probable), and their mean lies inside the arc."
    )


def one_line(values: Values) -> str:
    found = field.found(form.finished_ring(values))
    return (
        f"All end on one thin line, at the top of p_σ. Their radius varies by **{again.spread(found):.3f}**, that of "
        f"the data by {again.spread_of_data():.3f}. So denoising again and again draws no samples: it makes all alike."
    )


def only_its_noise(values: Values) -> str:
    known = images.errors({**values, "level": HALF})[1]
    return (
        f"On whole digits its error is **{images.errors(values)[1]:.3f}**, on half-masked ones {known:.3f}. "
        f"It takes every digit for half-masked and adds ink: {100 * images.added_ink(values):.0f}\u00a0% more. "
        "A denoiser knows the noise of its training alone."
    )


def shows(part: str, source: str):
    """Whether a view shows this exhibit with shipped models."""
    return lambda values: values["part"] == part and values[source] == "shipped"


def is_cleaned(values: Values) -> bool:
    """Whether a view shows digits from which noise was taken out."""
    if not shows("images", "models")(values):
        return False
    before, after = images.errors(values)
    return after < before


def lands_inside(values: Values) -> bool:
    """Whether r(x̃) and the exact mean lie nearer to the middle than all data."""
    return shows("mean", "field")(values) and max(mean.distance(values), mean.distance_of_best(values)) < 1


def is_lost(values: Values) -> bool:
    """Whether a view shows the denoiser of half-masked digits at whole ones."""
    masked = (values["trained_on"], values["kind"], values["steps"]) == ("masking", "masking", 1)
    return shows("images", "models")(values) and masked and values["level"] == 0


STEPS = (
    Step(
        name="images",
        title="Noisy, cleaned, clean",
        view={"part": "images"},
        say=cleaned,
        controls=("level",),
        holds=is_cleaned,
        ask=Question(
            "r gets a noisy x̃ and must return the clean x. Many clean digits could have become this x̃. "
            "Which answer has the least mean squared error?",
            (
                Option("x itself: training teaches it", "x̃ does not tell which of them x was."),
                Option("The mean of all of them", "The mean is the point of least squared error.", right=True),
                Option("The most probable of them", "It is hit most often, but a miss costs more than the mean's."),
            ),
            giveaways=("a doubtful stroke", "0.019"),
        ),
        slides=(10,),
        notes="Three rows: input, output, target. The network was trained with this noise, and never saw these digits. "
        "Look for grey where a stroke could go two ways.",
    ),
    Step(
        name="arrows",
        title="Arrows on the ring",
        view={"part": "ring", "sigma": SIGMA},
        say=uphill,
        controls=("sigma",),
        holds=shows("ring", "field"),
        ask=Question(
            "Now the data are points of a ring, with noise of σ\u00a0=\u00a00.3. r never sees a density. "
            "Where do its arrows r(x̃)\u00a0−\u00a0x̃ point?",
            (
                Option("To where noisy points are denser", "The mean of the likely x lies uphill.", right=True),
                Option("To the point that x̃ came from", "Many points could have become x̃: r returns their mean."),
                Option("To the middle, the mean of all data", "r takes the mean of those that could have become x̃."),
            ),
            giveaways=("thick arrows", "This r comes near"),
        ),
        slides=(10,),
        notes="Orange on thick: learned on exact. The formula holds for the best r, and for the noisy density, "
        "not for that of the data. Faint arrows: hardly any noisy point fell there, and r may say anything.",
    ),
    Step(
        name="mean",
        title="Where no data are",
        view={"part": "mean", "sigma": WIDE} | INSIDE,
        say=off_the_data,
        controls=("sigma",),
        holds=lands_inside,
        ask=Question(
            "More noise, σ\u00a0=\u00a00.5. x̃ lies inside the ring. Where does r send it?",
            (
                Option("To the nearest point of the ring", "Nearly so for little noise. Here a wide arc is possible."),
                Option("To some random point of the ring", "There is no chance in r: one x̃ has one answer."),
                Option("Outward, but not as far as the ring", "A mean of points on an arc.", right=True),
            ),
            giveaways=("from the middle", "wide arc could"),
        ),
    ),
    Step(
        name="again",
        title="Again and again",
        view={"part": "flow", "sigma": SIGMA},
        say=one_line,
        holds=shows("flow", "field"),
        ask=Question(
            "r is applied 12 times in turn: x̃, r(x̃), r(r(x̃)), … Where do the points of this grid end?",
            (
                Option("Spread over the ring, as the data are", "Nothing draws at random here: r is a function."),
                Option("All on one thin line", "Each step goes uphill, until it is level.", right=True),
                Option("All at one point in the middle", "In the middle p_σ has a valley: the arrows lead away."),
            ),
            giveaways=("thin line, at", "all alike"),
        ),
    ),
    Step(
        name="unknown",
        title="Noise that is not there",
        view={"part": "images", "trained_on": "masking", "kind": "masking", "level": 0.0},
        say=only_its_noise,
        controls=("level",),
        holds=is_lost,
        ask=Question(
            "This r was trained on half-masked digits. Now it gets whole ones, with no pixel masked. Its error is …",
            (
                Option("Larger than on half-masked ones", "It was never given a whole digit.", right=True),
                Option("Smaller: nothing is missing any more", "r does not know that nothing is missing."),
                Option("0: it can copy the digit", "A code of 32 numbers copies no digit exactly."),
            ),
            start={"level": HALF},
            giveaways=("0.025", "adds ink"),
        ),
    ),
)
GOALS = (
    Goal(
        "In **Images**, find a noise that r makes worse: x̂ is farther from x than x̃ is.",
        lambda values: (
            shows("images", "models")(values) and values["level"] > 0 and (both := images.errors(values))[1] > both[0]
        ),
        "Try little of it.",
    ),
    Goal(
        "In **What could become x̃**, find an x̃ and a σ whose r(x̃) is less than 0.6 from the middle.",
        lambda values: shows("mean", "field")(values) and mean.distance(values) < 0.6,
        "With much noise x̃ says little.",
    ),
)
