"""Exhibit: two sets of points with one p(y|x) and two p(x), a classifier and a VAE of each."""

from string import Template

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.lessons.discriminative.form import KINDS
from vaedemo.app.lessons.discriminative.planes import DRAWN, SETS, at_place, data_differ, drawn, errors
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.trainings import panel
from vaedemo.config import RunConfig
from vaedemo.datasets.same_posterior import SQUARE
from vaedemo.rules import one_of, real, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SOURCES = {"shipped": "Shipped", "own": "Your own"}
MOST_EPOCHS = most_epochs(200)
PARAMETERS = (
    Parameter("points", "shipped", one_of(*SOURCES)),
    Parameter("x1", 0.5, real(-2.2, 2.2)),
    Parameter("x2", 0.2, real(-2.2, 2.2)),
    Parameter("draw", 0, whole(0, 9999)),
    Parameter("width", 32, whole(1, 256)),
    Parameter("epochs", min(30, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("seed", 1, whole(0, 2**32 - 1)),
    Parameter("train", 0, whole(0, 1)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis.histograms import total_variation
from vaedemo.datasets.same_posterior import posterior

classifiers = [vd.load(name).model for name in $classifiers]
vaes = [vd.load(name).model for name in $vaes]
data = [vd.datasets.load(name, split="test").x for name in ("crowds", "fringes")]

place = torch.tensor([[$x1, $x2]])
for name, model in zip(("crowds", "fringes"), classifiers):
    print(f"p(y = 1|x), {name}: {model.probabilities(place)[0, 1].item():.3f}")
print(f"p(y = 1|x), exact: {posterior(place).item():.3f}")

x = torch.cat(data)
p = [model.probabilities(x)[:, 1] for model in classifiers]
print(f"They differ by: {(p[0] - p[1]).abs().mean().item():.3f}")
errors = [(each - posterior(x)).abs().mean().item() for each in p]
print("Mean error of each: {:.3f}, {:.3f}".format(*errors))

samples = []
for vae in vaes:
    generator = torch.Generator().manual_seed($draw)
    samples.append(vae.decode(torch.randn($drawn, vae.latent_dim, generator=generator)).sample(generator))
print(f"Data differ by: {total_variation(*data, half_side=$square):.3f}")
print(f"Samples differ by: {total_variation(*samples, half_side=$square):.3f}")
""")


def configs_of(values: dict) -> tuple[list[RunConfig], list[RunConfig]]:
    """The configs of the classifiers and the VAEs with the link's settings, one per set."""
    own = {"hidden": (values["width"],) * 2, "epochs": values["epochs"], "seed": values["seed"]}
    bases = (shipped_runs.POINT_CLASSIFIER, shipped_runs.POINT_VAE)
    classifiers, vaes = ([base.replace(dataset=name, **own) for name in SETS] for base in bases)
    return classifiers, vaes


def find(view: frame.View) -> tuple[list[Run], list[Run]] | None:
    """The two classifiers and the two VAEs shown, or None while they are not trained."""
    if view["points"] == "shipped":
        return tuple([catalogue.run(f"{name}-{kind}") for name in SETS] for kind in ("classifier", "vae"))
    changed = {"on_change": drop_train_flag, "args": (view,)}
    first, second, third = st.columns(3, gap="medium")
    first.number_input("Units in each of two layers", 1, 256, key=view.key("width"), **changed)
    second.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    third.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    classifiers, vaes = configs_of(view.values())
    found = panel.trained(
        view,
        [*classifiers, *vaes],
        name=lambda config: f"{KINDS[config.model]}, {SETS[config.dataset].lower()}",
        heading="model",
        button="Train all four",
    )
    return None if found is None else (found[: len(classifiers)], found[len(classifiers) :])


def drop_train_flag(view: frame.View) -> None:
    view["train"] = 0


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view, empty while its models are not trained."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        widgets.choose(view, "points", SOURCES, "Models")
    found = find(view)
    if found is None:
        return ""
    classifiers, vaes = found
    place = (view["x1"], view["x2"])
    clouds, samples_differ = drawn(tuple(run.digest for run in vaes), vaes, view["draw"])
    digests = tuple(run.digest for run in classifiers)
    at = at_place(digests, classifiers, place)
    pictures(view, at.pictures, clouds)
    difference, *own = errors(digests, classifiers)
    values = {f"p(y = 1|x), {name}": probability for name, probability in at.probabilities.items()}
    values |= {"p(y = 1|x), exact": at.exact, "They differ by": f"{difference:.3f}"}
    values["Mean error of each"] = "{:.3f}, {:.3f}".format(*own)
    values["Data differ by"] = f"{data_differ():.3f}"
    values["Samples differ by"] = f"{samples_differ:.3f}"
    frame.numbers(
        values,
        {
            "They differ by": "Mean |p_crowds − p_fringes| over the test points of both sets.",
            "Mean error of each": "Crowds, fringes: mean distance from the exact p(y = 1|x) over those points.",
            "Samples differ by": f"Half the difference of histograms with 8 × 8 cells, {DRAWN:,} draws of each VAE: "
            "0 is alike, 1 is nowhere the same.",
        },
    )
    st.caption(
        "Gold is class 1, blue class 0. Dashed: where both are exactly as likely; thin: where the classifier has them "
        "so. Both sets are generated, x first, then y from the one exact p(y|x). Each classifier and each VAE saw "
        "the 4,000 training points of its own set only."
    )
    return SCRIPT.substitute(
        classifiers=[named(run, name, "classifier", view) for name, run in zip(SETS, classifiers, strict=True)],
        vaes=[named(run, name, "vae", view) for name, run in zip(SETS, vaes, strict=True)],
        x1=place[0],
        x2=place[1],
        draw=view["draw"],
        drawn=DRAWN,
        square=SQUARE,
    )


def named(run: Run, name: str, kind: str, view: frame.View) -> str:
    return f"{name}-{kind}" if view["points"] == "shipped" else run.digest


def pictures(view: frame.View, planes: dict[str, Sketch], clouds: list[Sketch]) -> None:
    """p(y = 1|x) by each classifier and exactly; below, the samples of each VAE, and the classifiers' difference."""

    def move(x1: float, x2: float) -> None:
        view["x1"], view["x2"] = (round(min(max(number, -2.2), 2.2), 2) for number in (x1, x2))

    columns = st.columns(3, gap="medium")
    for column, name in zip(columns, ("crowds", "exact", "fringes"), strict=True):
        title = name.capitalize()
        with column:
            st.markdown(f"**{title}**: p(y = 1|x)" if name == "exact" else f"**{title}**: a classifier's p(y = 1|x)")
            sketch(
                planes[name],
                key=view.key(f"posterior.{title}"),
                label=f"Probability of class 1 over the plane, {name}; the dashed curve is where it is ½",
                height=300,
                on_moved=move,
            )
    for column, title, cloud in ((columns[0], "Crowds", clouds[0]), (columns[2], "Fringes", clouds[1])):
        with column:
            st.markdown(f"**{title}**: samples of a VAE")
            sketch(
                cloud,
                key=view.key(f"samples.{title}"),
                label=f"Points drawn from the VAE of the set {title.lower()}",
                height=300,
            )
    with columns[1]:
        st.markdown("**Where the classifiers differ**: full grey at 0.25")
        sketch(
            planes["difference"],
            key=view.key("difference"),
            label="Absolute difference of the two classifiers over the plane",
            height=300,
        )
    first, second, third = st.columns(3, gap="medium")
    first.slider("x₁", -2.2, 2.2, step=0.01, key=view.key("x1"), help="Or drag the red point in a picture above.")
    second.slider("x₂", -2.2, 2.2, step=0.01, key=view.key("x2"))
    third.number_input("Seed of the samples", 0, 9999, key=view.key("draw"))
