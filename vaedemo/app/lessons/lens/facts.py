"""What the page on one training step computes: the step of a view, its repetition, and the balance on log σ²."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vaedemo.app import catalogue
from vaedemo.app.shared import twenty
from vaedemo.datasets import drawing
from vaedemo.models import build
from vaedemo.probability import gradient_draws
from vaedemo.training import one_step, repeated_step

RUN = "mnist-2d"
TRAINED, UNTRAINED = "trained", "untrained"
SHAPE = (1, 28, 28)
MOST_DOTS = 240  # weights that are drawn of each network
ALIKE = 0.01  # of the rate: a weight that moved so nearly by the rate moved "by the rate"

Values = Mapping[str, Any]


def model_of(when: str) -> nn.Module:
    """The network before its first step, or after its training."""
    run = catalogue.run(RUN)
    return run.model if when == TRAINED else untrained(run.digest)


@lru_cache(maxsize=1)
def untrained(digest: str) -> nn.Module:
    """The first weights of the run with this digest."""
    return build(catalogue.run(RUN).config, SHAPE).requires_grad_(False)


def one(which: int | str) -> Tensor:
    """The digit that `twenty.chosen` names, with its greys, as the run read its training images: (1, 1, 28, 28)."""
    return drawing.as_set(which).as_data("grey") if isinstance(which, str) else twenty.grey()[which : which + 1]


@dataclass(frozen=True, eq=False)
class Shown:
    """A step without the gradients of all its weights.

    `gradient` and `moved`: of a few hundred weights, |g| and |Δw| divided by the rate, by the name of the network.
    `with_gradient`: the share of all weights that have one. `alike`: of these, the share that moved by the rate.
    `ninety`: how many times larger |g| is at their 95th percentile than at the 5th.
    """

    step: one_step.OneStep
    gradient: dict[str, np.ndarray]
    moved: dict[str, np.ndarray]
    with_gradient: float
    alike: float
    ninety: float


@lru_cache(maxsize=64)
def stepped(digest: str, when: str, which: int | str, seed: int, rate: float, beta: float) -> Shown:
    """`digest`: of the run, for the cache."""
    found = one_step.one_step(model_of(when), one(which), torch.Generator().manual_seed(seed), rate, beta)
    size, moved = found.gradient.abs(), found.update.abs() / rate
    has_one = size > 0
    networks = network_of_each(found.layers)
    dots = {name: has_one & (networks == place) for place, name in enumerate(("encoder", "decoder"))}
    chosen = {name: spread(size, mask) for name, mask in dots.items()}
    low, high = np.quantile(size[has_one].numpy(), [0.05, 0.95])
    return Shown(
        replace(found, gradient=size[:0], update=moved[:0]),
        {name: size[places].numpy() for name, places in chosen.items()},
        {name: moved[places].numpy() for name, places in chosen.items()},
        has_one.float().mean().item(),
        ((moved[has_one] - 1).abs() <= ALIKE).float().mean().item(),
        float(high / low),
    )


def network_of_each(layers: tuple[one_step.Layer, ...]) -> Tensor:
    """0 for each weight of the encoder, 1 for each of the decoder, in the model's order: (P,)."""
    networks = torch.tensor([int(layer.name.startswith("decoder")) for layer in layers])
    return networks.repeat_interleave(torch.tensor([layer.weights for layer in layers]))


def spread(size: Tensor, mask: Tensor) -> Tensor:
    """The places of at most `MOST_DOTS` of the masked weights, evenly spaced in the order of their gradients."""
    places = mask.nonzero().flatten()
    ordered = places[size[places].argsort()]
    return ordered[torch.linspace(0, len(ordered) - 1, min(MOST_DOTS, len(ordered))).long()]


def of(values: Values) -> Shown:
    """The step of a view."""
    digest = catalogue.run(RUN).digest
    return stepped(digest, values["when"], twenty.chosen(values), values["seed"], values["rate"], values["beta"])


@lru_cache(maxsize=64)
def repeated_on(
    digest: str, when: str, which: int | str, seed: int, rate: float, beta: float, n: int, new_noise: bool
) -> repeated_step.Repeated:
    """n steps on one digit, beside the others of the twenty. `digest`: of the run, for the cache."""
    others = [place for place in range(twenty.COUNT) if place != which]
    rest = twenty.grey()[others]
    return repeated_step.repeated(model_of(when), one(which), rest, seed, n, rate, beta, new_noise)


def repeated(values: Values) -> repeated_step.Repeated:
    """The repetition of a view."""
    digest, which = catalogue.run(RUN).digest, twenty.chosen(values)
    setting = (values["seed"], values["rate"], values["beta"], values["n"], values["noise"] == "new")
    return repeated_on(digest, values["when"], which, *setting)


@dataclass(frozen=True, eq=False)
class Balance:
    """Gradients on log σ² of both axes for each of the twenty digits, (20, 2): of l_recon, a mean over ε, and of
    l_KL."""

    reconstruction: np.ndarray
    kl: np.ndarray


@lru_cache(maxsize=4)
def balanced(digest: str, when: str) -> Balance:
    """By quadrature over ε. `digest`: of the run, for the cache."""
    model, x = model_of(when), twenty.grey()
    exact = [-gradient_draws.on_grid(model, x[place : place + 1])[2:] for place in range(len(x))]
    _, logvar = model.posterior(x)
    return Balance(torch.stack(exact).numpy(), 0.5 * (logvar.exp() - 1).detach().numpy())


def balance(values: Values) -> Balance:
    """The balance of a view; that of l_KL times β."""
    found = balanced(catalogue.run(RUN).digest, values["when"])
    return Balance(found.reconstruction, values["beta"] * found.kl)
