r"""The expected duration of a training: operations counted from the config, the machine's speed measured once.

$$t = \text{steps}\cdot\Big(a + \frac{B\,F}{r} + \frac{B\,V}{v}\Big)
     + \text{epochs}\cdot M\,\Big(\frac{F/3}{r} + \frac{V}{v}\Big)$$

with the batch size B, F floating-point operations to train on one example (a third of them in the forward pass), V
values held per example, and M examples evaluated after each epoch. Measured per kind of network: a (seconds per
step), r (operations per second) and v (values per second: the cost of losses, copies and random numbers).
"""

import json
import math
import time
from dataclasses import dataclass, field
from itertools import pairwise

import torch

from vaedemo import datasets
from vaedemo.config import LATENT_MODELS, RunConfig
from vaedemo.models import build
from vaedemo.models.ensemble import ensemble
from vaedemo.models.networks import count_parameters, stage_sizes
from vaedemo.probability.likelihoods import parameters_per_pixel
from vaedemo.training import device as devices
from vaedemo.training.gradients import Gradients
from vaedemo.training.recipes import RECIPES

OPERATIONS_PER_WEIGHT = 6  # multiply and add, for the forward pass, the input gradients and the weight gradients


@dataclass(frozen=True)
class Calibration:
    """Per kind of network (points, mlp, conv): fixed seconds per step, operations per second, values per second.

    A kind without `values_per_second` has no separate cost of values: its operations were measured including them.
    """

    step_seconds: dict[str, float]
    operations_per_second: dict[str, float]
    values_per_second: dict[str, float] = field(default_factory=dict)


def kind(config: RunConfig) -> str:
    if config.on_points:
        return "points"
    return "conv" if config.network == "conv" else "mlp"


def seconds(config: RunConfig, calibration: Calibration, members: int = 1) -> float:
    """The estimated seconds to train a stack of `members`, with evaluations and without a download.

    A training with `until` takes its share of the whole. The fixed cost of a step counts once for the whole stack,
    operations and values count per member.
    """
    train, test = datasets.sizes(config.dataset)
    train = min(config.train_size or train, train)
    steps = math.ceil(train / config.batch_size) * config.epochs
    arithmetic = members * operations(config) / calibration.operations_per_second[kind(config)]
    passing = members * values_held(config) / calibration.values_per_second.get(kind(config), math.inf)
    evaluated = test + min(train, test)
    share = min(config.until / steps, 1.0) if config.until else 1.0
    return share * (
        steps * networks(config) / 2 * calibration.step_seconds[kind(config)]
        + config.epochs * (train + evaluated / 3) * arithmetic
        + config.epochs * (train + evaluated) * passing
    )


def networks(config: RunConfig) -> int:
    """The number of networks in sequence in one step; the measured step has two, an encoder and a decoder."""
    return config.couplings if config.model == "flow" else 2


def values_held(config: RunConfig) -> int:
    """The number of values that a forward pass holds per example: the outputs of all layers."""
    levels = parameters_per_pixel(config.resolved_likelihood, config.levels)
    ends = math.prod(datasets.data_shape(config.dataset)) * (1 + levels)
    if config.network != "conv":
        return ends + networks(config) * sum(config.hidden)
    sizes = stage_sizes(*datasets.data_shape(config.dataset)[1:], len(config.hidden))
    encoder = sum(width * math.prod(size) for width, size in zip(config.hidden, sizes[1:], strict=True))
    return ends + 2 * encoder


def operations(config: RunConfig, data_shape: tuple[int, ...] | None = None) -> int:
    """Floating-point operations to train on one example: 6 per weight and position where it is used.

    It counts matrix products and convolutions only. The rest is about as large as the step's fixed cost.
    """
    shape = data_shape or datasets.data_shape(config.dataset)
    if config.model not in LATENT_MODELS and config.network != "conv":
        with torch.device("meta"):
            return OPERATIONS_PER_WEIGHT * count_parameters(build(config, shape))
    codes = config.latent_dim * (2 if config.model == "vae" else 1)
    outputs = parameters_per_pixel(config.resolved_likelihood, config.levels)
    if config.network == "conv":
        return OPERATIONS_PER_WEIGHT * convolution_products(config, shape, codes, outputs)
    pixels = math.prod(shape)
    encoder, decoder = [pixels, *config.hidden, codes], [config.latent_dim, *reversed(config.hidden), outputs * pixels]
    return OPERATIONS_PER_WEIGHT * sum(a * b for widths in (encoder, decoder) for a, b in pairwise(widths))


