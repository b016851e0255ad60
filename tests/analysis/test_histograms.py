"""The distance between samples, against counting by NumPy and cases known by hand."""

import numpy as np
import pytest
import torch

from vaedemo.analysis.histograms import total_variation


def test_it_is_half_the_difference_of_numpy_s_histograms():
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(500, 2, generator=generator), 0.5 * torch.randn(300, 2, generator=generator) + 0.3
    edges = np.linspace(-5, 5, 8)
    shares = [np.histogram2d(*x.numpy().T, bins=[edges, edges])[0] / len(x) for x in (a, b)]
    assert total_variation(a, b, 5.0, 7) == pytest.approx(0.5 * np.abs(shares[0] - shares[1]).sum(), abs=1e-12)


def test_alike_and_apart():
    a = torch.tensor([[0.5, 0.5], [9.0, -9.0]])
    assert total_variation(a, a, 1.0) == 0
    assert total_variation(a, -a, 1.0) == 1
    with pytest.raises(ValueError, match="b must hold at least 1 example"):
        total_variation(a, a[:0], 1.0)
