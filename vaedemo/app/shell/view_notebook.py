"""A view as a notebook: the lesson's formulas, the code of the view, and where it has a run, its training."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Template
from typing import Any

from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.frame import equations
from vaedemo.config import LATENT_MODELS
from vaedemo.training import notebook, store
from vaedemo.training.notebook import Cell, code, markdown
from vaedemo.training.run import Run, measures

MOST_CARRIED = 20_000_000  # bytes of a run inside a notebook; without them its code trains the run
CLONE = Template("""\
!git clone --quiet --filter=blob:none $address vaedemo-source
$checkout%pip install --quiet ./vaedemo-source
import os

os.environ["VAEDEMO_CHECKPOINTS"] = "vaedemo-source/checkpoints"  # the trained models of the lecture
os.environ["VAEDEMO_CLINIC"] = "vaedemo-source/clinic"  # and of the clinic
""")
CARRY = Template('''\
# @title The trained model of this view: kept where vaedemo looks for it, so that it need not be trained
import base64

from vaedemo.training import store

MODEL = """
$model"""
store.save(store.unpack(base64.b64decode(MODEL)))
''')
TRAIN = Template("""\
import vaedemo as vd
from vaedemo.training.loop import fit

config = $config
train_set, test_set = (vd.datasets.load(config.dataset, split=part) for part in ("train", "test"))


def tell(progress):
    if progress.rows:
        print(f"Epoch {progress.epoch}: {progress.rows[0]['$measure']:.2f} nats on test data")


again = fit(config, train_set, test_set, on_progress=tell)
print(f"Trained here: {again.metrics['$measure']:.2f} nats")
""")


@dataclass(frozen=True)
class ViewNotebook:
    """What a view's notebook is made of.

    `link`: the view's path and query. `figures`: label to value, as the page shows them and `script` prints them.
    `explained`: functions and classes whose docstrings hold the formulas. `source`: the setting of that name. `run`:
    the model of the view, if it has one.
    """

    title: str
    question: str
    link: str
    explained: Sequence[Any]
    figures: dict[str, str]
    script: str
    source: str
    run: Run | None

    def write(self) -> bytes:
        """The file."""
        cells = [markdown(f"# {self.title}", f"**{self.question}**", f"The view `{self.link}` of vaedemo, as code.")]
        cells += install(self.source)
        cells += [markdown("## The formulas")]
        cells += [markdown(f"**`{each.__module__}.{each.__qualname__}`**", equations(each)) for each in self.explained]
        cells += [markdown("## The code of this view", self.shown())]
        cells += carry(self.run) if self.run else []
        cells += [code(self.script)]
        cells += retrain(self.run) if self.run else []
        return notebook.write(cells)

    def shown(self) -> str:
        """The page's numbers, a line each."""
        lines = [f"- {label}: {value}" for label, value in self.figures.items()]
        return "\n".join(["It prints what the page shows:", "", *lines]) if lines else ""


def install(source: str) -> list[Cell]:
    """The first cell, which installs the package from `source`; without one, the sentence that it must be there.

    The shipped models are not part of the package. A git address is cloned, and the models are found in the clone.
    """
    if not source:
        there = "the folder of its trained models must be at hand: in its repository, or named in `VAEDEMO_CHECKPOINTS`"
        return [markdown(f"vaedemo must be installed where this notebook runs, and {there}.")]
    address = source.partition("git+")[2].partition("#")[0]
    if not address:
        sentence = "The trained models do not come with the package: name their folder in `VAEDEMO_CHECKPOINTS`."
        return [markdown(sentence), code(f'%pip install --quiet "{source}"')]
    host, _, path = address.partition("://")
    at = path.rfind("@") if "@" in path.rpartition("/")[2] else -1  # before it may stand a user: ssh://git@host
    address, version = (f"{host}://{path[:at]}", path[at + 1 :]) if at > 0 else (address, "")
    checkout = f"!git -C vaedemo-source checkout --quiet {version}\n" if version else ""
    return [code(CLONE.substitute(address=address, checkout=checkout))]


def carry(run: Run) -> list[Cell]:
    """The cell that brings a run which does not ship with the lecture; none if it is too large."""
    if run.data_sha256 or run.digest in store.shipped_digests():
        return []
    packed = store.pack(replace(run, film=None))
    if len(packed) > MOST_CARRIED:
        return []
    return [code(CARRY.substitute(model=base64.encodebytes(packed).decode()), folded=True)]


def retrain(run: Run) -> list[Cell]:
    """The part that trains the view's model anew; none for a kind, data or first weights that `fit` alone has not."""
    if run.config.model not in LATENT_MODELS or run.data_sha256 or run.config.start_from:
        return []
    measure = f"test_{measures(run.config)[-1]}"
    page = f"The page's model has {run.metrics[measure]:.2f} nats after {run.metrics['epochs_done']} epochs."
    words = f"{page} The same settings, trained here:"
    return [
        markdown("## Train it yourself", words),
        code(TRAIN.substitute(config=f"vd.RunConfig({arguments(run.config)})", measure=measure)),
    ]
