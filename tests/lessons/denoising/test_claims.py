"""What the steps of the page on denoising say, measured on the shipped runs."""

import numpy as np
import pytest
import torch

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.denoising import field, steps
from vaedemo.models.corruption import corrupt
from vaedemo.probability import ring_score
from vaedemo.training import shipped_runs

DEFAULTS = {"part": "ring", "field": "shipped", "sigma": 0.3, "x1": 0.45, "x2": 0.4, "models": "shipped"}
DEFAULTS |= {"trained_on": "gaussian", "kind": "gaussian", "level": 0.5, "steps": 1, "noise": 0}


def step(name, **changes):
    """A step and its view, with changes."""
    (found,) = (each for each in steps.STEPS if each.name == name)
    return found, DEFAULTS | found.view | changes


def said(name, **changes):
    found, values = step(name, **changes)
    return found.say(values).replace("\u00a0", " ")


def denoised(trained_on, kind, level):
    """300 clean test digits, the same with noise, and what a shipped model makes of those."""
    x = datasets.first_view("digits")[0].as_data("grey")[:300]
    noisy = corrupt(x, kind, level, torch.Generator().manual_seed(0))
    with torch.no_grad():
        run = catalogue.run(shipped_runs.denoised_digits(trained_on))
        return x, noisy, run.model.reconstruct(noisy).clamp(0, 1)


def error(images, x):
    return np.square(images.numpy() - x.numpy()).mean()


def on_ring(sigma):
    return catalogue.run(shipped_runs.denoised_ring(sigma)).model


def sampled_mean(place, sigma):
    """E[x | x̃] by weighting a million points of the exact ring."""
    generator = np.random.default_rng(0)
    radius = 1 + 0.1 * np.sqrt(2 * generator.exponential(size=1_000_000))  # p(ρ) ∝ (ρ − 1) exp(−(ρ − 1)² / 0.02)
    angle = generator.uniform(0, 2 * np.pi, len(radius))
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    weights = np.exp(-np.square(x - place).sum(1) / (2 * sigma**2))
    return weights @ x / weights.sum()


def test_claim_the_error_falls_and_a_doubtful_stroke_comes_out_grey():
    x, noisy, cleaned = denoised("gaussian", "gaussian", 0.5)
    assert f"falls from {error(noisy, x):.3f} to **{error(cleaned, x):.3f}**" in said("images")
    grey, before = (((each > 0.2) & (each < 0.8)).float().mean() for each in (cleaned, x))
    assert grey > 2 * before


def test_claim_a_little_noise_is_made_worse_and_the_sentence_does_not_hold_of_it():
    x, noisy, cleaned = denoised("gaussian", "gaussian", 0.1)
    assert error(cleaned, x) > error(noisy, x)
    found, values = step("images", level=0.1)
    assert not found.holds(values) and found.holds(DEFAULTS | found.view)
    assert steps.GOALS[0].met(values) and not steps.GOALS[0].met(DEFAULTS | found.view)


@pytest.mark.parametrize("sigma", shipped_runs.SIGMAS)
def test_claim_the_arrows_are_near_those_of_the_best_r_wherever_noisy_points_fall(sigma):
    """On noisy points of the ring, not on the page's grid; where the exact arrow is longer than the network's error."""
    clean = datasets.load("ring", "test").x
    noisy = clean + sigma * torch.randn(clean.shape, generator=torch.Generator().manual_seed(1))
    exact = (ring_score.posterior_mean(noisy, sigma) - noisy).numpy()
    with torch.no_grad():
        learned = (on_ring(sigma).reconstruct(noisy) - noisy).numpy()
    lengths = np.linalg.norm(exact, axis=1)
    cosines = (exact * learned).sum(1) / lengths / np.linalg.norm(learned, axis=1)
    assert np.average(cosines, weights=lengths) > 0.95
    run = catalogue.run(shipped_runs.denoised_ring(sigma))
    assert f"cosine is **{field.learned_field(run.digest, run).match.cosine:.2f}**" in said("arrows", sigma=sigma)


def test_claim_the_best_r_sends_x_uphill_by_the_score_of_the_noisy_density():
    """r*(x̃) − x̃ is σ² times the slope of log p_σ; r* is the mean of the clean points, by sampling."""
    for place, sigma in (((0.45, 0.4), 0.3), ((0.3, 0.3), 0.5), ((1.5, -0.2), 0.3)):
        place = np.array(place)
        near = place + 1e-4 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
        log_density = ring_score.blurred_log_density(torch.from_numpy(near), sigma).numpy()
        slope = (log_density[::2] - log_density[1::2]) / 2e-4
        np.testing.assert_allclose(sampled_mean(place, sigma) - place, sigma**2 * slope, atol=0.01)


def test_claim_r_lands_where_no_data_are_and_so_does_the_best_r():
    place = torch.tensor([[0.3, 0.3]])
    with torch.no_grad():
        learned = on_ring(steps.WIDE).reconstruct(place).norm().item()
    assert f"**{learned:.2f}** from the middle" in said("mean")
    assert place.norm().item() < learned < 1, "outward, but not as far as the ring"
    assert np.linalg.norm(sampled_mean(place.numpy(), steps.WIDE)) < 1
    for split in ("train", "test"):
        assert datasets.load("ring", split).x.norm(dim=1).min() >= 1, "all lie beyond 1"
    found, values = step("mean", sigma=0.1)
    assert not found.holds(values), "with little noise it lands on the ring"


def test_claim_all_points_end_on_one_thin_line_at_the_top_of_the_density():
    grid = np.stack(np.meshgrid(*2 * [np.linspace(-field.REACH, field.REACH, 21)]), -1).reshape(-1, 2)
    x = torch.from_numpy(grid).float()
    with torch.no_grad():
        for _ in range(field.STEPS):
            x = on_ring(steps.SIGMA).reconstruct(x)
    radii = x.norm(dim=1).numpy()
    data = np.linalg.norm(field.ring(), axis=1)
    assert np.std(radii) < np.std(data) / 5
    radius = torch.linspace(0.5, 1.6, 1001, dtype=torch.float64)
    along = torch.stack([radius, torch.zeros_like(radius)], dim=1)
    top = radius[ring_score.blurred_log_density(along, steps.SIGMA).argmax()].item()
    assert radii.mean() == pytest.approx(top, abs=0.02)
    flow = field.found(catalogue.run(shipped_runs.denoised_ring(steps.SIGMA))).flow[-1]
    assert f"**{np.linalg.norm(flow, axis=1).std():.3f}**" in said("again") and f"by {np.std(data):.3f}." in said(
        "again"
    )


def test_claim_the_denoiser_of_masked_digits_is_worse_at_whole_ones_and_adds_ink():
    x, _, whole = denoised("masking", "masking", 0.0)
    _, _, half = denoised("masking", "masking", 0.5)
    _, _, plain = denoised("none", "none", 0.0)
    assert error(whole, x) > 1.3 * error(half, x)
    assert error(whole, x) > error(plain, x)
    text = said("unknown")
    assert f"**{error(whole, x):.3f}**, on half-masked ones {error(half, x):.3f}" in text
    assert f"{100 * (whole.sum() / x.sum() - 1):.0f} % more" in text
    assert (whole.sum() / x.sum() - 1) > 4 * (half.sum() / x.sum() - 1), "not so for the noise that it knows"
