"""σ² and β on a real model: its loss and gradient for any values of both."""

import copy

import torch
from torch import Tensor

from vaedemo.models.vae import VAE, reparameterize
from vaedemo.probability import check_numbers
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.probability.losses import gaussian_objective


def terms_and_gradient(
    model: VAE, x: Tensor, noise_variance: float, beta: float, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    r"""The terms of a Gaussian VAE's loss at its present weights θ, and the gradient of the loss.

    $$L(\sigma^2, \beta) = \frac{1}{N} \sum_n \Bigl[ \frac{\lVert x_n - \hat{x}_n \rVert^2}{2 \sigma^2}
    + \frac{D}{2} \log(2 \pi \sigma^2) + \beta\, \mathrm{KL}_n \Bigr], \qquad g = \nabla_\theta L$$

    `x`: (N, *data_shape). `noise_variance` and `beta` replace the model's own; z is drawn from q(z|x) with
    `generator`, so equal generators give equal noise. Computed in float64.
    Returns ‖x − x̂‖² (N,), the KL (N,), L () in nats, and g (P,) over all weights of encoder and decoder.
    Raises `ValueError` for a model whose likelihood is not Gaussian, no example, a σ² that is not above 0 or a
    negative β.
    """
    noise_variance = check_numbers.number("noise_variance", noise_variance, above=0)
    beta = check_numbers.number("beta", beta, 0)
    generator = check_numbers.one_generator(generator)
    if model.config.resolved_likelihood != "gaussian":
        raise ValueError(f"The likelihood must be gaussian, this model's is {model.config.resolved_likelihood}.")
    twin = copy.deepcopy(model).double().requires_grad_(True)
    data = twin.as_data(x)
    if not len(data):
        raise ValueError("x must have at least 1 example, got 0.")
    mu, logvar = twin.posterior(data)
    mean = twin.decode(reparameterize(mu, logvar, generator)).mean
    squared_error = (data - mean).square().flatten(1).sum(1)
    kl = kl_standard_normal(mu, logvar).sum(1)
    loss = gaussian_objective(squared_error, kl, data[0].numel(), noise_variance, beta).mean()
    weights = [*twin.encoder.parameters(), *twin.decoder.parameters()]
    gradient = torch.cat([part.flatten() for part in torch.autograd.grad(loss, weights)])
    return squared_error.detach(), kl.detach(), loss.detach(), gradient
