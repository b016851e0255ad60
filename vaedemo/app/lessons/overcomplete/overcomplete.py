"""Under-complete, over-complete, sparse: codes as wide as the image or wider, and what prevents a plain copy."""

from vaedemo.analysis import hidden_units
from vaedemo.app.lessons.overcomplete import form, net, noise, sizes, units
from vaedemo.app.lessons.overcomplete.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.networks import UnitColumnLinear
from vaedemo.rules import one_of

PARTS = {"sizes": "Against d", "units": "Units", "noise": "Noise", "net": "Drawing"}
EXHIBITS = {"sizes": sizes, "units": units, "noise": noise, "net": net}
OF_PART = {
    "sizes": ("measure",),
    "units": ("kind", "side", "order", "image"),
    "noise": ("digit", "noise", "anew"),
    "net": (),
}


def picture(view: StepView) -> None:
    EXHIBITS[view["part"]].picture(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the part; those of the drawing's nets are the units'."""
    return (units if view["part"] == "net" else EXHIBITS[view["part"]]).work(view)


LESSON = SteppedLesson(
    name="overcomplete",
    question="What does an autoencoder learn when nothing in it is narrower than the image?",
    parameters=(
        Parameter("part", "sizes", one_of(*PARTS)),
        *sizes.PARAMETERS,
        *units.PARAMETERS,
        *noise.PARAMETERS,
        *form.PARAMETERS,
    ),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "nets": form.choose,
        "own": form.fields,
        "measure": sizes.choose_measure,
        **units.CONTROLS,
        "digit": noise.choose_digit,
        "noise": noise.choose_noise,
        "anew": noise.draw_anew,
    },
    explored=lambda values: (
        "part",
        *(["nets"] if values["part"] != "net" else []),
        *(["own"] if values["source"] == "own" and values["part"] != "net" else []),
        *OF_PART[values["part"]],
    ),
    picture=picture,
    work=work,
    goals=GOALS,
    explained=(
        Autoencoder,
        UnitColumnLinear,
        hidden_units.encoder_features,
        hidden_units.decoder_features,
        hidden_units.noise_passed,
        hidden_units.error_on,
    ),
    references=(
        "A. Ng, *Sparse autoencoder*, CS294A lecture notes, 2011, "
        "[web.stanford.edu](https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf).",
        "J. T. Rolfe, Y. LeCun, *Discriminative Recurrent Sparse Auto-Encoders*, ICLR 2013, "
        "[arXiv 1301.3775](https://arxiv.org/abs/1301.3775).",
        "B. A. Olshausen, D. J. Field, *Emergence of simple-cell receptive field properties by learning a sparse code "
        "for natural images*, Nature 381, 1996.",
        "I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, 2016, section 14.2, "
        "[deeplearningbook.org](https://www.deeplearningbook.org/contents/autoencoders.html).",
    ),
)

stepped.lesson_page(LESSON)
