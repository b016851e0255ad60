"""The first picture: images of one class, and their copies through codes of several sizes side by side."""

from string import Template

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.autoencoder import facts, form
from vaedemo.app.shell.step_view import StepView
from vaedemo.training.run import Run

SIDE_BY_SIDE = (1, 2, 8, 64)  # of the shipped sizes
COVERED, BETWEEN = 0.5, 0.25  # grey of a copy that a question asks for, and of the line between two images
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import hidden_units

runs = {
$runs
}
images, which = vd.datasets.first_view("$dataset")
x = images.as_data("grey")
for size, run in runs.items():
    print(f"Error, {size}: {100 * hidden_units.error_on(run.model, x[:$measured]):.0f} %")
""")
KEPT = Template("""\
classifier = vd.load("$classifier").model
index = torch.stack([(images.y == label).nonzero().flatten()[:$among] for label in images.y.unique()])
some, y = x[index.flatten()], images.y[index.flatten()]
for size, run in runs.items():
    copies = run.model.reconstruct(some)
    places, own = (each.flatten(1).unflatten(0, index.shape) for each in (copies, some))
    again = torch.cdist(places, own).argmin(2) == torch.arange($among)
    print(f"Found again, {size}: {100 * again.float().mean().item():.0f} %")
    right = classifier.logits(copies).argmax(1) == y
    print(f"Right class, {size}: {100 * right.float().mean().item():.0f} %")
""")


def picture(view: StepView) -> None:
    found = form.find(view)
    if found is None:
        return
    images, _ = form.images(view)
    shown = {size: found[size] for size in side_by_side(view)}
    rows = facts.alike(form.data_of(view), view["image"])
    x = next(iter(shown.values())).model.as_data(images.x[rows])
    hidden = covered(view, shown)
    columns = [x]
    for size, run in shown.items():
        columns.append(torch.full_like(x, COVERED) if size in hidden else run.model.reconstruct(x))
    *others, last = map(str, shown)
    words = " and ".join([", ".join(others), last] if others else [last])
    st.markdown(f"x, and x̂ from a code z of {words} numbers")
    image_grid(
        torch.stack([strip(each) for each in trimmed(columns)]).numpy(),
        len(columns),
        key=view.key("copies"),
        label=f"{len(rows)} images x, and their copies x̂ from codes of {words} numbers",
        captions=["x", *(f"x̂: {size}" + " ?" * (size in hidden) for size in shown)],
        scale_hint=9,
        clickable=False,
    )


def side_by_side(view: StepView) -> tuple[int, ...]:
    """The sizes that the picture shows: a few of the many shipped ones, all of any other list. Raises ConfigError."""
    return SIDE_BY_SIDE if (view["source"], view["network"]) == ("shipped", "mlp") else form.options(view)


def covered(view: StepView, shown: dict[int, Run]) -> set[int]:
    """The sizes whose copies would answer the open question: all, but the larger ones where it is on the smaller."""
    if not view.is_open:
        return set()
    return {size for size in shown if view.held or view["given"] != "own" or size < 8}


def trimmed(columns: list[Tensor]) -> list[Tensor]:
    """The columns without the outermost pixels if these are black in every x: the rest can be drawn larger."""
    x = columns[0]
    return [each[..., 1:-1, 1:-1] for each in columns] if not ring(x).any() else columns


def ring(images: Tensor) -> Tensor:
    """The outermost pixels of images (n, 1, H, W)."""
    return torch.cat([images[..., [0, -1], :].flatten(1), images[..., [0, -1]].flatten(1)], dim=1)


def strip(images: Tensor) -> Tensor:
    """Images (n, 1, H, W) one above the other with a line between two: (1, n·H + n − 1, W)."""
    line = torch.full_like(images[0, :, :1], BETWEEN)
    return torch.cat([part for image in images for part in (image, line)][:-1], dim=1)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The mean error of the copies; of digits also how many are found again, and keep their class. And the code."""
    found, dataset, sizes = form.finished(view), form.data_of(view), side_by_side(view)
    runs = "\n".join(f"    {size}: {form.code_of(view, size)}," for size in sizes)
    script = SCRIPT.substitute(runs=runs, dataset=dataset, measured=facts.MEASURED)
    is_counted = dataset == form.TRAINED_ON
    if is_counted:
        script += KEPT.substitute(classifier=facts.CLASSIFIER, among=facts.AMONG)
    if found is None:
        return {}, script
    figures = {f"Error, {size}": f"{100 * facts.error(found[size], dataset):.0f} %" for size in sizes}
    for size in sizes if is_counted else ():
        figures[f"Found again, {size}"] = f"{100 * facts.found_again(found[size]):.0f} %"
        figures[f"Right class, {size}"] = f"{100 * facts.class_kept(found[size]):.0f} %"
    return figures, script
