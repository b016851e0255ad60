"""Networks and `build`: shapes of every combination, sizes of odd images, the soft limit, seeds."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from vaedemo.config import IMAGE_LIKELIHOODS, RunConfig
from vaedemo.models import build
from vaedemo.models.networks import UnitColumnLinear, count_parameters, soften, stage_sizes

IMAGE = (1, 28, 28)
WIDTHS = {"mlp": (12, 7), "conv": (3, 5), "linear": ()}
COMBINATIONS = [
    *(
        (IMAGE, {"likelihood": likelihood, "network": network})
        for likelihood in IMAGE_LIKELIHOODS
        for network in WIDTHS
    ),
    (IMAGE, {"likelihood": "gaussian", "noise_variance": "learned"}),
    *(((2,), {"dataset": "ring", "network": network}) for network in ("mlp", "linear")),
    ((2,), {"dataset": "moons", "noise_variance": "learned"}),
]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def model_of(data_shape, **changes):
    network = changes.get("network", "mlp")
    config = RunConfig(**{"hidden": WIDTHS[network], "latent_dim": 3, "levels": 4, **changes})
    return build(config, data_shape)


@pytest.mark.parametrize("kind", ["vae", "autoencoder"])
@pytest.mark.parametrize(("data_shape", "changes"), COMBINATIONS, ids=str)
def test_shapes_and_gradients_of_every_combination(kind, data_shape, changes):
    model = model_of(data_shape, model=kind, **changes)
    x = torch.rand((5, *data_shape), generator=generator())
    assert model.encode(x).mean.shape == (5, 3) and model.latent_dim == 3
    p = model.decode(torch.randn((5, 3), generator=generator()))
    assert p.mean.shape == x.shape == p.log_prob(x).shape == p.sample(generator()).shape
    assert model.reconstruct(x).shape == x.shape
    losses = model.loss(x, None, generator())
    assert all(values.shape == (5,) and values.isfinite().all() for values in losses.values())
    losses["total"].mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(some.integers(1, 33), some.integers(1, 33), some.integers(1, 4), some.integers(1, 3))
def test_convolutional_decoder_gives_back_any_size(height, width, stages, channels):
    model = build(RunConfig(network="conv", hidden=(2,) * stages), (channels, height, width))
    x = torch.rand((2, channels, height, width), generator=generator())
    assert model.reconstruct(x).shape == x.shape
    features = next(module for module in model.encoder if isinstance(module, torch.nn.Linear)).in_features
    last = stage_sizes(height, width, stages)[-1]
    assert features == 2 * last[0] * last[1]


def test_a_linear_network_is_linear():
    """f(a x + b y) - f(0) is additive: no hidden layer, no bend, between x and the means, and z and the raw output."""
    model = model_of(IMAGE, network="linear", model="autoencoder", likelihood="gaussian").double()
    a, b = torch.randn((2, 4, *IMAGE), generator=generator(), dtype=torch.float64)
    origin = model.reconstruct(torch.zeros_like(a))
    combined = model.reconstruct(2 * a - 3 * b) - origin
    apart = 2 * (model.reconstruct(a) - origin) - 3 * (model.reconstruct(b) - origin)
    torch.testing.assert_close(combined, apart, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("network", "hidden"), [("mlp", (400,)), ("mlp", (30, 20)), ("linear", ())])
def test_parameters_are_those_of_the_textbook(network, hidden):
    widths = [784, *hidden]
    ends = [20, *reversed(hidden), 784]
    encoder = sum((before + 1) * after for before, after in zip(widths, [*hidden, 2 * 20], strict=True))
    decoder = sum((before + 1) * after for before, after in pairwise(ends))
    model = build(RunConfig(network=network, hidden=hidden, latent_dim=20), IMAGE)
    assert count_parameters(model) == encoder + decoder


def test_soften_is_the_identity_inside_and_logarithmic_beyond():
    inside = torch.linspace(-12, 12, 101, dtype=torch.float64)
    assert torch.equal(soften(inside), inside)
    beyond = torch.tensor([13.0, 112.0, -13.0, -112.0], dtype=torch.float64)
    expected = (
        torch.tensor([12.0, 12.0, -12.0, -12.0]).double()
        + beyond.sign() * torch.tensor([2, 101, 2, 101]).double().log()
    )
    torch.testing.assert_close(soften(beyond), expected, rtol=1e-14, atol=0)


def test_soften_bends_smoothly_and_its_gradient_never_dies():
    raw = torch.tensor(
        [-1e6, -40, -12.5, -12, -11.9, 0, 11.9, 12, 12.5, 40, 1e6], dtype=torch.float64, requires_grad=True
    )
    (slope,) = torch.autograd.grad(soften(raw).sum(), raw)
    torch.testing.assert_close(slope, 1 / (1 + (raw.detach().abs() - 12).clamp(min=0)))
    assert (slope > 0).all()
    away_from_the_joint = torch.tensor(
        [-30.0, -12.3, -5.0, 0.1, 11.0, 12.7, 25.0], dtype=torch.float64, requires_grad=True
    )
    assert torch.autograd.gradcheck(soften, away_from_the_joint)
    tiny = 1e-9
    joint = torch.tensor([12 - tiny, 12 + tiny, -12 - tiny, -12 + tiny], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(soften(joint).sum(), joint)
    torch.testing.assert_close(slope, torch.ones(4, dtype=torch.float64), rtol=0, atol=1e-8)


def test_soften_keeps_its_exponential_finite_in_float32():
    raw = torch.tensor([-1e32, 1e32], requires_grad=True)
    variance = soften(raw).exp()
    assert variance.isfinite().all()
    assert soften(torch.tensor(float("nan"))).isnan(), "a broken weight must stay visible to the divergence guard"


def test_unit_columns_ignore_the_length_of_the_weights():
    layer = UnitColumnLinear(3, 6)
    z = torch.randn((4, 3), generator=generator())
    before = layer(z)
    with torch.no_grad():
        layer.weight *= torch.tensor([0.1, 5.0, 70.0])
    torch.testing.assert_close(layer(z), before)
    unit = layer(torch.eye(3)) - layer.bias
    torch.testing.assert_close(unit.norm(dim=1), torch.ones(3))


def test_build_draws_weights_from_the_seed_alone():
    before = torch.random.get_rng_state()
    first = build(RunConfig(seed=1), IMAGE).state_dict()
    assert torch.equal(torch.random.get_rng_state(), before), "the global random state has moved"
    torch.manual_seed(99)
    second = build(RunConfig(seed=1), IMAGE).state_dict()
    other = build(RunConfig(seed=2), IMAGE).state_dict()
    torch.random.set_rng_state(before)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first)


@pytest.mark.parametrize("shape", [(28, 28), (3, 28, 28), (2, 1, 28, 27), (2, 2, 28, 28)])
def test_data_of_another_shape_are_refused_naming_both(shape):
    with pytest.raises(ValueError, match=r"x must have shape \(N, 1, 28, 28\), got \(") as caught:
        build(RunConfig(hidden=(4,)), IMAGE).encode(torch.zeros(shape))
    assert str(tuple(shape)) in str(caught.value)


def test_bytes_are_read_as_grey():
    model = build(RunConfig(hidden=(4,)), IMAGE)
    pixels = torch.randint(0, 256, (3, *IMAGE), generator=generator(), dtype=torch.uint8)
    assert torch.equal(model.encode(pixels).mean, model.encode(pixels.float() / 255).mean)
