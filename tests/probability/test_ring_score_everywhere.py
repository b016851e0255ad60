"""The blurred ring for every sigma and every radius, against sums over the plane that know no Bessel function."""

import math

import pytest
import torch

from vaedemo.probability import ring_score

SIGMAS = (0.01, 0.02, 0.05, 0.2, 1.0, 5.0, 100.0)
RADII = (0.0, 1e-3, 0.3, 0.9, 1.0, 1.05, 1.3, 2.0, 2.47, 4.24, 10.0, 100.0, 1e4)


def steps(low: float, high: float, count: int) -> torch.Tensor:
    return torch.linspace(low, high, count, dtype=torch.float64)


def by_sums(r: float, sigma: float) -> tuple[float, float]:
    r"""log p_σ and the score along x̃ at radius r: sums over u = ρ − 1 and over the angle, both of the trapezoidal rule.

    The density of x at (u, θ) is 100 u e^{−50 u²} / 2π, that of the noise a normal of ‖x̃ − x‖; the score is the mean of
    (ρ cos θ − r) / σ². Both sums converge faster than any power of the step, because their terms die out at the ends:
    u = e^t where 0 is near.
    """
    variance = sigma**2 * 0.01 / (sigma**2 + 0.01)
    middle, deviation = (r - 1) * 0.01 / (sigma**2 + 0.01), math.sqrt(variance)
    if middle > 14 * deviation:
        u = steps(middle - 12 * deviation, middle + 12 * deviation, 800)
        log_step = torch.full_like(u, (u[1] - u[0]).log().item())
    else:
        t = steps(-22.0, math.log(max(middle, 0) + 14 * deviation), 1500)
        u, log_step = t.exp(), t + (t[1] - t[0]).log()
    width = sigma / math.sqrt(max(r, 1e-12))
    reach = min(math.pi, 12 * width)
    angle = steps(-reach, reach, 401)
    angular = torch.full_like(angle, 2 * reach / 400)
    angular[[0, -1]] /= 2
    apart = (r - 1 - u).square().unsqueeze(1) + 4 * r * (1 + u).unsqueeze(1) * torch.sin(angle / 2).square()
    log_terms = (
        (log_step + (100 * u).log() - 50 * u.square()).unsqueeze(1)
        - apart / (2 * sigma**2)
        + (angular / (4 * math.pi**2 * sigma**2)).log()
    )
    inward = (1 + u - r).unsqueeze(1) - 2 * (1 + u).unsqueeze(1) * torch.sin(angle / 2).square()
    return log_terms.logsumexp((0, 1)).item(), (log_terms.flatten().softmax(0) @ inward.flatten()).item() / sigma**2


@pytest.mark.parametrize("sigma", SIGMAS)
def test_density_and_score_at_all_radii(sigma):
    wanted = torch.tensor([by_sums(r, sigma) for r in RADII], dtype=torch.float64)
    x = torch.tensor([[r, 0.0] for r in RADII], dtype=torch.float64)
    torch.testing.assert_close(ring_score.blurred_log_density(x, sigma), wanted[:, 0], rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(ring_score.blurred_score(x, sigma)[:, 0], wanted[:, 1], rtol=1e-7, atol=1e-7)


def test_the_value_that_a_narrow_box_missed():
    """At σ = 0.01 and r = 4.24 the old quadrature ended at ρ = 2.3: log p −18,907 and a score of −19,401."""
    x = torch.tensor([[4.24, 0.0]], dtype=torch.float64)
    assert ring_score.blurred_log_density(x, 0.01).item() == pytest.approx(-517.2, abs=0.05)
    assert ring_score.blurred_score(x, 0.01)[0, 0].item() == pytest.approx(-320.7, abs=0.05)


@pytest.mark.parametrize("sigma", [0.01, 0.3, 7.0])
def test_far_out_it_is_a_gaussian_of_the_radius(sigma):
    """log p ≈ −(r − 1)² / 2(σ² + 0.01): the score is −(r − 1) / (σ² + 0.01) but for terms that fall with 1/r."""
    for r in (1e6, 1e50, 1e100):
        x = torch.tensor([[0.0, -r]], dtype=torch.float64)
        assert ring_score.blurred_log_density(x, sigma).item() == pytest.approx(
            -(r**2) / 2 / (sigma**2 + 0.01), rel=1e-5
        )
        assert ring_score.blurred_score(x, sigma)[0, 1].item() == pytest.approx(r / (sigma**2 + 0.01), rel=1e-5)


def test_points_that_are_not_finite_or_too_far_are_refused():
    for bad in (math.nan, math.inf, 1e101):
        for function in (ring_score.blurred_log_density, ring_score.blurred_score, ring_score.posterior_mean):
            with pytest.raises(ValueError, match="x "):
                function(torch.tensor([[bad, 0.0]], dtype=torch.float64), 0.1)


def test_many_radii_go_in_pieces():
    x = torch.zeros(20_001, 2, dtype=torch.float64)
    x[:, 0] = torch.linspace(0, 3, len(x), dtype=torch.float64)
    whole = ring_score.blurred_log_density(x, 0.1)
    torch.testing.assert_close(whole[::4000], ring_score.blurred_log_density(x[::4000], 0.1), rtol=0, atol=1e-12)
