"""PSNR against its closed form for images whose error is known."""

import math

import pytest
import torch

from vaedemo.analysis.psnr import mean_squared_error, psnr


def test_a_constant_error_has_a_known_psnr():
    target = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    for error in (0.1, 0.01, 0.5):
        torch.testing.assert_close(
            psnr(target + error, target),
            torch.full((3,), -20 * math.log10(error), dtype=torch.float64),
            rtol=1e-4,
            atol=0,
        )


def test_bytes_have_their_own_peak():
    target, x = torch.zeros(1, 1, 4, 4), torch.full((1, 1, 4, 4), 255.0)
    assert psnr(x, target, peak=255.0).item() == pytest.approx(0, abs=1e-12)
    assert psnr(x / 255, target).item() == pytest.approx(0, abs=1e-12)


def test_equal_images_have_no_noise():
    assert psnr(torch.ones(2, 5), torch.ones(2, 5)).tolist() == [math.inf, math.inf]


def test_the_error_is_of_each_image_alone():
    x = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    assert mean_squared_error(x, torch.zeros(2, 2)).tolist() == [0.5, 0.0]


@pytest.mark.parametrize("peak", [0.0, -1.0, float("nan")])
def test_a_peak_that_is_not_positive_is_refused(peak):
    with pytest.raises(ValueError, match="peak must be a positive finite number"):
        psnr(torch.ones(1, 1), torch.ones(1, 1), peak)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="one shape"):
        mean_squared_error(torch.ones(2, 3), torch.ones(3, 2))
