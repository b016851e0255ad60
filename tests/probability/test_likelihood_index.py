"""The list of likelihoods and their classes: each line has its class, and each class does what the rest asks of it."""

import subprocess
import sys
from dataclasses import fields

import pytest
import torch

from vaedemo import likelihood_index
from vaedemo.config import IMAGE_LIKELIHOODS, RunConfig
from vaedemo.likelihood_index import LIKELIHOODS, POINT_LIKELIHOODS
from vaedemo.models import build
from vaedemo.probability import likelihoods
from vaedemo.probability.likelihoods.base import Likelihood
from vaedemo.rules import ConfigError


def test_the_list_is_what_the_config_and_the_mathematics_know():
    assert likelihoods.NAMES == IMAGE_LIKELIHOODS == tuple(likelihoods.CLASSES) == tuple(LIKELIHOODS)
    assert len(LIKELIHOODS) == len(likelihood_index.LINES)
    assert {line.setting for line in LIKELIHOODS.values()} <= {"", *(entry.name for entry in fields(RunConfig))}
    script = "import sys, vaedemo.likelihood_index; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60).returncode == 0


@pytest.mark.parametrize("line", likelihood_index.LINES, ids=lambda line: line.name)
def test_each_line_has_one_class_in_one_file(line):
    kind = likelihoods.CLASSES[line.name]
    assert kind.__module__ == f"vaedemo.probability.likelihoods.{line.name}"
    assert issubclass(kind, Likelihood) and getattr(likelihoods, kind.__name__) is kind
    assert line.choice.startswith(line.title) and line.hint in line.choice


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_a_class_reads_back_its_own_predictions(name):
    prediction, x = torch.linspace(0.05, 0.95, 19, dtype=torch.float64), torch.zeros(19, dtype=torch.float64)
    raw = likelihoods.CLASSES[name].raw_of(prediction, x, 2)
    distribution = likelihoods.make(name, raw)
    mean = distribution.mean
    if name == "continuous_bernoulli":
        mean = distribution.logits.sigmoid()  # what one predicts is λ, from which its mean differs
    if name == "categorical":
        mean = 1 - mean  # what one predicts is the probability of x's own level, here of black
    torch.testing.assert_close(mean, prediction, rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_a_bias_starts_where_a_constant_answer_is_the_mean(name):
    shares = torch.tensor([0.25, 0.75, 0.5], dtype=torch.float64)
    if LIKELIHOODS[name].setting == "levels":
        shares = torch.stack([1 - shares, shares])
    start = likelihoods.CLASSES[name].start_of_bias(shares)
    assert start.shape == shares.shape
    distribution = likelihoods.make(name, start.unsqueeze(0))
    mean = distribution.logits.sigmoid() if name == "continuous_bernoulli" else distribution.mean
    torch.testing.assert_close(mean[0], torch.tensor([0.25, 0.75, 0.5], dtype=torch.float64), rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_points_have_the_likelihoods_of_real_numbers(name):
    outside = torch.full((3, 1, 4, 4), -40.0)
    model = build(RunConfig(likelihood=name, hidden=(5,)), (1, 4, 4))
    if name in POINT_LIKELIHOODS:
        assert RunConfig(dataset="ring", likelihood=name).resolved_likelihood == name
        assert model.encode(outside).mean.isfinite().all()
        return
    with pytest.raises(ConfigError, match="likelihood accepts gaussian for the points of ring"):
        RunConfig(dataset="ring", likelihood=name)
    with pytest.raises(ValueError, match=r"floats in \[0, 1\]"):
        model.encode(outside)


@pytest.mark.parametrize("name", likelihoods.NAMES)
def test_a_setting_belongs_to_the_likelihoods_that_read_it(name):
    plain = RunConfig(likelihood=name)
    changed = {"noise_variance": plain.replace(noise_variance=0.5), "levels": plain.replace(levels=4)}
    setting = LIKELIHOODS[name].setting
    assert [field for field, config in changed.items() if config.digest != plain.digest] == [setting] * bool(setting)
    learned = build(plain.replace(noise_variance="learned", hidden=(5,)), (1, 4, 4))
    assert hasattr(learned, "log_noise_variance") == (setting == "noise_variance")
    assert learned.decode(torch.zeros(2, 2)).mean.shape == (2, 1, 4, 4)
