"""PCA against scikit-learn and MultivariateNormal, in float64."""

import math

import pytest
import sklearn.decomposition
import torch
from torch.distributions import MultivariateNormal

from vaedemo.datasets import load
from vaedemo.models import pca
from vaedemo.probability import ppca


def correlated(count=300, dimension=8, seed=0):
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(dimension, dimension, generator=generator, dtype=torch.float64)
    return torch.randn(count, dimension, generator=generator, dtype=torch.float64) @ mixing + 5


def close(found, expected, tolerance):
    torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("k", [1, 3, 7])
def test_axes_variances_and_pictures_are_scikit_learns(k):
    x = correlated()
    oracle = sklearn.decomposition.PCA(k, svd_solver="full").fit(x.numpy())
    found = pca.fit(x, k)
    axes = torch.from_numpy(oracle.components_)
    sign = (axes * found.components).sum(1, keepdim=True).sign()
    close(found.mean, torch.from_numpy(oracle.mean_), 1e-12)
    close(found.components, sign * axes, 1e-9)
    close(found.variances, torch.from_numpy(oracle.explained_variance_), 1e-9)
    assert found.noise_variance == pytest.approx(oracle.noise_variance_, abs=1e-10)
    close(found.encode(x), sign.T * torch.from_numpy(oracle.transform(x.numpy())), 1e-8)
    close(found.reconstruct(x), torch.from_numpy(oracle.inverse_transform(oracle.transform(x.numpy()))), 1e-8)


@pytest.mark.parametrize("k", [1, 3, 7, 8])
def test_log_prob_is_scikit_learns_and_multivariate_normals(k):
    x, fresh = correlated(), correlated(seed=1)
    found = pca.fit(x, k)
    oracle = sklearn.decomposition.PCA(k, svd_solver="full").fit(x.numpy())
    close(found.log_prob(fresh), torch.from_numpy(oracle.score_samples(fresh.numpy())), 1e-9)
    noise = found.noise_variance * torch.eye(8, dtype=torch.float64)
    covariance = (found.components.T * (found.variances - found.noise_variance)) @ found.components + noise
    close(found.log_prob(fresh), MultivariateNormal(found.mean, covariance).log_prob(fresh), 1e-9)


def test_the_weights_make_the_model_that_log_prob_scores():
    x = correlated()
    found = pca.fit(x, 3)
    by_weights = ppca.log_likelihood(x, found.weights, found.noise_variance, found.mean)
    close(found.log_prob(x), by_weights, 1e-9)
    # The maximum of the likelihood has orthogonal columns, so there the bound is tight.
    close(ppca.elbo(x, found.weights, found.noise_variance, found.mean), by_weights, 1e-9)


def test_images_in_float32_agree_with_scikit_learn():
    x = load("digits", "test").as_data().flatten(1)
    found = pca.fit(x, 20)
    oracle = sklearn.decomposition.PCA(20, svd_solver="full").fit(x.double().numpy())
    picture = torch.from_numpy(oracle.inverse_transform(oracle.transform(x.double().numpy())))
    assert found.reconstruct(x).dtype == found.log_prob(x).dtype == torch.float32
    close(found.reconstruct(x).double(), picture, 1e-5)
    # 784 dimensions and λ / σ² up to 300: float32 axes leave 1e-3 of a sum of 700 nats.
    close(found.log_prob(x).double(), torch.from_numpy(oracle.score_samples(x.double().numpy())), 5e-3)


def test_the_largest_entry_of_each_axis_is_positive():
    components = pca.fit(correlated(), 8).components
    assert (components.gather(1, components.abs().argmax(1, keepdim=True)) > 0).all()


def test_fewer_rows_than_dimensions():
    x = correlated(count=5)
    found = pca.fit(x, 4)
    close(found.reconstruct(x), x, 1e-10)
    # Tipping & Bishop spread the rest over all D − k directions, here 0 / 4.
    assert found.noise_variance == pytest.approx(0, abs=1e-12)


def test_flat_directions_have_no_density():
    x = correlated()[:, :2] @ torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], dtype=torch.float64)
    flat = pca.PCA(torch.zeros(3), torch.eye(3)[:2], torch.tensor([1.0, 1.0]), 0.0)
    with pytest.raises(ValueError, match="no density"):
        flat.log_prob(x)
    with pytest.raises(ValueError, match="no density"):
        pca.PCA(torch.zeros(2), torch.eye(2), torch.tensor([1.0, 0.0]), 0.0).log_prob(torch.zeros(1, 2))
    constant = pca.fit(torch.ones(4, 3), 2)
    close(constant.reconstruct(torch.ones(2, 3)), torch.ones(2, 3), 0)


def test_what_cannot_be_is_refused():
    x = correlated()
    for k in (0, 9, -1):
        with pytest.raises(ValueError, match=f"k must be a whole number from 1 to 8, got {k}"):
            pca.fit(x, k)
    with pytest.raises(ValueError, match="k must be a whole number from 1 to 3"):
        pca.fit(x[:4], 4)
    for bad in (x[0], torch.zeros(4, 1, 2, 2)):
        with pytest.raises(ValueError, match=r"x must have shape \(N, D\), got"):
            pca.fit(bad, 1)
    with pytest.raises(ValueError, match="at least 2 examples"):
        pca.fit(x[:1], 1)
    for broken in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite"):
            pca.fit(x * broken, 1)
        with pytest.raises(ValueError, match="finite"):
            pca.fit(x, 2).log_prob(x * broken)
    with pytest.raises(ValueError, match=r"x must have shape \(N, 8\), got \(2, 7\)"):
        pca.fit(x, 2).reconstruct(x[:2, :7])


def test_bytes_are_read_as_pixels_and_arrays_as_tensors():
    images = torch.randint(256, (30, 5), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    of_bytes, of_floats = pca.fit(images, 3), pca.fit(images.float() / 255, 3)
    close(of_bytes.components, of_floats.components, 0)
    close(of_bytes.log_prob(images), of_floats.log_prob(images.numpy()), 0)
    half = (images.float() / 255).half()
    assert of_floats.reconstruct(half).dtype == torch.float32


def test_types_may_be_mixed():
    x = correlated()
    single, double = pca.fit(x.float(), 3), pca.fit(x, 3)
    close(single.encode(x).abs(), double.encode(x).abs(), 1e-4)
    close(double.decode(single.encode(x)), double.reconstruct(x), 1e-4)
    close(single.log_prob(x), double.log_prob(x), 1e-3)


def test_data_in_a_plane_have_no_density_beyond_it():
    """The rounding of a sum is no variance: without a bound the third axis would have about 1e-17 of it."""
    x = correlated()[:, :2] @ torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.3]], dtype=torch.float64)
    flat = pca.fit(x, 3)
    assert flat.variances[2] == 0
    with pytest.raises(ValueError, match="no density"):
        flat.log_prob(x)
    with pytest.raises(ValueError, match="no density"):
        pca.fit(x, 2).log_prob(x)
