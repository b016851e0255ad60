"""The one-hot levels of a pixel give the categorical's own log-likelihood, sum over c written out."""

import pytest
import torch

from vaedemo.probability.grey_levels import one_hot
from vaedemo.probability.likelihoods import Categorical


@pytest.mark.parametrize("levels", [2, 3, 16])
def test_the_sum_over_c_is_the_categorical_s_loss(levels):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(50, generator=generator, dtype=torch.float64)
    logits = torch.randn(50, levels, generator=generator, dtype=torch.float64)
    written_out = -(one_hot(x, levels) * logits.log_softmax(1)).sum(1)
    torch.testing.assert_close(written_out, -Categorical(logits).log_prob(x), rtol=0, atol=1e-12)


def test_it_is_one_at_the_nearest_level_and_a_tie_goes_to_the_brighter():
    hot = one_hot(torch.tensor([0.0, 0.16, 0.17, 0.5, 1.0]), 4)
    assert hot.argmax(1).tolist() == [0, 0, 1, 2, 3]
    assert hot.sum(1).tolist() == [1.0] * 5


def test_one_level_is_refused():
    with pytest.raises(ValueError, match="levels must be a whole number from 2 to 256, got 1"):
        one_hot(torch.tensor([0.5]), 1)
