"""Valid arguments, and all that is put in their place."""

import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from tests.public_names.find import PublicName

ARRAYS = ("real", "pixels", "labels")
BAD_NUMBERS = {"nan": math.nan, "infinite": math.inf, "negative": -1e3, "a word": "three", "nothing": None}
BAD_WORDS = {"a number": 3, "unheard of": "no such word", "an empty word": "", "nothing": None, "a list": ["word"]}
BAD_COUNTS = {"zero": 0, "negative": -3, "nan": math.nan, "a fraction": 1.5, "a word": "three", "nothing": None}


@dataclass(frozen=True)
class Sample:
    """A valid argument, made anew for each call, and what kind it is.

    Kinds: "real" (a tensor), "pixels" (images in [0, 1]), "labels" (whole numbers), "number", "count", "generator",
    "word", and "other", of which nothing is tried in its place. Numbers of arrays are best multiples of 1/8, which
    float16 holds. `skip`: names of replacements that cannot be tried, each with the reason.
    """

    make: Callable[[], Any]
    kind: str = "real"
    skip: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Registry:
    """The samples of a package.

    `by_name`: for a parameter of that name, wherever it stands. `by_function`: for one function, by its label and then
    by parameter; None there leaves a parameter at its default. `instances`: an object of a class, by the class's label.
    `exempt`: labels that are not tried, each with its reason.
    """

    by_name: dict[str, Sample]
    by_function: dict[str, dict[str, Sample | None]] = field(default_factory=dict)
    instances: dict[str, Callable[[], Any]] = field(default_factory=dict)
    exempt: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One call: what was put in (`what`), in place of which `argument`, the samples to call with."""

    argument: str
    what: str
    samples: dict[str, Sample]
    compare: dict[str, Sample] | None = None  # a call that must give the same, where it is not the valid one


class NoSample(AssertionError):
    """A public name for which nobody said what a valid argument looks like."""


def samples_for(name: PublicName, registry: Registry, file: str) -> dict[str, Sample]:
    """A valid sample for each parameter that needs one or whose kind its annotation tells."""
    special, found = registry.by_function.get(name.label, {}), {}
    signature = inspect.signature(name.call)
    for position, (parameter, details) in enumerate(signature.parameters.items()):
        if name.owner and position == 0:
            if name.owner not in registry.instances:
                raise NoSample(f"{name.label} is a method: add an object of its class to `instances` in {file}.")
            found[parameter] = Sample(registry.instances[name.owner], "other")
        elif parameter in special:
            if special[parameter] is not None:
                found[parameter] = special[parameter]
        elif details.kind in (details.VAR_POSITIONAL, details.VAR_KEYWORD):
            continue
        elif details.default is not details.empty and details.annotation in (int, float):
            kind = "count" if details.annotation is int else "number"
            found[parameter] = Sample(lambda value=details.default: value, kind)
        elif details.default is not details.empty:
            continue
        elif parameter in registry.by_name:
            found[parameter] = registry.by_name[parameter]
        else:
            raise NoSample(
                f"{name.label} takes {details}: add a sample for it to `by_name` or `by_function` in {file}."
            )
    return found


def trials(samples: dict[str, Sample]) -> Iterator[Trial]:
    """Every replacement of every argument that is data, a number, a count or a generator."""
    for argument, sample in samples.items():
        if sample.kind in ARRAYS:
            found = array_trials(argument, sample, samples)
        else:
            found = other_trials(argument, sample, samples)
        yield from (trial for trial in found if trial.what not in sample.skip)


def other_trials(argument: str, sample: Sample, samples: dict[str, Sample]) -> Iterator[Trial]:
    bad = {
        "number": BAD_NUMBERS,
        "count": BAD_COUNTS,
        "word": BAD_WORDS,
        "generator": {"nothing": None, "a word": "seed"},
    }
    for what, value in bad.get(sample.kind, {}).items():
        if not (value is None and sample.make() is None):
            yield Trial(argument, what, samples | {argument: Sample(lambda value=value: value, "other")})


def array_trials(argument: str, sample: Sample, samples: dict[str, Sample]) -> Iterator[Trial]:
    def changed(change: Callable[[Tensor], Any]) -> dict[str, Sample]:
        return samples | {argument: Sample(lambda: change(sample.make()), "other")}

    value = sample.make()
    yield Trial(argument, "a word", changed(lambda x: "three"))
    if value.ndim:
        for what, count in (("empty", 0), ("one", 1)):
            yield Trial(argument, what, changed(lambda x, count=count: x[:count]))
            partners = [each for each, other in samples.items() if shares_rows(other, len(value))]
            if len(partners) > 1:
                cut = {each: cut_to(samples[each], count) for each in partners}
                yield Trial(argument, f"{what}, with its partners", samples | cut)
        yield Trial(argument, "one axis less", changed(lambda x: x[0]))
        yield Trial(argument, "wrong width", changed(lambda x: torch.cat([x, x[..., -1:]], dim=-1)))
    yield Trial(argument, "one axis more", changed(lambda x: x.unsqueeze(0)))
    yield Trial(argument, "numpy", changed(lambda x: x.numpy()))
    yield Trial(argument, "not contiguous", changed(not_contiguous))
    if sample.kind == "labels":
        yield Trial(argument, "int32", changed(lambda x: x.int()))
        yield Trial(argument, "negative", changed(lambda x: x - 100))
        return
    yield Trial(argument, "nan", changed(lambda x: with_first(x, math.nan)))
    yield Trial(argument, "infinite", changed(lambda x: with_first(x, math.inf)))
    yield Trial(argument, "half", changed(lambda x: x.half()))
    yield Trial(argument, "bfloat16", changed(lambda x: x.bfloat16()), changed(lambda x: x.bfloat16().float()))
    yield Trial(argument, "double", changed(lambda x: x.double()))
    yield Trial(argument, "requires grad", changed(lambda x: x.requires_grad_()))
    yield Trial(argument, "int64", changed(lambda x: x.round().long()), changed(torch.round))
    yield Trial(argument, "complex", changed(lambda x: x.to(torch.complex64)))
    if sample.kind == "pixels":
        yield Trial(argument, "bytes", changed(as_bytes), changed(lambda x: as_bytes(x).float() / 255))
        yield Trial(argument, "bool", changed(lambda x: x > 0.5), changed(lambda x: (x > 0.5).float()))
        yield Trial(argument, "floats to 255", changed(lambda x: x.double() * 255))
        yield Trial(argument, "int64 to 255", changed(lambda x: as_bytes(x).long()))
        yield Trial(argument, "below 0", changed(lambda x: x - 0.5))


def shares_rows(sample: Sample, count: int) -> bool:
    if sample.kind not in ARRAYS:
        return False
    value = sample.make()
    return value.ndim > 0 and len(value) == count


def cut_to(sample: Sample, count: int) -> Sample:
    return Sample(lambda: sample.make()[:count], "other")


def not_contiguous(x: Tensor) -> Tensor:
    return torch.stack([x, x], dim=-1)[..., 0]


def with_first(x: Tensor, value: float) -> Tensor:
    x = x.clone()
    x.view(-1)[0] = value
    return x


def as_bytes(x: Tensor) -> Tensor:
    return (x * 255).round().to(torch.uint8)
