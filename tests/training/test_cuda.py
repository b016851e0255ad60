"""The training on an NVIDIA GPU, where there is one: no step waits for the device, and the result is the CPU's."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.training import fitting, loop

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU here")


@pytest.fixture
def on_gpu(monkeypatch):
    monkeypatch.setenv("VAEDEMO_DEVICE", "cuda")


@pytest.mark.usefixtures("on_gpu")
@pytest.mark.parametrize("recipe", ["textbook", "fast"])
def test_no_step_of_a_training_waits_for_the_gpu(few_digits, recipe, monkeypatch):
    update = fitting.Fitting._update

    def watched(fitting, chosen):
        torch.cuda.set_sync_debug_mode("error")
        try:
            return update(fitting, chosen)
        finally:
            torch.cuda.set_sync_debug_mode("default")

    monkeypatch.setattr(fitting.Fitting, "_update", watched)
    configs = [RunConfig(hidden=(16,), epochs=2, recipe=recipe, beta=beta) for beta in (1.0, 4.0)]
    assert {run.status for run in loop.fit_stack(configs, *few_digits)} == {"finished"}


@pytest.mark.usefixtures("on_gpu")
def test_the_gpu_comes_to_the_cpu_s_loss(few_digits, monkeypatch):
    config = RunConfig(hidden=(32,), epochs=5, batch_size=50)
    there = loop.fit(config, *few_digits)
    monkeypatch.setenv("VAEDEMO_DEVICE", "cpu")
    here = loop.fit(config, *few_digits)
    assert there.metrics["test_negative_elbo"] == pytest.approx(here.metrics["test_negative_elbo"], rel=0.02)
    assert all(parameter.device.type == "cpu" for parameter in there.model.parameters())
