"""Exhibit: PCA, a linear and a deep autoencoder with the same k: errors against k, and one image through each."""

from string import Template

import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.pca import curve, data, form
from vaedemo.app.lessons.pca.growing import as_grey
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.figures.signed import signed_pixels
from vaedemo.rules import whole

CHOICES = 20
ACROSS = 6  # digits of a step
PARAMETERS = (Parameter("shown", 0, whole(0, CHOICES - 1)),)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import reduction
from vaedemo.models import pca

train = vd.datasets.load("$dataset", "train").as_data().flatten(1)
x = vd.datasets.first_view("$dataset")[0].as_data()
$runs
errors = [reduction.pca_errors(pca.fit(train, $k), x)[$k].item()]
errors += [reduction.pixel_error(run.model.reconstruct(x), x) for run in (linear, deep)]
for name, error in zip(("PCA", "Linear autoencoder", "Deep autoencoder"), errors):
    print(f"{name}: {error:.5f}")
print(f"Linear over PCA: {errors[1] / errors[0]:.4f}")
print(f"Deep over PCA: {errors[2] / errors[0]:.4f}")
""")


def picture(view: StepView) -> None:
    """In a step digits and their reconstructions; in Explore the errors over k, and one image through each model."""
    found = form.find(view)
    if found is None:
        return
    pair = found.pairs[form.size(view)]
    if view["step"] != EXPLORE:
        rows(view, found, pair)
        return
    curve.errors(view, found, pair, tall=300)
    through_each(view, found, pair, offered(found)[shown(view, found)])
    deep = pair.deep.config
    st.caption(
        f"Errors: means over {found.sentence} Linear: one matrix to k numbers, one back, {epochs(pair.linear)}. "
        f"Deep: {deep.hidden[0]} ReLU units on either side, {epochs(pair.deep)}. Squared error, Adam."
    )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The errors of the three at the view's k; none before the models are trained."""
    found, k = form.finished(view), form.size(view)
    script = SCRIPT.substitute(dataset=form.dataset_of(view), k=k, runs=form.code_of_runs(view))
    if found is None:
        return {}, script
    pair, error = found.pairs[k], float(found.errors[k])
    figures = {
        "PCA": f"{error:.5f}",
        "Linear autoencoder": f"{pair.linear_error:.5f}",
        "Deep autoencoder": f"{pair.deep_error:.5f}",
        "Linear over PCA": f"{pair.linear_error / error:.4f}",
        "Deep over PCA": f"{pair.deep_error / error:.4f}",
    }
    return figures, script


def offered(found: data.Reductions) -> list[int]:
    """Rows of the images to choose from."""
    return data.examples_of_each_class(found.labels, CHOICES // 10)


def shown(values: Values, found: data.Reductions) -> int:
    """The place of a view's image among those offered; other data may offer fewer."""
    return min(values["shown"], len(offered(found)) - 1)


def choose_image(view: StepView) -> None:
    """The images to choose from; nothing before the models are trained."""
    found = form.finished(view)
    if found is None:
        return
    image_grid(
        found.x[offered(found)].numpy(),
        5,
        key=view.key("shown_choice"),
        label="Test images to choose from",
        selected=shown(view, found),
        scale_hint=2,
        on_click=lambda index: view.__setitem__("shown", index),
    )


def rows(view: StepView, found: data.Reductions, pair: data.Pair) -> None:
    """A few digits, and below them what PCA and the deep autoencoder make of them; not the latter while it is asked."""
    x = found.x[offered(found)[::2][:ACROSS]]
    by_pca = found.axes(pair.k).reconstruct(x.flatten(1)).reshape(x.shape)
    drawn = {
        "**x**, digits that neither was fitted to": x,
        f"**PCA**, {pair.k} numbers for each: error {found.errors[pair.k]:.4f} per pixel": by_pca,
    }
    if not view.is_open:
        title = f"**Deep autoencoder**, {pair.k} numbers for each: error {pair.deep_error:.4f}"
        drawn[title] = pair.deep.model.reconstruct(x)
    for number, (title, images) in enumerate(drawn.items()):
        st.markdown(title)
        image_grid(
            images.numpy(),
            ACROSS,
            key=view.key(f"row{number}"),
            label=title.replace("*", ""),
            scale_hint=5,
            clickable=False,
        )


def epochs(run) -> str:
    return f"{run.config.epochs} epoch" + "s" * (run.config.epochs != 1)


def through_each(view: StepView, found: data.Reductions, pair: data.Pair, row: int) -> None:
    """One image, its reconstruction by each model with k numbers, and the residuals."""
    x = found.x[row][None]
    by_pca = found.axes(pair.k).reconstruct(x.flatten(1)).reshape(x.shape)
    pictures = {"PCA": by_pca, "linear": pair.linear.model.reconstruct(x), "deep": pair.deep.model.reconstruct(x)}
    grey = [as_grey(each[0, 0]) for each in (x, *pictures.values())]
    left_over = [signed_pixels((x - picture)[0, 0].numpy(), 1.0) for picture in pictures.values()]
    nothing = signed_pixels((x - x)[0, 0].numpy(), 1.0)
    costs = [f"{(x - picture).square().mean().item():.4f}" for picture in pictures.values()]
    image_grid(
        [*grey, nothing, *left_over],
        4,
        key=view.key("through"),
        label=f"An image, its reconstructions from {pair.k} numbers, and what each leaves out",
        captions=["the image", *pictures, "x − x̂", *costs],
        scale_hint=4.5,
        clickable=False,
    )


CONTROLS = {"shown": choose_image}
