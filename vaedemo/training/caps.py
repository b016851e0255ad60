"""What the app is willing to train: limits per job, from the one table of settings."""

import math

import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.networks import count_parameters
from vaedemo.rules import ConfigError
from vaedemo.settings import Settings

TRAIN_SIZES = {"digits": 4000, "mnist": 60_000, "mnist-55k": 55_000, "fashion": 60_000}
POINTS = 4000


def train_images(config: RunConfig) -> int:
    """How many examples one epoch of this config has."""
    whole = POINTS if config.on_points else TRAIN_SIZES[config.dataset]
    return min(config.train_size, whole) if config.train_size else whole


def data_shape(config: RunConfig) -> tuple[int, ...]:
    return (2,) if config.on_points else (1, 28, 28)


def parameters(config: RunConfig) -> int:
    """How many numbers the model of a config has; built without memory for any of them."""
    with torch.device("meta"):
        return count_parameters(build(config, data_shape(config)))


def check(config: RunConfig, limits: Settings) -> None:
    """Refuse a config that is too large for this server. Raises `ConfigError` naming the field to change."""
    if config.epochs > limits.max_epochs:
        raise ConfigError("epochs", config.epochs, f"at most {limits.max_epochs} epochs on this server")
    seen = train_images(config) * config.epochs
    if seen > limits.max_images_trained:
        most = max(1, limits.max_images_trained // train_images(config))
        raise ConfigError("epochs", config.epochs, f"at most {most} epochs of {config.dataset} on this server")
    outputs = math.prod(data_shape(config)) * config.levels * config.batch_size
    if config.resolved_likelihood == "categorical" and outputs > 2**27:
        raise ConfigError("levels", config.levels, "fewer levels or a smaller batch: their product is too large here")
    count = parameters(config)
    if count > limits.max_parameters:
        accepts = f"widths that give at most {limits.max_parameters:,} parameters on this server ({count:,} asked)"
        raise ConfigError("hidden", config.hidden, accepts)
