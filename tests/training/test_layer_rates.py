"""Learning rates by layer: which parameters take which share, and that a stack trains each member as if alone."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.ensemble import ensemble
from vaedemo.training import layer_rates
from vaedemo.training.layer_rates import READS_CODE, READS_DATA, WRITES_DATA
from vaedemo.training.loop import fit, fit_stack
from vaedemo.training.recipes import RECIPES

SHAPE = (1, 28, 28)
SMALL = RunConfig(recipe="fast", hidden=(12,), latent_dim=5, train_size=200, epochs=2, batch_size=50)


def shares_by_name(config: RunConfig) -> dict[str, float]:
    model = build(config, SHAPE)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = layer_rates.shares_of(ensemble([model]), config)
    found = [(names[id(parameter)], share) for parameters, share in groups for parameter in parameters]
    assert len(found) == len(dict(found)) == len(names), "every parameter in one group"
    return dict(found)


def test_each_layer_of_a_plain_network_takes_its_share():
    found = shares_by_name(SMALL.replace(hidden=(12, 8), likelihood="gaussian", noise_variance="learned"))
    assert found == {
        "encoder.1.weight": READS_DATA, "encoder.1.bias": READS_DATA,
        "encoder.3.weight": 1, "encoder.3.bias": 1, "encoder.5.weight": 1, "encoder.5.bias": 1,
        "decoder.0.weight": READS_CODE, "decoder.0.bias": READS_CODE,
        "decoder.2.weight": 1, "decoder.2.bias": 1,
        "decoder.4.weight": WRITES_DATA, "decoder.4.bias": WRITES_DATA,
        "log_noise_variance": 1,
    }  # fmt: skip


def test_other_networks_have_one_rate():
    assert set(shares_by_name(SMALL.replace(network="conv", hidden=(4,))).values()) == {1}
    assert set(shares_by_name(SMALL.replace(network="linear", model="autoencoder", hidden=())).values()) == {1}


def test_the_textbook_has_one_rate():
    groups = RECIPES["textbook"].shares(ensemble([build(SMALL, SHAPE)]), SMALL)
    assert [share for _, share in groups] == [1]


def test_the_optimizer_s_groups_have_the_configured_rate_times_their_share():
    optimizer = RECIPES["fast"].optimizer([SMALL], ensemble([build(SMALL, SHAPE)]))
    rates = sorted(group["rate"] / SMALL.learning_rate for group in optimizer.param_groups)
    assert rates == pytest.approx(sorted([READS_DATA, 1.0, READS_CODE, WRITES_DATA]))


@pytest.mark.parametrize(
    "own", [{"beta": 4.0}, {"learning_rate": 0.004}], ids=["one rate for all", "rates of their own"]
)
def test_in_a_stack_each_member_learns_at_its_layers_rates(few_digits, own):
    configs = [SMALL, SMALL.replace(**own)]
    alone = [fit_stack([config], *few_digits, dtype=torch.float64)[0] for config in configs]
    together = fit_stack(configs, *few_digits, dtype=torch.float64)
    for one, other in zip(alone, together, strict=True):
        for name, weights in one.model.state_dict().items():
            torch.testing.assert_close(other.model.state_dict()[name], weights, rtol=0, atol=1e-9)


def test_layer_rates_change_what_is_learned(few_digits, monkeypatch):
    with_them = fit(SMALL, *few_digits)
    for name in ("READS_DATA", "READS_CODE", "WRITES_DATA"):
        monkeypatch.setattr(layer_rates, name, 1.0)
    without = fit(SMALL, *few_digits)
    assert not torch.equal(with_them.model.encoder[1].weight, without.model.encoder[1].weight)
