"""The steps of the lesson on PCA (slide 8). The tests measure what each sentence claims."""

from vaedemo.app.lessons.pca import curve, form, growing, one_image, planes
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

EIGHT = 16  # the place of an 8 with 20 terms
K = 8  # numbers in the code: of the shipped sizes the one where the deep autoencoder leads by most
ALMOST_ALL = 0.95


def percent(share: float) -> str:
    """0.97 as 97 %, on one line."""
    return f"{100 * share:.0f}\u00a0%"


def few_terms(values: Values) -> str:
    found, _ = one_image.of(values)
    sizes = [under(f"s_{number}", found.values[number - 1].item(), 1) for number in (1, 2, growing.FEW)]
    first, second, last = (
        f"{size}\\,u_{number}v_{number}^\\top" for size, number in zip(sizes, (1, 2, 5), strict=True)
    )
    return (
        f"A few terms carry most of this image: the first 5 hold **{percent(growing.few(values))}** of its squared "
        "norm. "
        f"Each term is one column times one row. The other {found.rank - growing.FEW} add fine detail."
        f"\n\n$$\\begin{{aligned}}U_5U_5^\\top x &= {first} \\\\ &+ {second} \\\\ &+ \\dots + {last}\\end{{aligned}}$$"
    )


def deep_is_nearer(values: Values) -> str:
    lead, k = lead_at(form.size(values)), form.size(values)
    return (
        f"With {k} numbers for each digit the deep autoencoder's error is **{percent(lead)}** below PCA's. "
        "PCA decodes onto a flat plane. The deep decoder's surface is bent, so it can follow the data."
    )


def more_axes(values: Values) -> str:
    found, k = form.shipped(), form.size(values)
    largest = max(found.pairs)
    return (
        f"PCA needs **{curve.axes_for(found, found.pairs[k].deep_error)} numbers** for the error that the deep "
        f"autoencoder reaches with {k}. With more numbers the lead shrinks: at k\u00a0=\u00a0{largest} it is "
        f"{percent(lead_at(largest))}."
    )


def same_plane(values: Values) -> str:
    angles, nearest = planes.of_shipped(form.size(values))
    return (
        f"The columns are not PCA's axes: the nearest axis is **{nearest.mean():.0f}°** away, on average. "
        f"But they span the same plane, within {angles[-1]:.1f}°: recombined, they are the axes. "
        "Any invertible A gives the same x̂:\n\n$$\\hat x = WV\\,x = (WA)(A^{-1}V)\\,x$$"
    )


def shuffled(values: Values) -> str:
    return (
        f"Shuffled, the first 5 terms hold **{percent(growing.few(values, 'shuffled'))}**; in place they held "
        f"{percent(growing.few(values, 'kept'))}. The rows of an image are alike, so a few terms suffice. "
        "Shuffling makes the rows unlike."
    )


def lead_at(k: int) -> float:
    """By which share the shipped deep autoencoder's error lies below PCA's with as many numbers."""
    found = form.shipped()
    return 1 - found.pairs[k].deep_error / float(found.errors[k])


def shows(part: str, pixels: str = "kept"):
    """Whether a view shows this exhibit with shipped models."""
    return lambda values: (values["part"], values["source"], values["pixels"]) == (part, "shipped", pixels)