def convolution_products(config: RunConfig, shape: tuple[int, ...], codes: int, outputs: int) -> int:
    """Multiplications of the convolutional encoder and decoder for one example: 9 per pair of channels and position."""
    channels, height, width = shape
    places = [h * w for h, w in stage_sizes(height, width, len(config.hidden))]
    features = config.hidden[-1] * places[-1]
    down = [channels, *config.hidden]
    total = features * (codes + config.latent_dim)
    for before, after, at in zip(down, config.hidden, places[1:], strict=False):
        total += 9 * before * after * at
    if config.model == "classifier":
        return total
    up = [*reversed(config.hidden), outputs * channels]
    for before, after, at in zip(up, up[1:], reversed(places[1:]), strict=False):
        total += 9 * before * 4 * after * at  # a pixel shuffle's convolution makes four times the channels
    return total


def calibrate() -> str:
    """Time a few real training steps per kind of network; returns the fields of `Calibration` as JSON.

    For each kind it times one tiny and one ordinary step. Their difference gives the speed, the rest is the fixed
    cost per step. For mlp it also times a step with many values and very few operations.
    """
    measured: dict[str, dict[str, float]] = {
        "step_seconds": {}, "operations_per_second": {}, "values_per_second": {}
    }  # fmt: skip
    for name, small, large, wide in PROBES:
        times = [time_step(probe) for probe in (small, large, wide) if probe is not None]
        work = [probe.batch_size * operations(probe) for probe in (small, large, wide) if probe is not None]
        values = [probe.batch_size * values_held(probe) for probe in (small, large, wide) if probe is not None]
        fixed, per_operation, per_value = times[0], 0.0, 0.0
        for _ in range(ROUNDS):  # solve for one cost at a time, with the probe in which it is largest
            per_operation = max(times[1] - fixed - per_value * values[1], SHORTEST) / work[1]
            if wide is not None:
                per_value = max(times[2] - fixed - per_operation * work[2], SHORTEST) / values[2]
            fixed = max(times[0] - per_operation * work[0] - per_value * values[0], 0.0)
        measured["step_seconds"][name] = fixed
        measured["operations_per_second"][name] = 1 / per_operation
        if wide is not None:
            measured["values_per_second"][name] = 1 / per_value
    return json.dumps(measured)


PROBES = (
    (
        "points",
        RunConfig(dataset="ring", hidden=(8,), batch_size=8),
        RunConfig(dataset="ring", hidden=(128,), batch_size=512),
        None,
    ),
    (
        "mlp",
        RunConfig(hidden=(8,), batch_size=4),
        RunConfig(hidden=(400,), batch_size=128),
        RunConfig(network="linear", batch_size=512),
    ),
    (
        "conv",
        RunConfig(network="conv", hidden=(2, 2), batch_size=2),
        RunConfig(network="conv", hidden=(16, 32), batch_size=32),
        None,
    ),
)
ROUNDS, SHORTEST = 20, 1e-6
WARM_UP_STEPS, TIMED_STEPS = 2, 6


def time_step(config: RunConfig) -> float:
    """Seconds of one training step on random data: the minimum of six, which other programs disturb least."""
    device, recipe = devices.pick(), RECIPES[config.recipe]
    generator = torch.Generator().manual_seed(0)
    x = torch.rand((config.batch_size, *datasets.data_shape(config.dataset)), generator=generator).to(device)
    noise = torch.Generator(device).manual_seed(0)
    with devices.threads_for(config):
        model = ensemble([build(config, tuple(x.shape[1:])).to(device)])
        gradients = Gradients(model, [config], recipe, device)
        optimizer = recipe.optimizer([config], model, gradients.per_member)
        times = [
            one_step(gradients, optimizer, recipe, x.unsqueeze(0), noise) for _ in range(WARM_UP_STEPS + TIMED_STEPS)
        ]
    return min(times[WARM_UP_STEPS:])


def one_step(gradients, optimizer, recipe, x: torch.Tensor, noise: torch.Generator) -> float:
    """Time one step, as the training loop does it."""
    begun = time.perf_counter()
    loss = gradients(x, None, [noise])
    recipe.optimizer_step(optimizer, 0, 1)
    loss.item()  # waits for an accelerator to finish
    return time.perf_counter() - begun
