"""Where a training runs: the device and the number of CPU threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from vaedemo import settings
from vaedemo.config import RunConfig

MOST_FAST_THREADS = 4


def pick() -> torch.device:
    """The accelerator that torch finds, else the CPU; `VAEDEMO_DEVICE` overrides it.

    Raises `SettingError` when the device asked for is not there.
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


def wait_for(device: torch.device) -> None:
    """Wait until an accelerator has done what it was asked for; the CPU always has."""
    if device.type != "cpu":
        torch.accelerator.synchronize(device)


@contextmanager
def threads_for(config: RunConfig) -> Iterator[None]:
    """The setting's number of threads, or as many as pay.

    One for 2-D points, whose tiny kernels only lose by sharing. All for the textbook's recipe. For the fast one at most
    four, more were not tried; and beside a server a core is left to it: while it answers a class, the half-precision
    products, which are short, take two threads on two cores longer than one (44,000 against 62,000 images a second).
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
    """Whether this process trains for pages of the same machine: then its waiting threads are told to sleep."""
    return os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"
