"""Class means and arithmetic with them, against loops."""

import pytest
import torch

from vaedemo.analysis.attributes import mean_codes, shifted


def test_mean_codes_are_the_means_of_each_class():
    generator = torch.Generator().manual_seed(0)
    codes, labels = torch.randn(200, 5, generator=generator), torch.randint(4, (200,), generator=generator)
    found = mean_codes(codes, labels, 4)
    for label in range(4):
        torch.testing.assert_close(found[label], codes[labels == label].mean(0), rtol=1e-5, atol=1e-6)


def test_an_empty_class_or_a_foreign_label_is_named():
    with pytest.raises(ValueError, match=r"from 0 to 2 needs at least one code, got \[1, 1, 0\]"):
        mean_codes(torch.zeros(2, 3), torch.tensor([0, 1]), 3)
    with pytest.raises(ValueError, match="from 0 to 1"):
        mean_codes(torch.zeros(3, 3), torch.tensor([0, 1, 2]), 2)


def test_a_code_is_moved_along_the_difference():
    code, plus, minus = torch.tensor([1.0, 1.0]), torch.tensor([3.0, 0.0]), torch.tensor([1.0, 2.0])
    moved = shifted(code, plus, minus, (0, 0.5, 1, -1))
    assert moved.tolist() == [[1, 1], [2, 0], [3, -1], [-1, 3]]
