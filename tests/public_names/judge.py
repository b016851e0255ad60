"""Whether what a call did is right: an answer that may be believed, or one sentence."""

import dataclasses
import linecache
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy
import torch
from torch import nn

from tests.public_names.sample import Sample, Trial

LONGEST_MESSAGE = 300
FOREIGN = ("Traceback", "mat1 and mat2", "Expected ", "expected ", "size of tensor", "dtype mismatch", "must match the")
SAME = ("numpy", "not contiguous", "half", "bfloat16", "double", "requires grad", "int64", "int32", "bytes", "bool")
NOT_DATA = ("nan", "infinite")  # what must not become a number that one would believe
REFUSED = ("floats to 255", "int64 to 255", "below 0", "complex", "a word")  # no answer at all is right
TOLERANCE = 2e-3  # relative, of float32 against float64 through a small network


def call(function: Callable, samples: Mapping[str, Sample]) -> Any:
    """The function's answer for fresh arguments; a generator of results is run to its end."""
    arguments = {name: sample.make() for name, sample in samples.items()}
    itself = [arguments.pop("self")] if "self" in arguments else []
    found = function(*itself, **arguments)
    return list(found) if hasattr(found, "__next__") else found


def verdict(function: Callable, trial: Trial, valid: Any) -> str | None:
    """What is wrong with the outcome of one trial; None where nothing is."""
    try:
        found = call(function, trial.samples)
    except Exception as error:
        fault = fault_of(error)
        if fault is None and trial.what in ("numpy", "not contiguous", "half", "double", "requires grad"):
            return f"is refused though it is meant: {error}"
        return fault
    if trial.what in REFUSED:
        return f"is accepted, with the answer {str(found)[:80]}"
    if trial.what in NOT_DATA and believable(found):
        return f"becomes a plausible answer, {str(found)[:80]}"
    if trial.what not in SAME:
        return None
    if trial.what == "double" and draws_without_a_model(trial.samples):
        return None  # torch draws other numbers in double precision
    try:
        wanted = valid if trial.compare is None else call(function, trial.compare)
    except Exception as error:
        return f"is accepted, but the same numbers as floats are not: {error}"
    return difference(found, wanted)


def fault_of(error: Exception) -> str | None:
    """Why an error is not one sentence of ours; None where it is."""
    kind, message = type(error).__name__, str(error)
    if not isinstance(error, ValueError | TypeError | LookupError):
        return f"raises {kind}: {message[:150]}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    ours = "/vaedemo/" in frame.filename.replace("\\", "/") and "/tests/" not in frame.filename
    if not ours or not linecache.getline(frame.filename, frame.lineno).strip().startswith("raise"):
        return f"raises {kind} from {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}: {message[:150]}"
    foreign = [words for words in FOREIGN if words in message]
    if foreign or "\n" in message or len(message) > LONGEST_MESSAGE or not message.endswith("."):
        return f"raises {kind} with a message that is not one sentence: {message[:200]!r}"
    return None


def numbers_in(found: Any, depth: int = 0) -> list[torch.Tensor]:
    """All numbers of an answer, as flat tensors of float64."""
    if isinstance(found, torch.Tensor):
        return [found.detach().double().flatten()]
    if isinstance(found, numpy.ndarray) and found.dtype.kind in "biuf":
        return [torch.from_numpy(numpy.ascontiguousarray(found)).double().flatten()]
    if isinstance(found, bool | int | float | numpy.number):
        return [torch.tensor([float(found)], dtype=torch.float64)]
    if depth > 4 or found is None or isinstance(found, str | bytes):
        return []
    if isinstance(found, nn.Module):
        return [number for each in found.state_dict().values() for number in numbers_in(each, depth + 1)]
    if isinstance(found, Mapping):
        parts = list(found.values())
    elif isinstance(found, Sequence | set):
        parts = list(found)
    elif dataclasses.is_dataclass(found):
        parts = [getattr(found, each.name) for each in dataclasses.fields(found)]
    else:
        parts = list(getattr(found, "__dict__", {}).values())
    return [number for each in parts for number in numbers_in(each, depth + 1)]


def believable(found: Any) -> bool:
    """Whether every number of an answer is finite."""
    return all(bool(each.isfinite().all()) for each in numbers_in(found))


def difference(found: Any, wanted: Any) -> str | None:
    """Where two answers differ by more than rounding; None where they do not."""
    ours, theirs = numbers_in(found), numbers_in(wanted)
    if [len(each) for each in ours] != [len(each) for each in theirs]:
        return f"gives another answer, {str(found)[:60]} for {str(wanted)[:60]}"
    for one, other in zip(ours, theirs, strict=True):
        finite = one.isfinite() & other.isfinite()
        scale = max(1.0, float(other[finite].abs().max())) if finite.any() else 1.0
        gap = float((one - other)[finite].abs().max()) if finite.any() else 0.0
        if gap > TOLERANCE * scale or not torch.equal(one[~finite].nan_to_num(), other[~finite].nan_to_num()):
            return f"gives another answer: {gap:.3g} apart where numbers reach {scale:.3g}"
    return None


def draws_without_a_model(samples: Mapping[str, Sample]) -> bool:
    random = any(sample.kind == "generator" for sample in samples.values())
    return random and not any(name in samples for name in ("model", "self"))
