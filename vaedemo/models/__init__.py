"""Models: networks, the variational autoencoder and the plain one. `build` makes the model that a config describes."""

import torch
from torch import nn

from vaedemo.config import RunConfig
from vaedemo.models.autoencoder import Autoencoder, NoBoundError
from vaedemo.models.autoregressive import Autoregressive
from vaedemo.models.classifier import Classifier
from vaedemo.models.flow import Flow
from vaedemo.models.vae import VAE, Elbo

__all__ = ["VAE", "Autoencoder", "Autoregressive", "Classifier", "Elbo", "Flow", "NoBoundError", "build"]

KINDS = {
    "vae": VAE,
    "autoencoder": Autoencoder,
    "classifier": Classifier,
    "flow": Flow,
    "autoregressive": Autoregressive,
}


def build(config: RunConfig, data_shape: tuple[int, ...]) -> nn.Module:
    """The untrained model of a config, its weights drawn from the config's seed; `data_shape` is one example's shape.

    The draw leaves torch's global random state as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return KINDS[config.model](config, data_shape)
