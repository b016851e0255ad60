"""The nearest neighbours of points far from the origin, against the differences themselves in float64."""

import pytest
import torch

from vaedemo.analysis import quality

DOUBLE = torch.float64


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e5])
def test_the_nearest_point_is_the_nearest_far_from_the_origin_too(offset):
    """At (1000, 1000) the answer was index 780 at 0.026 for 777 at 0.004."""
    library = (offset + normal(2000, 2)).float()
    points = (offset + normal(50, 2, seed=1)).float()
    indices, distances = quality.nearest(points, library, 3)
    every = (points.double()[:, None] - library.double()).norm(dim=2)
    expected, order = every.sort(dim=1, stable=True)
    assert torch.equal(indices, order[:, :3])
    torch.testing.assert_close(distances.double(), expected[:, :3], rtol=1e-6, atol=0)


def test_the_nearest_in_a_library_of_two_far_clusters():
    """One centre does not help: distances of 0.06 within a cluster, 10⁶ between the two."""
    near = (1e6 * torch.tensor([1.0, -1.0]).repeat(300)[:, None] + normal(600, 2)).float()
    indices, distances = quality.nearest(near[:20], near, 2)
    assert indices[:, 0].tolist() == list(range(20)) and not distances[:, 0].any()
    every = (near[:20].double()[:, None] - near.double()).norm(dim=2).sort(dim=1).values
    torch.testing.assert_close(distances[:, 1].double(), every[:, 1], rtol=1e-6, atol=0)


def test_the_nearest_of_float64_has_the_digits_of_float64():
    library = torch.tensor([[1e8, 0.0], [1e8 + 0.25, 0.0]], dtype=DOUBLE)
    indices, distances = quality.nearest(torch.tensor([[1e8 + 0.2, 0.0]], dtype=DOUBLE), library)
    assert indices.item() == 1 and distances.item() == pytest.approx(0.05, rel=1e-5)
