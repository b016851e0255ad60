"""The base class of models with a latent code: encoder, decoder and reconstruction."""

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.models import networks
from vaedemo.models.corruption import corrupt_unchecked
from vaedemo.models.doors import behind, door
from vaedemo.models.own_network import given_decoder, given_encoder
from vaedemo.probability import checks, likelihoods


class LatentModel(nn.Module):
    """An encoder and a decoder; subclasses define the code and the loss.

    `config`: the run's settings; `data_shape`: the shape of one example, (C, H, W) or (2,). `encoder`, `decoder`:
    networks of the caller in place of the config's.
    The public methods take data x (N, *data_shape): tensors or arrays, images as bytes or as floats in [0, 1] (any
    finite number where the likelihood is of real numbers), and codes z (N, latent_dim). All become tensors of the
    model's own type; gradients flow through. Each raises `ValueError` for another shape, NaN, infinity or numbers
    outside that range.
    """

    def __init__(
        self,
        config: RunConfig,
        data_shape: tuple[int, ...],
        encoder_outputs: int,
        encoder: nn.Module | None = None,
        decoder: nn.Module | None = None,
    ):
        super().__init__()
        self.config, self.data_shape = config, tuple(data_shape)
        self.in_force = config.in_force()  # training sets those of each step, and at the end these again
        self.has_given_networks = encoder is not None or decoder is not None
        channels = likelihoods.parameters_per_pixel(config.resolved_likelihood, config.levels)
        if encoder is None:
            self.encoder = networks.encoder(config, self.data_shape, encoder_outputs)
        else:
            self.encoder = given_encoder(encoder, self.data_shape, encoder_outputs)
        if decoder is None:
            self.decoder = networks.decoder(config, self.data_shape, channels)
        else:
            self.decoder = given_decoder(decoder, self.data_shape, config.latent_dim, channels)
        has_noise = LIKELIHOODS[config.resolved_likelihood].setting == "noise_variance"
        if has_noise and config.noise_variance == "learned":
            self.log_noise_variance = nn.Parameter(torch.zeros(()))

    @property
    def latent_dim(self) -> int:
        return self.config.latent_dim

    def as_data(self, x: Tensor) -> Tensor:
        """Data (N, *data_shape) as the networks read it: checked, bytes scaled to [0, 1], in the model's type."""
        return checks.data_for(self, x)

    def noise_variance(self) -> Tensor | float:
        """sigma squared of a likelihood that has one: the learned parameter, or the number in force."""
        if self.config.noise_variance == "learned" and hasattr(self, "log_noise_variance"):
            return networks.soften(self.log_noise_variance).exp()
        return self.in_force.noise_variance

    @door
    def decode(self, z: Tensor):
        """p(x|z) for codes z (N, latent_dim): a distribution whose `.mean` is the image (N, *data_shape)."""
        return self.decode_unchecked(checks.codes_for(self, z))

    def decode_unchecked(self, z: Tensor):
        """`decode` without checks, for training."""
        raw = self.decoder(z).squeeze(1)  # without the axis of the outputs per value, where there is one output
        name, levels = self.config.resolved_likelihood, self.config.levels
        return likelihoods.make(name, raw, levels=levels, variance=self.noise_variance())

    @door
    def reconstruct(self, x: Tensor) -> Tensor:
        """The mean of p(x|z) at the code's mean, same shape as x; never clamped."""
        return self.reconstruct_unchecked(checks.data_for(self, x))

    def reconstruct_unchecked(self, x: Tensor) -> Tensor:
        """`reconstruct` without checks: images with noise may leave [0, 1]."""
        return behind(self, "decode")(behind(self, "encode")(x).mean).mean

    def start_from(self, other: nn.Module) -> None:
        """Copy the weights of another model of the same kind. Raises RuntimeError when they do not fit."""
        self.load_state_dict(other.state_dict())

    def corrupted(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The training input of a denoising model; x itself when the config has no corruption. Unchecked."""
        return corrupt_unchecked(x, self.config.corruption, self.config.corruption_level, generator)
