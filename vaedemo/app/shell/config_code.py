"""A config as code, for the scripts that pages show and for notebooks, and own data for these scripts."""

from collections.abc import Sequence
from string import Template

from vaedemo.config import RunConfig
from vaedemo.dataset_names import readable

OWN_DATA = Template("""\
import numpy as np
import vaedemo as vd

data = np.load("$file")  # from "Your own data" on the page, which offers it
vd.datasets.register(vd.datasets.from_arrays(data["x"], data["y"]), $classes)
""")
OWN_RUN = Template("""\
vd.train(vd.RunConfig($settings))  # kept, so that vd.load finds it
""")


def arguments(config: RunConfig) -> str:
    """What stands between the brackets of `RunConfig(…)` to make this config: the fields that differ from defaults.

    A conv network always names its channels: where `hidden` is left out it has another default than the class.
    """
    settings = config.canonical() | ({"hidden": config.hidden} if config.network == "conv" else {})
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def file_of(dataset: str) -> str:
    """The name of the file in which own data are downloaded."""
    return f"{readable(dataset).replace(' ', '-')}.npz"


def with_own_data(script: str, dataset: str, class_names: Sequence[str], config: RunConfig | None) -> str:
    """A script on own data that finds them where it runs: they are read from their file first, and a run on them that
    the script loads is trained. `dataset`: their name; `config`: that of the view's run."""
    first = OWN_DATA.substitute(file=file_of(dataset), classes=tuple(class_names))
    if config is not None and f'vd.load("{config.digest}")' in script:
        first += OWN_RUN.substitute(settings=arguments(config))
    return f"{first}\n{script}"