STEPS = (
    Step(
        name="sum",
        title="A growing sum",
        view={"part": "sum", "image": EIGHT},
        say=few_terms,
        holds=shows("sum"),
        ask=Question(
            "This image is a sum of 20 terms, each one column times one row. How much of it do the first 5 hold?",
            (
                Option("A quarter of it: 5 of 20", "The terms are sorted: the first are by far the largest."),
                Option(
                    "The first five columns of its pixels", "Each term covers the whole image: a column times a row."
                ),
                Option("Almost all of it", "The terms are sorted, the largest first.", right=True),
            ),
            giveaways=("add fine detail", "97\u00a0%"),
        ),
        slides=(8,),
        notes="On the slide x is the whole image, a matrix; its columns are projected onto the first k columns of U. "
        "k terms need 57 k numbers of the 784: this is not PCA with k numbers for an image. That is the next step.",
    ),
    Step(
        name="deep",
        title="PCA and a deep autoencoder",
        view={"part": "equal", "k": K},
        say=deep_is_nearer,
        controls=("k",),
        holds=shows("equal"),
        ask=Question(
            "PCA of 4,000 digits gives each digit 8 numbers. A deep autoencoder gets 8 as well. "
            "Whose copies of new digits are nearer?",
            (
                Option("The deep one's", "PCA is the best of the linear ones alone.", right=True),
                Option(
                    "PCA's: no projection is better", "True of all linear autoencoders. The deep one is not linear."
                ),
                Option(
                    "Neither's: 8 numbers are 8 numbers", "The decoder matters too: what it makes of the 8 numbers."
                ),
            ),
            giveaways=("surface is bent", "31\u00a0%"),
        ),
        slides=(8,),
        notes="Now each digit is one point with 784 coordinates, and U has columns of 784 pixels. "
        "Same data, same k, squared error for both. Try the other k: the deep one leads at each.",
    ),
    Step(
        name="curve",
        title="How many axes more?",
        view={"part": "curve", "k": K},
        say=more_axes,
        holds=shows("curve"),
        ask=Question(
            "The dashed line is the deep autoencoder's error with 8 numbers. How many axes does PCA need for it?",
            (
                Option("9 or 10", "Each further axis saves less than the one before."),
                Option("About 18", "PCA's curve falls slowly there.", right=True),
                Option("No number is enough", "With 784 axes PCA copies every digit without error."),
            ),
            giveaways=("18 numbers", "the lead shrinks"),
        ),
    ),
    Step(
        name="plane",
        title="The linear autoencoder",
        view={"part": "planes", "k": K},
        say=same_plane,
        controls=("k",),
        holds=shows("planes"),
        ask=Question(
            "A linear autoencoder with 8 numbers is trained to the end. What are the 8 columns of its decoder?",
            (
                Option("PCA's first 8 axes, in their order", "Nothing in the loss asks for an order."),
                Option("PCA's first 8 axes, in some other order", "Nothing in the loss asks for right angles either."),
                Option("Other vectors in the plane of these axes", "The loss sees only the plane.", right=True),
            ),
            giveaways=("48°", "recombined"),
        ),
        slides=(8,),
        notes="Top: PCA's axes. Middle: what the network learned. Bottom: the columns, combined to come near the axes. "
        "PCA is a linear autoencoder with orthogonal columns in a fixed order.",
    ),
    Step(
        name="shuffled",
        title="Shuffled pixels",
        view={"part": "sum", "image": EIGHT, "pixels": "shuffled"},
        say=shuffled,
        holds=shows("sum", "shuffled"),
        ask=Question(
            "Back to one image. Its 784 pixels are put in a random order. How much do its first 5 terms hold now?",
            (
                Option("As much as before", "The pixels are the same, but a term needs rows that are alike."),
                Option("Much less, about half", "It takes more terms now.", right=True),
                Option("Hardly anything, as of noise", "The first term still holds the mean grey of rows and columns."),
            ),
            giveaways=("58\u00a0%", "rows unlike"),
        ),
    ),
)
GOALS = (
    Goal(
        "In **One image**, find a picture whose first term alone holds 95 % of it.",
        lambda values: (
            values["part"] in ("terms", "sum")
            and values["pixels"] == "kept"
            and growing.share(one_image.of(values)[0], 1) >= ALMOST_ALL
        ),
        "Clothes are plainer than digits.",
    ),
    Goal(
        "In **Error over k**, find the k where the deep autoencoder's lead is smallest.",
        lambda values: (
            (values["part"], values["source"]) == ("curve", "shipped")
            and values["k"] == min(form.shipped().pairs, key=lead_at)
        ),
        "Compare the gap with PCA's error there.",
    ),
)
