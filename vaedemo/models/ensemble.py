"""K models trained together: a single model unchanged, several models of one form with stacked weights.

Members in the same RNG (random number generator) group have the same seed and corruption, so they use the same batches
and the same noise. All other mathematics is separate per member, so the result is that of K separate trainings. This
module does not check the values of its data: `training` checks the whole set once.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vaedemo.changes import InForce
from vaedemo.config import RunConfig
from vaedemo.models import KINDS, networks
from vaedemo.models.autoencoder import Autoencoder, units
from vaedemo.models.corruption import corrupt_unchecked
from vaedemo.models.doors import behind
from vaedemo.models.stacked_layers import StackedLinear, stacked_network, together
from vaedemo.models.vae import VAE
from vaedemo.probability import divergences, likelihoods

# The fields in which members of a stack may differ. A sparse autoencoder's network depends on whether it has a
# penalty, and on its kind (see `form`).
FREE_FIELDS = ("beta", "seed", "learning_rate", "sparsity", "sparsity_target", "corruption", "corruption_level")


# The classes whose losses a stack computes for all members at once.
STACKABLE = (VAE, Autoencoder)


def is_own(model: nn.Module) -> bool:
    """Whether this package defines a model's networks and loss: no subclass, and no network that a caller gave."""
    return type(model) in STACKABLE and not model.has_given_networks


def form(config: RunConfig) -> tuple:
    """A key of a config; only configs with equal keys are trained in one stack.

    Only VAEs and autoencoders are stacked. A subclass is not, because its loss may differ.
    """
    if KINDS[config.model] not in STACKABLE:
        return config.digest, None
    fixed = config.replace(**{name: getattr(RunConfig, name) for name in FREE_FIELDS}, start_from="")
    return fixed.digest, config.sparsity_kind if config.sparsity else None


def rng_group(config: RunConfig) -> tuple:
    """A key of a config; members with equal keys use the same order, noise and corruption."""
    return config.seed, config.corruption, config.corruption_level


def rng_groups(configs: Sequence[RunConfig]) -> list[tuple]:
    """The distinct RNG groups of these members, in order of first appearance."""
    return list(dict.fromkeys(rng_group(config) for config in configs))


def stack_rng_groups(parts: Sequence[Tensor]) -> Tensor:
    """One tensor per RNG group, stacked along a new first axis; a single one is not copied."""
    return parts[0].unsqueeze(0) if len(parts) == 1 else torch.stack(tuple(parts))


def ensemble(models: Sequence[nn.Module]) -> "Ensemble":
    """An ensemble of the models for training. Raises ValueError for an empty list or different forms."""
    if not models:
        raise ValueError("A stack needs at least 1 model, got none.")
    if len(models) == 1:
        return Alone(models[0])
    if not all(is_own(model) for model in models):
        raise ValueError("Only this package's own autoencoders, variational or plain, can be stacked, no subclasses.")
    if len({form(model.config) for model in models}) > 1:
        raise ValueError("Only models of one form can be stacked: they may differ in " + ", ".join(FREE_FIELDS) + ".")
    return Stacked(models)


class Alone:
    """One model of any kind, with the interface of a stack."""

    def __init__(self, model: nn.Module):
        self.members, self.rng_groups = [model], [0]

    def parameters(self) -> list[nn.Parameter]:
        return list(self.members[0].parameters())

    def parameters_of(self, index: int) -> list[nn.Parameter]:
        """The parameters of the only member."""
        return self.parameters()

    def put_in_force(self, settings: Sequence[InForce]) -> None:
        """Set the member's beta and noise variance, until the next call; other models than latent ones ignore it."""
        self.members[0].in_force = settings[0]

    def settle(self) -> None:
        """Replace the layers that are only for training; the member is then an ordinary model."""
        settle(self.members[0])

    def loss(self, x: Tensor, y: Tensor | None, generators: Sequence[torch.Generator]) -> dict[str, Tensor]:
        """Terms (1, N) of the model's own loss for x (1, N, …) and y (1, N)."""
        terms = self.members[0].loss(x[0], None if y is None else y[0], generators[0])
        return {name: values.unsqueeze(0) for name, values in terms.items()}

    def code_means(self, x: Tensor) -> Tensor:
        """(1, N, latent_dim) for x (N, …)."""
        return behind(self.members[0], "encode")(x).mean.unsqueeze(0)

    def pictures(self, z: Tensor) -> Tensor:
        """(1, n, …) for codes z (n, latent_dim)."""
        return behind(self.members[0], "decode")(z).mean.unsqueeze(0)


