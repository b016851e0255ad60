"""What the steps say of the learned map: how it turns the angles, what lies in its hole, and the two goals."""

import numpy as np
import torch

from vaedemo.analysis import warp
from vaedemo.app import catalogue
from vaedemo.app.lessons.ring import learned
from vaedemo.app.lessons.ring.scenes import HOLE, samples
from vaedemo.app.shell.steps import Values
from vaedemo.app.trainings import runs
from vaedemo.training.store import RunNotFound

MANY = 0.15  # share in the hole that a small network exceeds


def turning() -> tuple[int, float]:
    """How the shipped decoder turns the angles: 1 as g does or −1 mirrored, and how exactly, from 0 to 1."""
    z = samples(0)[: learned.DECODED]
    x = catalogue.run(learned.SHIPPED).model.decode(z).mean
    before, after = (torch.atan2(each[:, 1], each[:, 0]) for each in (z, x))
    exactness = {way: torch.polar(torch.ones_like(after), after - way * before).mean().abs().item() for way in (1, -1)}
    way = max(exactness, key=exactness.get)
    return way, exactness[way]


def decoded(values: Values) -> torch.Tensor:
    """Random z, decoded by the shipped run to their means, (10,000, 2)."""
    return catalogue.run(learned.SHIPPED).model.decode(samples(values["seed"])[: learned.DECODED]).mean


def in_hole() -> list[int]:
    """How many of the codes drawn lie in the hole, at each frame of the shipped film."""
    film = catalogue.run(learned.SHIPPED).film
    return [int((np.linalg.norm(frame.images, axis=1) < HOLE).sum()) for frame in film]


def first_below_half(values: Values) -> bool:
    """Whether the film stands where for the first time fewer than half of its codes lie in the hole."""
    if values["part"] == "exact" or values["train"]:
        return False
    try:
        counts = in_hole()
    except RunNotFound:  # the picture says so
        return False
    return values["frame"] == next(place for place, count in enumerate(counts) if count < 50)


def trained_badly(values: Values) -> bool:
    """Whether the visitor's own decoder leaves many random z in the hole."""
    training = learned.training_of(values)
    if values["part"] == "exact" or not isinstance(training, runs.Finished):
        return False
    x = training.run.model.decode(samples(values["seed"])[: learned.DECODED]).mean
    return warp.share_inside(x, HOLE) > MANY
