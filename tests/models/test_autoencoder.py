"""The plain autoencoder: a code without a bound, and its sparsity penalties against closed forms."""

import pytest
import torch
from torch import distributions

from vaedemo.config import RunConfig
from vaedemo.models import NoBoundError, build
from vaedemo.models.networks import UnitColumnLinear

IMAGE = (1, 6, 5)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def autoencoder(**changes):
    config = RunConfig(**{"model": "autoencoder", "hidden": (9,), "latent_dim": 4, **changes})
    return build(config, IMAGE).double()


@pytest.fixture
def x():
    return torch.rand((8, *IMAGE), generator=generator(3), dtype=torch.float64)


def test_the_loss_is_the_reconstruction_at_the_code(x):
    model = autoencoder()
    losses = model.loss(x, None, generator())
    p = distributions.Bernoulli(logits=model.decode(model.encode(x).mean).logits, validate_args=False)
    torch.testing.assert_close(losses["total"], -p.log_prob(x).flatten(1).sum(1), rtol=0, atol=1e-10)
    assert set(losses) == {"total", "reconstruction"}
    torch.testing.assert_close(model.reconstruct(x), p.mean, rtol=0, atol=1e-12)


def test_what_needs_a_posterior_is_a_named_error(x):
    model = autoencoder()
    for ask in (lambda: model.elbo(x, generator=generator()), lambda: model.posterior(x)):
        with pytest.raises(NoBoundError, match=r"needs a distribution q\(z\|x\); an autoencoder has only a code"):
            ask()
    assert not hasattr(model.encode(x), "stddev")


def test_the_kl_penalty_is_that_of_two_coins(x):
    model = autoencoder(sparsity=0.7, sparsity_kind="kl", sparsity_target=0.1)
    code = model.encode(x).mean
    assert ((code > 0) & (code < 1)).all(), "units are sigmoids under this penalty"
    coins = distributions.kl_divergence(
        distributions.Bernoulli(torch.tensor(0.1, dtype=torch.float64)), distributions.Bernoulli(code.mean(dim=0))
    )
    losses = model.loss(x, None, generator())
    torch.testing.assert_close(losses["penalty"], coins.sum().expand(8), rtol=0, atol=1e-12)
    torch.testing.assert_close(losses["total"], losses["reconstruction"] + 0.7 * losses["penalty"], rtol=0, atol=1e-12)


def test_the_kl_penalty_is_zero_at_the_target_and_finite_at_dead_units():
    model = autoencoder(sparsity=1, sparsity_target=0.25)
    at_target = torch.tensor([[0.5, 0.0, 0.25, 0.1], [0.0, 0.5, 0.25, 0.4]], dtype=torch.float64)
    torch.testing.assert_close(model.penalty(at_target), torch.zeros(2, dtype=torch.float64), rtol=0, atol=1e-15)
    for dead in (torch.zeros((2, 4)), torch.ones((2, 4))):
        assert model.penalty(dead).isfinite().all() and (model.penalty(dead) > 5).all()


def test_the_l1_penalty_is_each_code_s_own_sum(x):
    model = autoencoder(sparsity=0.5, sparsity_kind="l1")
    losses = model.loss(x, None, generator())
    expected = torch.linalg.vector_norm(model.encode(x).mean, ord=1, dim=1)
    torch.testing.assert_close(losses["penalty"], expected, rtol=0, atol=1e-12)
    assert isinstance(model.decoder[0], UnitColumnLinear), "else a penalty on the code costs nothing"


def test_no_penalty_leaves_the_networks_plain():
    model = autoencoder()
    assert not any(isinstance(module, UnitColumnLinear) for module in model.modules())
