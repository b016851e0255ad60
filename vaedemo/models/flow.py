"""A normalising flow of affine couplings on the plane (RealNVP: Dinh et al. 2017, arXiv 1605.08803)."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.models.doors import behind, door
from vaedemo.models.exact_density import ExactDensity, conditioner
from vaedemo.probability import check_numbers, checks

LARGEST_LOG_SCALE = 2.0  # one coupling scales by a factor from e⁻² to e²


@dataclass(frozen=True)
class OnePoint:
    """The output of a deterministic map as `mean`, the interface of a distribution at one point."""

    mean: Tensor


class Coupling(nn.Module):
    r"""One coordinate is scaled and shifted by functions of the other; the other stays unchanged.

    $$x_i = z_i\, e^{s(z_j)} + t(z_j), \qquad x_j = z_j, \qquad
    \log\left|\det\frac{\partial x}{\partial z}\right| = s(z_j)$$

    s = 2 tanh(raw / 2) stays in (−2, 2) and always has a gradient. Source: Dinh et al. 2017, eqs. 4–8.
    """

    def __init__(self, moved: int, hidden: tuple[int, ...]):
        super().__init__()
        self.moved = moved
        self.network = conditioner(hidden, 2)

    def scale_and_shift(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        """s and t, (N, 1) each, from the unchanged coordinate, (N, 1)."""
        raw, shift = self.network(kept).chunk(2, dim=1)
        return LARGEST_LOG_SCALE * (raw / LARGEST_LOG_SCALE).tanh(), shift

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """x (N, 2) and the log-determinant (N,) of this coupling, for z (N, 2)."""
        kept = z[:, [1 - self.moved]]
        scale, shift = self.scale_and_shift(kept)
        return self.joined(z[:, [self.moved]] * scale.exp() + shift, kept), scale[:, 0]

    def inverse(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z (N, 2) and the log-determinant (N,) of the inverse, for x (N, 2)."""
        kept = x[:, [1 - self.moved]]
        scale, shift = self.scale_and_shift(kept)
        return self.joined((x[:, [self.moved]] - shift) * (-scale).exp(), kept), -scale[:, 0]

    def joined(self, moved: Tensor, kept: Tensor) -> Tensor:
        return torch.cat([moved, kept] if self.moved == 0 else [kept, moved], dim=1)


class Flow(ExactDensity):
    r"""x = f(z), z ~ N(0, I); f is a chain of couplings that change x₁ and x₂ in turn. The density is exact.

    $$\log p(x) = \log \mathcal N\big(f^{-1}(x);\, 0, I\big)
    + \log\left|\det\frac{\partial f^{-1}}{\partial x}\right|$$

    `config.couplings` layers, each with a network of widths `config.hidden`. f is invertible by construction, so the
    code of x is a single point with the dimension of x, not a distribution.
    Source: Dinh et al. 2017 (arXiv 1605.08803), equations 2–3.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__(config, data_shape)
        self.couplings = nn.ModuleList(Coupling(layer % 2, config.hidden) for layer in range(config.couplings))

    @property
    def latent_dim(self) -> int:
        return self.data_shape[0]

    @door
    def forward_map(self, z: Tensor, layers: int | None = None) -> tuple[Tensor, Tensor]:
        """x (N, 2) and log|det ∂x/∂z| (N,) for z (N, 2); `layers`: apply only this many couplings, starting at z.

        Raises `ValueError` for a number of layers outside 0 to `config.couplings`.
        """
        if layers is not None:
            layers = check_numbers.count("layers", layers, 0, len(self.couplings))
        return self.forward_map_unchecked(checks.codes_for(self, z), layers)

    def forward_map_unchecked(self, z: Tensor, layers: int | None = None) -> tuple[Tensor, Tensor]:
        """`forward_map` without checks."""
        total = z.new_zeros(len(z))
        for coupling in self.couplings[:layers]:
            z, step = coupling(z)
            total = total + step
        return z, total

    @door
    def inverse(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z (N, 2) and log|det ∂z/∂x| (N,) for x (N, 2)."""
        return self.inverse_unchecked(checks.data_for(self, x))

    def inverse_unchecked(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """`inverse` without checks, for training."""
        total = x.new_zeros(len(x))
        for coupling in reversed(self.couplings):
            x, step = coupling.inverse(x)
            total = total + step
        return x, total

    @door
    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x), exact, (N,) in nats, for x (N, 2)."""
        return self.log_prob_unchecked(checks.data_for(self, x))

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` without checks, for training."""
        z, log_determinant = behind(self, "inverse")(x)
        return log_determinant - 0.5 * z.square().sum(dim=1) - math.log(2 * math.pi)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` points (count, 2): f of draws from N(0, I).

        Raises `ValueError` for a count that is no integer from 0 up.
        """
        count, generator = check_numbers.count("count", count, 0), check_numbers.one_generator(generator)
        weight = next(self.parameters())
        z = torch.randn((count, 2), generator=generator, device=weight.device, dtype=weight.dtype)
        return behind(self, "forward_map")(z)[0]

    def encode(self, x: Tensor) -> OnePoint:
        """The code f⁻¹(x) as `.mean`, (N, 2)."""
        return OnePoint(self.inverse(x)[0])

    def decode(self, z: Tensor) -> OnePoint:
        """The point f(z) as `.mean`, (N, 2)."""
        return OnePoint(self.forward_map(z)[0])
