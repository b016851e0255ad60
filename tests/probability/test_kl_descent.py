"""The closed form of gradient descent on the KL, against small steps along autograd's gradient."""

import pytest
import torch

from vaedemo.probability.divergences import kl_diagonal_per_axis
from vaedemo.probability.kl_descent import kl_descent


@pytest.mark.parametrize(("variance", "mean"), [(0.1, -2.0), (5.0, 1.0), (1.0, 3.0)])
def test_it_follows_the_gradient(variance, mean):
    theta = torch.tensor([variance, mean], dtype=torch.float64)
    theta[0] = theta[0].log()
    steps, time = 2000, 1.0

    def slope(theta):
        theta = theta.detach().requires_grad_()
        kl_diagonal_per_axis(theta[0].exp(), theta[1]).backward()
        return theta.grad

    for _ in range(steps):  # the midpoint rule: its error falls with the square of the step
        half = theta - 0.5 * time / steps * slope(theta)
        theta = theta - time / steps * slope(half)
    found = kl_descent(variance, mean, torch.tensor(time, dtype=torch.float64))
    torch.testing.assert_close(torch.stack(found), torch.stack([theta[0].exp(), theta[1]]), rtol=1e-6, atol=0)


def test_it_starts_where_it_is_told_and_ends_at_the_prior():
    variances, means = kl_descent(0.05, 2.5, torch.tensor([0.0, 60.0], dtype=torch.float64))
    torch.testing.assert_close(variances, torch.tensor([0.05, 1.0]).double(), rtol=1e-7, atol=0)
    torch.testing.assert_close(means, torch.tensor([2.5, 0.0]).double(), rtol=0, atol=1e-12)


def test_a_variance_of_zero_is_refused():
    with pytest.raises(ValueError, match="variance must be a positive finite number, got 0"):
        kl_descent(0.0, 1.0, torch.zeros(1))
