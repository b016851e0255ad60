"""Lists of values as a terminal and a link name them, and the configs they stand for."""

import pytest

from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import engine, sweeps


def test_values_are_read_by_the_field_s_own_rule():
    assert sweeps.varied("beta", "0.1, 1,4") == (0.1, 1.0, 4.0)
    assert sweeps.varied("seed", "3,1") == (3, 1)
    assert sweeps.varied("sparsity", "0.5,2") == (0.5, 2.0)
    assert sweeps.varied("free_bits", "0,0.25") == (0.0, 0.25)
    assert sweeps.varied("warm_up", "0,0.5") == (0.0, 0.5) and sweeps.varied("cycles", "1,4") == (1, 4)


@pytest.mark.parametrize("text", ["", "1,", "1,x", "1,-1", "1,1.0", "nan,1"])
def test_what_is_no_list_of_different_values_is_refused(text):
    with pytest.raises(ConfigError, match="beta"):
        sweeps.varied("beta", text)


@pytest.mark.parametrize("value", ["", "1", "1,1", "1,1.0", "1,abc", "0.1;1", ",".join(map(str, range(17)))])
def test_a_list_of_beta_names_what_it_accepts(value):
    with pytest.raises(ConfigError, match="2 to 16 different numbers") as refusal:
        sweeps.betas("betas", value)
    assert "betas" in str(refusal.value)


def test_betas_come_back_in_rising_order():
    assert sweeps.betas("betas", "4,0.1,1") == sweeps.betas("betas", (1, 0.1, 4.0)) == (0.1, 1.0, 4.0)


def test_a_family_is_every_combination():
    configs = sweeps.family({"dataset": "ring"}, {"beta": (0.1, 1), "seed": (0, 1)})
    assert [(config.beta, config.seed) for config in configs] == [(0.1, 0), (0.1, 1), (1, 0), (1, 1)]
    assert configs[0] == RunConfig(dataset="ring", beta=0.1)


@pytest.mark.parametrize("lists", [{}, {"beta": (1,)}, {"seed": tuple(range(65))}])
def test_nothing_to_vary_or_too_much_is_one_sentence(lists):
    with pytest.raises(ConfigError, match="2 to 64 different ones"):
        sweeps.family({}, lists)


def test_values_without_effect_are_no_sweep():
    with pytest.raises(ConfigError, match="2 to 64 different ones"):
        sweeps.family({"model": "autoencoder"}, {"beta": (1, 2)})


def test_cures_of_collapse_are_trained_one_after_the_other():
    """A stack shares the schedule of beta and the free bits of its members."""
    configs = sweeps.family({"dataset": "ring"}, {"free_bits": (0, 0.25), "beta": (1, 4)})
    assert [[config.free_bits for config in stack] for stack in engine.stacks(configs)] == [[0, 0], [0.25, 0.25]]
