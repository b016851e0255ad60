"""Turning a VAE's latent axes: log p(x) stays, the best diagonal q is the closed form's or the search's."""

import math

import pytest
import torch

from vaedemo.analysis import rotation, turned_q
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import bounds, ppca
from vaedemo.probability.amortization import best_diagonal_gaussian

ANGLES = [math.radians(degrees) for degrees in (0, 20, 45, 70, 90)]


def linear_model(noise_variance=0.5):
    """A linear VAE on points whose encoder is exact: p(z|x) is Gaussian, with its axes along z₁ and z₂."""
    config = RunConfig(dataset="ring", network="linear", latent_dim=2, noise_variance=noise_variance)
    model = build(config, (2,)).requires_grad_(False)
    weights = torch.tensor([[2.0, 0.0], [0.0, 0.7]])
    decoder = [module for module in model.decoder.modules() if isinstance(module, torch.nn.Linear)][-1]
    encoder = [module for module in model.encoder.modules() if isinstance(module, torch.nn.Linear)][-1]
    decoder.weight.copy_(weights), decoder.bias.zero_()
    precision = weights.T @ weights / noise_variance + torch.eye(2)
    encoder.weight[:2] = torch.linalg.inv(precision) @ weights.T / noise_variance
    encoder.weight[2:] = 0
    encoder.bias.zero_()
    return model.eval(), weights.double()


@pytest.fixture(scope="module")
def trained():
    from vaedemo.datasets import load
    from vaedemo.training import store

    return store.load("mnist-2d").model, load("mnist-55k", "test").as_data("binary")[[11, 1500, 4000]]


def test_turn_is_a_rotation_in_its_plane():
    matrix = rotation.turn(0.3, 4, (3, 1))
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(4, dtype=torch.float64))
    assert torch.linalg.det(matrix) == pytest.approx(1.0)
    assert torch.equal(matrix[[0, 2]], torch.eye(4, dtype=torch.float64)[[0, 2]])
    quarter = rotation.turn(math.pi / 2) @ torch.tensor([1.0, 0.0], dtype=torch.float64)
    torch.testing.assert_close(quarter, torch.tensor([0.0, 1.0], dtype=torch.float64))


def test_a_turned_code_decodes_to_the_same_image(trained):
    model, x = trained
    turned = rotation.Rotated(model, rotation.turn(0.7))
    z = torch.randn(5, 2, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(turned.decode(z @ turned.rotation.T).mean, model.decode(z).mean, atol=1e-5, rtol=1e-4)
    mu, _ = turned.posterior(x)
    torch.testing.assert_close(turned.decode(mu).mean, model.reconstruct(x), atol=1e-5, rtol=1e-4)


def test_log_p_does_not_move(trained):
    model, x = trained
    turned = rotation.Rotated(model, rotation.turn(math.radians(45)))
    torch.testing.assert_close(
        bounds.log_marginal_grid(turned, x), bounds.log_marginal_grid(model, x), atol=0.01, rtol=0
    )


def test_the_best_q_is_the_search_s_on_the_rotated_model(trained):
    model, x = trained
    for example in x.split(1):
        best = turned_q.best_over_angles(model, example, ANGLES[:3])
        for angle, elbo in zip(ANGLES, best.elbo.tolist(), strict=False):
            searched = best_diagonal_gaussian(rotation.Rotated(model, rotation.turn(angle)), example)
            # Two searches on one hill: the rougher one, which stops at its rounding, is never clearly above.
            assert searched.elbo == pytest.approx(elbo, abs=0.03)


def test_no_turned_bound_exceeds_log_p_and_90_degrees_swap_the_axes(trained):
    model, x = trained
    exact = bounds.log_marginal_grid(model, x)
    for example, ceiling in zip(x.split(1), exact.tolist(), strict=True):
        best = turned_q.best_over_angles(model, example, ANGLES)
        assert best.elbo.isfinite().all() and (best.elbo < ceiling + 0.01).all()
        assert best.elbo[0].item() == pytest.approx(best.elbo[-1].item(), abs=0.01)


def test_a_linear_vae_loses_the_closed_form():
    model, weights = linear_model()
    x = torch.tensor([[0.8, -0.4]])
    best = turned_q.best_over_angles(model, x, ANGLES)
    exact = float(bounds.log_marginal_grid(model, x))
    for angle, elbo, covariance in zip(ANGLES, best.elbo.tolist(), best.covariance, strict=True):
        expected = float(ppca.gap(ppca.rotate(weights, angle), 0.5))
        assert exact - elbo == pytest.approx(expected, abs=2e-3)
        turned = rotation.turn(angle) @ covariance @ rotation.turn(angle).T
        assert turned[0, 1].abs() < 1e-12
    assert best.elbo[2] < best.elbo[0] - 0.1


def test_what_is_refused(trained):
    model, x = trained
    with pytest.raises(ValueError, match="two different latent axes of 2"):
        rotation.turn(0.1, 2, (1, 1))
    with pytest.raises(ValueError, match=r"rotation must have shape \(2, 2\)"):
        rotation.Rotated(model, torch.eye(3))
    with pytest.raises(ValueError, match="at right angles"):
        rotation.Rotated(model, torch.ones(2, 2))
    with pytest.raises(ValueError, match="One image and 2 latent axes"):
        turned_q.best_over_angles(model, x, ANGLES)
