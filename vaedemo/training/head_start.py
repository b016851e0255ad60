r"""Where the fast recipe starts: the decoder at the data's mean, and an encoder that sees what differs from it.

Both change where a training begins and how its gradients are scaled, not what can be represented: when it is over,
the networks are ordinary ones.
"""

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.models.networks import CentredLinear
from vaedemo.probability import likelihoods

MOST_PLAIN_AXES = 3  # up to so many latent axes the centring did harm: on MNIST with 2 axes 0.5 to 0.7 nats
CHUNK = 1_000  # examples at a time: what fits the cache is summed in a tenth of the time


class HeadStart:
    """What the training data of a stack tell its models beforehand; for autoencoders, plain or variational.

    `config` is the stack's first; its members have the same data, network and likelihood.
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

    def give(self, model: nn.Module, fresh: bool) -> None:
        """Prepare a model in place. One that is not `fresh`, but starts from another run, keeps what it computes."""
        if fresh:
            set_output_bias(model.decoder, self.shares, self.config)
        if self.centres:
            centre(model.encoder, self.mean, fresh)


def level_shares(data: ImageSet, levels: int) -> Tensor:
    r"""What the data are like at each of their D values: the mean (D,), or with `levels` the shares of each (L, D)."""
    total = torch.zeros(max(levels, 1), data.x[0].numel(), dtype=torch.float64)
    for part in data.x.split(CHUNK):
        values = part.flatten(1).float()  # whole numbers up to 255: their sum over a chunk is exact in float32
        if levels:
            nearest = (values * ((levels - 1) / 255)).round()
            total += torch.stack([(nearest == level).float().sum(dim=0) for level in range(levels)])
        else:
            total += values.sum(dim=0)
    shares = (total / len(data)).float()
    return shares if levels else shares[0] / (1 if data.is_points else 255)


@torch.no_grad()
def set_output_bias(decoder: nn.Sequential, shares: Tensor, config: RunConfig) -> None:
    r"""Let the untrained decoder put out, but for its random weights, the best answer that knows nothing of z.

    The likelihood's class says which. A convolution has one bias a channel: it gets the mean over pixels.
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
    """Let the first layer see x − mean; a network that is not fresh gets a bias that keeps its function as it was."""
    place = next(index for index, layer in enumerate(encoder) if isinstance(layer, nn.Linear))
    encoder[place] = CentredLinear(encoder[place], mean)
    if not fresh:
        encoder[place].bias += encoder[place].weight @ mean
