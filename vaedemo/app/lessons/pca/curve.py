"""Exhibit: the error over k of PCA, linear and deep autoencoders, and how many axes PCA needs for the deep one's."""

from string import Template

import numpy as np

from vaedemo.app.lessons.pca import data, form
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import error_curve

PARAMETERS = ()  # all in form.py
CONTROLS = {}
STAGE_HEIGHT = 560  # CSS pixels: on the stage this page's long title takes two lines
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.analysis import reduction
from vaedemo.models import pca

train = vd.datasets.load("$dataset", "train").as_data().flatten(1)
x = vd.datasets.first_view("$dataset")[0].as_data()
$runs
errors = reduction.pca_errors(pca.fit(train, $most), x)
error = reduction.pixel_error(deep.model.reconstruct(x), x)
enough = (errors <= error).nonzero().flatten().tolist()
print(f"Deep autoencoder: {error:.5f}")
print(f"PCA, same k: {errors[$k].item():.5f}")
print(f"Axes for the same error: {enough[0] if enough else 'more than $most'}")
""")


def axes_for(found: data.Reductions, error: float) -> int | None:
    """The smallest number of axes with which PCA's error is at most this one; None if all known ones are too few."""
    enough = np.flatnonzero(found.errors <= error)
    return int(enough[0]) if len(enough) else None


def picture(view: StepView) -> None:
    found = form.find(view)
    if found is not None:
        errors(view, found, found.pairs[form.size(view)], min(height(view), STAGE_HEIGHT))


def errors(view: StepView, found: data.Reductions, pair: data.Pair, tall: int) -> None:
    """The errors over k; while it is asked how many axes PCA needs, its curve ends at this k."""
    figure = error_curve.error_curve(
        found.errors,
        {each.k: (each.linear_error, each.deep_error) for each in found.pairs.values()},
        pair.k,
        axes_for(found, pair.deep_error),
        is_open=view.is_open,
        height=tall,
    )
    alt = f"Error over k of PCA, linear and deep autoencoders; at {pair.k} it is {found.errors[pair.k]:.4f} for PCA"
    chart(view, figure, name="errors", alt=alt)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The errors at the view's k, and the axes that PCA needs; none before the models are trained."""
    found, k = form.finished(view), form.size(view)
    most = data.MOST_AXES
    runs = form.code_of_runs(view)
    script = SCRIPT.substitute(dataset=form.dataset_of(view), k=k, runs=runs, most=most)
    if found is None:
        return {}, script
    error = found.pairs[k].deep_error
    figures = {
        "Deep autoencoder": f"{error:.5f}",
        "PCA, same k": f"{found.errors[k]:.5f}",
        "Axes for the same error": f"{axes_for(found, error) or f'more than {most}'}",
    }
    return figures, script
