r"""The gradient of a VAE's loss, derived by hand: what autograd finds, in fewer passes over memory.

For the Bernoulli likelihood with logits $\ell$, N examples x and one $z = \mu + \sigma\varepsilon$ each,

$$L = \frac1N \sum_n \Big[\sum_i \big(\log(1 + e^{\ell_i}) - x_i \ell_i\big) + \beta\,\mathrm{KL}\Big],$$

$$\frac{\partial L}{\partial \ell} = \frac{\operatorname{sigmoid}(\ell) - x}{N}, \qquad
\frac{\partial L}{\partial \mu} = \frac{\partial L}{\partial z} + \frac{\beta}{N}\,\mu, \qquad
\frac{\partial L}{\partial \log\sigma^2} = \frac12 \Big[\frac{\partial L}{\partial z}\,\sigma\varepsilon
+ \frac{\beta}{N}\,(\sigma^2 - 1)\Big].$$

A layer $y = hW^\top + b$ that is told $\delta = \partial L / \partial y$ has $\partial L / \partial W = \delta^\top h$,
$\partial L / \partial b = \sum_n \delta_n$ and passes on $\delta W$, which a ReLU lets through where it was open.
The value of the loss itself is never needed on the way, only whether it is a number.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vaedemo.config import RunConfig
from vaedemo.models import networks
from vaedemo.models.ensemble import Ensemble
from vaedemo.training.products import product


def is_derived(config: RunConfig) -> bool:
    """Whether these formulas are those of a config's models: VAEs of linear layers with Bernoulli pixels."""
    return config.model == "vae" and config.network != "conv" and config.resolved_likelihood == "bernoulli"


class Derived:
    """Gives every parameter of an ensemble's members its gradient, one member after the other.

    `dtype`: in which products are computed; everything else is in the data's own.
    """

    apart = True  # the members' own parameters have the gradients, the stack's have none

    def __init__(self, ensemble: Ensemble, dtype: torch.dtype):
        self.lanes = ensemble.lanes
        self.members = ensemble.members
        self.backwards = [_Backwards(model, dtype) for model in ensemble.members]

    @torch.no_grad()
    def __call__(self, x: Tensor, y: Tensor | None, generators: Sequence[torch.Generator]) -> Tensor:
        """Set `.grad` for data x (L, N, …), or (1, N, …) shared by all lanes, with one generator a lane; y is unused.

        Draws from the generators what `VAE.loss` draws, in its order. Returns (K,): a number for each member that is
        finite exactly where its loss is.
        """
        seen = []
        for number, generator in enumerate(generators):
            first = self.members[self.lanes.index(number)]
            clean = first.as_data(x[number if len(x) > 1 else 0])
            corrupted = first.corrupted(clean, generator)
            noise = torch.randn(len(clean), first.latent_dim, generator=generator, dtype=clean.dtype)
            seen.append((corrupted.flatten(1), clean.flatten(1), noise))
        pairs = zip(self.backwards, self.lanes, strict=True)
        return torch.stack([backwards(*seen[lane]) for backwards, lane in pairs])


class _Backwards:
    """One model's way forwards and back."""

    def __init__(self, model: nn.Module, dtype: torch.dtype):
        self.beta, self.dtype = model.config.beta, dtype
        self.encoder, self.decoder = (
            [layer for layer in network if isinstance(layer, nn.Linear)] for network in (model.encoder, model.decoder)
        )

    def __call__(self, seen: Tensor, x: Tensor, noise: Tensor) -> Tensor:
        """For what the encoder sees and what is to be reconstructed, both (N, D), and epsilon (N, latent_dim)."""
        first, scale = self.encoder[0], 1 / len(x)
        if isinstance(first, networks.CentredLinear):
            seen = seen - first.mean
        inputs, code = self._forwards(self.encoder, seen)
        mu, raw = code.to(x.dtype).chunk(2, dim=1)
        logvar, slope = networks.soften_with_slope(raw)
        deviation = (0.5 * logvar).exp_().mul_(noise)
        hidden, logits = self._forwards(self.decoder, mu + deviation)

        logits = logits.to(x.dtype)
        excess = torch.expm1(logvar)
        finite = logits.sum() + mu.square().sum() + logvar.sum() + excess.sum()

        of_z = self._back(self.decoder, hidden, logits.sigmoid_().sub_(x).mul_(scale)).to(x.dtype)
        of_mu = torch.add(of_z, mu, alpha=self.beta * scale)
        of_logvar = torch.add(deviation.mul_(of_z), excess, alpha=self.beta * scale).mul_(0.5)
        if slope is not None:
            of_logvar *= slope
        self._back(self.encoder, inputs, torch.cat([of_mu, of_logvar], dim=1), to_input=False)
        return finite

    def _forwards(self, layers: Sequence[nn.Linear], h: Tensor) -> tuple[list[tuple[Tensor, Tensor]], Tensor]:
        """Each layer's input and weights in the products' precision, and what the last one puts out."""
        h, passed = h.to(self.dtype), []
        for layer in layers:
            weight = layer.weight.to(self.dtype)
            passed.append((h, weight))
            h = product(h, weight, layer.bias.to(self.dtype), relu=layer is not layers[-1])
        return passed, h

    def _back(self, layers: Sequence[nn.Linear], passed: list[tuple[Tensor, Tensor]], delta: Tensor, to_input=True):
        """Set the layers' gradients from that of their output; the gradient of their input, if it is asked for."""
        delta = delta.to(self.dtype)
        for number in reversed(range(len(layers))):
            layer, (h, weight) = layers[number], passed[number]
            layer.weight.grad = product(delta.t(), h.t()).to(layer.weight.dtype)
            layer.bias.grad = delta.sum(dim=0).to(layer.bias.dtype)
            if number or to_input:
                delta = product(delta, weight.t())
            if number:
                delta = torch.ops.aten.threshold_backward(delta, h, 0)
        return delta
