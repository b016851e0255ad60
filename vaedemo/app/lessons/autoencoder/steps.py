"""The steps of the lesson on encoder, code and decoder (slides 4, 6 and 9)."""

from vaedemo.analysis import activations
from vaedemo.app import catalogue
from vaedemo.app.lessons.autoencoder import curve, facts, form, layers
from vaedemo.app.shared.formula import under
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values
from vaedemo.models.networks import count_parameters
from vaedemo.training import shipped_runs

THREES, FIVES, TROUSERS = 3043, 4, 2  # the first image of each picture
FEW, SOME, MANY = 2, 8, 64
COUNTED = ("None", "One", "Two", "All three")
LOW = 100.0  # nats per image, of the goals


def is_shipped(values: Values) -> bool:
    """Whether the nets are those of dense layers that the sentences speak of."""
    return values["source"] == "shipped" and values["network"] == "mlp"


def handwriting(values: Values) -> str:
    few, some = (facts.found_again(facts.run(size)) for size in (FEW, SOME))
    return (
        "**Eight numbers keep most of a handwriting.** For "
        f"**{some:.0%}** of the digits x̂ is nearest to its own x, among {facts.AMONG} of the same class. "
        f"After two numbers it is **{few:.0%}**: they leave a typical digit at best."
    )


def classes(values: Values) -> str:
    few, some = (facts.class_kept(facts.run(size)) for size in (FEW, SOME))
    label = int(catalogue.images(form.TRAINED_ON)[0].y[form.image_of(values)])
    right = COUNTED[facts.still_right(values, FEW)]
    return (
        f"After two numbers a classifier takes **{few:.0%}** of the copies for the right digit, after eight "
        f"**{some:.0%}**. {right} of these {label}s is still a {label}. The loss compares pixels; nothing in it "
        "asks for the class."
    )


def fall(values: Values) -> str:
    found = facts.losses({size: facts.run(size) for size in shipped_runs.CODE_SIZES["ae"]})
    (_, _, first), (_, _, rest) = curve.falls(found, SOME)
    return (
        f"From 1 to 8 numbers the loss falls by **{first:.0f} nats**. The next {MANY - SOME} numbers save only "
        f"**{rest:.0f}**. After eight, slant and thickness are already right; what is left are details."
    )


def shape(values: Values) -> str:
    """The layers in one line, with the size of each below it."""
    model, images = facts.run(values["size"]).model, catalogue.images(form.TRAINED_ON)[0]
    x, *hidden, output = activations.layers(model, images.x[:1])
    sizes = [layer.size for layer in hidden]
    numbered = iter(range(1, len(hidden)))
    names = ["z" if layer.part == "code" else f"h_{next(numbered)}" for layer in hidden]
    inner = " \\to ".join(under(name, size, 0) for name, size in zip(names, sizes, strict=True))
    first, last = under("x", x.size, 0), under("\\hat x", output.size, 0)
    return f"$${first} \\to {inner} \\to {last}$$"


def in_the_weights(values: Values) -> str:
    weights = count_parameters(facts.run(values["size"]).model)
    return (
        f"Both nets together have about **{weights / 1000:.0f},000 weights**, the same for every digit. They know "
        f"what digits have in common. About this digit the decoder reads **{values['size']} numbers** and nothing "
        f"else.\n\n{shape(values)}"
    )


def garments(values: Values) -> str:
    digits, clothes = (facts.error(facts.run(MANY), name) for name in (form.TRAINED_ON, "fashion"))
    return (
        f"Through 64 numbers the error of x̂ is **{digits:.0%}** for digits and **{clothes:.0%}** for garments, as "
        "much as through one number. The weights know strokes of digits. The code is short for such images only."
    )


