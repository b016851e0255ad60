"""The downloads of a view: its code, a notebook, its model in plain PyTorch, and the weights.

A file is made only when its button is pressed, outside the session: what it needs is given to it before.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from vaedemo import datasets, settings
from vaedemo.app import catalogue
from vaedemo.app.lessons import index
from vaedemo.app.shell import frame, own_sets
from vaedemo.app.shell.config_code import with_own_data
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.view_notebook import ViewNotebook
from vaedemo.training import plain_bundle
from vaedemo.training.run import Run
from vaedemo.training.store import RunNotFound

LOSSES = {"vae": ("test_negative_elbo", "test −ELBO"), "autoencoder": ("test_reconstruction", "reconstruction loss")}


def draw(view: StepView, figures: dict[str, str], script: str) -> None:
    """The buttons, and below them what each file needs."""
    run = run_of(view)
    own = view.lesson.plain(view) if view.lesson.plain else ""
    reason = plain_bundle.why_not(run) if run else ""
    source, stem = settings.current().source, f"vaedemo-{view.lesson.name}"
    with st.container(horizontal=True, key="take-home"):
        button(view, "Code", "py", lambda: frame.printable(script), f"{stem}.py", "text/x-python", "code")
        pages = notebook_of(view, figures, script, source, run)
        button(view, "Notebook", "ipynb", pages.write, f"{stem}.ipynb", "application/x-ipynb+json", "book")
        if run and not reason:
            pack = partial(made, run, lambda: plain_bundle.pack(run, own))
            button(view, "Plain PyTorch", "zip", pack, f"plain-{run.digest}.zip", "application/zip", "deployed_code")
        if run:
            pack = partial(made, run, lambda: plain_bundle.pack_weights(run))
            button(view, "Weights", "zip", pack, f"weights-{run.digest}.zip", "application/zip", "database", "weights")
    st.caption(" ".join([about_notebook(source, bool(run and not reason)), about_plain(run, reason, own)]))


def made(run: Run, make: Callable[[], bytes]) -> bytes:
    """A file of a run. Raises `RunNotFound` if its own data were cleared since the page was drawn: it is gone too."""
    if not catalogue.has_examples(run.config.dataset):
        raise RunNotFound(f"The run {run.digest} is no longer here.")
    return make()


def run_of(view: StepView) -> Run | None:
    """The model of the view; None for a view without one, or if it is gone, as the picture then says."""
    try:
        return view.lesson.run(view) if view.lesson.run else None
    except RunNotFound:
        return None


def with_data(view: StepView, script: str) -> str:
    """A view's script; one on own data reads them first."""
    run = run_of(view)
    config = run.config if run is not None else None
    dataset = config.dataset if config is not None else view.values().get("dataset", "")
    if not own_sets.is_here(dataset):
        return script
    return with_own_data(script, dataset, datasets.class_names(dataset), config)


def notebook_of(view: StepView, figures: dict[str, str], script: str, source: str, run: Run | None) -> ViewNotebook:
    lesson, query = view.lesson, urlencode(view.query())
    link = ("/" if lesson.name == index.HOME.name else f"/{lesson.name}") + (f"?{query}" if query else "")
    return ViewNotebook(lesson.title, lesson.question, link, lesson.explained, figures, script, source, run)


def button(
    view: StepView,
    label: str,
    kind: str,
    make: Callable[[], str | bytes],
    file_name: str,
    mime: str,
    icon: str,
    key: str = "",
) -> None:
    """One download. Its key is of the page and the kind of file, so that another view's file is the same button."""
    st.download_button(
        f"{label} (.{kind})",
        data=make,
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        icon=f":material/{icon}:",
        key=view.key(f"take-{key or kind}"),
    )


def about_notebook(source: str, has_plain: bool) -> str:
    """Where the notebook runs, and what to take for Colab."""
    if source:
        return "The notebook installs vaedemo first, so it runs on Colab too."
    if has_plain:
        return "The notebook runs where vaedemo is installed; for Colab take Plain PyTorch."
    return "The notebook runs where vaedemo is installed."


def about_plain(run: Run | None, reason: str, own: str) -> str:
    """What the plain version is, or why there is none; empty for a view without a model."""
    if run is None:
        return ""
    if reason:
        return f"This model has no plain PyTorch version: {reason}."
    name, title = LOSSES[run.config.model]
    also = "the numbers above and " if own else ""
    loss = f"its {title}, {run.metrics[name]:.2f} nats"
    return f"Plain PyTorch is this model without vaedemo: it prints {also}{loss}, and can be trained again."
