"""Sweeps: one config with one or two fields varied, from command-line or query text."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError

VARIED = (
    "beta",
    "warm_up",
    "cycles",
    "free_bits",
    "seed",
    "learning_rate",
    "sparsity",
    "sparsity_target",
    "corruption_level",
)
MOST_RUNS = 64


def varied(name: str, text: str) -> tuple[Any, ...]:
    """The values of a text such as "0.1,1,4" for a field, each checked by the field's rule.

    Raises `ConfigError` for an empty or invalid value and for duplicates.
    """
    parts = [part.strip() for part in text.split(",")]
    values = [getattr(RunConfig(**_base(name), **{name: part}), name) for part in parts]
    if len(set(values)) < len(values):
        raise ConfigError(name, text, "values that all differ, separated by commas")
    return tuple(values)


def betas(name: str, value: Any) -> tuple[float, ...]:
    """The rule for a list of β, as text or numbers: 2 to 16 different ones, returned in ascending order."""
    text = value if isinstance(value, str) else ",".join(map(str, value))
    accepts = "2 to 16 different numbers from 0 to 1,000,000, separated by commas, such as 0.1,1,4"
    try:
        found = varied("beta", text)
    except ConfigError:
        raise ConfigError(name, value, accepts) from None
    if not 2 <= len(found) <= 16:
        raise ConfigError(name, value, accepts)
    return tuple(sorted(found))


def family(base: Mapping[str, Any], lists: Mapping[str, Sequence[Any]]) -> list[RunConfig]:
    """All combinations of the listed values, the last list varying fastest; `base`: the fixed fields.

    Raises `ConfigError` for fewer than 2 or more than 64 different configs.
    """
    configs = [
        RunConfig(**base, **dict(zip(lists, values, strict=True))) for values in itertools.product(*lists.values())
    ]
    if not 2 <= len({config.digest for config in configs}) <= MOST_RUNS:
        raise ConfigError(
            "a sweep",
            f"{len(configs)} run" + "s" * (len(configs) != 1),
            f"2 to {MOST_RUNS} different ones: give a list such as --beta 0.1,1,4",
        )
    return configs


def _base(name: str) -> dict[str, Any]:
    """The other fields that are needed for a field's value to be valid."""
    return {"model": "autoencoder"} if name in ("sparsity", "sparsity_target") else {}
