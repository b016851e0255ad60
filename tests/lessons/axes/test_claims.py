"""What the steps on latent axes say, measured on the shipped runs, where possible in another way than the page does."""

import math

import pytest
import torch

from vaedemo.analysis import quality, rotation
from vaedemo.analysis import total_correlation as tc
from vaedemo.app import catalogue
from vaedemo.app.lessons.axes import factors, product, sizes, strips, turn
from vaedemo.app.lessons.axes.steps import DIGIT, GOOD, OTHER, STEPS, X
from vaedemo.datasets import shapes
from vaedemo.probability import ppca
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.training import first_views, store

SIZE, Y = 1, 4
VALUES = {
    step.name: {"shapes": "shapes-beta4", "beside": "none", "cloud": "fashion-2d"} | dict(step.view) for step in STEPS
}


def squared_correlations(name: str) -> torch.Tensor:
    """Of size, x and y (rows) with the mean of each axis, over the test set, which no figure of the page uses."""
    images = shapes.load("test")
    mu, _ = tc.posterior_of(store.load(name).model, images.as_data())
    return tc.correlation(torch.cat([images.factors[:, [SIZE, X, Y]].double(), mu.double()], 1))[:3, 3:].square()


def test_claim_three_of_six_axes_follow_one_factor_and_no_other_axis_tells_of_any():
    run = catalogue.run(GOOD)
    names = strips.named(run)
    assert len(strips.live_axes(run)) == 6 and sorted(names.values()) == [SIZE, X, Y]
    matrix = factors.of(GOOD).matrix
    assert all(matrix[:, axis].max() < 0.155 for axis in range(6) if axis not in names)
    found = squared_correlations(GOOD)
    for row, factor in enumerate((SIZE, X, Y)):
        (axis,) = [axis for axis, named in names.items() if named == factor]
        assert found[row, axis] > 0.8 and found[row].sum() - found[row, axis] < 0.1


def test_claim_another_seed_finds_turned_axes():
    configs = [store.load(name).config for name in (GOOD, OTHER)]
    assert configs[0].replace(seed=0) == configs[1].replace(seed=0) and configs[0].seed != configs[1].seed
    assert factors.of(OTHER).matrix.max() < 0.5
    assert factors.of(GOOD).mig > 3 * factors.of(OTHER).mig
    pair = list(factors.pair_of(OTHER))
    place = squared_correlations(OTHER)[1:, pair]  # x and y with both axes: each axis moves along a diagonal
    assert place.min() > 0.2 and (place.sum(1) > 0.9).all()


def test_claim_a_turn_lowers_the_best_elbo_and_no_log_p():
    model, x = catalogue.run(turn.RUN).model, first_views.digits()[DIGIT : DIGIT + 1]
    turned = rotation.Rotated(model, rotation.turn(math.radians(45)))
    straight, after = (float(best_diagonal_gaussian(each, x).elbo) for each in (model, turned))
    assert after - straight == pytest.approx(turn.change(VALUES["turn"]), abs=0.02)
    assert turn.change(VALUES["turn"]) == pytest.approx(-0.634, abs=0.001)
    shown = turn.of(VALUES["turn"])
    assert shown.log_marginal_turned == pytest.approx(shown.log_marginal, abs=0.02)
    mean = turn.mean_change(catalogue.run(turn.RUN).digest)
    assert mean[9] == pytest.approx(-0.084, abs=0.001)


def test_claim_shuffled_codes_lie_where_no_code_was():
    codes, shuffled = product.of(VALUES["product"])
    assert abs(codes.correlation) < 0.1 and abs(shuffled.correlation) < 0.1
    assert codes.far == pytest.approx(product.FAR, abs=0.002)
    assert shuffled.far > 2 * codes.far
    run = catalogue.run("fashion-2d")
    mu, logvar = tc.posterior_of(run.model, catalogue.images("fashion")[0].as_data(run.config.pixels)[: product.COUNT])
    for seed in (1, 2, 3):  # other codes, and all pairs of z₁ and z₂ in place of one shuffle
        noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(seed))
        z = mu + (0.5 * logvar).exp() * noise
        first, second = z[::2], z[1::2][:100]
        pairs = torch.stack([part.flatten() for part in torch.meshgrid(*second.T, indexing="ij")], 1)
        bound = quality.nearest(z[1::2], first)[1].quantile(1 - product.FAR)
        assert (quality.nearest(pairs, first)[1] > bound).double().mean() > 2 * product.FAR


def test_claim_the_axes_of_correlated_sizes_are_larger_and_wider():
    values = {"correlation": 0.6}
    weights = sizes.weights(values)
    assert (weights[:, 0] > 0).all() and weights[0, 1] > 0 > weights[1, 1]
    z = torch.randn(100_000, 2, generator=torch.Generator().manual_seed(1)).double()
    noise = sizes.NOISE**0.5 * torch.randn(100_000, 2, generator=torch.Generator().manual_seed(2)).double()
    assert tc.correlation(z @ weights.T + noise)[0, 1] == pytest.approx(0.6, abs=0.01)
    assert abs(tc.correlation(z @ torch.diag(weights.norm(dim=1)) + noise)[0, 1]) < 0.01, "one axis each gives r = 0"
    assert ppca.gap(weights, sizes.NOISE) < 1e-9 < 0.2 < ppca.gap(ppca.rotate(weights, math.pi / 4), sizes.NOISE)


def test_claim_a_larger_beta_pays_for_mig():
    migs = {name: factors.of(name).mig for name in factors.RUNS}
    loss = {name: store.load(name).metrics["test_reconstruction"] for name in factors.RUNS}
    assert max(migs["shapes-beta1"], migs["shapes-beta1-seed1"]) < min(migs["shapes-beta4"], migs["shapes-beta8"])
    assert loss["shapes-beta1"] < loss["shapes-beta4"] < loss["shapes-beta8"]
