"""The base class of models with an exact density, whose loss is the negative log-likelihood itself."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.models.check_data import scaled
from vaedemo.models.doors import behind


class ExactDensity(nn.Module):
    r"""A model of 2-D points with an exact `log_prob`; its loss is

    $$-\frac1N \sum_{n=1}^{N} \log p(x_n)$$

    `config`: the run's settings; `data_shape`: (2,). Subclasses have `log_prob(x)`, (N,) in nats, and
    `sample(count, generator)`, (count, 2). The public methods take points (N, 2), tensors or arrays, and convert them
    to the model's type; each raises `ValueError` for another shape, NaN or infinity.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__()
        if tuple(data_shape) != (2,):
            raise ValueError(f"A {config.model} model is of points (2,), got data of shape {tuple(data_shape)}.")
        self.config, self.data_shape = config, tuple(data_shape)

    def loss(self, x: Tensor, y: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Per-example terms (N,) in nats: `total` and `negative_log_likelihood`, which are equal; it draws nothing.

        For the training loop: it checks the shape of x, but not that it is finite.
        """
        negative = -behind(self, "log_prob")(scaled(x, self.data_shape))
        return {"total": negative, "negative_log_likelihood": negative}

    def start_from(self, other: nn.Module) -> None:
        """Copy the weights of another model of the same kind. Raises RuntimeError when they do not fit."""
        self.load_state_dict(other.state_dict())


def conditioner(hidden: tuple[int, ...], outputs: int) -> nn.Sequential:
    """A network from one coordinate, (N, 1), to `outputs` parameters of the other, (N, outputs).

    Its units are tanh, not ReLU: the density is smooth, and its parameters stay bounded far from the data.
    """
    modules: list[nn.Module] = []
    for before, after in pairwise((1, *hidden)):
        modules += [nn.Linear(before, after), nn.Tanh()]
    return nn.Sequential(*modules, nn.Linear(hidden[-1], outputs))
