"""The shipped flows and autoregressive models: their mass, their inverse, and how near they come to the truth."""

import pytest
import torch

from vaedemo import datasets
from vaedemo.analysis import plane_mass
from vaedemo.analysis.point_densities import log_density
from vaedemo.training import store

NAMES = ("ring-flow", "moons-flow", "ring-autoregressive", "moons-autoregressive")


@pytest.mark.parametrize("name", NAMES)
def test_a_trained_density_integrates_to_one(name):
    run = store.load(name)
    reach = 8 * datasets.load(run.config.dataset, split="train").x.std(dim=0).max().item()
    coarse, fine = (plane_mass.mass(run.model, -reach, reach, count) for count in (400, 800))
    assert fine == pytest.approx(1, abs=1e-2)
    assert fine == pytest.approx(coarse, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_a_trained_density_is_near_the_truth_and_not_beyond_it(name):
    run = store.load(name)
    x = datasets.load(run.config.dataset, split="test").x
    with torch.no_grad():
        beyond = log_density(run.config.dataset, x) - run.model.log_prob(x)
    # The mean estimates KL(data || model), which is positive; its standard error is about 0.01.
    assert 0 < beyond.mean() < 0.15
    assert -run.model.log_prob(x).mean().item() == pytest.approx(run.metrics["test_negative_log_likelihood"], abs=1e-5)


@pytest.mark.parametrize("name", ["ring-flow", "moons-flow"])
def test_a_trained_flow_inverts(name):
    model = store.load(name).model
    x = datasets.load(model.config.dataset, split="test").x
    torch.testing.assert_close(model.decode(model.encode(x).mean).mean, x, rtol=0, atol=1e-5)
