"""The app's limits on one job, from the settings."""

import math
from collections.abc import Sequence

import torch

from vaedemo import datasets, settings
from vaedemo.config import RunConfig
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.models import build
from vaedemo.models.networks import count_parameters
from vaedemo.rules import ConfigError
from vaedemo.settings import Settings
from vaedemo.training import evaluate
from vaedemo.training.estimate import values_held
from vaedemo.training.fit_checks import check_steps

FLOAT = 4  # bytes
LARGEST_PASS = 2**28  # most values that a forward pass may hold at once: 1 GiB
MOST_MEMBERS = 16  # models in a stack
SWEEP_SHARE = 2  # a sweep may use this many times as many examples as one training


def train_images(config: RunConfig) -> int:
    """The number of examples in one epoch of this config."""
    whole, _ = datasets.sizes(config.dataset)
    return min(config.train_size, whole) if config.train_size else whole


def steps(config: RunConfig) -> int:
    """The number of optimizer steps of the whole training, of which `until` names one."""
    return steps_an_epoch(config) * config.epochs


def steps_an_epoch(config: RunConfig) -> int:
    return math.ceil(train_images(config) / config.batch_size)


def parameters(config: RunConfig) -> int:
    """The number of parameters of a config's model, built on torch's "meta" device, which allocates no memory."""
    with torch.device("meta"):
        return count_parameters(build(config, datasets.data_shape(config.dataset)))


def largest_stack(config: RunConfig) -> int:
    """The most models of this form in one stack: at most 16, limited by the forward pass and the memory."""
    batch = max(min(config.batch_size, train_images(config)), evaluate.BATCH)
    shared, own = data_bytes(config), weight_bytes(config) + pass_bytes(config)
    room = max(settings.current().max_memory - shared, 0)
    return max(1, min(MOST_MEMBERS, LARGEST_PASS // (values_held(config) * batch), room // own))


def weight_bytes(config: RunConfig) -> int:
    """Bytes of the weights, their gradients and Adam's two moments, each a float32."""
    return 4 * FLOAT * parameters(config)


def pass_bytes(config: RunConfig) -> int:
    """Bytes of the activations: the larger of a training step (with gradients) and an evaluation batch."""
    step = 2 * min(config.batch_size, train_images(config))
    return FLOAT * values_held(config) * max(step, evaluate.BATCH)


def data_bytes(config: RunConfig) -> int:
    """Bytes of the data set on the device: training images as uint8, the sets evaluated after each epoch as float32."""
    train, (_, test) = train_images(config), datasets.sizes(config.dataset)
    kept = train * (FLOAT if config.on_points else 1)
    return math.prod(datasets.data_shape(config.dataset)) * (kept + FLOAT * (test + min(train, test)))


def check_memory(config: RunConfig, most: int) -> None:
    """Raise `ConfigError` for a training that needs more than `most` bytes; it names the field of the largest part."""
    parts = {"hidden": weight_bytes(config), "batch_size": pass_bytes(config), "dataset": data_bytes(config)}
    needed = sum(parts.values())
    if needed <= most:
        return
    field = max(parts, key=parts.get)
    if field == "batch_size" and 2 * config.batch_size <= evaluate.BATCH:
        field = "hidden"  # the evaluation batch is the larger one: a smaller batch size would not help
    asked = f"what fits into {most / 1e6:,.0f} MB on this server (about {needed / 1e6:,.0f} MB asked)"
    raise ConfigError(field, getattr(config, field), asked)


def check(config: RunConfig, limits: Settings) -> None:
    """Raise `ConfigError`, naming the field to change, for a config that is too large for this server.

    Also for one with a change, or an end, at a step that it does not reach.
    """
    check_steps([config], steps_an_epoch(config))
    if config.epochs > limits.max_epochs:
        raise ConfigError("epochs", config.epochs, f"at most {limits.max_epochs} epochs on this server")
    seen = train_images(config) * config.epochs
    if seen > limits.max_images_trained:
        most = max(1, limits.max_images_trained // train_images(config))
        raise ConfigError("epochs", config.epochs, f"at most {most} epochs of {config.dataset} on this server")
    outputs = math.prod(datasets.data_shape(config.dataset)) * config.levels * config.batch_size
    if LIKELIHOODS[config.resolved_likelihood].setting == "levels" and outputs > 2**27:
        raise ConfigError("levels", config.levels, "fewer levels or a smaller batch: their product is too large here")
    batch = max(min(config.batch_size, train_images(config)), evaluate.BATCH)
    if values_held(config) * evaluate.BATCH > LARGEST_PASS:
        raise ConfigError("hidden", config.hidden, "fewer or narrower layers: their outputs are too large here")
    if values_held(config) * batch > LARGEST_PASS:
        most = LARGEST_PASS // values_held(config)
        raise ConfigError("batch_size", config.batch_size, f"at most {most:,} with this network on this server")
    count = parameters(config)
    if count > limits.max_parameters:
        accepts = f"widths that give at most {limits.max_parameters:,} parameters on this server ({count:,} asked)"
        raise ConfigError("hidden", config.hidden, accepts)
    check_memory(config, limits.max_memory)


def check_together(configs: Sequence[RunConfig], limits: Settings) -> None:
    """Raise `ConfigError` for a sweep that is too large for this server as one job."""
    if len(configs) > MOST_MEMBERS:
        raise ConfigError("a sweep", f"{len(configs)} runs", f"at most {MOST_MEMBERS} on this server")
    seen = sum(train_images(config) * config.epochs for config in configs)
    most = SWEEP_SHARE * limits.max_images_trained
    if seen > most:
        accepts = f"fewer epochs or fewer values: {seen:,} examples asked, at most {most:,} in one sweep on this server"
        raise ConfigError("epochs", configs[0].epochs, accepts)
