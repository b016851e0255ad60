"""Errors of PCA and autoencoders against PCA fitted anew for each k; a linear decoder's columns against its weights."""

import pytest
import sklearn.decomposition
import torch

from vaedemo.analysis import reduction, subspaces
from vaedemo.config import RunConfig
from vaedemo.models import build, pca


@pytest.fixture(scope="module")
def data():
    generator = torch.Generator().manual_seed(0)
    mixing = torch.randn(9, 9, generator=generator, dtype=torch.float64)
    train, test = torch.randn(2, 200, 9, generator=generator, dtype=torch.float64) @ mixing + 3
    return train, test


def test_errors_are_those_of_pca_fitted_with_each_k(data):
    train, test = data
    found = reduction.pca_errors(pca.fit(train, 9), test)
    assert found.shape == (10,)
    assert found[0].item() == pytest.approx(reduction.pixel_error(train.mean(0).expand_as(test), test), rel=1e-9)
    for k in (1, 4, 9):
        oracle = sklearn.decomposition.PCA(k, svd_solver="full").fit(train.numpy())
        picture = torch.from_numpy(oracle.inverse_transform(oracle.transform(test.numpy())))
        assert found[k].item() == pytest.approx(((picture - test) ** 2).mean().item(), rel=1e-9, abs=1e-12)


def test_fewer_axes_are_a_pca_fitted_with_fewer(data):
    train, _ = data
    fewer, anew = reduction.first_axes(pca.fit(train, 7), 3), pca.fit(train, 3)
    assert torch.equal(fewer.components, anew.components)
    assert fewer.noise_variance == pytest.approx(anew.noise_variance, rel=1e-9)
    with pytest.raises(ValueError, match="k must be a whole number from 1 to 7, got 8"):
        reduction.first_axes(pca.fit(train, 7), 8)


def test_columns_are_the_decoders_weights():
    config = RunConfig(model="autoencoder", network="linear", likelihood="gaussian", latent_dim=3)
    model = build(config, (1, 5, 4)).eval().requires_grad_(False)
    columns = reduction.decoder_columns(model)
    assert columns.shape == (20, 3)
    torch.testing.assert_close(columns, model.decoder[0].weight.double(), rtol=0, atol=1e-6)
    deep = build(RunConfig(model="autoencoder", hidden=(4,)), (1, 5, 4)).requires_grad_(False)
    with pytest.raises(ValueError, match="Only a linear decoder has columns"):
        reduction.decoder_columns(deep)


def test_combinations_of_columns_reach_what_they_span():
    generator = torch.Generator().manual_seed(1)
    columns = torch.randn(12, 3, generator=generator, dtype=torch.float64)
    inside = columns @ torch.randn(3, 2, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(reduction.recombined(columns, inside), inside, rtol=0, atol=1e-10)
    outside = torch.randn(12, 1, generator=generator, dtype=torch.float64)
    nearest = reduction.recombined(columns, outside)
    assert (columns.T @ (outside - nearest)).abs().max() < 1e-10
    assert subspaces.principal_angles(columns, nearest).max() < 1e-10


def test_unlike_shapes_are_refused():
    with pytest.raises(ValueError, match="they must be alike"):
        reduction.pixel_error(torch.zeros(2, 3), torch.zeros(2, 4))
