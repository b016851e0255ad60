r"""Initialization of the fast recipe from the data: the decoder's output is the mean, the encoder's input is centred.

Both change the start and the scale of the gradients, not the functions that the networks can represent. After
training, the networks are ordinary ones.
"""

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.models.networks import CentredLinear
from vaedemo.probability import likelihoods

MOST_PLAIN_AXES = 3  # with at most this many latent axes, centring is worse: by 0.5 to 0.7 nats on MNIST with 2 axes
CHUNK = 1_000  # examples per sum: a chunk that fits the CPU cache is ten times as fast


class DataInitialization:
    """Statistics of the training data with which a stack's models are initialized; for VAEs and autoencoders.

    `config`: the stack's first; all members have the same data, network and likelihood.
    """

    def __init__(self, data: ImageSet, config: RunConfig):
        self.config = config
        levels = config.levels if LIKELIHOODS[config.resolved_likelihood].setting == "levels" else 0
        self.shares = level_shares(data, levels)
        self.mean = torch.linspace(0, 1, levels) @ self.shares if levels else self.shares

    @property
    def centres(self) -> bool:
        config = self.config
        return config.network != "conv" and config.latent_dim > MOST_PLAIN_AXES and not config.on_points

    def apply(self, model: nn.Module, fresh: bool) -> None:
        """Initialize a model in place. `fresh`: False for one that starts from a run; its function stays unchanged."""
        if fresh:
            set_output_bias(model.decoder, self.shares, self.config)
        if self.centres:
            centre(model.encoder, self.mean, fresh)


def level_shares(data: ImageSet, levels: int) -> Tensor:
    r"""Statistics of each of the D values over the data: the mean (D,), or with `levels` each level's share (L, D)."""
    total = torch.zeros(max(levels, 1), data.x[0].numel(), dtype=torch.float64)
    for part in data.x.split(CHUNK):
        values = part.flatten(1).float()  # integers up to 255: their sum over a chunk is exact in float32
        if levels:
            nearest = (values * ((levels - 1) / 255)).round()
            total += torch.stack([(nearest == level).float().sum(dim=0) for level in range(levels)])
        else:
            total += values.sum(dim=0)
    shares = (total / len(data)).float()
    return shares if levels else shares[0] / (1 if data.is_points else 255)


@torch.no_grad()
def set_output_bias(decoder: nn.Sequential, shares: Tensor, config: RunConfig) -> None:
    r"""Set the decoder's last bias to the output that is best without knowledge of z.

    The likelihood's class computes it. A convolution has one bias per channel: the mean over the pixels.
    """
    last = [module for module in decoder.modules() if isinstance(module, nn.Linear | nn.Conv2d)][-1]
    bias = likelihoods.CLASSES[config.resolved_likelihood].start_of_bias(shares)
    if isinstance(last, nn.Conv2d):
        per_output = bias.reshape(-1, bias.shape[-1]).mean(dim=1)
        last.bias.copy_(per_output.repeat_interleave(len(last.bias) // len(per_output)))
    else:
        last.bias.copy_(bias.flatten())


@torch.no_grad()
def centre(encoder: nn.Sequential, mean: Tensor, fresh: bool) -> None:
    """Make the first layer read x − mean. If not `fresh`, correct its bias so that its function stays unchanged."""
    place = next(index for index, layer in enumerate(encoder) if isinstance(layer, nn.Linear))
    encoder[place] = CentredLinear(encoder[place], mean)
    if not fresh:
        encoder[place].bias += encoder[place].weight @ mean
