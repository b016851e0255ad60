"""Home: the whole idea at once, one dart at the latent plane; below, the map of the lecture."""

import streamlit as st

from vaedemo.app.lessons.home import dart, parts
from vaedemo.app.lessons.home.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell import lecture, stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.models.vae import VAE, reparameterize
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.rules import one_of, whole

LESSON = SteppedLesson(
    name="home",
    question="How can a network that only copies images learn to draw new ones?",
    parameters=(
        Parameter("part", "cloud", one_of(*parts.TITLES)),
        Parameter("image", 42, whole(0, 4999)),
        Parameter("noise", 0, whole(0, 99_999)),
        dart.PARAMETER,
        own_digit.PARAMETER,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", parts.TITLES, "Exhibit")} | parts.CONTROLS,
    explored=lambda values: ("part", *parts.OF_PART[values["part"]]),
    picture=parts.picture,
    work=parts.work,
    goals=GOALS,
    explained=(VAE, reparameterize, kl_standard_normal),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "D. J. Rezende, S. Mohamed, D. Wierstra, *Stochastic Backpropagation and Approximate Inference in Deep "
        "Generative Models*, 2014, [arXiv 1401.4082](https://arxiv.org/abs/1401.4082).",
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, [arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "University of Georgia, *Deep Learning & Engineering Applications*, lecture 12.",
    ),
)


def map_of_the_lecture(present: bool) -> None:
    """The lessons, and the slides; the slides once their part is open, because that imports the steps of all
    lessons."""
    st.header("The map of the lecture", anchor="map")
    lecture.draw_map()
    title = "Slide by slide: the slide's own symbols, and the steps that show it"
    part = st.expander(title, icon=":material/list:", key="home.slides", on_change="rerun")
    if part.open:
        with part:
            lecture.draw_index(present)


view = stepped.lesson_page(LESSON)
# On the stage a step fills the window; its Explore has the index of the slides for a lecturer who jumps.
if not (view["only"] or view["handout"]) and (not view["present"] or view["step"] == EXPLORE):
    with st.container(key="map"):
        map_of_the_lecture(bool(view["present"]))
