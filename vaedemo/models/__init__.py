"""Models: networks, VAE, autoencoder, classifier and exact densities. `build` makes the model of a config."""

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


def build(config: RunConfig, data_shape: tuple[int, ...], **more) -> nn.Module:
    """The untrained model of a config, with weights drawn from the config's seed; `data_shape`: of one example.

    `more`: further arguments of the model's class. torch's global random state stays unchanged.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return KINDS[config.model](config, data_shape, **more)
