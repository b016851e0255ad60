"""The recipes: their schedules against the formula, where half precision is used, and what stays in float32."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.training.recipes import RECIPES, multiplies_bfloat16, warm_up_and_decay

CPU = torch.device("cpu")


def test_the_textbook_s_rate_is_constant():
    assert [RECIPES["textbook"].schedule(step, 10) for step in (0, 5, 9)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("steps", [1, 2, 19, 20, 100, 1000])
def test_the_fast_rate_climbs_to_one_and_falls_in_a_straight_line_but_never_to_nothing(steps):
    rates = [warm_up_and_decay(step, steps) for step in range(steps)]
    warm = max(1, int(0.05 * steps))
    assert max(rates) == 1.0
    assert min(rates) > 0
    assert rates[:warm] == pytest.approx([(step + 1) / warm for step in range(warm)], abs=1e-12)
    falls = torch.tensor(rates[warm:]).diff()
    if len(falls) > 1:
        torch.testing.assert_close(falls, falls[:1].expand_as(falls), rtol=0, atol=1e-6)
        assert falls[0] < 0


def test_half_precision_is_for_the_products_of_image_networks_where_the_hardware_has_it(monkeypatch):
    digits, ring = RunConfig(recipe="fast"), RunConfig(dataset="ring", recipe="fast")
    expected = torch.bfloat16 if multiplies_bfloat16(CPU) else torch.float32
    assert RECIPES["fast"].precision(digits, CPU) == expected
    assert RECIPES["fast"].precision(ring, CPU) == torch.float32
    assert RECIPES["textbook"].precision(digits, CPU) == torch.float32
    monkeypatch.setattr("vaedemo.training.recipes.multiplies_bfloat16", lambda device: False)
    assert RECIPES["fast"].precision(digits, CPU) == torch.float32


def test_under_half_precision_the_terms_of_the_loss_stay_in_float32():
    from vaedemo.models import build

    config = RunConfig(hidden=(8,), latent_dim=3)
    x = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        terms = build(config, (1, 28, 28)).loss(x, None, torch.Generator().manual_seed(1))
    assert {value.dtype for value in terms.values()} == {torch.float32}
