"""Networks that a caller brings: an encoder and a decoder for the VAE, or a whole module with a loss of its own."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.models.networks import Reshape
from vaedemo.probability import checks
from vaedemo.rules import ConfigError

MOST_TERMS = 20  # of a loss
TRIED = 2  # examples


def given_encoder(network: nn.Module, data_shape: tuple[int, ...], outputs: int) -> nn.Module:
    """The network itself, after a trial: it must map (N, *data_shape) to (N, outputs).

    Raises `ConfigError` for a thing that is no module, `ValueError` for another shape.
    """
    found = tried("encoder", network, data_shape)
    if tuple(found.shape) != (TRIED, outputs):
        wanted = f"(N, {outputs}), mu and then logvar of {outputs // 2} latent axes"
        raise ValueError(f"encoder must return {wanted}; for {TRIED} examples it returned {tuple(found.shape)}.")
    return network


def given_decoder(network: nn.Module, data_shape: tuple[int, ...], latent_dim: int, channels: int) -> nn.Module:
    """The network, after a trial, with a reshape behind it: it must map (N, latent_dim) to the values of N examples.

    It returns the likelihood's parameters before any sigmoid, `channels` for each value, in any shape with so many
    elements. Raises `ConfigError` for a thing that is no module, `ValueError` for another number of elements.
    """
    found, shape = tried("decoder", network, (latent_dim,)), (channels, *data_shape)
    if found.ndim == 0 or len(found) != TRIED or found.numel() != TRIED * math.prod(shape):
        wanted = f"{math.prod(shape):,} values for each example, as (N, {', '.join(map(str, shape))})"
        raise ValueError(f"decoder must return {wanted}; for {TRIED} examples it returned {tuple(found.shape)}.")
    return network if tuple(found.shape) == (TRIED, *shape) else nn.Sequential(network, Reshape(*shape))


@torch.no_grad()
def tried(name: str, network: nn.Module, shape: tuple[int, ...]) -> Tensor:
    """What a network returns for two examples of zeros, without a change to it or to torch's random state."""
    if not isinstance(network, nn.Module):
        raise ConfigError(name, type(network).__name__, "a torch.nn.Module")
    like = checks.first_parameter(network)
    with evaluating([network]), torch.random.fork_rng(devices=[]):
        try:
            found = network(torch.zeros((TRIED, *shape)).to(like))
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            reason = (str(error).splitlines() or [""])[0][:150].rstrip(".")
            raise ValueError(f"{name} does not accept an array of shape {(TRIED, *shape)}: {reason}.") from error
    if not isinstance(found, Tensor):
        raise ValueError(f"{name} must return a tensor, got {type(found).__name__}.")
    return found


@contextmanager
def evaluating(models: list[nn.Module]) -> Iterator[None]:
    """The context in which all parts of the models are in eval mode; afterwards each is in the mode it had."""
    modes = [(part, part.training) for model in models for part in model.modules()]
    for part, _ in modes:
        part.training = False
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


class OwnNetwork(nn.Module):
    """A caller's `module` as the training loop takes it: with a config, a data shape and a checked loss.

    `terms`: the names of what its loss returns, known after the first call. A loss that returns another set of names or
    another shape later raises `ValueError`.
    """

    def __init__(self, module: nn.Module, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__()
        self.module, self.config, self.data_shape = module, config, tuple(data_shape)
        self.terms: tuple[str, ...] = ()

    def loss(self, x: Tensor, y: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """The terms (N,) of the module's own loss; a plain tensor is `total`. For the training loop."""
        found = as_terms(self.module.loss(x, y, generator), len(x), type(self.module).__name__)
        self.terms = self.terms or tuple(found)
        if set(found) != set(self.terms):
            names = f"{', '.join(self.terms)} as before, got {', '.join(found)}"
            raise ValueError(f"The loss of {type(self.module).__name__} must return {names}.")
        return found


def as_terms(found, count: int, name: str) -> dict[str, Tensor]:
    """What a loss returned as a dictionary of tensors (count,). Raises `ValueError`; `name`: of the module's class."""
    if isinstance(found, Tensor):
        found = {"total": found}
    if not isinstance(found, Mapping) or "total" not in found:
        kind = f"a dictionary of {', '.join(map(str, found))}"[:100] if isinstance(found, Mapping) else type(found)
        kind = kind if isinstance(kind, str) else kind.__name__
        raise ValueError(f"The loss of {name} must return a tensor (N,) or a dictionary with total (N,), got {kind}.")
    if len(found) > MOST_TERMS or not all(isinstance(key, str) and key.isidentifier() for key in found):
        raise ValueError(f"The loss of {name} must return at most {MOST_TERMS} terms, with words as their names.")
    for key, values in found.items():
        sound = isinstance(values, Tensor) and values.is_floating_point() and tuple(values.shape) == (count,)
        if not sound:
            shape = f"{checks.kind_of(values)} {tuple(getattr(values, 'shape', ()))}"
            wanted = f"floats of shape ({count},), one for each of the {count} examples"
            raise ValueError(f"The loss of {name} must return {key} as {wanted}, got {shape}.")
    return dict(found)
