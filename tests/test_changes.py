"""The schedules of β against closed forms written another way, and the values in force at each step."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vaedemo.changes import ramp
from vaedemo.config import RunConfig

QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def cyclic_by_fu(t: int, total: int, cycles: int, share: float) -> float:
    """Fu et al. 2019, equations 6 and 7: τ = mod(t − 1, ⌈T/M⌉) / (T/M), and f(τ) = τ/R until R, then 1; t from 1."""
    tau = ((t - 1) % math.ceil(total / cycles)) / (total / cycles)
    return tau / share if tau <= share else 1.0


def in_pieces(step: int, steps: int, share: float, cycles: int) -> float:
    """The same as a table of pieces: the cycle that holds the step, its start, and the straight line from there."""
    starts = [steps * number / cycles for number in range(cycles)]
    start = max(each for each in starts if each <= step)
    done = (step - start) / (steps / cycles)
    return done / share if done < share else 1.0


@pytest.mark.parametrize(("total", "cycles", "share"), [(40, 4, 0.5), (40, 1, 0.5), (40_000, 4, 0.5), (12, 3, 1.0)])
def test_the_table_is_that_of_fu_where_the_cycles_have_whole_lengths(total, cycles, share):
    ours = [ramp(step, total, share, cycles) for step in range(total)]
    theirs = [cyclic_by_fu(step + 1, total, cycles, share) for step in range(total)]
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_a_table_by_hand():
    assert [ramp(step, 20, 0.5, 2) for step in range(20)] == pytest.approx(2 * [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1])


def test_one_cycle_is_a_straight_line_and_then_one():
    """The KL annealing of Bowman et al. 2016 and Sønderby et al. 2016: from 0 to 1 over the first steps."""
    warm = 150
    for step in range(200):
        line = step / warm if step < warm else 1.0
        assert ramp(step, 200, warm / 200, 1) == pytest.approx(line, abs=1e-12)


@QUICK
@given(some.integers(1, 5_000), some.data())
def test_the_ramp_is_its_pieces_for_every_length(steps, data):
    step, cycles = data.draw(some.integers(0, steps - 1)), data.draw(some.integers(1, 100))
    share = data.draw(some.floats(0.01, 1))
    found = ramp(step, steps, share, cycles)
    assert 0 <= found <= 1
    expected = in_pieces(step, steps, share, cycles)
    # Where a start is a whole step in exact arithmetic, its float may lie above: the step is then counted to the cycle
    # before.
    at_a_start = any(math.isclose(step, steps * number / cycles, abs_tol=1e-6) for number in range(1, cycles))
    assert found == pytest.approx(0 if at_a_start else expected, abs=1e-6)


def test_without_a_share_beta_is_in_force_from_the_first_step():
    assert {ramp(step, 30, 0.0, cycles) for step in range(30) for cycles in (1, 4)} == {1.0}


def test_a_warm_up_scales_the_beta_in_force_and_nothing_else():
    config = RunConfig(beta=4, warm_up=0.5, cycles=2)
    seen = [config.in_force(step, 20) for step in range(20)]
    assert [each.beta for each in seen] == pytest.approx(2 * [0, 0.8, 1.6, 2.4, 3.2, 4, 4, 4, 4, 4])
    assert {(each.learning_rate, each.noise_variance) for each in seen} == {(1e-3, 1.0)}
    assert config.in_force().beta == config.in_force(0).beta == 4, "judged with beta in full"


def test_a_change_of_beta_warms_up_too():
    config = RunConfig(beta=1, warm_up=1, changes=((5, {"beta": 10}),))
    assert [config.in_force(step, 10).beta for step in (0, 4, 5, 9)] == pytest.approx([0, 0.4, 5, 9])
