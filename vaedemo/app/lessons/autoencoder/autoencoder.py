"""Encoder, code, decoder: what comes back of an image through codes of several sizes, and how."""

from vaedemo.analysis import activations
from vaedemo.app import catalogue
from vaedemo.app.components.press_button import press_button
from vaedemo.app.lessons.autoencoder import copies, curve, form, layers
from vaedemo.app.lessons.autoencoder.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.rules import one_of

PARTS = {"layers": "Layers", "copies": "Side by side", "curve": "Curve"}
EXHIBITS = {"layers": layers, "copies": copies, "curve": curve}
NEXT = 37  # images further, of any class


def picture(view: StepView) -> None:
    EXHIBITS[view["part"]].picture(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    return (copies if view["part"] == "copies" else layers).work(view)


def another(view: StepView) -> None:
    """A button that goes on to another image."""

    def choose(presses: int) -> None:
        view["image"] = (view["image"] + NEXT * presses) % len(catalogue.images(form.data_of(view))[0])

    label = "Another garment" if view["given"] == "fashion" else "Another digit"
    press_button(label, icon=":material/shuffle:", on_press=choose, key=view.key("another"))


LESSON = SteppedLesson(
    name="autoencoder",
    question="What does a network keep of an image that must pass through a few numbers?",
    parameters=(Parameter("part", "layers", one_of(*PARTS)), *form.PARAMETERS),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "nets": form.choose,
        "own": form.fields,
        "size": form.choose_size,
        "given": lambda view: widgets.choose(view, "given", form.GIVEN, "Images"),
        "image": layers.choose_image,
        "another": another,
    },
    explored=lambda values: (
        "part",
        "nets",
        *(["own"] if values["source"] == "own" else []),
        *({"layers": ["size", "given", "image"], "copies": ["given", "image"], "curve": []}[values["part"]]),
    ),
    picture=picture,
    work=work,
    goals=GOALS,
    explained=(Autoencoder, activations.layers, self_entropy, mean_image_cross_entropy),
    references=(
        "G. E. Hinton, R. R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*, "
        "Science 313, 2006.",
        "I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, 2016, chapter 14, "
        "[deeplearningbook.org](https://www.deeplearningbook.org/contents/autoencoders.html).",
    ),
)

stepped.lesson_page(LESSON)
