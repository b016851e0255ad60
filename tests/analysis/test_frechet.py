"""The Fréchet distance of Gaussians against its closed form on one axis and SciPy's matrix root."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from vaedemo.analysis.frechet import block_means, frechet_distance


def cloud(seed, count=400, width=6):
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(width, width, generator=generator)
    return torch.randn(count, width, generator=generator) @ mix + torch.randn(width, generator=generator)


def test_one_axis_is_means_and_deviations():
    a, b = cloud(0, width=1), cloud(1, width=1)
    wanted = (a.mean() - b.mean()) ** 2 + (a.std(correction=0) - b.std(correction=0)) ** 2
    assert frechet_distance(a, b) == pytest.approx(wanted.item(), rel=1e-5)


def test_many_axes_are_scipy_s_matrix_root():
    a, b = cloud(2).double(), cloud(3, count=300).double()
    one, two = (np.cov(each.numpy().T, bias=True) for each in (a, b))
    away = a.mean(0).numpy() - b.mean(0).numpy()
    wanted = away @ away + np.trace(one + two - 2 * sqrtm(one @ two).real)
    assert frechet_distance(a, b) == pytest.approx(wanted, rel=1e-8)
    assert frechet_distance(b, a) == pytest.approx(wanted, rel=1e-8)


def test_equal_clouds_are_at_no_distance_and_blur_costs():
    a = cloud(4)
    assert frechet_distance(a, a) < 1e-9
    shrunk = a.mean(0) + 0.5 * (a - a.mean(0))
    wanted = 0.25 * a.var(0, correction=0).sum().item()
    assert frechet_distance(shrunk, a) == pytest.approx(wanted, rel=1e-5)


def test_features_that_do_not_vary_are_no_trouble():
    a = torch.cat([cloud(5), torch.zeros(400, 2)], 1)
    assert frechet_distance(a, a + 1) == pytest.approx(8, rel=1e-6)


def test_block_means_are_means_of_blocks():
    images = torch.randint(256, (3, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    features = block_means(images)
    assert features.shape == (3, 49)
    assert features[1, 8].item() == pytest.approx(images[1, 0, 4:8, 4:8].float().mean().item() / 255, rel=1e-5)
    torch.testing.assert_close(block_means(images.float() / 255), features)


@pytest.mark.parametrize(("a", "b"), [((1, 3), (5, 3)), ((5, 3), (5, 4)), ((5,), (5, 3))])
def test_what_cannot_be_compared_is_named(a, b):
    with pytest.raises(
        ValueError,
        match=r"samples must hold at least 2|data must have shape \(M, k\) with k = 3|samples must have shape",
    ):
        frechet_distance(torch.zeros(a), torch.zeros(b))
