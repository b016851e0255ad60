"""The generated points' true densities: their mass, and what the points themselves say of them."""

import functools
import math

import pytest
import torch

from vaedemo import datasets
from vaedemo.analysis import plane_mass
from vaedemo.analysis.point_densities import KNOWN, log_density
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.rules import ConfigError

COUNT, EDGE = 200, 3.5  # of the grid's nodes along an axis, and where it ends


@functools.cache
def on_grid(name: str) -> torch.Tensor:
    """The density at the nodes of a grid over the plane."""
    return log_density(name, plane_mass.nodes(-EDGE, EDGE, COUNT, torch.float64)).exp()


@pytest.mark.parametrize("name", KNOWN)
def test_each_density_integrates_to_one(name):
    mass = on_grid(name).sum().item() * (2 * EDGE / COUNT) ** 2
    # The ring's density rises from 0 at its inner edge with a kink, which costs the midpoint rule some accuracy.
    assert mass == pytest.approx(1, abs=5e-3 if name == "ring" else 1e-3)


@pytest.mark.parametrize("name", KNOWN)
def test_the_points_are_drawn_from_it(name):
    """Of a density p, E[1/p over a region] is the region's area: estimated from the points where p is not tiny."""
    x = datasets.load(name, split="train").x
    values = log_density(name, x).exp()
    least = values.quantile(0.2)
    estimate = torch.where(values > least, 1 / values, 0.0)
    area = (on_grid(name) > least).double().mean().item() * (2 * EDGE) ** 2
    error = estimate.std().item() / math.sqrt(len(x))
    assert estimate.mean().item() == pytest.approx(area, abs=5 * error + 0.02)


def test_gaussians_are_an_even_mixture():
    x = torch.tensor([[1.0, -2.0], [0.5, 0.5]])
    alone = -math.log(25 * 2 * math.pi * 0.01)
    assert log_density("gaussians", x)[0].item() == pytest.approx(alone, abs=1e-12)
    assert log_density("gaussians", x)[1].item() == pytest.approx(alone + math.log(4) - 0.5 * 0.5 / 0.01, abs=1e-9)


@pytest.mark.parametrize("name", ["moons", "spiral"])
def test_finer_steps_change_nothing_that_is_printed(name):
    x = datasets.load(name, split="test").x
    change = log_density(name, x, 16_384) - log_density(name, x)
    assert change.abs().max() < 2e-3
    assert change.mean().abs() < 5e-5


def test_nothing_lies_inside_the_ring():
    assert log_density("ring", torch.tensor([[0.5, 0.0]])).item() == -math.inf


def test_another_data_set_is_refused():
    with pytest.raises(ConfigError, match="one of ring, moons, spiral, gaussians"):
        log_density("digits", torch.zeros(1, 2))


class Normal(torch.nn.Module):
    """N(0, 0.5² I) as a model."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(0.5, dtype=torch.float64))

    def log_prob(self, x):
        return torch.distributions.Normal(0, self.scale).log_prob(x).sum(1)


def test_the_mass_of_a_normal_is_known():
    assert plane_mass.mass(Normal(), -4, 4, 100) == pytest.approx(1, abs=1e-10)
    assert plane_mass.mass(Normal(), 0, 4, 400) == pytest.approx(0.25, abs=1e-4)


def test_rows_of_a_map_are_the_second_axis():
    values = plane_mass.log_density_map(Normal(), -1, 3, 4)
    points = torch.tensor([[-0.5, 0.5], [0.5, -0.5]], dtype=torch.float64)
    torch.testing.assert_close(values[1, 0], Normal().log_prob(points)[0])
    assert values.shape == (4, 4)
    nodes = plane_mass.nodes(-1, 3, 4, torch.float64)
    torch.testing.assert_close(values.flatten(), Normal().log_prob(nodes))


def test_a_decoder_that_is_a_shift_has_a_normal_as_its_density():
    """g(z) = z + b with noise σ² is N(b, (1 + σ²) I)."""
    config = RunConfig(dataset="ring", network="linear", noise_variance=0.09)
    model = build(config, (2,)).requires_grad_(False)
    layer = model.decoder[0]
    layer.weight.copy_(torch.eye(2))
    layer.bias.copy_(torch.tensor([0.5, -0.25]))
    found = plane_mass.decoded_density_map(model, -3, 3, 30)
    points = plane_mass.nodes(-3, 3, 30, torch.float64)
    expected = torch.distributions.Normal(torch.tensor([0.5, -0.25]).double(), 1.09**0.5).log_prob(points).sum(1)
    torch.testing.assert_close(found.flatten().exp(), expected.exp(), rtol=0, atol=1e-3)
