r"""Two ways to estimate the gradient of an expectation under q(z|x), and a referee for both.

All are of E_q[log p(x|z)] with respect to (μ, log σ²) of one image: 2 · latent_dim numbers, the μ's first. The
KL's gradient has a closed form and is left out of all three.
"""

import copy

import torch
from torch import Tensor

from vaedemo.probability import checks, likelihoods
from vaedemo.probability.check_models import one_image
from vaedemo.probability.check_numbers import choice, count, number, one_generator
from vaedemo.probability.hermite import standard_normal_nodes

__all__ = ["exact", "pathwise", "score_function", "total_variance"]

# Decoded pixels held at once; more samples go in pieces.
PIXELS_AT_ONCE = 4_000_000
MOST_SAMPLES = 10**7
# The referee's step, in units of σ for μ and of 1 for log σ².
STEP = 3e-4


def pathwise(
    model,
    x: Tensor,
    samples: int,
    generator: torch.Generator,
    *,
    mu: Tensor | None = None,
    logvar: Tensor | None = None,
) -> Tensor:
    r"""One gradient for each sample by the reparameterization trick: through z, to μ and log σ².

    $$\nabla_{\mu} = \nabla_z \log p(x \mid z), \qquad
    \nabla_{\log \sigma^2} = \tfrac{1}{2} \sigma \varepsilon \odot \nabla_z \log p(x \mid z), \qquad
    z = \mu + \sigma \odot \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, I)$$

    `model`: has `posterior(x)` -> (mu, logvar) and `decode(z)`. `x`: one image, (1, ...), as the model reads it.
    `mu`, `logvar`: another q than the encoder's, d numbers each. The same generator seed gives `score_function` the
    same z. Returns (samples, 2d), in nats for each unit of μ and of log σ²; the estimate is the mean over samples.
    Raises `ValueError` for more than one image, fewer than one sample, a q of the wrong size, and x of another shape,
    range or not finite.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), section 2.4.
    """
    x, mu, sigma, noise = draw(model, x, samples, generator, mu, logvar)
    return through_z(slope_of(model, x, mu + sigma * noise), sigma, noise)


def through_z(slope: Tensor, sigma: Tensor, noise: Tensor) -> Tensor:
    """The gradient with respect to (μ, log σ²), (K, 2d), from that with respect to z = μ + σε, (K, d)."""
    return torch.cat([slope, 0.5 * sigma * noise * slope], dim=1)


def score_function(
    model,
    x: Tensor,
    samples: int,
    generator: torch.Generator,
    *,
    mu: Tensor | None = None,
    logvar: Tensor | None = None,
    baseline: str | None = None,
) -> Tensor:
    r"""One gradient for each sample by the score function (REINFORCE): z is a constant, only log q is differentiated.

    $$g_k = \bigl(\log p(x \mid z_k) - b_k\bigr) \nabla_{\mu, \log \sigma^2} \log q(z_k), \qquad
    \nabla_{\mu} \log q = \frac{\varepsilon}{\sigma}, \quad
    \nabla_{\log \sigma^2} \log q = \tfrac{1}{2} (\varepsilon^2 - 1)$$

    The decoder is only evaluated, never differentiated. `baseline`: None for b = 0, "leave_one_out" for the mean of the
    **other** samples' log p(x|z), which leaves the estimate unbiased and takes most of its variance away.
    Arguments and result otherwise as for `pathwise`, with the same z for the same seed.
    Raises `ValueError` also for another baseline, and for fewer than two samples with a baseline.
    Source: Williams 1992; Mnih & Rezende 2016 (arXiv 1602.06725), section 2.4 (the baseline).
    """
    if choice("baseline", baseline, (None, "leave_one_out")):
        count("samples", samples, 2, MOST_SAMPLES)
    x, mu, sigma, noise = draw(model, x, samples, generator, mu, logvar)
    reward = log_likelihood(model, x, mu + sigma * noise)
    if baseline:
        # f_k − mean of the others = (f_k − mean of all) K / (K − 1).
        reward = (reward - reward.mean()) * (samples / (samples - 1))
    score = torch.cat([noise / sigma, 0.5 * (noise.square() - 1)], dim=1)
    return (reward.unsqueeze(1) * score.double()).to(mu.dtype)


