"""Exhibit: PCA, a linear and a deep autoencoder with the same k: errors against k, and one image through each."""

from string import Template

import numpy as np
import streamlit as st
from torch import Tensor

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pca import data, form, sketches
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.figures.signed import signed_pixels
from vaedemo.rules import whole

CHOICES = 20
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


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view, empty while there are no models."""
    found = form.find(view)
    if found is None:
        return ""
    left, right = st.columns([1.15, 1], gap="large")
    with right:
        k = form.choose_size(view, found)
    pair, error = found.pairs[k], float(found.errors[k])
    with left:
        picture = sketches.errors_sketch(found.errors, list(found.pairs.values()), k)
        label = f"Error over k of PCA, linear and deep autoencoders; at {k} it is {error:.4f} for PCA"
        sketch(picture, key=view.key("errors"), label=label, height=340)
    offered = data.examples_of_each_class(found.labels, CHOICES // 10)
    with right:
        through_each(view, found, pair, offered[min(view["shown"], len(offered) - 1)])
    frame.numbers(
        {
            "PCA": f"{error:.5f}",
            "Linear autoencoder": f"{pair.linear_error:.5f}",
            "Deep autoencoder": f"{pair.deep_error:.5f}",
            "Linear over PCA": f"{pair.linear_error / error:.4f}",
            "Deep over PCA": f"{pair.deep_error / error:.4f}",
        },
        {
            "PCA": "Mean squared error per pixel on test images, nothing clamped; fitted to the training images.",
            "Linear over PCA": "On the training images it cannot be below 1; on test images only by chance.",
        },
    )
    st.markdown("**Choose another image**")
    image_grid(
        found.x[offered].numpy(),
        10,
        key=view.key("shown_choice"),
        label="Test images to choose from",
        selected=view["shown"],
        scale_hint=2,
        on_click=lambda index: view.__setitem__("shown", index),
    )
    deep = pair.deep.config
    st.caption(
        f"Errors: means over {found.sentence} Linear: one matrix to k numbers, one back, {epochs(pair.linear)}. "
        f"Deep: {deep.hidden[0]} ReLU units on either side, {epochs(pair.deep)}. Squared error, Adam."
    )
    return SCRIPT.substitute(dataset=deep.dataset, k=k, runs=form.code_of_runs(view.values(), pair))


def epochs(run) -> str:
    return f"{run.config.epochs} epoch" + "s" * (run.config.epochs != 1)


def through_each(view: frame.View, found: data.Reductions, pair: data.Pair, row: int) -> None:
    """One image, its reconstruction by each model with k numbers, and the residuals."""
    x = found.x[row][None]
    by_pca = found.axes(pair.k).reconstruct(x.flatten(1)).reshape(x.shape)
    pictures = {"PCA": by_pca, "linear": pair.linear.model.reconstruct(x), "deep": pair.deep.model.reconstruct(x)}
    grey = [as_grey(picture) for picture in (x, *pictures.values())]
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


def as_grey(picture: Tensor) -> np.ndarray:
    """One grey image (1, 1, H, W) as bytes of three channels, (3, H, W)."""
    return picture[0].expand(3, -1, -1).clamp(0, 1).mul(255).round().byte().numpy()
