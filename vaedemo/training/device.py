"""The device of a training and its number of CPU threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from vaedemo import settings
from vaedemo.config import RunConfig

MOST_FAST_THREADS = 4


def pick() -> torch.device:
    """The accelerator that torch finds, else the CPU; `VAEDEMO_DEVICE` overrides it.

    Raises `SettingError` when torch cannot use the device asked for.
    """
    wanted = settings.current().device
    if not wanted:
        return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    try:
        device = torch.device(wanted)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0][:120]
        raise settings.SettingError(
            f"VAEDEMO_DEVICE accepts a device torch can use, got {wanted!r}: {reason}"
        ) from None
    return device


def describe(device: torch.device) -> str:
    """A name for the page: "NVIDIA H100", "Apple MPS" or "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple MPS"
    if device.type == "cpu":
        threads = torch.get_num_threads()
        return f"CPU, {threads} thread{'s' if threads > 1 else ''}"
    return device.type


def provenance(device: torch.device, precision: torch.dtype) -> dict[str, Any]:
    """The metrics that say where and with what a run was trained."""
    return {
        "device": describe(device),
        "threads": torch.get_num_threads(),
        "precision": str(precision).removeprefix("torch."),
        "torch": torch.__version__,
    }


def wait_for(device: torch.device) -> None:
    """Synchronize with an accelerator; returns at once for the CPU."""
    if device.type != "cpu":
        torch.accelerator.synchronize(device)


@contextmanager
def threads_for(config: RunConfig) -> Iterator[None]:
    """Use the number of threads of the settings, or else the fastest one for this config.

    2-D points: one, because their tiny kernels are slower on several. Textbook recipe: all. Fast recipe: at most four
    (more were not measured). Next to a server, the fast recipe leaves one core to it: while the server answers a
    class on two cores, the short half-precision products are slower on two threads than on one (44,000 against
    62,000 images a second).
    """
    before = torch.get_num_threads()
    fast = min(max(before - beside_a_server(), 1), MOST_FAST_THREADS)
    wanted = settings.current().threads or (1 if config.on_points else fast if config.recipe == "fast" else before)
    torch.set_num_threads(wanted)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def beside_a_server() -> bool:
    """Whether this process trains for pages of the same machine: then its waiting threads sleep (`cluster.WAITING`)."""
    return os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"
