"""What is known of a run's latent axes over its test images: KL, correlations, total correlation; and its script."""

from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.traversal import axis_kl
from vaedemo.app import catalogue
from vaedemo.training.run import Run

MIXED = 1_000  # examples of the mixture estimate, whose cost is quadratic in their number
SEED = 0  # of the one z drawn from each q(z|x)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.traversal import axis_kl, traverse

run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
x = images.as_data("$pixels")
kl = axis_kl(run.model, x)
codes, pictures = traverse(run.model, x[$image : $image + 1], $axis, limit=$limit, steps=$steps)
print(f"KL of this axis: {kl[$axis].item():.3f} nats")
print(f"KL, all axes: {kl.sum().item():.2f} nats")
print(f"Pixels moved: {(pictures[-1] - pictures[0]).abs().mean().item():.4f}")

mu, logvar = tc.posterior_of(run.model, x)
noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed($seed))
z = mu + (0.5 * logvar).exp() * noise
print(f"Total correlation, Gaussian: {tc.gaussian_total_correlation(z):.3f} nats")
some = (z[:$mixed], mu[:$mixed], logvar[:$mixed])
print(f"TC by mixture: {tc.mixture_total_correlation(*some):.2f} nats")
shuffled = tc.shuffled_total_correlation(*some, torch.Generator().manual_seed($seed))
print(f"TC by mixture, axes shuffled: {shuffled:.2f} nats")
""")


@dataclass(frozen=True)
class Facts:
    """A run's axes over its test images: `kl` (d,) and the totals in nats, `correlation` (d, d) of q(z)."""

    kl: np.ndarray
    order: list[int]
    correlation: np.ndarray
    gaussian: float
    mixture: float
    shuffled: float


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(digest: str, _run: Run) -> Facts:
    images, _ = catalogue.images(_run.config.dataset)
    x = images.as_data(_run.config.pixels)
    kl = axis_kl(_run.model, x)
    mu, logvar = tc.posterior_of(_run.model, x)
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(SEED))
    z = mu + (0.5 * logvar).exp() * noise
    some = (z[:MIXED], mu[:MIXED], logvar[:MIXED])
    return Facts(
        kl.numpy(),
        kl.argsort(descending=True, stable=True).tolist(),
        tc.correlation(z).numpy(),
        tc.gaussian_total_correlation(z),
        tc.mixture_total_correlation(*some),
        tc.shuffled_total_correlation(*some, torch.Generator().manual_seed(SEED)),
    )
