"""Exhibit: a small VAE of digits with a cure of one's own, trained here, beside the same VAE without it."""

from collections.abc import Mapping
from string import Template
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.lessons.collapse import plots
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import real, whole
from vaedemo.training import collapse, presets
from vaedemo.training.run import Run

AXES = 20
MOST_EPOCHS = most_epochs(60)
BASE = presets.fast(RunConfig(dataset="digits", hidden=(200,), latent_dim=AXES))
CURES = ("warm_up", "cycles", "free_bits")  # fields
PARAMETERS = (
    *config_parameters(
        "beta",
        *CURES,
        "seed",
        beta=Parameter("beta", 4.0, real(0.0, 100.0)),
        warm_up=Parameter("warm_up", 0.5, real(0.0, 1.0)),
        cycles=Parameter("cycles", 1, whole(1, 10)),
        free_bits=Parameter("free_bits", 0.0, real(0.0, 5.0)),
    ),
    Parameter("epochs", min(BASE.epochs, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.training import collapse

images, _ = vd.datasets.first_view("digits")
x = images.as_data()
for title, config in (
$configs
):
    run = vd.train(config)
    per_axis, _ = collapse.axes_of(run.model, x)
    loss = run.metrics
    print(f"Axes in use, {title}: {collapse.in_use(per_axis)}")
    print(f"KL, {title}: {loss['test_kl']:.2f} nats")
    print(f"Reconstruction, {title}: {loss['test_reconstruction']:.2f} nats")
    print(f"−ELBO, {title}: {loss['test_negative_elbo']:.2f} nats")
""")


def configs_of(values: Mapping[str, Any]) -> dict[str, RunConfig]:
    """The VAE with the cure and, if that is another one, the same without it. Raises `ConfigError`."""
    names = ("beta", *CURES, "seed", "epochs")
    own = BASE.replace(**{name: values[name] for name in names})
    plain = own.replace(**{name: getattr(RunConfig, name) for name in CURES})
    return {"with the cure": own, "without": plain} if own.digest != plain.digest else {"without": plain}


def finished(view: View) -> dict[str, Run] | None:
    """The runs by their names, if all are there. Draws nothing."""
    configs = configs_of(view.values())
    state = runs.state_of_all(list(configs.values()))
    return dict(zip(configs, state.runs, strict=True)) if isinstance(state, runs.AllFinished) else None


def axes_of(run: Run) -> list[float]:
    """The KL of each axis over the test digits that come along, largest first."""
    return _axes_of(run.digest, run)


@st.cache_data(max_entries=64, show_spinner=False)
def _axes_of(digest: str, _run: Run) -> list[float]:
    return collapse.axes_of(_run.model, catalogue.images("digits")[0].as_data())[0]


def picture(view: StepView) -> None:
    """The KL of each axis with the cure over that without it, and what both are worth."""
    configs = configs_of(view.values())
    names = {config.digest: name for name, config in configs.items()}
    found = panel.trained(
        view,
        list(configs.values()),
        name=lambda config: names[config.digest],
        heading="VAE",
        button="Train both" if len(configs) > 1 else "Train it",
    )
    if found is None:
        st.caption(f"{AXES} latent axes, 200 hidden units, 4,000 digits. A second VAE has the same seed and no cure.")
        return
    trained = dict(zip(configs, found, strict=True))
    shown, *others = trained.values()
    per_axis, before = axes_of(shown), axes_of(others[0]) if others else None
    figure = plots.axes(per_axis, tall=height(view) - 60, floor=shown.config.free_bits, before=before)
    chart(view, figure, name="own", alt=f"The KL of {AXES} axes as bars; {collapse.in_use(per_axis)} are in use")
    st.caption(" ".join(sentence(name, run) for name, run in trained.items()))


def sentence(name: str, run: Run) -> str:
    """What a run is worth, in words."""
    used, kl, reconstruction, total = told(run).values()
    return f"{name.capitalize()}: {used} axes in use, KL {kl}, reconstruction loss {reconstruction}, −ELBO {total}."


def told(run: Run) -> dict[str, str]:
    """What a run is worth, label to text."""
    return {
        "Axes in use": f"{collapse.in_use(axes_of(run))}",
        "KL": f"{run.metrics['test_kl']:.2f} nats",
        "Reconstruction": f"{run.metrics['test_reconstruction']:.2f} nats",
        "−ELBO": f"{run.metrics['test_negative_elbo']:.2f} nats",
    }


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of both VAEs, none before they are trained; and the code."""
    found = finished(view) or {}
    figures = {f"{label}, {name}": text for name, run in found.items() for label, text in told(run).items()}
    lines = (f'    ("{name}", vd.RunConfig({arguments(each)})),' for name, each in configs_of(view.values()).items())
    return figures, SCRIPT.substitute(configs="\n".join(lines))


def fields(view: StepView) -> None:
    """The widgets of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    left, right = st.columns(2)
    left.number_input("β at the end", 0.0, 100.0, step=1.0, format="%g", key=view.key("beta"), **changed)
    right.number_input("Free bits λ, nats", 0.0, 5.0, step=0.1, format="%g", key=view.key("free_bits"), **changed)
    left.number_input("Warm-up, share", 0.0, 1.0, step=0.1, format="%g", key=view.key("warm_up"), **changed)
    right.number_input("Cycles", 1, 10, key=view.key("cycles"), **changed)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