@torch.no_grad()
def exact(
    model, x: Tensor, *, mu: Tensor | None = None, logvar: Tensor | None = None, order: int = 64, step: float = STEP
) -> Tensor:
    r"""The referee: the central difference, in float64, of E_q[log p(x|z)] by Gauss–Hermite quadrature.

    $$\frac{\partial}{\partial \theta} \mathbb{E}_q[\log p(x \mid z)] \approx \frac{E(\theta + h) - E(\theta - h)}{2h},
    \qquad E(\mu, \log \sigma^2) = \sum_i w_i \log p(x \mid \mu + \sigma \odot \varepsilon_i)$$

    No gradient of the model is taken. `order`: nodes for each axis; 64 give about 4 digits where the decoder is smooth
    and fewer where ReLU has its kinks, 24 cost a quarter. `step`: h, in units of σ for μ and of 1 for log σ².
    Other arguments as for `pathwise`. Returns (2d,), in float64.
    Raises `ValueError` for more than 2 latent axes, where the grid of nodes is too large.
    """
    model, step = copy.deepcopy(model).double(), number("step", step, above=0)
    x, mu, logvar = one_posterior(model, x, mu, logvar)
    d = mu.shape[1]
    if d > 2:
        raise ValueError(f"The quadrature takes 1 or 2 latent axes, got {d}: compare with pathwise instead.")
    nodes, weights = standard_normal_nodes(order, d)
    # Row j moves parameter j up, row 2d + j moves it down.
    moves = step * torch.cat([torch.eye(2 * d), -torch.eye(2 * d)]).to(mu)
    centres, sigmas = mu + moves[:, :d] * (0.5 * logvar).exp(), (0.5 * (logvar + moves[:, d:])).exp()
    z = centres.unsqueeze(1) + sigmas.unsqueeze(1) * nodes.to(mu.device)
    values = log_likelihood(model, x, z.flatten(0, 1)).view(len(z), -1) @ weights.to(mu.device)
    difference = (values[: 2 * d] - values[2 * d :]) / (2 * step)
    return difference / torch.cat([(0.5 * logvar[0]).exp(), torch.ones_like(logvar[0])])


def total_variance(gradients: Tensor) -> float:
    r"""The variance of one sample's gradient, summed over its components: what K samples divide by K.

    $$V = \sum_j \operatorname{Var}(g_{\cdot j}) = \frac{1}{K - 1} \sum_{k=1}^{K} \lVert g_k - \bar{g} \rVert^2$$

    `gradients`: (K, 2d), of `pathwise` or `score_function`. In squared nats. Raises `ValueError` for fewer than 2.
    """
    gradients = checks.array("gradients", gradients, "K", "2d", least=2)
    return gradients.double().var(0).sum().item()


def draw(model, x: Tensor, samples: int, generator: torch.Generator, mu: Tensor | None, logvar: Tensor | None):
    """The image as the model reads it, μ and σ (1, d) of q, and the noise ε (samples, d) that makes the z."""
    samples, generator = count("samples", samples, 1, MOST_SAMPLES), one_generator(generator)
    with torch.no_grad():
        x, mu, logvar = one_posterior(model, x, mu, logvar)
    noise = torch.randn(samples, mu.shape[1], generator=generator, dtype=mu.dtype, device=generator.device)
    return x, mu, (0.5 * logvar).exp(), noise.to(mu.device)


def one_posterior(model, x: Tensor, mu: Tensor | None, logvar: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """x (1, ...) as the model reads it, with μ and log σ² (1, d): those given, else the encoder's."""
    x, chosen = one_image("A gradient", model, x), []
    for name, given, own in zip(("mu", "logvar"), (mu, logvar), model.posterior(x), strict=True):
        if given is not None:
            given = checks.array(name, given)
            if given.numel() != own.numel():
                raise ValueError(f"{name} must hold the model's {own.numel()} latent axes, got {tuple(given.shape)}.")
            own = checks.to_like(name, given, own).reshape(own.shape)
        chosen.append(own.detach())
    return x.detach(), *chosen


def pieces(x: Tensor) -> int:
    """How many z go through the decoder at once."""
    return max(1, PIXELS_AT_ONCE // x.numel())


@torch.no_grad()
def log_likelihood(model, x: Tensor, z: Tensor) -> Tensor:
    """log p(x|z) of one image at every z, (K,), in nats, as float64."""
    return torch.cat(
        [-likelihoods.reconstruction_unchecked(model.decode(part), x).double() for part in z.split(pieces(x))]
    )


def slope_of(model, x: Tensor, z: Tensor) -> Tensor:
    """The gradient of log p(x|z) with respect to each z, (K, d)."""
    return value_and_slope(model, x, z)[1]


def value_and_slope(model, x: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    """log p(x|z) of one image at every z, (K,), in nats, and its gradient with respect to each z, (K, d)."""
    values, slopes = [], []
    for piece in z.split(pieces(x)):
        with torch.enable_grad():
            place = piece.detach().clone().requires_grad_()
            value = -likelihoods.reconstruction_unchecked(model.decode(place), x)
            # Each log p(x|z) depends on its own z alone, so the gradient of their sum is all the gradients at once.
            slopes += torch.autograd.grad(value.sum(), place)
        values.append(value.detach())
    return torch.cat(values), torch.cat(slopes)
