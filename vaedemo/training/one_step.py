"""One training step on one example, with every number that is computed on the way.

The step is the training loop's: the model's own loss, `Gradients`, and torch's Adam with the textbook recipe's
settings. Adam is called as the function that `torch.optim.Adam` calls: the first optimizer object of a process imports
a compiler, which takes seconds that a page's first visitor waits.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

from vaedemo.models.ensemble import ensemble
from vaedemo.models.vae import VAE, reparameterize
from vaedemo.probability import check_numbers, divergences, likelihoods
from vaedemo.training.gradients import Gradients
from vaedemo.training.recipes import RECIPES

RECIPE = RECIPES["textbook"]
EPSILON = 1e-8  # in Adam's denominator; torch's default, which the recipe leaves as it is


@dataclass(frozen=True, eq=False)
class Pass:
    r"""One example's way forward through a VAE, for one ε.

    $$\mu, \log\sigma^2 = \text{encoder}(x), \qquad z = \mu + \sigma\varepsilon, \qquad \hat x = \text{decoder}(z)$$

    `mu`, `logvar`, `noise` (ε), `z`: (d,). `image`: x̂, the mean of p(x|z), (C, H, W). `reconstruction`: −log p(x|z);
    `kl`: KL(q(z|x) ‖ p(z)); both in nats. `beta`: the weight of the KL.
    """

    mu: Tensor
    logvar: Tensor
    noise: Tensor
    z: Tensor
    image: Tensor
    reconstruction: float
    kl: float
    beta: float

    @property
    def sigma(self) -> Tensor:
        """(d,)."""
        return (0.5 * self.logvar).exp()

    @property
    def loss(self) -> float:
        """reconstruction + beta · kl, in nats: what training minimises; −ELBO at beta = 1."""
        return self.reconstruction + self.beta * self.kl


@dataclass(frozen=True, eq=False)
class Pull:
    """The gradient of one term of the loss with respect to the parameters of q(z|x): `mu` and `logvar`, (d,) each."""

    mu: Tensor
    logvar: Tensor


@dataclass(frozen=True)
class Layer:
    """What one layer gets in the step. `name`: in the model; `weights`: how many, biases included.

    Norms over the layer's weights: `gradient` of the loss, `reconstruction` and `kl` of its two terms (that of the KL
    times beta), `update` of what was added to the weights, `first` of Adam's first moment, `second` of the root of its
    second moment.
    """

    name: str
    weights: int
    gradient: float
    reconstruction: float
    kl: float
    update: float
    first: float
    second: float


@dataclass(frozen=True, eq=False)
class OneStep:
    r"""One step of training on one example.

    `before` and `after`: the example's way through the model before and after the step, with the same ε. `pulls`: the
    gradients on μ and log σ² by the name of the term, "reconstruction" and "kl"; that of the KL is times beta.

    $$\frac{\partial\,\beta\mathrm{KL}}{\partial\mu} = \beta\mu, \qquad
    \frac{\partial\,\beta\mathrm{KL}}{\partial\log\sigma^2} = \frac\beta2(\sigma^2 - 1), \qquad
    \frac{\partial z}{\partial\mu} = 1, \qquad \frac{\partial z}{\partial\log\sigma^2} = \frac{\sigma\varepsilon}{2}$$

    `layers`: in the model's order. `gradient` and `update`: of each weight of the model, (P,), in that order.
    """

    before: Pass
    after: Pass
    pulls: dict[str, Pull]
    layers: tuple[Layer, ...]
    gradient: Tensor
    update: Tensor


class OneExample:
    r"""Training on one example, step by step, on a copy of a model.

    Adam (Kingma & Ba 2014, algorithm 1) keeps two running means of each weight's gradient g and moves the weight by

    $$\Delta w = -\alpha\,\frac{\hat m}{\sqrt{\hat v} + \epsilon}, \qquad
    \hat m = \frac{m}{1 - \beta_1^t}, \quad \hat v = \frac{v}{1 - \beta_2^t}$$

    At the first step m̂ = g and v̂ = g², so Δw = −α g / (|g| + ϵ): about α against the sign of g, whatever its size.

    `model`: a VAE, left as it is. `x`: one example, (1, ...). `learning_rate`: α. `beta`: the weight of the KL. Raises
    `ValueError` for more than one example, `TypeError` for another kind of model, `ConfigError` for a rate or a beta
    that a `RunConfig` does not accept.
    """

    def __init__(self, model: nn.Module, x: Tensor, learning_rate: float = 1e-3, beta: float = 1.0):
        if not isinstance(model, VAE):
            raise TypeError(f"The model must be a VAE, got {type(model).__name__}.")
        self.x = model.as_data(x)
        if len(self.x) != 1:
            raise ValueError(f"x must be one example, got {len(self.x)}.")
        self.model = copy.deepcopy(model).requires_grad_(True)
        self.config = model.config.replace(learning_rate=learning_rate, beta=beta)
        self.model.config = self.config
        self.gradients = Gradients(ensemble([self.model]), [self.config], RECIPE, self.x.device, self.x.dtype)
        self.parameters = list(self.model.parameters())
        self.first, self.second = ([torch.zeros_like(each) for each in self.parameters] for _ in range(2))
        self.counts = [torch.zeros((), device=self.x.device) for _ in self.parameters]

    def step(self, generator: torch.Generator) -> float:
        """One step with the generator's next ε; returns the loss before it, in nats."""
        (loss,) = self.gradients(self.x[None], None, [generator]).tolist()
        beta1, beta2 = RECIPE.betas
        with torch.no_grad():
            adam(
                self.parameters,
                [parameter.grad for parameter in self.parameters],
                self.first,
                self.second,
                [],
                self.counts,
                fused=True,
                amsgrad=False,
                beta1=beta1,
                beta2=beta2,
                lr=self.config.learning_rate,
                weight_decay=0.0,
                eps=EPSILON,
                maximize=False,
            )
        return loss


