"""The finished runs in the lab: summary, list of recent runs, comparison, code."""

from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.lessons.lab.form import MOST_COMPARED
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell import frame, own_sets
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import film, runs
from vaedemo.app.trainings import words as job_words
from vaedemo.app.trainings.words import span
from vaedemo.config import RunConfig
from vaedemo.figures import curves
from vaedemo.training import store
from vaedemo.training.run import Run, corrupts

EXAMPLE = "mnist-2d"  # what is shown where no run is
TRAIN = Template("""\
import vaedemo as vd

config = vd.RunConfig($settings)
run = vd.train(config)
metrics = run.metrics
""")
LOAD = Template("""\
import vaedemo as vd

run = vd.load("$name")
metrics = run.metrics
""")
PRINT_VAE = """\
print(f"Test −ELBO: {metrics['test_negative_elbo']:.2f} nats")
print(f"Reconstruction loss: {metrics['test_reconstruction']:.2f} nats")
print(f"KL: {metrics['test_kl']:.2f} nats")
print(f"Active units: {metrics['active_units']} of {run.config.latent_dim}")
"""
PRINT_AUTOENCODER = """\
print(f"Reconstruction loss: {metrics['test_reconstruction']:.2f} nats")
"""
BOUND_HELP = "Reconstruction loss + KL, mean over the test set, with a sampled z; β is never in it."
CORRUPTED = " of corrupted inputs"  # suffix of the name of a figure measured on corrupted inputs
HELPS = {
    "Test −ELBO": BOUND_HELP,
    f"Test −ELBO{CORRUPTED}": f"{BOUND_HELP} The encoder sees corrupted test images, as in training.",
    "Test −ELBO of clean inputs": f"{BOUND_HELP} The encoder sees the test images as they are.",
    "Active units": "Latent axes whose mean varies over the test set: Var_x(E_q[z]) > 0.01 (Burda 2016).",
}


def provenance(run: Run) -> str:
    """The origin of a run's figures, in one line."""
    speed = f"{run.metrics['images_per_second']:,.0f} a second on {run.metrics['device']}"
    return f"{run.config.title} · {run.metrics['epochs_done']} epochs in {span(run.metrics['seconds'])}, {speed}"


def figures(config: RunConfig, metrics: Mapping[str, Any]) -> dict[str, str]:
    """The figures of a run, or of the last epoch of a training under way; a dash for unknown ones.

    A model that is trained on corrupted inputs is measured on corrupted inputs, and the names of its figures say so.
    Newer runs also have the figures of clean inputs; older ones do not.
    """
    which = CORRUPTED if corrupts(config) else ""
    found = {f"Reconstruction loss{which}": nats(metrics, "test_reconstruction")}
    if config.model == "vae":
        found = {f"Test −ELBO{which}": nats(metrics, "test_negative_elbo"), **found}
        found[f"KL{which}"] = nats(metrics, "test_kl")
        if "test_clean_negative_elbo" in metrics:
            found["Test −ELBO of clean inputs"] = nats(metrics, "test_clean_negative_elbo")
        units = f"{metrics['active_units']} of {config.latent_dim}" if "active_units" in metrics else "–"
        found["Active units"] = units
    elif "test_clean_reconstruction" in metrics:
        found["Reconstruction loss of clean inputs"] = nats(metrics, "test_clean_reconstruction")
    return found


def nats(metrics: Mapping[str, Any], name: str) -> str:
    return f"{metrics[name]:.2f} nats" if name in metrics else "–"


def nothing_yet(view: StepView, state: runs.State | None) -> None:
    """No run for these settings: give the reason, if there is one, and show the example."""
    if isinstance(state, runs.Ended) and state.partial is not None:
        done = state.partial.metrics["epochs_done"]
        words = f"{state.reason} This is the model after {done} epochs; it is not stored."
        st.info(words, icon=":material/stop_circle:")
        shown(view, state.partial)
        return
    why(state, asked=bool(view["train"]))
    run = catalogue.run(EXAMPLE)
    shown(view, run)
    st.caption(f"Until you train: {catalogue.title(EXAMPLE)}.")


