"""One step on one example against the real loop, closed forms, finite differences and Adam's formula by hand."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from vaedemo.config import ConfigError, RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import build
from vaedemo.training import loop, one_step, repeated_step
from vaedemo.training.randomness import stream

REPOSITORY = Path(__file__).parents[2]
SMALL = RunConfig(hidden=(12,), beta=2.5, learning_rate=3e-3, epochs=1, batch_size=1)
STEP = 1e-5  # of the central differences, whose error is of its square


@pytest.fixture(scope="module")
def exact():
    """A step in float64, with the model before it: another digit, rate and β than the defaults."""
    model = build(SMALL, (1, 28, 28)).double()
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    return model, x, one_step.one_step(model, x, torch.Generator().manual_seed(7), 3e-3, 2.5)


def slope(function, value: torch.Tensor, place: int) -> float:
    """The central difference of a function of a tensor, at one of its numbers."""
    flat, found = value.view(-1), []
    for side in (STEP, -STEP):
        flat[place] += side
        found.append(function())
        flat[place] -= side
    return (found[0] - found[1]) / (2 * STEP)


@pytest.mark.parametrize("trained", [False, True])
def test_the_real_loop_on_one_image_gives_the_same_weights(few_digits, trained):
    train_set, test_set = few_digits
    config = SMALL.replace(seed=5)
    image = ImageSet(train_set.x[4:5], train_set.y[4:5], train_set.name)
    start = None
    if trained:
        start = loop.fit(config.replace(epochs=2, batch_size=50), train_set, test_set)
        config = config.replace(start_from=start.digest)
    after = loop.fit(config, image, test_set, start=start).model
    before = start.model if trained else build(config, (1, 28, 28))
    found = one_step.one_step(before, image.as_data("grey"), stream(5, "noise"), 3e-3, 2.5)
    old, new = (torch.nn.utils.parameters_to_vector(model.parameters()) for model in (before, after))
    assert (new - old).abs().max() > 2e-3
    torch.testing.assert_close(old + found.update, new, rtol=0, atol=1e-6)


def test_the_model_and_its_gradients_stay_as_they_are(few_digits):
    model = build(SMALL, (1, 28, 28))
    state, config = copy.deepcopy(model.state_dict()), model.config
    one_step.one_step(model, few_digits[0].as_data()[:1], torch.Generator().manual_seed(0), 0.1, 7.0)
    assert all(torch.equal(state[name], tensor) for name, tensor in model.state_dict().items())
    assert model.config is config and all(parameter.grad is None for parameter in model.parameters())


def test_the_kl_s_pulls_are_the_closed_forms(exact):
    _, _, found = exact
    pull, before = found.pulls["kl"], found.before
    torch.testing.assert_close(pull.mu, 2.5 * before.mu, rtol=0, atol=1e-12)
    torch.testing.assert_close(pull.logvar, 2.5 * (before.sigma**2 - 1) / 2, rtol=0, atol=1e-12)


def test_the_reconstruction_s_pulls_are_pathwise_and_finite_differences(exact):
    model, x, found = exact
    pull, before = found.pulls["reconstruction"], found.before
    torch.testing.assert_close(pull.logvar, pull.mu * before.sigma * before.noise / 2, rtol=0, atol=1e-10)
    mu, logvar = before.mu.clone(), before.logvar.clone()

    def reconstruction() -> float:
        z = mu + (0.5 * logvar).exp() * before.noise
        return -model.decode(z[None]).log_prob(x).sum().item()

    for axis in range(2):
        assert pull.mu[axis].item() == pytest.approx(slope(reconstruction, mu, axis), abs=1e-6)
        assert pull.logvar[axis].item() == pytest.approx(slope(reconstruction, logvar, axis), abs=1e-6)


def test_the_weights_gradient_is_that_of_finite_differences(exact):
    model, x, found = exact
    moved = copy.deepcopy(model)
    moved.config = moved.config.replace(beta=2.5)

    def loss() -> float:
        return moved.loss(x, None, torch.Generator().manual_seed(7))["total"].item()

    start = 0
    for parameter in moved.parameters():
        parameter.requires_grad_(False)
        for place in (0, parameter.numel() // 2, parameter.numel() - 1):
            expected = slope(loss, parameter, place)
            assert found.gradient[start + place].item() == pytest.approx(expected, abs=1e-5)
        start += parameter.numel()
    assert start == len(found.gradient) and found.gradient.abs().max() > 0.1


def test_the_first_step_of_adam_is_the_rate_times_the_sign(exact):
    _, _, found = exact
    g = found.gradient
    torch.testing.assert_close(found.update, -3e-3 * g / (g.abs() + 1e-8), rtol=0, atol=1e-12)
    large = g.abs() > 1e-5
    assert large.sum() > 5_000
    torch.testing.assert_close(found.update[large], -3e-3 * g[large].sign(), rtol=1e-2, atol=0)


def test_three_steps_are_those_of_torch_s_own_optimizer():
    model = build(SMALL, (1, 28, 28))
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    training, other = one_step.OneExample(model, x, 3e-3, 2.5), copy.deepcopy(model)
    optimizer = torch.optim.Adam(other.parameters(), lr=3e-3)
    for seed in range(3):
        before = training.step(torch.Generator().manual_seed(seed))
        optimizer.zero_grad()
        loss = other.loss(x, None, torch.Generator().manual_seed(seed))["total"].sum()
        assert before == pytest.approx(loss.item(), abs=1e-3)
        loss.backward()
        optimizer.step()
    for ours, theirs in zip(training.parameters, other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("work", ["one_step.one_step(model, x, g)", "repeated(model, x, x, 0, 2)"])
def test_a_step_does_not_import_the_compiler(work):
    """Some 150 MB and seconds, which the first optimizer object of a process costs."""
    code = f"""
