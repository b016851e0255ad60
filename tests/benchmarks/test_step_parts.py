"""The parts of a step: every operator in exactly one, the shares of a small training sum to one."""

import pytest
import torch

from benchmarks import step_parts
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet


def test_an_operator_counts_in_the_first_part_that_names_it():
    found = step_parts.by_part(
        [
            ("aten::addmm", 1.0),
            ("aten::mm", 2.0),
            ("aten::_fused_adam_", 4.0),
            ("aten::index_select", 8.0),
            ("aten::log_sigmoid_forward", 16.0),
            ("aten::copy_", 32.0),
            ("aten::view", 64.0),
        ]
    )
    assert found == {
        "products": 3.0,
        "optimizer": 4.0,
        "batch": 8.0,
        "loss and activations": 16.0,
        "copies and memory": 32.0,
        step_parts.REST: 64.0,
    }


def noise(count: int, seed: int) -> ImageSet:
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 1, 28, 28), dtype=torch.uint8, generator=generator)
    return ImageSet(images, torch.arange(count) % 10, "mnist")


def test_the_shares_of_a_training_sum_to_one_and_products_are_among_them():
    config = RunConfig(hidden=(64,), batch_size=50, epochs=1)
    shares = step_parts.parts_of(config, noise(300, seed=0), noise(50, seed=1))
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == {*step_parts.PARTS, step_parts.REST, step_parts.OUTSIDE}
    assert 0 < shares["products"] < 1