def why(state: runs.State | None, asked: bool) -> None:
    """Why the visitor sees the example instead of a run; nothing where nothing was expected."""
    if isinstance(state, runs.Ended):
        st.warning(state.reason, icon=":material/warning:")
    elif isinstance(state, runs.UnderWay):
        st.info(job_words.trained_by_others(state.job), icon=":material/group:")
    elif isinstance(state, runs.Absent) and state.damaged:
        st.warning(
            "The run kept for these settings was damaged and was set aside: press **Train** to train it again.",
            icon=":material/warning:",
        )
    elif isinstance(state, runs.Absent) and asked:
        st.info(job_words.not_found(), icon=":material/link_off:")


def finished(view: StepView, run: Run) -> None:
    """The run of the chosen settings: its training as a film."""
    shown(view, run)
    words = "Trained" if run.status == "finished" else f"This training {run.status}"
    st.caption(f"{words}: {provenance(run)}")


def shown(view: StepView, run: Run) -> None:
    """A run's film, and its warnings; in Explore its figures above."""
    for note in run.notes:
        st.warning(note, icon=":material/warning:")
    if view["step"] == EXPLORE:
        frame.numbers(figures(run.config, run.metrics), HELPS)
    if run.config.model == "vae" and run.metrics["active_units"] == 0:
        st.info("The posterior has collapsed: no latent axis says anything about x.", icon=":material/info:")
    film.film(run, "lab.film", view)


def work(view: StepView, state: runs.State | None, config: RunConfig | None) -> tuple[dict[str, str], str]:
    """The figures of the shown run, unless they stand above its film, and the script that prints them."""
    run = run_of(state, config)
    found = {} if run is None or view["step"] == EXPLORE else figures(run.config, run.metrics)
    if is_asked_for(state) and config is not None:
        settings = arguments(config)
        printed = PRINT_VAE if config.model == "vae" else PRINT_AUTOENCODER
        return found, TRAIN.substitute(settings=settings) + printed
    return found, LOAD.substitute(name=EXAMPLE) + PRINT_VAE


def is_asked_for(state: runs.State | None) -> bool:
    """Whether this visitor trains or has trained the settings."""
    return isinstance(state, runs.Finished | runs.Ended) or (isinstance(state, runs.UnderWay) and state.mine)


def run_of(state: runs.State | None, config: RunConfig | None) -> Run | None:
    """The run whose figures are shown: that of the settings, the example until one is asked for, None in between."""
    if isinstance(state, runs.Finished):
        return state.run
    return None if is_asked_for(state) and config is not None else catalogue.run(EXAMPLE)


def recent_and_compare(view: StepView) -> None:
    """Choose shipped or recent runs, and compare their curves and figures."""
    st.header("Runs, side by side", anchor="compare")
    compared, listed = {}, catalogue.menu_names(own_sets.names())  # `menu_names` also sets damaged runs aside
    for name in view["compare"]:
        try:
            compared[name] = catalogue.latent_run(name)
        except store.RunNotFound as error:
            st.warning(str(error), icon=":material/link_off:")
    view["compare"] = list(compared)
    names = list(dict.fromkeys([*listed, *compared]))
    st.multiselect(
        "Runs of the lecture, and those trained lately",
        names,
        format_func=catalogue.title,
        key=view.key("compare"),
        max_selections=MOST_COMPARED,
        placeholder="Choose runs to compare",
    )
    chosen = [(catalogue.title(name), run) for name, run in compared.items()]
    for title, run in chosen:
        for note in run.notes:
            st.warning(f"{title}: {note}", icon=":material/warning:")
    if not chosen:
        st.caption("Every run that anyone trains here is kept and found again by its settings.")
        return
    lines = [
        (f"{title}{CORRUPTED if corrupts(run.config) else ''}", run.table["epoch"], run.table["test_negative_elbo"])
        for title, run in chosen
        if run.config.model == "vae"
    ]
    if lines:
        alt = "−ELBO on test data over the epochs, one line a run"
        chart(view, curves.compare_curves(lines), name="compared", alt=alt)
    rows = [
        {"Run": title, **figures(run.config, run.metrics), "Seconds": round(run.metrics["seconds"], 1)}
        for title, run in chosen
    ]
    st.markdown(table(rows))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a Markdown table; a dash for a missing column. `st.dataframe` would take 30 MB more of the server's
    memory."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, ["---"] * len(columns), *([row.get(name, "–") for name in columns] for row in rows)]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
