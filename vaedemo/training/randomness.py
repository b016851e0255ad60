"""Independent random streams from one seed, so that order, noise and evaluation do not affect each other."""

import hashlib

import torch


def stream(seed: int, name: str, device: torch.device | str = "cpu") -> torch.Generator:
    """The generator for one purpose ("order", "noise", "evaluation" …) of the run with this seed."""
    number = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8], "big") >> 1
    return torch.Generator(device=device).manual_seed(number)
