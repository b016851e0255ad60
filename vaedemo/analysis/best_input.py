r"""Two ways to show a class: the input that maximises p(y|x), and samples from p(x|y)."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import data_for
from vaedemo.models.doors import behind
from vaedemo.probability import check_numbers, checks


def ascend(classifier, start: Tensor, target: int, steps: int, stride: float) -> Tensor:
    r"""Gradient ascent on log p(y|x) from each start, within the range [0, 1] of images.

    $$x_{k+1} = \operatorname{clip}_{[0, 1]}\Bigl(x_k + s\,
    \frac{\nabla_x \log p(y = c \mid x_k)}{\lVert \nabla_x \log p(y = c \mid x_k) \rVert}\Bigr)$$

    `classifier`: its `logits(x)` are (N, classes). `start`: images (N, C, H, W) in [0, 1]. `target`: the class c.
    `stride`: s, a length in image space. Returns (steps + 1, N, C, H, W), the starts first. Where the gradient is
    zero the image stays.
    Raises `ValueError` for a class that the classifier does not have, no step, a stride that is not above 0, or starts
    outside [0, 1].
    Source: Simonyan, Vedaldi & Zisserman 2013 (arXiv 1312.6034), section 2; Nguyen, Yosinski & Clune 2015.
    """
    start = data_for(classifier, checks.pixels("start", start, "N", "C", "H", "W"), "start").detach()
    target, steps = check_numbers.count("target", target, 0), check_numbers.count("steps", steps)
    stride = check_numbers.number("stride", stride, above=0)
    logits_of, path = behind(classifier, "logits"), [start]
    for _ in range(steps):
        x = path[-1].detach().requires_grad_(True)
        with torch.enable_grad():
            logits = logits_of(x)
            if target >= logits.shape[1]:
                raise ValueError(f"The classifier has classes 0 to {logits.shape[1] - 1}, got {target}.")
            # Images are independent, so the gradient of the sum contains each image's own gradient.
            (gradient,) = torch.autograd.grad(logits.log_softmax(dim=1)[:, target].sum(), x)
        length = gradient.flatten(1).norm(dim=1).view(-1, *[1] * (x.ndim - 1))
        uphill = torch.where(length > 0, gradient / length.clamp(min=torch.finfo(x.dtype).tiny), 0)
        path.append((x.detach() + stride * uphill).clamp(0, 1))
    return torch.stack(path)


def noise(count: int, data_shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Images (count, *data_shape) of independent pixels, uniform on [0, 1]. Raises `ValueError` for a negative size."""
    sides = [check_numbers.count("a side of data_shape", side) for side in data_shape]
    return torch.rand(check_numbers.count("count", count, 0), *sides, generator=check_numbers.one_generator(generator))


@dataclass(frozen=True)
class Draws:
    """Samples `x` (N, …) from p(x), the `probability` (N,) of the target class, and which were `kept` (N,)."""

    x: Tensor
    probability: Tensor
    kept: Tensor

    @property
    def rate(self) -> float:
        """The share of kept samples, the acceptance rate."""
        return self.kept.double().mean().item()

    @property
    def expected_rate(self) -> float:
        """The expected acceptance rate for these samples: the mean of p(y = c|x), an estimate of p(y = c)."""
        return self.probability.double().mean().item()


@torch.no_grad()
def draw_class(generative, classifier, target: int, count: int, generator: torch.Generator) -> Draws:
    r"""Sample from p(x|y) by rejection: draw x from p(x) and keep it with probability p(y|x).

    $$p(x \mid y = c) = \frac{p(y = c \mid x)\, p(x)}{p(y = c)}, \qquad
    \mathbb{E}[\text{acceptance rate}] = \int p(y = c \mid x)\, p(x)\, dx = p(y = c)$$

    `generative`: a VAE; x is the mean of p(x|z), with z ~ N(0, I). `classifier`: its `probabilities(x)` are
    (N, classes). `count`: N, 1 or more; the generator draws all z first, then the uniform numbers of the rejection.
    Raises `ValueError` for no draws or a class that the classifier does not have.
    Source: Bayes 1763; von Neumann 1951 for the rejection.
    """
    count, target = check_numbers.count("count", count), check_numbers.count("target", target, 0)
    generator = check_numbers.one_generator(generator)
    z = torch.randn(count, generative.latent_dim, generator=generator)
    x = generative.decode(z).mean
    probabilities = behind(classifier, "probabilities")(x)
    if target >= probabilities.shape[1]:
        raise ValueError(f"The classifier has classes 0 to {probabilities.shape[1] - 1}, got {target}.")
    probability = probabilities[:, target]
    return Draws(x, probability, torch.rand(count, generator=generator) < probability)
