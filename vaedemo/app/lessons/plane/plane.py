"""The latent plane: what each place decodes to, where images are encoded, and how often the model draws a place."""

from vaedemo.analysis import latent, portable
from vaedemo.app.lessons.plane import code, controls, explored
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane.picture import picture
from vaedemo.app.lessons.plane.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.trainings import film
from vaedemo.probability import likelihood_matrix


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the place z, and the code that prints them."""
    chosen, place = controls.chosen(view), (view["z1"], view["z2"])
    image = view["image"] if view["base"] == "image" else None
    text = own_digit.text_of(view)
    return plane_codes.figures(chosen, place, text), code.script(chosen, view["run"], place, image, text)


LESSON = SteppedLesson(
    name="plane",
    question="What does each place of the latent plane decode to, and how often is it drawn?",
    parameters=(
        *controls.PARAMETERS,
        Parameter("side", 10, controls.sides(explored.LARGEST_SIDE)),
        film.FRAME,
        own_digit.PARAMETER,
    ),
    steps=STEPS,
    controls=controls.CONTROLS,
    picture=picture,
    work=work,
    run=widgets.run_of,
    goals=GOALS,
    explained=(latent.manifold_grid, portable.Layers, portable.sheet, likelihood_matrix.log_prior),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, figure 4, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "C. Doersch, *Tutorial on variational autoencoders*, 2016, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
    ),
)

stepped.lesson_page(LESSON)
