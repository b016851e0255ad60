"""An autoregressive model of points, one axis after the other (RNADE: Uria et al. 2013, arXiv 1306.0186)."""

import math

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.models import networks
from vaedemo.models.doors import door
from vaedemo.models.exact_density import ExactDensity, conditioner
from vaedemo.probability import check_numbers, checks

FIRST_CENTRES = 2.0  # the components' initial centres are evenly spaced from minus this to this
FIRST_LOGVAR = -1.0


class Autoregressive(ExactDensity):
    r"""p(x₁) p(x₂|x₁), each a mixture of K normals; a network computes the second's parameters from x₁.

    $$\log p(x) = \log \sum_{k=1}^{K} \pi_k\, \mathcal N(x_1; m_k, v_k)
    + \log \sum_{k=1}^{K} \pi_k(x_1)\, \mathcal N\big(x_2; m_k(x_1), v_k(x_1)\big)$$

    The chain rule is exact for any order of the axes, so the density is exact. A sample is drawn axis by axis, each
    given the previous ones. `config.components` is K, `config.hidden` the network's widths.
    Sources: Uria et al. 2013, equations 1 and 5; mixtures from a network: Bishop 1994, *Mixture density networks*.
    """

    def __init__(self, config: RunConfig, data_shape: tuple[int, ...]):
        super().__init__(config, data_shape)
        count = config.components
        centres = torch.linspace(-FIRST_CENTRES, FIRST_CENTRES, count) if count > 1 else torch.zeros(1)
        first = torch.cat([torch.zeros(count), centres, torch.full((count,), FIRST_LOGVAR)])
        self.first = nn.Parameter(first)
        self.network = conditioner(config.hidden, 3 * count)
        with torch.no_grad():
            self.network[-1].bias.copy_(first)

    @door
    def mixture(self, axis: int, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """log π, means and log-variances, (N, K) each, of axis 0, or of axis 1 given x₁; `before` is x₁ (N,)."""
        return self.mixture_unchecked(check_numbers.count("axis", axis, 0, 1), self._column("before", before))

    def mixture_unchecked(self, axis: int, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`mixture` without checks."""
        raw = self.first.expand(len(before), -1) if axis == 0 else self.network(before.unsqueeze(1))
        logits, means, logvars = raw.chunk(3, dim=1)
        return logits.log_softmax(dim=1), means, networks.soften(logvars)

    @door
    def conditional(self, axis: int, values: Tensor, before: Tensor) -> Tensor:
        """log p(x₁) for axis 0, log p(x₂|x₁) for axis 1, at `values` (N,), in nats; `before` is x₁ (N,)."""
        values, before = self._column("values", values), self._column("before", before)
        if len(values) != len(before):
            raise ValueError(f"values and before must be of the same points, got {len(values)} and {len(before)}.")
        return self.conditional_unchecked(check_numbers.count("axis", axis, 0, 1), values, before)

    def conditional_unchecked(self, axis: int, values: Tensor, before: Tensor) -> Tensor:
        """`conditional` without checks, for training."""
        log_weights, means, logvars = self.mixture_unchecked(axis, before)
        squares = (values.unsqueeze(1) - means).square() * (-logvars).exp()
        return (log_weights - 0.5 * (squares + logvars + math.log(2 * math.pi))).logsumexp(dim=1)

    @door
    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x), exact, (N,) in nats, for x (N, 2)."""
        return self.log_prob_unchecked(checks.data_for(self, x))

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` without checks, for training."""
        return self.conditional_unchecked(0, x[:, 0], x[:, 0]) + self.conditional_unchecked(1, x[:, 1], x[:, 0])

    def _column(self, name: str, values: Tensor) -> Tensor:
        return checks.to_like(name, checks.array(name, values, "N"), self.first)

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` points (count, 2), x₁ first. Raises `ValueError` for a count that is no integer from 0 up."""
        count, generator = check_numbers.count("count", count, 0), check_numbers.one_generator(generator)
        x = self.first.new_zeros(count, 2)
        for axis in (0, 1):
            log_weights, means, logvars = self.mixture_unchecked(axis, x[:, 0])
            chosen = torch.multinomial(log_weights.exp(), 1, generator=generator)
            noise = torch.randn((count, 1), generator=generator, device=x.device, dtype=x.dtype)
            deviations = (0.5 * logvars.gather(1, chosen)).exp()
            x[:, axis] = (means.gather(1, chosen) + deviations * noise)[:, 0]
        return x
