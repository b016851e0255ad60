"""Our EM against scikit-learn's: one round from the same start, and where both end."""

from itertools import pairwise

import pytest
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from vaedemo.analysis.mixture_fit import expectation_maximisation, k_means, log_joint, maximise

RIDGE = 1e-6


@pytest.fixture(scope="module")
def blobs() -> torch.Tensor:
    """300 examples on 3 axes around four centres, two of them close."""
    generator = torch.Generator().manual_seed(3)
    centres = torch.tensor([[0.0, 0, 0], [4, 0, 1], [0, 5, -2], [1.5, 1, 0]], dtype=torch.float64)
    noise = torch.randn(300, 3, generator=generator, dtype=torch.float64)
    which = torch.arange(300) % 4
    return centres[which] + noise * torch.tensor([0.4, 1.0, 0.6]) * (1 + which[:, None] / 4)


def test_one_round_is_scikit_learn_s(blobs):
    start = maximise(blobs, torch.nn.functional.one_hot(torch.arange(300) % 3, 3).double(), 0.1)
    weights, means, covariances = start
    theirs = GaussianMixture(
        3,
        reg_covar=RIDGE,
        max_iter=1,
        weights_init=weights.numpy(),
        means_init=means.numpy(),
        precisions_init=torch.linalg.inv(covariances).numpy(),
    )
    with pytest.warns(ConvergenceWarning):
        theirs.fit(blobs.numpy())
    weights, means, covariances = maximise(blobs, log_joint(blobs, *start).softmax(1), RIDGE)
    torch.testing.assert_close(weights, torch.from_numpy(theirs.weights_))
    torch.testing.assert_close(means, torch.from_numpy(theirs.means_))
    torch.testing.assert_close(covariances, torch.from_numpy(theirs.covariances_))


def test_it_ends_where_scikit_learn_s_ends(blobs):
    fits = [expectation_maximisation(blobs, 4, RIDGE, seed) for seed in range(5)]  # the best of five, as theirs
    ours = max(log_joint(blobs, *fit).logsumexp(1).mean().item() for fit in fits)
    theirs = GaussianMixture(4, reg_covar=RIDGE, n_init=5, random_state=0).fit(blobs.numpy()).score(blobs.numpy())
    assert ours == pytest.approx(theirs, abs=0.05)


def test_no_round_lowers_the_likelihood(blobs):
    parts = maximise(blobs, torch.nn.functional.one_hot(torch.arange(300) % 5, 5).double(), 0.0)
    reached = []
    for _ in range(20):
        joint = log_joint(blobs, *parts)
        reached.append(joint.logsumexp(1).mean().item())
        parts = maximise(blobs, joint.softmax(1), 0.0)
    assert all(after >= before - 1e-12 for before, after in pairwise(reached))
    assert reached[-1] > reached[0] + 0.1


def test_k_means_leaves_no_example_nearer_to_another_centre(blobs):
    nearest = k_means(blobs, 4, torch.Generator().manual_seed(0))
    centres = torch.stack([blobs[nearest == part].mean(0) for part in range(4)])
    assert torch.equal(torch.cdist(blobs, centres).argmin(1), nearest)


def test_examples_that_are_all_the_same_have_a_mixture_too():
    x = torch.full((20, 2), 3.0, dtype=torch.float64)
    weights, means, covariances = expectation_maximisation(x, 3, RIDGE)
    assert torch.isfinite(log_joint(x, weights, means, covariances).logsumexp(1)).all()
    assert weights.sum().item() == pytest.approx(1)
