import math

import pytest
import torch

from vaedemo.probability import transforms


def test_against_polar_coordinates():
    z = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = transforms.ring(z)
    radius, angle = torch.hypot(z[:, 0], z[:, 1]), torch.atan2(z[:, 1], z[:, 0])
    expected = (1 + radius / 10)[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    torch.testing.assert_close(x, expected, atol=1e-14, rtol=0)
    torch.testing.assert_close(transforms.ring(z.float()), expected.float(), atol=1e-6, rtol=0)


def test_zero_goes_where_the_first_axis_leads():
    z = torch.tensor([[0.0, 0.0], [1e-30, 0.0], [-0.0, 0.0]])
    assert transforms.ring(z).tolist() == [[1.0, 0.0]] * 3


@pytest.mark.parametrize("size", [1e-44, 1e-25, 1e25, 1e38])
def test_the_direction_survives_tiny_and_huge_codes(size):
    z = torch.tensor([[size, size]])
    direction = transforms.ring(z) - z / 10
    if size < 1:
        torch.testing.assert_close(direction, torch.full((1, 2), math.sqrt(0.5)), atol=1e-6, rtol=0)
    assert transforms.ring(z).isfinite().all()


def test_the_gradient_is_that_of_finite_differences():
    z = torch.randn(20, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(transforms.ring, (z,))


def test_the_gradient_at_zero_is_finite():
    z = torch.zeros(1, 2, requires_grad=True)
    transforms.ring(z).sum().backward()
    torch.testing.assert_close(z.grad, torch.full((1, 2), 0.1))


@pytest.mark.parametrize("shape", [(2,), (5, 3), (2, 5, 2), ()])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(N, 2\)"):
        transforms.ring(torch.zeros(shape))


def test_not_a_number_is_refused():
    for transform, density in transforms.MAPS.values():
        for bad in (math.nan, math.inf):
            for function in (transform, density):
                with pytest.raises(ValueError, match="not a finite number"):
                    function(torch.tensor([[bad, 1.0]]))
