"""What flows and autoregressive models share: their loss."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build


@pytest.mark.parametrize("model", ["flow", "autoregressive"])
def test_the_loss_is_the_negative_log_density_and_has_a_gradient(model):
    built = build(RunConfig(dataset="ring", model=model, hidden=(16, 16)), (2,))
    x = 2 * torch.randn(30, 2, generator=torch.Generator().manual_seed(0))
    terms = built.loss(x, None, torch.Generator())
    assert set(terms) == {"total", "negative_log_likelihood"}
    torch.testing.assert_close(terms["total"], -built.log_prob(x))
    terms["total"].mean().backward()
    assert all(parameter.grad.abs().sum() > 0 for parameter in built.parameters())
