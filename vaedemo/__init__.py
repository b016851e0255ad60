"""Variational autoencoders made touchable: one config, one training loop, models that answer questions.

    import vaedemo as vd
    run = vd.train(vd.RunConfig(dataset="digits", latent_dim=2))
    run.model.decode(run.model.encode(x).mean).mean

Everything but `RunConfig` is fetched when it is first asked for, so that reading a config, `--help` and the
server's first second do not import torch.
"""

import importlib

from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "RunConfig",
    "analysis",
    "datasets",
    "fast",
    "load",
    "models",
    "probability",
    "sweep",
    "train",
]

# Strings rather than imports inside functions: import-linter reads those as edges from the ground floor to the top.
FUNCTIONS = {
    "train": "vaedemo.training.engine",
    "sweep": "vaedemo.training.engine",
    "load": "vaedemo.training.store",
    "fast": "vaedemo.training.presets",
}
PACKAGES = ("analysis", "datasets", "models", "probability")


def __getattr__(name: str):
    """Fetch a public name on first use, and keep it."""
    if name in PACKAGES:
        value = importlib.import_module(f"vaedemo.{name}")
    elif name in FUNCTIONS:
        value = getattr(importlib.import_module(FUNCTIONS[name]), name)
    else:
        raise AttributeError(f"module 'vaedemo' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