STEPS = (
    Step(
        name="answer",
        title="Eight numbers",
        view={"part": "copies", "image": THREES},
        say=handwriting,
        controls=("another",),
        holds=lambda values: is_shipped(values) and values["part"] == "copies" and values["given"] == "own",
        ask=Question(
            "An image of 784 pixels must pass through 8 numbers. What comes back?",
            (
                Option("A typical digit of its class", "Fewer numbers leave that. Eight have room for more."),
                Option(
                    "Nearly this handwriting", "Slant and thickness come through, and most of the form.", right=True
                ),
                Option("A mosaic of a few large squares", "The numbers hold no pixels: the decoder knows digits."),
            ),
            giveaways=("nearest to its own",),
        ),
        slides=(4,),
        notes="Three digits of one class. Compare the rows: with 2 numbers the copies look alike, with 8 they do not. "
        "Another digit shows other classes.",
    ),
    Step(
        name="class",
        title="Another class comes back",
        view={"part": "copies", "image": FIVES},
        say=classes,
        controls=("another",),
        holds=lambda values: is_shipped(values) and values["part"] == "copies" and values["given"] == "own",
        ask=Question(
            "The code shrinks from 8 numbers to 2. How many copies still show the right class?",
            (
                Option("One in ten, as by chance", "Even two numbers tell a 0 from a 1."),
                Option("Nearly all: the class is lost last", "Training asks for equal pixels, not for the class."),
                Option("A little more than half", "Several classes share a place of the plane.", right=True),
            ),
            giveaways=("a classifier takes",),
        ),
        slides=(6,),
        notes="The classifier was trained on x and is right for 98 % of the digits. "
        "A 5 that comes back as a 9 is a low loss and a wrong digit.",
    ),
    Step(
        name="curve",
        title="More numbers",
        view={"part": "curve"},
        say=fall,
        holds=lambda values: is_shipped(values) and values["part"] == "curve",
        ask=Question(
            "The code grows from 1 number to 64. Which step lowers the loss most?",
            (
                Option("From 1 to 8", "Seven numbers more, and each saves about ten nats.", right=True),
                Option("From 8 to 64: 56 numbers more", "Many more numbers, but each saves less than a nat."),
                Option("Both the same: it falls evenly", "An even fall would give each number the same share."),
            ),
            giveaways=("save only",),
        ),
        slides=(6,),
        notes="The dotted line is x̂ = x: grey pixels have an entropy of their own. "
        "These nets have 80 hidden units and 8 epochs; both also keep the curve above the line.",
    ),
    Step(
        name="layers",
        title="Layer by layer",
        view={"part": "layers", "image": THREES},
        say=in_the_weights,
        controls=("size",),
        holds=lambda values: is_shipped(values) and values["part"] == "layers" and values["given"] == "own",
        ask=Question(
            "z has 8 numbers, x̂ has 784 pixels. Where does the decoder take the rest from?",
            (
                Option("From z: each number holds 98 pixels", "A number of z moves all pixels at once, a little."),
                Option("From its weights", "Training wrote into them what digits look like.", right=True),
                Option("From the encoder's layers, which it also reads", "No line goes around z in the diagram."),
            ),
            giveaways=("the same for every digit",),
        ),
        slides=(9,),
        notes="Each square is one number. Between two layers stands how many weights lead from one to the next. "
        "Move the slider: only z and the weights next to it change their size.",
    ),
    Step(
        name="garments",
        title="Not a digit",
        view={"part": "copies", "given": "fashion", "image": TROUSERS},
        say=garments,
        controls=("another",),
        holds=lambda values: is_shipped(values) and values["part"] == "copies" and values["given"] == "fashion",
        ask=Question(
            "These nets were trained on digits. Now x is a pair of trousers. What comes back through 64 numbers?",
            (
                Option("Pieces of strokes", "The decoder can only draw what digits are made of.", right=True),
                Option("The trousers, a little blurred", "Enough numbers alone are no help: the weights count too."),
                Option("The most similar digit, clean and sharp", "Nothing asks the decoder for a whole digit."),
            ),
            giveaways=("for garments",),
        ),
    ),
)
GOALS = (
    Goal(
        f"Find the smallest code with a mean loss below {LOW:.0f} nats.",
        lambda values: is_shipped(values) and values["part"] == "layers" and values["size"] == smallest_below(LOW),
        "See the curve, then set the size in the layers.",
    ),
    Goal(
        "Find an image with a loss below 60 nats at 8 numbers.",
        lambda values: is_shipped(values) and values["size"] == SOME and loss_of_image(values) < 60,
        "Which digit has the fewest pixels?",
    ),
)


def smallest_below(loss: float) -> int:
    found = facts.losses({size: facts.run(size) for size in shipped_runs.CODE_SIZES["ae"]})
    return min(size for size, each in found.items() if each < loss)


def loss_of_image(values: Values) -> float:
    """The loss of a view's image at a view's size."""
    return layers.see(facts.run(values["size"]), form.data_of(values), form.image_of(values)).loss
