"""The flow: its determinant against autograd's Jacobian, its inverse, its mass, its samples."""

import pytest
import torch

from vaedemo.analysis import plane_mass
from vaedemo.config import RunConfig
from vaedemo.models import Flow, build
from vaedemo.models.flow import LARGEST_LOG_SCALE

CONFIG = RunConfig(dataset="moons", model="flow", hidden=(16, 16), couplings=6, seed=3)
STRENGTH = 3.0  # untrained networks hardly move anything; weights this much larger bend the plane as trained ones do


def bent(config: RunConfig = CONFIG, strength: float = STRENGTH) -> Flow:
    model = build(config, (2,)).double().requires_grad_(False)
    for parameter in model.parameters():
        parameter *= strength
    return model


def points(count: int, scale: float = 1.5) -> torch.Tensor:
    return scale * torch.randn(count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("direction", ["forward_map", "inverse"])
@pytest.mark.parametrize("couplings", [1, 2, 6])
def test_the_log_determinant_is_the_jacobian_s(direction, couplings):
    go = getattr(bent(CONFIG.replace(couplings=couplings)), direction)
    x = points(40)
    # Each row of the output depends on its own row alone, so the Jacobian of the sum holds one block a row.
    jacobian = torch.autograd.functional.jacobian(lambda x: go(x)[0].sum(dim=0), x).permute(1, 0, 2)
    expected = torch.linalg.slogdet(jacobian).logabsdet
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(go(x)[1], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
def test_the_inverse_inverts(dtype, tolerance):
    model, x = bent(strength=2.0).to(dtype), points(500).to(dtype)
    z, log_determinant = model.inverse(x)
    back, forward = model.forward_map(z)
    assert (z - x).abs().max() > 0.5
    torch.testing.assert_close(back, x, rtol=0, atol=tolerance)
    torch.testing.assert_close(forward, -log_determinant, rtol=0, atol=tolerance)


def test_codes_and_points_are_each_other_s_means():
    model, x = bent(), points(20)
    torch.testing.assert_close(model.decode(model.encode(x).mean).mean, x, rtol=0, atol=1e-10)
    assert model.latent_dim == 2


def test_without_couplings_left_over_nothing_moves():
    model, z = bent(), points(10)
    torch.testing.assert_close(model.forward_map(z, layers=0)[0], z)
    torch.testing.assert_close(model.forward_map(z, layers=6)[0], model.forward_map(z)[0])


def test_couplings_move_the_coordinates_in_turn():
    model, z = bent(), points(10)
    once = model.forward_map(z, layers=1)[0]
    twice = model.forward_map(z, layers=2)[0]
    assert torch.equal(once[:, 1], z[:, 1]) and not torch.equal(once[:, 0], z[:, 0])
    assert torch.equal(twice[:, 0], once[:, 0]) and not torch.equal(twice[:, 1], once[:, 1])


def test_the_density_integrates_to_one():
    model = bent(strength=1.5)
    reach = 8 * model.sample(2000, torch.Generator().manual_seed(0)).std(dim=0).max().item()
    coarse, fine = (plane_mass.mass(model, -reach, reach, count) for count in (200, 400))
    assert fine == pytest.approx(1, abs=1e-2)
    assert fine == pytest.approx(coarse, abs=1e-3)


def test_samples_lie_where_the_density_says():
    model = bent(strength=1.5)
    drawn = model.sample(20_000, torch.Generator().manual_seed(2))
    edge, count = 4.0, 16
    cells = ((drawn + edge) / (2 * edge) * count).floor().long()
    inside = ((cells >= 0) & (cells < count)).all(dim=1)
    found = torch.zeros(count, count, dtype=torch.float64)
    found.index_put_((cells[inside, 1], cells[inside, 0]), torch.tensor(1.0, dtype=torch.float64), accumulate=True)
    density = plane_mass.log_density_map(model, -edge, edge, 8 * count).exp().reshape(count, 8, count, 8)
    expected = density.mean(dim=(1, 3)) * (2 * edge / count) ** 2 * len(drawn)
    # Counts are Poisson: five standard deviations, and the cells that expect next to none together.
    common = expected > 10
    assert common.sum() > 20
    assert ((found - expected)[common].abs() < 5 * expected[common].sqrt()).all()
    assert found[~common].sum() == pytest.approx(expected[~common].sum().item(), abs=5 * expected.sum().item() ** 0.5)


def test_the_gradient_in_x_is_that_of_small_steps():
    assert torch.autograd.gradcheck(bent().log_prob, points(5).requires_grad_(True), atol=1e-6)


def test_no_coupling_stretches_beyond_its_bound():
    coupling = bent(strength=30.0).couplings[0]
    scale, _ = coupling.scale_and_shift(points(100)[:, :1])
    assert 1.5 < scale.abs().max() <= LARGEST_LOG_SCALE


def test_a_flow_takes_over_another_s_weights():
    one, other = build(CONFIG, (2,)), build(CONFIG.replace(seed=4), (2,))
    x = points(10).float()
    assert not torch.equal(one.log_prob(x), other.log_prob(x))
    one.start_from(other)
    assert torch.equal(one.log_prob(x), other.log_prob(x))
    with pytest.raises(RuntimeError):
        one.start_from(build(CONFIG.replace(hidden=(8,)), (2,)))


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"x must have shape \(N, 2\)"):
        bent().log_prob(torch.zeros(3, 3))
    with pytest.raises(ValueError, match=r"of points \(2,\)"):
        Flow(CONFIG, (1, 28, 28))
