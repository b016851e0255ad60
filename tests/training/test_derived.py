"""Gradients derived by hand against autograd's in float64, and the runs that come of them."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build, networks
from vaedemo.models.ensemble import ensemble
from vaedemo.training import gradients as gradients_module
from vaedemo.training import loop, products
from vaedemo.training.derived import Derived, is_derived
from vaedemo.training.gradients import ByAutograd, gradients_of
from vaedemo.training.head_start import centre
from vaedemo.training.recipes import RECIPES

CPU = torch.device("cpu")
SHAPE = (1, 6, 5)
SMALL = RunConfig(hidden=(12,), latent_dim=3)
STACKS = {
    "one": [SMALL],
    "beta": [SMALL.replace(beta=4.0)],
    "deep": [SMALL.replace(hidden=(16, 9, 7), latent_dim=5)],
    "linear": [RunConfig(network="linear", latent_dim=2)],
    "corrupted": [SMALL.replace(corruption="masking", corruption_level=0.4)],
    "one lane": [SMALL.replace(beta=beta) for beta in (0.0, 1.0, 7.0)],
    "lanes": [SMALL.replace(seed=seed, beta=beta) for seed, beta in ((0, 1.0), (1, 2.0), (0, 3.0))],
    "rates": [SMALL.replace(learning_rate=rate) for rate in (1e-3, 1e-2)],
}  # fmt: skip


def images(count: int, lanes: int = 1) -> torch.Tensor:
    return torch.rand(lanes, count, *SHAPE, dtype=torch.float64, generator=torch.Generator().manual_seed(5))


def generators(count: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(number) for number in range(count)]


def models(configs, change=None):
    made = [build(config, SHAPE).double() for config in configs]
    for model in made:
        if change is not None:
            change(model)
    return ensemble(made)


def both(configs, x, change=None):
    """Each way's losses, the members' gradients by name, and the generators as it left them."""
    found = []
    for way in (Derived, ByAutograd):
        members, noises = models(configs, change), generators(len(x))
        if way is Derived:
            losses = Derived(members, torch.float64)(x, None, noises)
        else:
            by_autograd = ByAutograd(members, configs, RECIPES["textbook"], CPU, torch.float64)
            by_autograd.apart = len(configs) > 1
            losses = by_autograd(x, None, noises)
        named = [{name: each.grad for name, each in model.named_parameters()} for model in members.members]
        found.append((losses, named, [noise.get_state() for noise in noises]))
    return found


@pytest.mark.parametrize("name", STACKS)
def test_gradients_and_draws_are_autograd_s(name):
    lanes = 2 if name == "lanes" else 1
    (_, ours, after), (_, theirs, after_theirs) = both(STACKS[name], images(11, lanes))
    for own, true in zip(ours, theirs, strict=True):
        assert own.keys() == true.keys()
        for parameter, gradient in own.items():
            torch.testing.assert_close(gradient, true[parameter], rtol=1e-10, atol=1e-14)
    assert all(torch.equal(*states) for states in zip(after, after_theirs, strict=True))


def test_a_centred_encoder_and_a_log_variance_out_of_its_range_have_their_gradients_too():
    def change(model):
        centre(model.encoder, torch.linspace(0, 1, 30, dtype=torch.float64), fresh=True)
        with torch.no_grad():
            model.encoder[-1].bias[3:] = torch.tensor([-20.0, 14.0, 0.0], dtype=torch.float64)

    (_, (ours,), _), (_, (theirs,), _) = both([SMALL], images(9), change)
    for name, gradient in ours.items():
        assert gradient.abs().max() > 0
        torch.testing.assert_close(gradient, theirs[name], rtol=1e-9, atol=1e-12)


def test_the_slope_of_a_softened_value_is_autograd_s():
    raw = torch.linspace(-40, 40, 801, dtype=torch.float64, requires_grad=True)
    softened, slope = networks.soften_with_slope(raw.detach())
    (true,) = torch.autograd.grad(networks.soften(raw).sum(), raw)
    torch.testing.assert_close(slope, true, rtol=1e-12, atol=0)
    assert torch.equal(softened, networks.soften(raw.detach()))
    within = raw.detach()[300:500]
    assert networks.soften_with_slope(within)[1] is None and torch.equal(networks.soften_with_slope(within)[0], within)


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("place", ["encoder.1.weight", "encoder.3.bias", "decoder.0.bias", "decoder.2.weight"])
def test_what_is_told_is_finite_exactly_where_the_loss_is(place, broken):
    def change(model):
        with torch.no_grad():
            model.get_parameter(place).view(-1)[-1] = broken

    (told, _, _), (losses, _, _) = both([SMALL], images(4), change)
    assert told.isfinite().tolist() == losses.isfinite().tolist()
    (told, _, _), (losses, _, _) = both([SMALL], images(4))
    assert told.isfinite().all() and losses.isfinite().all()


def test_only_linear_vaes_with_bernoulli_pixels_on_the_cpu_are_derived():
    def way(config, device=CPU):
        shape = (2,) if config.on_points else (1, 28, 28)
        return type(gradients_of(ensemble([build(config, shape)]), [config], RECIPES[config.recipe], device))

    assert is_derived(SMALL) and way(SMALL) is Derived
    assert way(SMALL, torch.device("cuda")) is ByAutograd
    for config in (
        RunConfig(network="conv", hidden=(4,)),
        RunConfig(likelihood="gaussian"),
        RunConfig(likelihood="categorical", levels=4),
        RunConfig(model="autoencoder"),
        RunConfig(dataset="ring"),
    ):
        assert way(config) is ByAutograd


@pytest.mark.parametrize("recipe", ["textbook", "fast"])
def test_a_run_in_single_precision_is_autograd_s_up_to_rounding(few_digits, recipe, monkeypatch):
    config = RunConfig(latent_dim=5, hidden=(30,), train_size=300, batch_size=50, epochs=2, recipe=recipe)
    monkeypatch.setattr("vaedemo.training.recipes.multiplies_bfloat16", lambda device: False)
    ours = loop.fit(config, *few_digits).model.state_dict()
    monkeypatch.setattr(gradients_module, "is_derived", lambda config: False)
    theirs = loop.fit(config, *few_digits).model.state_dict()
    for name, values in ours.items():
        torch.testing.assert_close(values, theirs[name], rtol=0, atol=1e-4)


@pytest.mark.parametrize("config", [SMALL, SMALL.replace(hidden=(64,), latent_dim=8, beta=2.0)])
def test_in_half_precision_the_gradients_are_as_good_as_those_of_autocast(config, monkeypatch):
    monkeypatch.setattr("vaedemo.training.recipes.multiplies_bfloat16", lambda device: True)
    x = images(64).float()
    exact, ours, theirs = (ensemble([build(config, SHAPE)]) for _ in range(3))
    Derived(ours, torch.bfloat16)(x, None, generators(1))
    ByAutograd(theirs, [config], RECIPES["fast"], CPU, torch.float32)(x, None, generators(1))
    ByAutograd(exact, [config], RECIPES["textbook"], CPU, torch.float32)(x, None, generators(1))
    for own, half, true in zip(ours.parameters(), theirs.parameters(), exact.parameters(), strict=True):
        assert own.grad.dtype == torch.float32
        assert 0 < (own.grad - true.grad).norm() < 1.5 * (half.grad - true.grad).norm()


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this torch was built without oneDNN")
@pytest.mark.parametrize("relu", [False, True])
def test_a_product_by_onednn_is_float64_s(relu, monkeypatch):
    monkeypatch.setattr(products, "faster", lambda: True)
    a, b = (torch.randn(rows, 400, generator=torch.Generator().manual_seed(rows)) for rows in (500, 41))
    bias = torch.linspace(-3, 3, 41)
    for left, right in ((a, b), (a.t().contiguous().t(), b), (a, b.t().contiguous().t())):
        true = left.double() @ right.double().t() + bias.double()
        true = true.clamp(min=0) if relu else true
        assert (products.product(left, right, bias, relu=relu) - true).abs().max() < 2e-6 * true.abs().max()
