"""The information matrix and MIG on codes whose answer is known."""

import math

import pytest
import torch
from sklearn.metrics import mutual_info_score

from vaedemo.analysis import mutual_information as information
from vaedemo.analysis.rotation import turn
from vaedemo.datasets import shapes

COUNT = 10_000


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def factors():
    """Those of the shapes, drawn but not painted: shape 4 levels, size 6, angle 20 and undefined for discs, 12, 12."""
    drawn = [torch.randint(levels, (COUNT,), generator=generator(seed)) for seed, levels in enumerate(shapes.LEVELS)]
    table = torch.stack(drawn, 1).double()
    table[table[:, 0] == 3, 2] = math.nan
    return table


@pytest.fixture(scope="module")
def perfect(factors):
    """A code an axis of its own; where the angle is undefined, the code of it is whatever it likes."""
    whatever = torch.randint(20, (COUNT,), generator=generator(77)).double()
    codes = factors.clone()
    codes[:, 2] = torch.where(factors[:, 2].isnan(), whatever, factors[:, 2])
    return codes


def noise(columns, seed=9):
    return torch.randn(COUNT, columns, generator=generator(seed), dtype=torch.float64)


def mig(factors, codes, levels=None):
    return information.mig(information.information_matrix(factors, codes, levels))


def test_mutual_information_is_scikit_learn_s():
    first, second = torch.randint(7, (500,), generator=generator(1)), torch.randint(4, (500,), generator=generator(2))
    second = torch.where(torch.rand(500, generator=generator(3)) < 0.4, first % 4, second)
    expected = mutual_info_score(first.numpy(), second.numpy())
    assert information.mutual_information(first, second).item() == pytest.approx(expected, abs=1e-12)


def test_a_labelling_tells_its_own_entropy():
    label = torch.arange(6).repeat(50)
    assert information.mutual_information(label, label).item() == pytest.approx(math.log(6), abs=1e-12)


