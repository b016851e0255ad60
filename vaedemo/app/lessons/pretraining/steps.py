"""The steps of the lesson on pre-training (slide 7). Each number is measured with five seeds; the tests say how."""

from vaedemo.app.lessons.pretraining import gains
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values
from vaedemo.training import label_curve

FEW, MANY = label_curve.FEW_LABELS[0], label_curve.FEW_LABELS[-1]


def points(value: float) -> str:
    """A difference with its sign, a true minus."""
    return f"{value:+.1f}".replace("-", "−")


def cut(values: Values) -> str:
    few, many = (gains.gain("20", "frozen", labels).mean for labels in (FEW, MANY))
    return (
        "**A frozen encoder helps while labels are few.** Cut the decoder off, freeze the encoder, train a softmax on "
        f"its codes. With {FEW} labels that is **{few:.1f} points** better than the same net from scratch, "
        f"with {MANY:,} labels {points(many)}: no gain."
    )


def pixels(values: Values) -> str:
    own, encoder = (gains.gain("20", method, FEW).mean for method in ("pixels", "frozen"))
    return (
        f"On raw pixels the same softmax is **{points(own)} points** from scratch, on the codes {points(encoder)}. "
        "So it is the encoder that helps, not the simple classifier."
    )


def tuned(values: Values) -> str:
    few, many = (gains.gain("20", "finetuned", labels).mean for labels in (FEW, MANY))
    return (
        f"With {FEW} labels fine-tuning loses what the frozen encoder gained: **{points(few)} points**. "
        f"With {MANY:,} labels it is the better use of the encoder: {points(many)}. "
        "Few labels: train the softmax alone. Many: train all."
    )


def another(values: Values) -> str:
    mean, error = gains.gain("32", "frozen", FEW)
    return (
        f"This encoder with 32 axes gains {points(mean)} ± {error:.1f} points with {FEW} labels: **no clear gain**. "
        "Both were trained to copy. Copying does not ask for codes that a softmax can separate: "
        "measure it each time, with several seeds."
    )


EXHIBIT = {"part": "gains"}
STEPS = (
    Step(
        name="answer",
        title="The cut",
        view=EXHIBIT,
        say=cut,
        ask=Question(
            "An encoder learned from 55,000 digits without labels. It is frozen, and a softmax is trained on its "
            "codes. When does that beat the same net from scratch?",
            (
                Option("When labels are few", "The encoder knows digits already, the net from scratch nothing.", True),
                Option("When labels are many", "Then the net from scratch learns an encoder of its own."),
                Option("Always, by about as much", "The more labels, the less the free images can add."),
            ),
            giveaways=("no gain",),
        ),
        slides=(7,),
        notes="The slide's cut: the decoder is thrown away. Points of accuracy on 1,000 test digits; "
        "bars are 95 % intervals over five choices of the labels.",
    ),
    Step(
        name="pixels",
        title="Or is it the softmax?",
        view=EXHIBIT | {"use": "pixels"},
        say=pixels,
        ask=Question(
            "Perhaps it is only the simple classifier. Train the same softmax on the raw pixels, without an encoder, "
            "with 20 labels. What does it gain?",
            (
                Option("About as much as on the codes", "Then any simple classifier would do. It does not."),
                Option("Even more: pixels have all of x", "They have it in a form that a softmax cannot use well."),
                Option("Less than on the codes", "The codes put digits of a class close together.", True),
            ),
            start={"use": "frozen"},
            giveaways=("On raw pixels the",),
        ),
    ),
    Step(
        name="tuned",
        title="Train the encoder too",
        view=EXHIBIT | {"use": "finetuned"},
        say=tuned,
        ask=Question(
            "Now the encoder is trained further, with the softmax, on the same 20 labels. What is its gain?",
            (
                Option("Larger: it adapts to the task", "It adapts to 20 images, and there are ten classes."),
                Option("Gone: worse than from scratch", "1,000 steps on 20 images changed all of its weights.", True),
                Option("The same as frozen: 20 labels change nothing", "The labels are few. The steps are not: 1,000."),
            ),
            start={"use": "frozen"},
            giveaways=("fine-tuning loses",),
        ),
        slides=(7,),
        notes="Frozen: circles. Fine-tuned: diamonds. At 1,000 labels they change places.",
    ),
    Step(
        name="another",
        title="Another encoder",
        view=EXHIBIT | {"code": "32"},
        say=another,
        ask=Question(
            "Another autoencoder has 32 axes, so its copies are closer to x. Frozen, with 20 labels: what is its gain?",
            (
                Option("Larger: it keeps more of x", "More of x is not more about the class."),
                Option("Not clear: the interval has 0 in it", "Its goal was to copy, not to separate.", True),
                Option("As large: the net hardly matters", "The encoder is all that was gained."),
            ),
            start={"code": "20"},
            giveaways=("no clear gain",),
        ),
    ),
)


def means(labels: int) -> dict[str, float]:
    """Mean accuracy of each method at a number of labels, from the shipped curves."""
    return {method: spread.mean for method, spread in label_curve.summary(label_curve.read(), labels).items()}


def pixels_win(labels: int) -> bool:
    """Whether the classifier on raw pixels is better than the fine-tuned net."""
    return means(labels)["pixels"] > means(labels)["finetuned"]


def first_ahead() -> int:
    """The fewest labels with which the fine-tuned net is ahead of the one from scratch."""
    return next(n for n in label_curve.LABELS if means(n)["finetuned"] > means(n)["scratch"])


def shows_curves(values: Values) -> bool:
    return (values["part"], values["source"]) == ("curves", "shipped")


GOALS = (
    Goal(
        "In **Five ways**, find the fewest labels with which the fine-tuned net is ahead of the one from scratch.",
        lambda values: shows_curves(values) and values["labels"] == first_ahead(),
        "Move the slider: the sentence says who is ahead.",
    ),
    Goal(
        "In **Five ways**, find the number of labels with which raw pixels beat the fine-tuned net.",
        lambda values: (
            shows_curves(values) and means(values["labels"])["pixels"] > means(values["labels"])["finetuned"]
        ),
        "It is a small number.",
    ),
)