class Stacked:
    """K VAEs or autoencoders of one form: parameters (K, …); the members' own parameters are views of them.

    `members` stay complete models at all times. `rng_groups` (K,): each member's index among the L orders and noises.
    """

    def __init__(self, models: Sequence[VAE] | Sequence[Autoencoder]):
        self.members = list(models)
        self.configs = [model.config for model in models]
        kinds = rng_groups(self.configs)
        self.rng_groups = [kinds.index(rng_group(config)) for config in self.configs]
        self.encoder = stacked_network([model.encoder for model in models])
        self.decoder = stacked_network([model.decoder for model in models])
        self.learned_variance = None
        if hasattr(models[0], "log_noise_variance"):
            self.learned_variance = together(models, "log_noise_variance")
        weight = next(self.encoder.parameters())
        self.betas = weight.new_empty((len(self.configs), 1))
        self.put_in_force([config.in_force() for config in self.configs])
        self.sparsity = weight.new_tensor([config.sparsity for config in self.configs])[:, None]

    def parameters(self) -> list[nn.Parameter]:
        learned = [] if self.learned_variance is None else [self.learned_variance]
        return [*self.encoder.parameters(), *self.decoder.parameters(), *learned]

    def put_in_force(self, settings: Sequence[InForce]) -> None:
        """Set each member's beta and noise variance, until the next call."""
        for member, own in zip(self.members, settings, strict=True):
            member.in_force = own
        self.betas.copy_(self.betas.new_tensor([own.beta for own in settings])[:, None])

    def settle(self) -> None:
        """Replace the layers that are only for training, in the members and in the stack."""
        for member in self.members:
            settle(member)  # changes the biases in place, so those of the stack too
        for layer in self.encoder:
            if isinstance(layer, StackedLinear):
                layer.mean = None

    def share_gradients(self) -> None:
        """Set the gradients of each member's parameters to views of the stacked gradients."""
        for stacked, *own in zip(self.parameters(), *map(self.parameters_of, range(len(self.members))), strict=True):
            for parameter, gradient in zip(own, stacked.grad, strict=True):
                parameter.grad = gradient

    def parameters_of(self, index: int) -> list[nn.Parameter]:
        """A member's own parameters in the stack's order."""
        member = self.members[index]
        learned = [] if self.learned_variance is None else [member.log_noise_variance]
        return [*member.encoder.parameters(), *member.decoder.parameters(), *learned]

    def loss(self, x: Tensor, y: Tensor | None, generators: Sequence[torch.Generator]) -> dict[str, Tensor]:
        """Terms (K, N) in nats for x (L, N, …), or (1, N, …) shared by all RNG groups; one generator per RNG group."""
        seen, x = self._spread(self._corrupted(x, generators)), self._spread(x)
        if isinstance(self.members[0], VAE):
            return self._bound(seen, x, generators)
        code = self._codes(seen)
        reconstruction = self._reconstruction(code, x)
        terms = {"total": reconstruction, "reconstruction": reconstruction}
        if self.configs[0].sparsity:
            pairs = zip(self.members, code, strict=True)
            penalty = torch.stack([member.penalty(own) for member, own in pairs])
            terms |= {"total": reconstruction + self.sparsity * penalty, "penalty": penalty}
        return terms

    def code_means(self, x: Tensor) -> Tensor:
        """(K, N, latent_dim) for x (N, …)."""
        return self._posterior(x.unsqueeze(0))[0] if isinstance(self.members[0], VAE) else self._codes(x.unsqueeze(0))

    def pictures(self, z: Tensor) -> Tensor:
        """(K, n, …) for codes z (n, latent_dim)."""
        return self._decode(z.unsqueeze(0)).mean.unflatten(0, (len(self.members), -1))

    def _bound(self, seen: Tensor, x: Tensor, generators: Sequence[torch.Generator]) -> dict[str, Tensor]:
        mu, logvar = self._posterior(seen)
        draws = [torch.randn(mu.shape[1:], generator=g, device=mu.device, dtype=mu.dtype) for g in generators]
        z = mu + (0.5 * logvar).exp() * self._spread(torch.stack(draws))
        kl_per_axis = divergences.kl_standard_normal_unchecked(mu, logvar)
        kl = charged = kl_per_axis.sum(dim=-1)
        if self.configs[0].free_bits:
            charged = divergences.at_least_unchecked(kl_per_axis, self.configs[0].free_bits).sum(dim=-1)
        reconstruction = self._reconstruction(z, x)
        return {"total": reconstruction + self.betas * charged, "reconstruction": reconstruction, "kl": kl}

    def _posterior(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        mu, raw_logvar = self.encoder(seen).to(seen.dtype).chunk(2, dim=-1)
        return mu, networks.soften(raw_logvar)

    def _codes(self, seen: Tensor) -> Tensor:
        return units(self.encoder(seen).to(seen.dtype), self.configs[0])

    def _reconstruction(self, z: Tensor, x: Tensor) -> Tensor:
        target = x.expand(len(self.members), *x.shape[1:]).flatten(0, 1)
        return likelihoods.reconstruction_unchecked(self._decode(z), target).unflatten(0, (len(self.members), -1))

    def _decode(self, z: Tensor) -> likelihoods.Likelihood:
        """p(x|z) of all members' codes (K, n, latent_dim), flattened: a distribution over (K * n, …)."""
        raw, config = self.decoder(z).flatten(0, 1).squeeze(1), self.configs[0]
        variance = self.members[0].in_force.noise_variance
        if self.learned_variance is not None:
            variance = networks.soften(self.learned_variance).exp().repeat_interleave(z.shape[1])
            variance = variance.reshape(-1, *[1] * (raw.ndim - 1))
        return likelihoods.make(config.resolved_likelihood, raw, levels=config.levels, variance=variance)

    def _corrupted(self, x: Tensor, generators: Sequence[torch.Generator]) -> Tensor:
        """The encoders' inputs, one corrupted copy per RNG group; x itself without a corruption."""
        firsts = [self.configs[self.rng_groups.index(number)] for number in range(len(generators))]
        if all(config.corruption == "none" or config.corruption_level == 0 for config in firsts):
            return x
        clean = x.expand(len(generators), *x.shape[1:])
        return torch.stack(
            [
                corrupt_unchecked(own, config.corruption, config.corruption_level, generator)
                for own, config, generator in zip(clean, firsts, generators, strict=True)
            ]
        )

    def _spread(self, values: Tensor) -> Tensor:
        """Map one entry per RNG group to one per member; a single one stays single and broadcasts."""
        return values if values.shape[0] == 1 or len(self.rng_groups) == values.shape[0] else values[self.rng_groups]


def settle(model: nn.Module) -> None:
    """Replace a latent model's layers that are only for training; other models have none."""
    if is_own(model):
        networks.settle(model.encoder)


Ensemble = Alone | Stacked