def test_bins_are_equal_and_ties_stay_together():
    assert information.bins(noise(1)[:, 0], 20).bincount().tolist() == [COUNT // 20] * 20
    assert information.bins(torch.tensor([5.0, 1.0, 5.0, 1.0]), 2).tolist() == [1, 0, 1, 0]
    assert len(information.bins(torch.full((30,), 0.7), 12).unique()) == 1


def test_identity(factors, perfect):
    matrix = information.information_matrix(factors, perfect)
    assert (matrix.diagonal() > 0.999).all()
    assert information.mig(matrix) >= 0.95


def test_identity_of_continuous_factors_cut_alike():
    continuous = noise(4)
    assert mig(continuous, continuous, levels=20) >= 0.95
    assert mig(continuous, continuous.exp(), levels=20) == pytest.approx(mig(continuous, continuous, levels=20))


def test_zero_and_duplicated_codes(factors, perfect):
    assert mig(factors, torch.zeros(COUNT, 6)) <= 1e-12
    assert mig(factors, torch.cat([perfect, perfect], 1)) <= 1e-12


def test_independent_noise(factors):
    assert mig(factors, noise(6)) <= 0.02
    assert (information.information_matrix(factors, noise(6)) <= 0.02).all()


def test_permuting_and_rescaling_axes_change_nothing(factors, perfect):
    codes = perfect + 0.8 * noise(5)
    expected = mig(factors, codes)
    assert mig(factors, codes[:, [3, 0, 4, 2, 1]]) == pytest.approx(expected, abs=1e-12)
    assert mig(factors, codes * torch.tensor([1e-3, 5.0, 2.0, 1e4, 0.1]) + 7) == pytest.approx(expected, abs=1e-12)
    # Mirrored, an example that lies on an edge between two bins falls into the other one.
    assert mig(factors, codes * torch.tensor([1e-3, 5.0, -2.0, 1e4, -0.1])) == pytest.approx(expected, abs=1e-4)


def test_turning_two_axes_by_45_degrees_lowers_it(factors):
    codes = factors[:, 3:] - 5.5 + 0.3 * noise(2)
    straight = mig(factors[:, 3:], codes)
    turned = mig(factors[:, 3:], codes @ turn(math.pi / 4).T)
    assert turned < straight - 0.3
    assert mig(factors[:, 3:], codes @ turn(math.pi / 2).T) == pytest.approx(straight, abs=1e-12)


def test_as_many_bins_as_levels(factors):
    """A factor of 40 levels cut into 20 would say 0.889 of a perfect code."""
    fine = torch.randint(40, (COUNT, 1), generator=generator(5)).double()
    assert mig(fine, fine) > 0.999


def spread(column, seed=3):
    """A code without ties that tells the factor exactly: each level has an interval of the axis to itself."""
    known = column.nan_to_num(7.3)
    return known + 0.01 * torch.rand(len(known), generator=generator(seed), dtype=torch.float64)


@pytest.mark.parametrize("change", [lambda z: z, lambda z: -z, lambda z: z.exp(), lambda z: -1e6 * z - 3])
def test_a_perfect_code_of_the_test_set_s_factors_gives_exactly_1(change):
    """The 2,000 shapes: no factor has equal shares of them, so equal bins would say 0.87 to 0.96."""
    known = shapes.load("test").factors.double()
    codes = torch.stack([change(spread(column)) for column in known.T], 1)
    assert information.information_matrix(known, codes).diagonal().tolist() == [1.0] * 5


@pytest.mark.parametrize("rare", [0.5, 0.1, 0.01, 1 / 2000])
def test_a_perfect_code_of_a_rare_level_gives_exactly_1(rare):
    factor = (torch.arange(2000) < rare * 2000).double()[:, None]
    for sign in (1, -1):
        assert information.information_matrix(factor, sign * spread(factor[:, 0])[:, None]).item() == 1.0
    assert information.information_matrix(factor, noise(1)[:2000]).item() < 0.01


def test_levels_may_lie_on_the_axis_in_any_order():
    """Shapes have no order of their own: an axis that keeps them apart tells them, whichever comes first."""
    shares = torch.tensor([700, 100, 150, 50])
    shape = torch.arange(4).repeat_interleave(shares)
    place = torch.tensor([2.0, 9.0, -4.0, 5.0], dtype=torch.float64)[shape]
    assert information.information_matrix(shape[:, None].double(), spread(place)[:, None]).item() == 1.0


def test_a_mixed_code_of_unequal_levels_is_scikit_learn_s():
    """The share of a 90/10 factor that a noisy axis tells, cut where 90 % of its values lie below."""
    factor = (torch.arange(2000) % 10 == 0).long()
    axis = factor + 0.4 * noise(1)[:2000, 0]
    above = (axis > axis.sort().values[1799]).long()
    expected = mutual_info_score(factor, above) / mutual_info_score(factor, factor)
    found = information.information_matrix(factor[:, None].double(), axis[:, None]).item()
    assert 0.2 < found < 0.8 and found == pytest.approx(expected, abs=1e-12)


def test_what_independent_axes_seem_to_tell_is_the_bias_and_no_more():
    """Miller: (L − 1)² / 2N nats for a histogram of L by L cells; the mean of 200 axes, within 10 %."""
    factor = torch.randint(12, (2000, 1), generator=generator(8)).double()
    axes = torch.randn(2000, 200, generator=generator(11), dtype=torch.float64)
    found = information.information_matrix(factor, axes).mean().item()
    label = factor[:, 0].long()
    entropy = information.mutual_information(label, label).item()
    assert found == pytest.approx(11 * 11 / (2 * 2000) / entropy, rel=0.1)


def test_examples_with_an_undefined_factor_are_left_out(factors):
    codes = noise(3)
    codes[:, 0] = factors[:, 2].nan_to_num(-50.0)
    known = ~factors[:, 2].isnan()
    whole = information.information_matrix(factors[:, 2:3], codes)
    torch.testing.assert_close(whole, information.information_matrix(factors[known, 2:3], codes[known]))
    assert whole[0, 0] > 0.999


def test_the_two_best_axes_are_different_ones():
    matrix = torch.tensor([[0.1, 0.9, 0.2], [0.3, 0.8, 0.1]])
    assert information.best_two(matrix, 0, 1) == (1, 0)


def test_what_is_refused(factors):
    with pytest.raises(ValueError, match=r"codes must have shape \(N, d\) with N = 10000"):
        information.information_matrix(factors, noise(2)[:-1])
    with pytest.raises(ValueError, match="undefined for every example"):
        information.information_matrix(torch.full((COUNT, 1), math.nan), noise(2))
    with pytest.raises(ValueError, match="not a finite number"):
        information.information_matrix(factors, torch.full((COUNT, 1), math.inf))
    with pytest.raises(ValueError, match="Two axes are needed"):
        information.best_two(torch.ones(2, 1), 0, 1)
