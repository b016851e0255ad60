"""The plain autoencoder: the same networks without a distribution over the code, and so without a KL."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.check_data import scaled
from vaedemo.models.doors import behind, door
from vaedemo.models.latent_model import LatentModel
from vaedemo.probability import checks, likelihoods


class NoBoundError(TypeError):
    """Asked an autoencoder for something that needs q(z|x): it has a code, not a distribution over codes."""

    def __init__(self, what: str):
        super().__init__(f"{what} needs a distribution q(z|x); an autoencoder has only a code, encode(x).mean.")


def units(raw: Tensor, config: RunConfig) -> Tensor:
    """The code's units, same shape as the encoder's raw output: linear, sigmoid or relu, as the config says."""
    return {"linear": lambda raw: raw, "sigmoid": torch.sigmoid, "relu": torch.relu}[config.resolved_code_units](raw)


@dataclass(frozen=True)
class Code:
    """The code of each example: `mean` (N, latent_dim), as a distribution without any spread would have it."""

    mean: Tensor


class Autoencoder(LatentModel):
    r"""An encoder to a code h, a decoder back, and no prior.

    $$\text{loss}(x) = -\log p\big(x \mid h(\tilde x)\big) + \text{sparsity}\cdot\text{penalty}(h)$$

    With the penalty "kl", units are sigmoids and the penalty is $\sum_j \mathrm{KL}(\rho\Vert\hat\rho_j)$, with
    $\hat\rho_j$ the unit's mean over the batch (Ng, CS294A lecture notes); with "l1" it is $\sum_j |h_j|$ under a
    decoder whose first columns have length one.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__(config, data_shape, encoder_outputs=config.latent_dim)

    @door
    def encode(self, x: Tensor) -> Code:
        """The code of x (N, *data_shape) as `.mean` (N, latent_dim)."""
        return self.encode_unchecked(checks.data_for(self, x))

    def encode_unchecked(self, x: Tensor) -> Code:
        """`encode` of data that is known to be sound, as in training."""
        return Code(units(self.encoder(x).to(x.dtype), self.config))

    def elbo(self, x: Tensor, *, generator: torch.Generator):
        """Raises `NoBoundError`: there is no q(z|x), so there is no bound."""
        raise NoBoundError("The ELBO")

    def posterior(self, x: Tensor):
        """Raises `NoBoundError`: there is no q(z|x)."""
        raise NoBoundError("The posterior q(z|x)")

    def loss(self, x: Tensor, y: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Per-example terms (N,) in nats: `total` = reconstruction + sparsity * penalty is what training minimises.

        For the training loop: of x only the shape is checked, neither its range nor that it is finite.
        """
        x = scaled(x, self.data_shape)
        code = behind(self, "encode")(self.corrupted(x, generator)).mean
        reconstruction = likelihoods.reconstruction_unchecked(behind(self, "decode")(code), x)
        if self.config.sparsity == 0:
            return {"total": reconstruction, "reconstruction": reconstruction}
        penalty = self.penalty(code)
        total = reconstruction + self.config.sparsity * penalty
        return {"total": total, "reconstruction": reconstruction, "penalty": penalty}

    def penalty(self, code: Tensor) -> Tensor:
        """The sparsity penalty, (N,): of the batch's mean activity for "kl", of each example's own code for "l1".

        For the training loop: the code is not checked.
        """
        if self.config.sparsity_kind == "l1":
            return code.abs().sum(dim=1)
        target = code.new_tensor(self.config.sparsity_target)
        tiny = torch.finfo(code.dtype).eps
        active = code.mean(dim=0).clamp(tiny, 1 - tiny)
        divergence = target * (target / active).log() + (1 - target) * ((1 - target) / (1 - active)).log()
        return divergence.sum().expand(code.shape[0])
