"""A classifier: an autoencoder's encoder with a softmax on its code, optionally from the encoder's trained weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.models import networks
from vaedemo.models.check_data import scaled
from vaedemo.models.corruption import corrupt_unchecked
from vaedemo.models.doors import behind, door
from vaedemo.probability import checks


class Classifier(nn.Module):
    r"""p(y|x): a code h(x), then one linear layer and a softmax over the classes of the data set.

    $$p(y = c \mid x) = \frac{\exp(w_c^\top h(x) + b_c)}{\sum_{c'} \exp(w_{c'}^\top h(x) + b_{c'})},
    \qquad \text{loss}(x, y) = -\log p(y \mid x)$$

    A ReLU follows h; without it the last two layers would merge into one linear layer. The encoder is that of the
    autoencoder with the same `network`, `hidden` and `latent_dim`. With `start_from`, training begins with that
    autoencoder's weights: this is pre-training as in Hinton & Salakhutdinov 2006. `classes`: their number; None: that
    of the config's data set.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...], classes: int | None = None):
        super().__init__()
        self.config, self.data_shape = config, tuple(data_shape)
        self.encoder = networks.encoder(config, self.data_shape, config.latent_dim)
        classes = classes or len(datasets.class_names(config.dataset))
        self.head = nn.Linear(config.latent_dim, classes)

    @door
    def logits(self, x: Tensor) -> Tensor:
        """Log-probabilities up to a constant, (N, classes), for x (N, *data_shape), bytes or as the model reads it.

        Raises `ValueError` for another shape, NaN, infinity or pixels outside [0, 1].
        """
        return self.logits_unchecked(checks.data_for(self, x))

    def logits_unchecked(self, x: Tensor) -> Tensor:
        """`logits` without checks, for training."""
        return self.head(functional.relu(self.encoder(x)))

    @door
    def probabilities(self, x: Tensor) -> Tensor:
        """p(y|x), (N, classes); each row sums to 1. Raises what `logits` raises."""
        return self.probabilities_unchecked(checks.data_for(self, x))

    def probabilities_unchecked(self, x: Tensor) -> Tensor:
        """`probabilities` without checks, for example of a decoder's means."""
        return behind(self, "logits")(x).softmax(dim=1)

    def loss(self, x: Tensor, y: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        """Per-example terms (N,): `total` and `cross_entropy` in nats, `accuracy` 1 if the likeliest class is y.

        For the training loop: it checks the shape of x, but neither its range nor that it is finite.
        """
        x = scaled(x, self.data_shape)
        corrupted = corrupt_unchecked(x, self.config.corruption, self.config.corruption_level, generator)
        logits = behind(self, "logits")(corrupted)
        cross_entropy = functional.cross_entropy(logits, y, reduction="none")
        right = (logits.argmax(dim=1) == y).to(logits.dtype)
        return {"total": cross_entropy, "cross_entropy": cross_entropy, "accuracy": right}

    def start_from(self, other: nn.Module) -> None:
        """Copy the weights of another classifier, or of an autoencoder's or VAE's encoder (of a VAE, its means).

        Raises RuntimeError when the networks do not fit.
        """
        if isinstance(other, Classifier):
            self.load_state_dict(other.state_dict())
            return
        weights = other.encoder.state_dict()
        own = self.encoder.state_dict()
        if other.config.model == "vae":
            # A VAE encoder's last layer returns the means first, then the log-variances.
            weights = {name: value[: len(own[name])] if name in own else value for name, value in weights.items()}
        self.encoder.load_state_dict(weights)
