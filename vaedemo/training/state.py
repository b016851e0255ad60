"""A training between two of its steps, from which it goes on as if it had never stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble
from vaedemo.training.film import Frame


@dataclass(frozen=True)
class State:
    """One model of a training after `step` optimizer steps.

    `config`: the training up to this step (`RunConfig.held_at`). `device`: the type of the device, on which the noise
    depends. `tensors`: by name, on the CPU: "weights.…", "kept.…" (the last weights known to be good), "first.…" and
    "second.…" (Adam's moments), "order" and "noise" (the random generators; that of the order before this epoch's
    draw). `record`: the counters, the history and the measured figures, as JSON values. `film`: the frames so far.
    """

    config: RunConfig
    step: int
    device: str
    tensors: dict[str, Tensor]
    record: dict[str, Any]
    film: tuple[Frame, ...]


class Keeper(Protocol):
    """Who keeps the states of a training: asked before each step, and given the states at the end of a held one."""

    def wants(self, step: int, steps: int) -> bool:
        """Whether the states after `step` of `steps` are wanted now."""

    def keep(self, states: Sequence[State]) -> None:
        """Keep the states of all models that train together."""


def part(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    """The tensors of one part, such as "weights", by their names within it."""
    return {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")}


def named(name: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Copies of the tensors on the CPU, under the names of a part."""
    return {f"{name}.{key}": value.detach().cpu().clone() for key, value in tensors.items()}


class Moments:
    """Adam's moments of an ensemble, for one member at a time, in the order of the ensemble's parameters.

    `per_member`: whether the optimizer updates each member's own parameters, and not the stack's.
    """

    def __init__(self, ensemble: Ensemble, optimizer: torch.optim.Optimizer, per_member: bool):
        self.optimizer = optimizer
        self.stacked = len(ensemble.members) > 1 and not per_member
        order = [id(parameter) for group in optimizer.param_groups for parameter in group["params"]]
        if self.stacked:
            own = [ensemble.parameters()] * len(ensemble.members)
        else:
            own = [ensemble.parameters_of(index) for index in range(len(ensemble.members))]
        self.places = [[order.index(id(parameter)) for parameter in parameters] for parameters in own]
        self.parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]

    def of(self, member: int) -> dict[str, Tensor]:
        """The moments of a member; none before the first step."""
        kept = self.optimizer.state_dict()["state"]
        found = {}
        for number, place in enumerate(self.places[member]):
            for name, key in (("first", "exp_avg"), ("second", "exp_avg_sq")):
                if place in kept:
                    values = kept[place][key]
                    found[f"{name}.{number}"] = (values[member] if self.stacked else values).detach().cpu().clone()
        return found

    def restore(self, tensors: Sequence[dict[str, Tensor]], step: int) -> None:
        """Set the moments of all members, and Adam's own count of the steps. Raises ValueError for other shapes."""
        state: dict[int, dict[str, Tensor]] = {}
        for place, parameter in enumerate(self.parameters):
            # A stack's parameter has a place in each member's list, a member's own one only in its own.
            holders = [(own, self.places[own].index(place)) for own in range(len(tensors)) if place in self.places[own]]
            state[place] = {"step": torch.tensor(float(step), device=parameter.device)}
            for name, key in (("first", "exp_avg"), ("second", "exp_avg_sq")):
                values = [tensors[own][f"{name}.{number}"] for own, number in holders]
                moment = torch.stack(values) if self.stacked else values[0]
                if moment.shape != parameter.shape:
                    raise ValueError("The moments of this state belong to another network.")
                state[place][key] = moment.to(parameter)
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": state})


def load_weights(model: torch.nn.Module, weights: dict[str, Tensor]) -> None:
    """Load weights into a model. Raises ValueError when they do not fit."""
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError("The weights of this state belong to another network.") from error


def restored_generator(generator: torch.Generator, kept: Tensor) -> torch.Generator:
    """The generator, set to a kept state. Raises ValueError for one of another kind."""
    try:
        generator.set_state(kept)
    except (RuntimeError, TypeError) as error:
        raise ValueError("The random numbers of this state belong to another device.") from error
    return generator
