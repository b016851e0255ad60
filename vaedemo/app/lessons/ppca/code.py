"""The script of the page on pPCA."""

from string import Template
from typing import Any

from vaedemo.app.lessons.ppca.data import AXES, EXAMPLES, SEED

GAUSSIAN = Template("""\
import math

import torch
from vaedemo.probability import ppca, ppca_axes

eigenvalues = torch.tensor([$lambda1, $lambda2], dtype=torch.float64)
x, components = ppca_axes.turned_gaussian(eigenvalues, samples=$examples, seed=$seed)
mean = torch.zeros(2, dtype=torch.float64)
""")
FITTED = Template("""\
import math

import vaedemo as vd
from vaedemo.models import pca
from vaedemo.probability import ppca

images, _ = vd.datasets.first_view("$data")
x = images.as_data().flatten(1).double()
fitted = pca.fit(x, $axes)
x, mean, components, eigenvalues = x[:$examples], fitted.mean, fitted.components, fitted.variances
""")
NUMBERS = Template("""\
noise_variance = $variance

# The likelihood's optimum, its latent axes 1 and $other turned by $theta degrees
W = ppca.optimal_weights(components, eigenvalues, noise_variance)
W = ppca.rotate(W, math.radians($theta), axes=(0, $second))
log_p = ppca.log_likelihood(x, W, noise_variance, mean)
elbo = ppca.elbo(x, W, noise_variance, mean)
print(f"Mean log p(x): {log_p.mean().item():.4f} nats")
print(f"Mean ELBO: {elbo.mean().item():.4f} nats")
print(f"Gap: {(log_p - elbo).mean().item():z.4f} nats")
print(f"½[Σ log M_ii − log det M]: {ppca.gap(W, noise_variance).item():z.4f} nats")

# The optimum of the loss at β = $beta, its axes not turned
W = ppca.optimal_weights(components, eigenvalues, noise_variance, beta=$beta)
log_p = ppca.log_likelihood(x, W, noise_variance, mean)
elbo = ppca.elbo(x, W, noise_variance, mean, beta=$beta)
alive = int((eigenvalues > $beta * noise_variance).sum())
print(f"Axes alive: {alive} of {len(eigenvalues)}")
print(f"Mean log p(x) at β: {log_p.mean().item():.4f} nats")
print(f"Mean ELBO at β: {elbo.mean().item():.4f} nats")
print(f"Gap at β: {(log_p - elbo).mean().item():z.4f} nats")
""")


def script(values: dict[str, Any], second: int) -> str:
    """The view's script; `second`: index of the axis in whose plane with the first the axes are rotated."""
    shared = {"examples": EXAMPLES, "seed": SEED, "axes": 2 if values["data"] == "ring" else AXES}
    opening = GAUSSIAN if values["data"] == "gaussian" else FITTED
    numbers = NUMBERS.substitute(values, second=second, other=second + 1)
    return opening.substitute(values | shared) + numbers
