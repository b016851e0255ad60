"""The autoencoder: the networks of the VAE without a distribution over the code, so without a KL."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.check_data import scaled
from vaedemo.models.doors import behind, door
from vaedemo.models.latent_model import LatentModel
from vaedemo.probability import checks, likelihoods


class NoBoundError(TypeError):
    """An autoencoder cannot compute this, because it needs q(z|x): it has a code, not a distribution over codes."""

    def __init__(self, what: str):
        super().__init__(f"{what} needs a distribution q(z|x); an autoencoder has only a code, encode(x).mean.")


def units(raw: Tensor, config: RunConfig) -> Tensor:
    """The code from the encoder's raw output, same shape: linear, sigmoid or relu, as the config says."""
    return {"linear": lambda raw: raw, "sigmoid": torch.sigmoid, "relu": torch.relu}[config.resolved_code_units](raw)


@dataclass(frozen=True)
class Code:
    """The code of each example as `mean` (N, latent_dim), the interface of a distribution without variance."""

    mean: Tensor


class Autoencoder(LatentModel):
    r"""An encoder from x to a code h and a decoder from h to x, without a prior.

    $$\text{loss}(x) = -\log p\big(x \mid h(\tilde x)\big) + \text{sparsity}\cdot\text{penalty}(h)$$

    With the penalty "kl", units are sigmoids and the penalty is $\sum_j \mathrm{KL}(\rho\Vert\hat\rho_j)$, with
    $\hat\rho_j$ the unit's mean over the batch (Ng, CS294A lecture notes). With "l1" it is $\sum_j |h_j|$, and the
    columns of the decoder's first layer have length one.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__(config, data_shape, encoder_outputs=config.latent_dim)

    @door
    def encode(self, x: Tensor) -> Code:
        """The code of x (N, *data_shape) as `.mean` (N, latent_dim)."""
        return self.encode_unchecked(checks.data_for(self, x))

    def encode_unchecked(self, x: Tensor) -> Code:
        """`encode` without checks, for training."""
        return Code(units(self.encoder(x).to(x.dtype), self.config))

    def elbo(self, x: Tensor, *, generator: torch.Generator):
        """Raises `NoBoundError`: there is no q(z|x), so there is no bound."""
        raise NoBoundError("The ELBO")

    def posterior(self, x: Tensor):
        """Raises `NoBoundError`: there is no q(z|x)."""
        raise NoBoundError("The posterior q(z|x)")

    def loss(self, x: Tensor, y: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Per-example terms (N,) in nats; training minimises `total` = reconstruction + sparsity * penalty.

        For the training loop: it checks the shape of x, but neither its range nor that it is finite.
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
        """The sparsity penalty, (N,): "kl" uses the batch's mean activity, "l1" each example's own code.

        For the training loop: the code is not checked.
        """
        if self.config.sparsity_kind == "l1":
            return code.abs().sum(dim=1)
        target = code.new_tensor(self.config.sparsity_target)
        tiny = torch.finfo(code.dtype).eps
        active = code.mean(dim=0).clamp(tiny, 1 - tiny)
        divergence = target * (target / active).log() + (1 - target) * ((1 - target) / (1 - active)).log()
        return divergence.sum().expand(code.shape[0])
