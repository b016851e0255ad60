"""States of trainings on disk: a shortcut to a step that else is reached by training again, so any may be removed."""

import json
import logging
import os
import secrets
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as write_tensors

from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training import device as devices
from vaedemo.training.film import Frame, frame_steps
from vaedemo.training.state import State

MOST_OF_ONE = 8  # states of one training with its branches: four keyframes and the latest pauses
ENDING = ".safetensors"
FILM = "film."

logger = logging.getLogger(__name__)


def folder() -> Path:
    return settings.current().cache / "states"


def save(state: State) -> None:
    """Keep a state; does nothing, with a line in the log, where the cache cannot be written.

    One file, `<digest of the training without changes>-<step>-<digest of the training up to here>-<checksum>`, written
    under another name and then renamed.
    """
    if not settings.current().state_bytes:
        return
    content = to_bytes(state)
    name = f"{prefix(state.config)}{state.step}-{state.config.digest}-"
    path = folder() / f"{name}{checksum(content)}{ENDING}"
    temporary = path.with_name(f".{os.getpid()}-{secrets.token_hex(4)}")
    try:
        folder().mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        for before in folder().glob(f"{name}*"):
            before.unlink(missing_ok=True)
        temporary.rename(path)
        evict(prefix(state.config))
    except OSError as error:
        logger.warning("The state of a training could not be kept: %s", error)
        with suppress(OSError):
            temporary.unlink()


def latest(configs: Sequence[RunConfig]) -> list[State] | None:
    """The states from which these trainings, as one stack, have the fewest steps to go; None when there are none."""
    for step in sorted(set.intersection(*(steps(config) for config in configs)), reverse=True):
        found = [read(config, step) for config in configs]
        if all(found):
            return found
    return None


def step_of(configs: Sequence[RunConfig]) -> int:
    """The step from which these trainings, as one stack, would go on; 0: they begin from nothing."""
    try:
        changed = folder().stat().st_mtime_ns
    except OSError:
        return 0  # no state was ever kept
    return step_in(tuple(configs), folder(), changed)


@lru_cache(maxsize=1024)
def step_in(configs: tuple[RunConfig, ...], _folder: Path, _changed: int) -> int:
    """`step_of`, kept until a file in the folder appears or goes: pages ask for each training in the queue."""
    return max(set.intersection(*(steps(config) for config in configs)), default=0)


def steps(config: RunConfig) -> set[int]:
    """The steps of this very training at which a state is kept, up to its last one."""
    found = set()
    for path in folder().glob(f"{prefix(config)}*{ENDING}"):
        _, step, digest, _ = path.stem.split("-")
        step = int(step)
        if (not config.until or step <= config.until) and config.held_at(step).digest == digest:
            found.add(step)
    return found


def read(config: RunConfig, step: int) -> State | None:
    """The state of a training after a step; None, after its removal, when it is damaged or of another device."""
    held = config.held_at(step)
    for path in folder().glob(f"{prefix(config)}{step}-{held.digest}-*{ENDING}"):
        try:
            state = from_file(path, held)
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            logger.warning("The kept state %s is not used and is removed: %s", path.name, error)
            path.unlink(missing_ok=True)
        else:
            return state if state.device == devices.pick().type else None
    return None


def forget(dataset: str) -> None:
    """Remove the states of all trainings on a data set, which the headers of their files name; also one that a process
    was writing when it was killed."""
    for path in folder().glob("*"):
        with suppress(OSError):
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")  # of the header that follows, as safetensors has it
                header = file.read(min(length, settings.current().max_run_bytes))
            if dataset.encode() in header:
                path.unlink(missing_ok=True)


def prefix(config: RunConfig) -> str:
    """The beginning of the names of all states of a training and its branches."""
    return f"{config.replace(changes=(), until=0).digest}-"


def checksum(content: bytes) -> str:
    """Detects a damaged file; a sha256 would take as long as all else."""
    return f"{zlib.crc32(content):08x}"


def to_bytes(state: State) -> bytes:
    """A state as one safetensors file; its film as tensors, all else as JSON in the header."""
    tensors = {name: value.contiguous() for name, value in state.tensors.items()}
    if state.film:
        arrays = {
            "steps": np.array([frame.step for frame in state.film]),
            "images": np.stack([frame.images for frame in state.film]),
            "means": np.stack([frame.means for frame in state.film]),
            "labels": state.film[0].labels,
        }
        tensors |= {FILM + name: torch.from_numpy(values) for name, values in arrays.items()}
    told = {"step": state.step, "device": state.device, "record": state.record, "dataset": state.config.dataset}
    return write_tensors(tensors, metadata={"state": json.dumps(told)})


def from_file(path: Path, config: RunConfig) -> State:
    """The state in a file. Raises `OSError`, and various errors for a damaged one."""
    if path.stat().st_size > settings.current().max_run_bytes:
        raise ValueError("it is larger than any run here may be")
    if checksum(path.read_bytes()) != path.stem.split("-")[-1]:
        raise ValueError("its content has changed")
    with safe_open(path, framework="pt") as file:
        told = json.loads(file.metadata()["state"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)
    film = {
        name: tensors.pop(FILM + name).numpy()
        for name in ("steps", "images", "means", "labels")
        if FILM + name in tensors
    }
    frames = [
        Frame(int(step), film["images"][index], film["means"][index], film["labels"])
        for index, step in enumerate(film.get("steps", ()))
    ]
    return State(config, told["step"], told["device"], tensors, told["record"], tuple(frames))


def evict(own: str) -> None:
    """Remove the states used longest ago: those of one training beyond its number, then all beyond the cap."""
    files = sorted(folder().glob(f"*{ENDING}"), key=lambda path: path.stat().st_mtime_ns)
    surplus = [path for path in files if path.name.startswith(own)][:-MOST_OF_ONE]
    for path in surplus:
        path.unlink(missing_ok=True)
    files = [path for path in files if path not in surplus]
    total = sum(path.stat().st_size for path in files)
    for path in files[:-1]:  # the newest is the one just kept
        if total <= settings.current().state_bytes:
            return
        total -= path.stat().st_size
        path.unlink(missing_ok=True)


@cache
def keyframes(steps: int) -> frozenset[int]:
    """At most four frames of the film of a training with these steps: the nearest to one, two, three, four fifths."""
    frames = frame_steps(steps)
    return frozenset(min(frames, key=lambda step: abs(step - share * steps)) for share in (0.2, 0.4, 0.6, 0.8)) - {0}


class EndKeeper:
    """Keeps the state at the end of a training that is held before its last step."""

    def wants(self, step: int, steps: int) -> bool:
        return False

    def keep(self, states: Sequence[State]) -> None:
        for state in states:
            save(state)
