"""The linear VAE's pictures: against the shrinkage formula, and its two ends."""

import torch

from vaedemo.analysis import linear_vae


def data() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(200, 5, generator=generator).double() * torch.tensor([3.0, 2.0, 1.0, 0.5, 0.1]).double() + 1


def test_each_axis_is_shrunk_by_its_own_share():
    x, threshold = data(), 2.0 * 0.4
    centred = x - x.mean(0)
    eigenvalues, vectors = torch.linalg.eigh(torch.cov(x.T))
    shares = (1 - threshold / eigenvalues).clamp(min=0)
    assert 0 < (shares > 0).sum() < 5
    expected = x.mean(0) + centred @ vectors * shares @ vectors.T
    found = linear_vae.reconstruct(linear_vae.principal_axes(x), x, noise_variance=0.4, beta=2.0)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-10)


def test_only_beta_times_the_variance_matters():
    x = data()
    axes = linear_vae.principal_axes(x)
    one, twin = (linear_vae.reconstruct(axes, x, *knob) for knob in ((0.1, 5.0), (1.0, 0.5)))
    torch.testing.assert_close(one, twin, rtol=0, atol=1e-10)


def test_no_axis_left_is_the_mean_and_no_noise_is_x_itself():
    x = data()
    axes = linear_vae.principal_axes(x)
    torch.testing.assert_close(linear_vae.reconstruct(axes, x, 100.0), x.mean(0).expand_as(x), rtol=0, atol=1e-12)
    torch.testing.assert_close(linear_vae.reconstruct(axes, x, 1e-9), x, rtol=0, atol=1e-6)


def test_bytes_keep_their_shape():
    x = (torch.rand(30, 1, 3, 3, generator=torch.Generator().manual_seed(1)) * 255).byte()
    axes = linear_vae.principal_axes(x)
    assert axes.variances.shape == (9,)
    found = linear_vae.reconstruct(axes, x[:4], 1e-9)
    torch.testing.assert_close(found, x[:4].double() / 255, rtol=0, atol=1e-5)