import sys, torch
from vaedemo import RunConfig
from vaedemo.models import build
from vaedemo.training import one_step
from vaedemo.training.repeated_step import repeated
model, x, g = build(RunConfig(hidden=(4,)), (1, 28, 28)), torch.zeros(1, 1, 28, 28), torch.Generator()
{work}
sys.exit("torch._dynamo" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_layers_have_the_norms_of_their_weights(exact):
    _, _, found = exact
    assert [layer.name for layer in found.layers] == ["encoder.1", "encoder.3", "decoder.0", "decoder.2"]
    sizes = [layer.weights for layer in found.layers]
    assert sizes == [784 * 12 + 12, 12 * 4 + 4, 2 * 12 + 12, 12 * 784 + 784]
    for layer, g, moved in zip(found.layers, found.gradient.split(sizes), found.update.split(sizes), strict=True):
        assert layer.gradient == pytest.approx(g.norm().item(), rel=1e-9)
        assert layer.update == pytest.approx(moved.norm().item(), rel=1e-9)
        assert layer.first == pytest.approx(0.1 * layer.gradient, rel=1e-6), "m = (1 − β₁) g"
        assert layer.second == pytest.approx(0.001**0.5 * layer.gradient, rel=1e-6), "v = (1 − β₂) g²"
    for layer in found.layers[2:]:
        assert layer.kl == 0 and layer.reconstruction == pytest.approx(layer.gradient, rel=1e-9)
    first = found.layers[0]
    assert abs(first.reconstruction - first.kl) <= first.gradient <= first.reconstruction + first.kl


def test_the_way_forward_is_the_model_s_loss_before_and_after(exact):
    model, x, found = exact
    after = copy.deepcopy(model).requires_grad_(False)
    start = 0
    for parameter in after.parameters():
        parameter += found.update[start : start + parameter.numel()].view_as(parameter)
        start += parameter.numel()
    for stage, each in ((found.before, model), (found.after, after)):
        terms = each.elbo(x, generator=torch.Generator().manual_seed(7))
        assert stage.reconstruction == pytest.approx(terms.reconstruction.item(), abs=1e-8)
        assert stage.kl == pytest.approx(terms.kl.item(), abs=1e-8)
        assert stage.loss == pytest.approx(stage.reconstruction + 2.5 * stage.kl)
        torch.testing.assert_close(stage.z, stage.mu + stage.sigma * stage.noise)
        torch.testing.assert_close(stage.image, each.decode(stage.z[None]).mean[0])
    assert torch.equal(found.before.noise, found.after.noise)


def test_repeating_is_the_same_step_again(few_digits):
    model = build(SMALL, (1, 28, 28))
    x = few_digits[0].as_data()[:5]
    once = one_step.one_step(model, x[:1], torch.Generator().manual_seed(2), 3e-3, 2.5)
    same = repeated_step.repeated(model, x[:1], x[1:], 2, 3, 3e-3, 2.5)
    new = repeated_step.repeated(model, x[:1], x[1:], 2, 3, 3e-3, 2.5, new_noise=True)
    for found in (same, new):
        assert found.own[:2] == pytest.approx((once.before.loss, once.after.loss), abs=1e-3)
        assert len(found.own) == len(found.others) == 4
    assert same.own[2] != new.own[2], "the second step has another ε"
    assert same.own[3] < same.own[0]
    expected = model.loss(x[1:], None, torch.Generator().manual_seed(2))["total"].mean().item()
    assert same.others[0] == pytest.approx(expected, abs=1e-3)


def test_what_cannot_be_stepped_is_a_sentence(few_digits):
    model, x = build(SMALL, (1, 28, 28)), few_digits[0].as_data()
    with pytest.raises(ValueError, match="one example, got 2"):
        one_step.OneExample(model, x[:2])
    with pytest.raises(TypeError, match="must be a VAE, got Autoencoder"):
        one_step.OneExample(build(SMALL.replace(model="autoencoder"), (1, 28, 28)), x[:1])
    with pytest.raises(ConfigError, match="learning_rate"):
        one_step.OneExample(model, x[:1], learning_rate=0.0)
    with pytest.raises(TypeError, match="generator"):
        one_step.one_step(model, x[:1], 3)