def one_step(
    model: nn.Module, x: Tensor, generator: torch.Generator, learning_rate: float = 1e-3, beta: float = 1.0
) -> OneStep:
    """One step of training on one example, with every number. The arguments and errors are those of `OneExample`; ε is
    the generator's next draw."""
    training = OneExample(model, x, learning_rate, beta)
    started = check_numbers.one_generator(generator).get_state()
    before, pulls, terms = traced(training, generator.set_state(started))
    weights = [parameter.detach().clone() for parameter in training.parameters]
    training.step(generator.set_state(started))
    updates = [parameter.detach() - old for parameter, old in zip(training.parameters, weights, strict=True)]
    gradients = [parameter.grad for parameter in training.parameters]
    layers = layers_of(training, gradients, updates, terms)
    after = forward(training.model, training.x, generator.set_state(started), beta)
    return OneStep(before, after, pulls, layers, flat(gradients), flat(updates))


def forward(model: VAE, x: Tensor, generator: torch.Generator, beta: float = 1.0) -> Pass:
    """One example's way through a model, x (1, ...); ε is the generator's next draw."""
    with torch.no_grad():
        return made(*terms_of(model, x, generator), beta)


def terms_of(model: VAE, x: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
    """mu, logvar, ε and z (1, d), x̂ (1, ...), and both terms of the loss (1,), by the model's own functions."""
    mu, logvar = model.posterior(x)
    state = generator.get_state()
    noise = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, generator.set_state(state))
    likelihood = model.decode(z)
    reconstruction = likelihoods.reconstruction_unchecked(likelihood, x)
    return mu, logvar, noise, z, likelihood.mean, reconstruction, divergences.kl_standard_normal(mu, logvar).sum(dim=1)


def made(*found: Tensor | float) -> Pass:
    """A `Pass` of what `terms_of` returns, and beta."""
    *tensors, reconstruction, kl, beta = found
    return Pass(*(each.detach()[0] for each in tensors), reconstruction.item(), kl.item(), beta)


def traced(training: OneExample, generator: torch.Generator) -> tuple[Pass, dict[str, Pull], dict[str, list[Tensor]]]:
    """The way forward, and by the name of each term its gradients on μ and log σ² and on every parameter."""
    found = terms_of(training.model, training.x, generator)
    mu, logvar, *_, reconstruction, kl = found
    beta, parameters = training.config.beta, training.parameters
    pulls, terms = {}, {}
    for name, term in {"reconstruction": reconstruction, "kl": beta * kl}.items():
        inputs = [mu, logvar, *parameters]
        slopes = torch.autograd.grad(term.sum(), inputs, retain_graph=True, allow_unused=True)
        on_mu, on_logvar, *terms[name] = (
            torch.zeros_like(each) if slope is None else slope for each, slope in zip(inputs, slopes, strict=True)
        )
        pulls[name] = Pull(on_mu[0], on_logvar[0])
    return made(*found, beta), pulls, terms


def layers_of(
    training: OneExample, gradients: Sequence[Tensor], updates: Sequence[Tensor], terms: dict[str, list[Tensor]]
) -> tuple[Layer, ...]:
    """The norms of each layer: of a module that has parameters of its own, weights and biases together."""
    place = {id(parameter): index for index, parameter in enumerate(training.parameters)}
    made = []
    for name, module in training.model.named_modules():
        own = list(module.parameters(recurse=False))
        if not own:
            continue
        places = [place[id(parameter)] for parameter in own]
        made.append(
            Layer(
                name,
                sum(parameter.numel() for parameter in own),
                *(
                    norm([listed[index] for index in places])
                    for listed in (gradients, terms["reconstruction"], terms["kl"], updates)
                ),
                norm([training.first[index] for index in places]),
                norm([training.second[index].sqrt() for index in places]),
            )
        )
    return tuple(made)


def flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([each.reshape(-1) for each in tensors])


def norm(tensors: Sequence[Tensor]) -> float:
    """The Euclidean norm of all numbers of these tensors."""
    return flat(tensors).double().norm().item()
