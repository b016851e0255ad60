"""Checks of single arguments that are no arrays: whole numbers, real numbers, generators, words."""

import math
import operator
from collections.abc import Sequence

import torch

from vaedemo.rules import shorten


def count(name: str, value, least: int = 1, most: float = math.inf) -> int:
    """A whole number from `least` to `most`; raises `ValueError` for another number, a bool or a word."""
    try:
        found = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        found = None
    if found is None or not least <= found <= most:
        ends = f"of at least {least:,}" if most == math.inf else f"from {least:,} to {most:,}"
        raise ValueError(f"{name} must be a whole number {ends}, got {shown(value)}.")
    return found


def number(name: str, value, low: float = -math.inf, high: float = math.inf, above: float = -math.inf) -> float:
    """A finite number in [low, high] and above `above`; raises `ValueError` for another, NaN, a bool or a word."""
    try:
        found = math.nan if isinstance(value, bool | str | bytes) else float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        found = math.nan
    if not (math.isfinite(found) and low <= found <= high and found > above):
        kind = "a positive finite number" if above == 0 else "a finite number"
        ends = [f"of at least {low:g}"] * (low > -math.inf) + [f"above {above:g}"] * (above > -math.inf and above != 0)
        ends += [f"at most {high:g}"] * (high < math.inf)
        accepted = f" {' and '.join(ends)}" if ends else ""
        raise ValueError(f"{name} must be {kind}{accepted}, got {shown(value)}.")
    return found


def one_generator(value, name: str = "generator") -> torch.Generator:
    """A `torch.Generator`; raises `TypeError` for anything else."""
    if not isinstance(value, torch.Generator):
        raise TypeError(f"{name} must be a torch.Generator, got {shown(value)}.")
    return value


def choice(name: str, value, accepted: Sequence):
    """One of a few values; raises `ValueError` that lists them."""
    if not any(value is each or (type(value) is type(each) and value == each) for each in accepted):
        raise ValueError(f"{name} must be one of {', '.join(map(repr, accepted))}, got {shown(value)}.")
    return value


def shown(value) -> str:
    """A value on one line of at most 60 letters, for the end of a message."""
    return " ".join(shorten(value).split())


def seeded(seed, name: str = "seed") -> torch.Generator:
    """A generator on the CPU with this seed, a whole number from 0 to 2^63 − 1."""
    return torch.Generator().manual_seed(count(name, seed, 0, 2**63 - 1))
