"""A caller's network in a training and in a run's files: its checks, its identity, its weights."""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import torch
from safetensors.torch import save as write_tensors
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import KINDS
from vaedemo.models.own_network import OwnNetwork
from vaedemo.rules import ConfigError
from vaedemo.training.run import EXAMPLE_SHAPE, FIRST_WEIGHTS, MODEL_CLASS

KIND = "a torch.nn.Module with a method loss(x, y, generator)"
PROBED = 8  # examples of the trial before a training
# What may differ from the config with which a model of this package was made.
OF_TRAINING = (
    "dataset", "pixels", "train_size", "subset_seed", "recipe", "epochs", "batch_size", "learning_rate", "seed"
)  # fmt: skip


def is_packaged(model: nn.Module) -> bool:
    """Whether a model is one of this package's classes, or of a subclass: it has a config and a data shape."""
    return isinstance(model, tuple(KINDS.values()))


def settings_for(model: Any, config: RunConfig | None) -> RunConfig:
    """The settings of a training with this model: those given, or those with which a model of this package was made.

    Raises `ConfigError` for a thing without a loss, and for settings that contradict those of the model.
    """
    if not isinstance(model, nn.Module) or not callable(getattr(model, "loss", None)):
        raise ConfigError("model", type(model).__name__, KIND)
    if not is_packaged(model):
        config = config or RunConfig()
        if config.corruption != "none":
            raise ConfigError("corruption", config.corruption, "none for a network with a loss of its own")
    elif config is not None:
        for entry in fields(RunConfig):
            made = getattr(model.config, entry.name)
            if entry.name not in OF_TRAINING and getattr(config, entry.name) != made:
                raise ConfigError(entry.name, getattr(config, entry.name), f"{made!r}, with which the model was made")
    config = config or model.config
    if config.start_from:
        raise ConfigError("start_from", config.start_from, "nothing where model is given, which has first weights")
    return config


def prepared(model: nn.Module, config: RunConfig, data: ImageSet) -> nn.Module:
    """A copy of the model that the training loop takes, after a trial of its loss on the first examples of the data.

    The caller's model stays as it is. Raises `ConfigError` or `ValueError`, in one sentence, for a model that cannot be
    trained: of other data, without parameters, with a loss of another form, or one that is not finite.
    """
    name, shape = type(model).__name__, tuple(data.x.shape[1:])
    found = copied(model, config, shape)
    if not found.training:
        found.train()
    module = found if is_packaged(model) else OwnNetwork(found, config, shape)
    probe = copy.deepcopy(module).to("cpu", torch.float32)
    first = ImageSet(data.x[:PROBED], data.y[:PROBED], data.name)
    with torch.random.fork_rng(devices=[]):
        terms = probe.loss(first.as_data(config.pixels), first.y, torch.Generator().manual_seed(config.seed))
    if not terms["total"].isfinite().all():
        raise ValueError(f"The loss of {name} is not finite for the first {len(first)} examples: {terms['total'][0]}.")
    if not terms["total"].requires_grad:
        raise ValueError(f"The loss of {name} depends on no parameter that requires a gradient.")
    if isinstance(module, OwnNetwork):
        module.terms = probe.terms
    return module


def copied(model: nn.Module, config: RunConfig, data_shape: tuple[int, ...]) -> nn.Module:
    """A deep copy of the model; one of this package's classes gets the config. Raises what `prepared` raises."""
    name = type(model).__name__
    if is_packaged(model):
        if model.data_shape != data_shape:
            raise ValueError(f"The model reads examples of shape {model.data_shape}; the data have {data_shape}.")
        if model.config.on_points != config.on_points:
            raise ConfigError("model", model.config.dataset, "a model made with the dataset of points, such as ring")
    weights = [*model.parameters(), *model.buffers()]
    if any(isinstance(each, nn.parameter.UninitializedTensorMixin) for each in weights):
        raise ValueError(f"Some weights of {name} have no shape yet: call it on an example first.")
    if not all(isinstance(each, Tensor) for each in model.state_dict().values()):
        raise ValueError(f"The state_dict of {name} must hold tensors alone, because a run's files hold tensors alone.")
    try:
        found = copy.deepcopy(model)
    except Exception as error:  # whatever the parts of a foreign module raise
        reason = (str(error).splitlines() or [type(error).__name__])[0][:150].rstrip(".")
        raise ValueError(f"{name} cannot be copied, and a training must not change the caller's: {reason}.") from error
    if is_packaged(model):
        found.config = config
    return found


def identity(model: nn.Module) -> dict[str, Any]:
    """The metrics that name an untrained model: its class, the sha256 of its weights, the shape of an example."""
    module = model.module if isinstance(model, OwnNetwork) else model
    written = write_tensors({name: value.detach().cpu().clone() for name, value in module.state_dict().items()})
    return {
        MODEL_CLASS: type(module).__name__,
        FIRST_WEIGHTS: hashlib.sha256(written).hexdigest(),
        EXAMPLE_SHAPE: list(model.data_shape),
    }


def loaded(model: Any, metrics: Mapping[str, Any], config: RunConfig, weights: Mapping[str, Tensor]) -> nn.Module:
    """A copy of the caller's model with a run's weights, whose names and shapes are compared.

    Raises `ConfigError` without a model, `ValueError` for weights that do not fit it.
    """
    name = str(metrics[MODEL_CLASS])
    if not isinstance(model, nn.Module):
        accepts = f"the network of this run, which was a {name}: vaedemo.load(folder, model={name}())"
        raise ConfigError("model", None if model is None else type(model).__name__, accepts)
    own = {key: tuple(value.shape) for key, value in model.state_dict().items()}
    kept = {key: tuple(value.shape) for key, value in weights.items()}
    for key in sorted(own.keys() | kept.keys()):
        if own.get(key) != kept.get(key):
            here, there = (str(each.get(key, "none")) for each in (own, kept))
            who = type(model).__name__
            raise ValueError(f"The weights of this run do not fit {who}: {key[:80]} is {there} there and {here} here.")
    found = copied(model, config, tuple(metrics.get(EXAMPLE_SHAPE) or ()))
    found.load_state_dict(dict(weights))
    return found
