"""`RunConfig`: what it accepts, what it says when it does not, its digest and its form in a link."""

import copy
import json
from dataclasses import FrozenInstanceError, fields
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from vaedemo.config import DATASETS, ConfigError, RunConfig, write_value
from vaedemo.models import build
from vaedemo.models.networks import count_parameters

NAMES = [entry.name for entry in fields(RunConfig)]
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)

# (what is given, the field that is named, a part of what it says it accepts)
REFUSED = [
    ({"dataset": "cifar"}, "dataset", "one of digits, mnist, mnist-55k, fashion, shapes, ring, moons"),
    ({"dataset": "upload:" + "0" * 63}, "dataset", "or the name that vaedemo.datasets.register gives to own data"),
    ({"dataset": "upload:" + "A" * 64}, "dataset", "one of digits"),
    ({"dataset": "upload-points:" + "0" * 65}, "dataset", "one of digits"),
    ({"dataset": "upload-points:" + "0" * 64, "network": "conv"}, "network", "for the points of own points 00000000"),
    ({"dataset": None}, "dataset", "one of digits"),
    ({"pixels": "colour"}, "pixels", "one of grey, binary, dynamic"),
    ({"model": "gan"}, "model", "one of vae, autoencoder"),
    ({"model": "flow"}, "model", "vae, autoencoder or classifier for images"),
    ({"model": "autoregressive", "dataset": "ring", "network": "linear"}, "network", "mlp when the model is autoregr"),
    ({"couplings": 0}, "couplings", "a whole number from 1 to 32"),
    ({"components": 65}, "components", "a whole number from 1 to 64"),
    ({"code_units": "tanh"}, "code_units", "one of linear, sigmoid, relu"),
    (
        {"model": "autoencoder", "sparsity": 1, "code_units": "relu"},
        "code_units",
        "sigmoid under a kl penalty, which is of shares",
    ),
    ({"subset_seed": -1}, "subset_seed", "a whole number from 0 to 4,294,967,295"),
    ({"network": "transformer"}, "network", "one of mlp, conv, linear"),
    ({"hidden": []}, "hidden", "at least one width when the network is mlp"),
    ({"hidden": [0]}, "hidden", "whole numbers from 1 to 4,096"),
    ({"hidden": [-3]}, "hidden", "whole numbers from 1 to 4,096"),
    ({"hidden": [[400]]}, "hidden", "up to 6 widths"),
    ({"hidden": [4097]}, "hidden", "up to 6 widths"),
    ({"hidden": [8] * 7}, "hidden", "up to 6 widths"),
    ({"hidden": "400,,200"}, "hidden", "up to 6 widths"),
    ({"hidden": {400}}, "hidden", "up to 6 widths"),
    ({"hidden": True}, "hidden", "up to 6 widths"),
    ({"hidden": [10**400]}, "hidden", "up to 6 widths"),
    ({"hidden": [8] * 5, "network": "conv"}, "hidden", "up to 4 stages of channels"),
    ({"hidden": [8], "network": "linear"}, "hidden", "no widths at all when the network is linear"),
    ({"hidden": (400,), "network": "linear"}, "hidden", "no widths at all when the network is linear"),
    ({"network": "conv", "dataset": "ring"}, "network", "mlp or linear for the points of ring"),
    ({"latent_dim": 10**9}, "latent_dim", "a whole number from 1 to 1,024"),
    ({"latent_dim": 10**400}, "latent_dim", "a whole number from 1 to 1,024"),
    ({"latent_dim": 0}, "latent_dim", "a whole number from 1 to 1,024"),
    ({"latent_dim": 2.5}, "latent_dim", "a whole number"),
    ({"latent_dim": True}, "latent_dim", "a whole number"),
    ({"latent_dim": "٢"}, "latent_dim", "a whole number"),
    ({"latent_dim": "2.0"}, "latent_dim", "a whole number"),
    ({"latent_dim": float("nan")}, "latent_dim", "a whole number"),
    ({"likelihood": "poisson"}, "likelihood", "one of bernoulli, gaussian, continuous_bernoulli, categorical"),
    ({"likelihood": "bernoulli", "dataset": "moons"}, "likelihood", "gaussian for the points of moons"),
    ({"noise_variance": 0}, "noise_variance", "a number from 1e-06 to 1e+06, or the word learned"),
    ({"noise_variance": "guessed"}, "noise_variance", "or the word learned"),
    ({"noise_variance": [1.0]}, "noise_variance", "or the word learned"),
    ({"levels": 1}, "levels", "a whole number from 2 to 256"),
    ({"levels": 257}, "levels", "a whole number from 2 to 256"),
    ({"beta": -1}, "beta", "a number from 0 to 1e+06"),
    ({"beta": "nan"}, "beta", "a number from 0 to 1e+06"),
    ({"beta": float("nan")}, "beta", "a number from 0 to 1e+06"),
    ({"beta": float("inf")}, "beta", "a number from 0 to 1e+06"),
    ({"beta": "1e999"}, "beta", "a number from 0 to 1e+06"),
    ({"beta": 10**400}, "beta", "a number from 0 to 1e+06"),
    ({"beta": True}, "beta", "a number from 0 to 1e+06"),
    ({"beta": 1j}, "beta", "a number from 0 to 1e+06"),
    ({"beta": "1_000"}, "beta", "a number from 0 to 1e+06"),
    ({"warm_up": -1}, "warm_up", "a number from 0 to 1"),
    ({"warm_up": 2}, "warm_up", "a number from 0 to 1"),
    ({"warm_up": float("nan")}, "warm_up", "a number from 0 to 1"),
    ({"warm_up": "half"}, "warm_up", "a number from 0 to 1"),
    ({"cycles": 0}, "cycles", "a whole number from 1 to 100"),
    ({"cycles": -1}, "cycles", "a whole number from 1 to 100"),
    ({"cycles": 1.5}, "cycles", "a whole number from 1 to 100"),
    ({"cycles": float("nan")}, "cycles", "a whole number from 1 to 100"),
    ({"free_bits": -1}, "free_bits", "a number from 0 to 100"),
    ({"free_bits": 101}, "free_bits", "a number from 0 to 100"),
    ({"free_bits": float("nan")}, "free_bits", "a number from 0 to 100"),
    ({"until": -1}, "until", "a whole number from 0 to 100,000,000"),
    ({"changes": "400~gamma~4"}, "changes", "up to 8 changes at ascending steps from 1"),
    ({"corruption": "blur"}, "corruption", "one of none, gaussian, masking, salt_pepper"),
    ({"corruption_level": 11}, "corruption_level", "a number from 0 to 10"),
    ({"corruption": "masking", "corruption_level": 1.5}, "corruption_level", "a share from 0 to 1 for masking"),
    ({"corruption": "salt_pepper", "corruption_level": 2}, "corruption_level", "a share from 0 to 1 for salt_pepper"),
    ({"sparsity": -0.1}, "sparsity", "a number from 0 to 1e+06"),
    ({"sparsity": 1}, "sparsity", "0 unless the model is an autoencoder"),
    ({"sparsity_kind": "l2"}, "sparsity_kind", "one of kl, l1"),
    ({"sparsity_target": 0}, "sparsity_target", "a number above 0 and below 1"),
    ({"sparsity_target": 1}, "sparsity_target", "a number above 0 and below 1"),
    ({"train_size": -1}, "train_size", "a whole number from 0 to 60,000"),
    ({"train_size": 60_001}, "train_size", "a whole number from 0 to 60,000"),
    ({"start_from": "../../etc/passwd"}, "start_from", "the 16 hexadecimal digits of a run's digest, or nothing"),
    ({"start_from": "2430F1A2AD2982D0"}, "start_from", "the 16 hexadecimal digits"),
    ({"start_from": None}, "start_from", "the 16 hexadecimal digits"),
    ({"recipe": "fastest"}, "recipe", "one of textbook, fast"),
    ({"epochs": 0}, "epochs", "a whole number from 1 to 10,000"),
    ({"epochs": 10_001}, "epochs", "a whole number from 1 to 10,000"),
    ({"batch_size": 0}, "batch_size", "a whole number from 1 to 60,000"),
    ({"learning_rate": 0}, "learning_rate", "a number above 0 to 10"),
    ({"learning_rate": float("inf")}, "learning_rate", "a number above 0 to 10"),
    ({"learning_rate": "1e-999"}, "learning_rate", "a number above 0 to 10"),
    ({"seed": -1}, "seed", "a whole number from 0 to 4,294,967,295"),
    ({"seed": 2**32}, "seed", "a whole number from 0 to 4,294,967,295"),
]

LATENTLESS = ("autoencoder", "classifier")  # no KL, so no cure of its collapse
# Pairs that must share a digest: the second differs only in form, or in a field without effect.
SAME_RUN = [
    ({"beta": 1}, {"beta": 1.0}),
    ({"beta": 0.0}, {"beta": -0.0}),
    ({"hidden": [64, 32]}, {"hidden": (64, 32)}),
    ({"hidden": [64]}, {"hidden": 64}),
    ({"latent_dim": 3}, {"latent_dim": 3.0}),
    ({"latent_dim": 3}, {"latent_dim": "3"}),
    ({"beta": Fraction(1, 2)}, {"beta": 0.5}),
    ({}, {"likelihood": "bernoulli"}),
    ({"dataset": "ring"}, {"dataset": "ring", "likelihood": "gaussian"}),
    ({"dataset": "ring"}, {"dataset": "ring", "pixels": "binary"}),
    ({"model": "autoencoder"}, {"model": "autoencoder", "beta": 4}),
    ({}, {"noise_variance": 0.1}),
    ({}, {"levels": 16}),
    ({}, {"corruption_level": 0.5}),
    ({}, {"corruption": "masking"}),
    ({}, {"sparsity_kind": "l1"}),
    ({}, {"sparsity_target": 0.2}),
    (
        {"model": "autoencoder", "sparsity": 1, "sparsity_kind": "l1"},
        {"model": "autoencoder", "sparsity": 1, "sparsity_kind": "l1", "sparsity_target": 0.2},
    ),
    ({"network": "linear"}, {"network": "linear", "hidden": ()}),
    ({}, {"code_units": "relu"}),
    ({"model": "autoencoder"}, {"model": "autoencoder", "code_units": "linear"}),
    (
        {"model": "autoencoder", "sparsity": 1},
        {"model": "autoencoder", "sparsity": 1, "code_units": "sigmoid"},
    ),
    ({}, {"couplings": 3, "components": 3}),
    ({}, {"subset_seed": 3}),
    ({}, {"cycles": 4}),
    ({"free_bits": 1}, {"free_bits": 1.0, "cycles": 4}),
    ({"warm_up": 1}, {"warm_up": 1.0, "cycles": 1}),
    *(({"model": model}, {"model": model, "warm_up": 0.5, "cycles": 4, "free_bits": 1}) for model in LATENTLESS),
    ({"changes": "400~beta~1"}, {}),
    ({"model": "autoencoder"}, {"model": "autoencoder", "changes": "400~beta~4"}),
    ({"model": "classifier"}, {"model": "classifier", "beta": 4, "likelihood": "categorical", "levels": 4}),
    ({"model": "flow", "dataset": "ring"}, {"model": "flow", "dataset": "ring", "latent_dim": 9, "components": 3}),
]

# Each of these is another run than the default one, and than all the others.
OTHER_RUNS = [
    {},
    {"dataset": "mnist"},
    {"dataset": "mnist-55k"},
    {"recipe": "fast"},
    {"dataset": "ring"},
    {"dataset": "ring", "noise_variance": 0.1},
    {"dataset": "ring", "noise_variance": "learned"},
    {"pixels": "binary"},
    {"pixels": "dynamic"},
    {"model": "autoencoder"},
    {"model": "autoencoder", "sparsity": 1},
    {"model": "autoencoder", "sparsity": 1, "sparsity_target": 0.1},
    {"model": "autoencoder", "sparsity": 1, "sparsity_kind": "l1"},
    {"model": "autoencoder", "code_units": "relu"},
    {"model": "autoencoder", "code_units": "sigmoid"},
    {"model": "classifier"},
    {"model": "classifier", "latent_dim": 20},
    {"model": "flow", "dataset": "ring"},
    {"model": "flow", "dataset": "ring", "couplings": 4},
    {"model": "autoregressive", "dataset": "ring"},
    {"model": "autoregressive", "dataset": "ring", "components": 4},
    {"network": "conv", "hidden": (8,)},
    {"network": "linear"},
    {"hidden": (400, 400)},
    {"latent_dim": 20},
    {"likelihood": "gaussian"},
    {"likelihood": "continuous_bernoulli"},
    {"likelihood": "categorical"},
    {"likelihood": "categorical", "levels": 16},
    {"beta": 0},
    {"beta": 4},
    {"warm_up": 0.5},
    {"warm_up": 1},
    {"warm_up": 0.5, "cycles": 4},
    {"free_bits": 0.25},
    {"free_bits": 0.25, "warm_up": 0.5},
    {"changes": "400~beta~4"},
    {"until": 400},
    {"corruption": "masking", "corruption_level": 0.1},
    {"corruption": "gaussian", "corruption_level": 0.1},
    {"train_size": 100},
    {"train_size": 100, "subset_seed": 1},
    {"start_from": "0123456789abcdef"},
    {"epochs": 11},
    {"batch_size": 129},
    {"learning_rate": 0.002},
    {"seed": 1},
]


def configs():
    """Sound configs of many kinds."""
    number = some.floats(0, 100)
    images = some.fixed_dictionaries(
        {},
        optional={
            "dataset": some.sampled_from(["digits", "mnist", "mnist-55k", "fashion", "shapes"]),
            "pixels": some.sampled_from(["grey", "binary", "dynamic"]),
            "model": some.sampled_from(["vae", "autoencoder", "classifier"]),
            "code_units": some.sampled_from([None, "linear", "sigmoid", "relu"]),
            "hidden": some.lists(some.integers(1, 4096), min_size=1, max_size=6),
            "latent_dim": some.integers(1, 1024),
            "likelihood": some.sampled_from([None, "bernoulli", "gaussian", "continuous_bernoulli", "categorical"]),
            "noise_variance": some.floats(1e-6, 1e6) | some.just("learned"),
            "levels": some.integers(2, 256),
            "beta": number,
            "warm_up": some.floats(0, 1),
            "cycles": some.integers(1, 100),
            "free_bits": number,
            "until": some.integers(0, 10**8),
            "corruption": some.sampled_from(["none", "gaussian", "masking", "salt_pepper"]),
            "corruption_level": some.floats(0, 1),
            "start_from": some.from_regex(r"([0-9a-f]{16})?", fullmatch=True),
            "epochs": some.integers(1, 10_000),
            "learning_rate": some.floats(0, 10, exclude_min=True),
            "seed": some.integers(0, 2**32 - 1),
        },
    )
    points = some.fixed_dictionaries(
        {"dataset": some.sampled_from(["ring", "moons", "spiral", "gaussians"])},
        optional={
            "network": some.sampled_from(["mlp", "linear"]),
            "beta": number,
            "noise_variance": number.map(lambda v: v + 1),
        },
    )
    return (images | points).map(lambda values: RunConfig(**values))


def test_default_digest_is_the_one_that_was_published():
    """Changing it would orphan every stored run; raise DIGEST_VERSION instead, and this number with it."""
    assert RunConfig().digest == "2430f1a2ad2982d0"
    assert RunConfig().to_query() == {} == RunConfig().to_dict()


@pytest.mark.parametrize(("first", "second"), SAME_RUN, ids=lambda values: str(values))
def test_form_and_idle_fields_do_not_change_the_digest(first, second):
    assert RunConfig(**first).digest == RunConfig(**second).digest
    assert RunConfig(**first).to_query() == RunConfig(**second).to_query()


def test_fields_with_effect_change_the_digest():
    digests = [RunConfig(**values).digest for values in OTHER_RUNS]
    assert len(set(digests)) == len(OTHER_RUNS)
    assert all(len(digest) == 16 and set(digest) <= set("0123456789abcdef") for digest in digests)


def test_every_field_changes_some_digest():
    varied = {name for values in OTHER_RUNS for name in values}
    assert varied == set(NAMES)


@pytest.mark.parametrize(("values", "name", "accepts"), REFUSED, ids=lambda value: str(value)[:60])
def test_refusals_name_the_field_the_value_and_what_is_accepted(values, name, accepts):
    with pytest.raises(ConfigError) as caught:
        RunConfig(**values)
    assert caught.value.field == name
    assert accepts in caught.value.accepts
    message = str(caught.value)
    assert message.startswith(f"{name} accepts ") and ", got " in message and message.endswith(".")
    assert len(message) < 300 and "\n" not in message


def test_all_datasets_are_accepted_and_named_in_the_title():
    assert all(RunConfig(dataset=name).title.startswith(name) for name in DATASETS)
    assert RunConfig(latent_dim=1, beta=4).title == "digits · VAE · mlp 400 · 1 latent axis · β 4"


def test_a_config_cannot_be_changed_but_copied_with_changes():
    config = RunConfig()
    with pytest.raises(FrozenInstanceError):
        config.beta = 2
    assert config.replace(beta=2) == RunConfig(beta=2) and config.beta == 1
    assert copy.deepcopy(config) == config
    with pytest.raises(ConfigError, match="the names dataset, pixels"):
        config.replace(gamma=1)
    with pytest.raises(ConfigError, match="beta accepts"):
        config.replace(beta=-1)


def test_each_network_has_widths_of_its_own_where_none_are_given():
    assert [RunConfig(network=name).hidden for name in ("mlp", "conv", "linear")] == [(400,), (32, 64), ()]
    assert RunConfig(network="conv").digest == RunConfig(network="conv", hidden=(32, 64)).digest
    parameters = count_parameters(build(RunConfig(network="conv"), (1, 28, 28)))
    assert parameters < 130_000, "one stage of 400 channels had 567,208, and took minutes an epoch"


def test_a_conv_network_of_400_channels_keeps_its_digest_and_its_written_form():
    """The written form leaves (400,) out, as runs and links of before do; read back it is (400,) again."""
    config = RunConfig(network="conv", hidden=(400,))
    assert config.digest == "ac31b28a6587bccc" and config.to_dict() == config.to_query() == {"network": "conv"}
    assert RunConfig.from_dict({"network": "conv"}) == RunConfig.from_query({"network": "conv"}) == config


def test_default_widths_can_be_given_and_are_then_kept():
    assert RunConfig(hidden=(400,)) == RunConfig() and type(RunConfig().hidden) is tuple
    assert RunConfig(network="conv", hidden=RunConfig().hidden).hidden == (400,)


def test_replace_gives_each_network_its_widths():
    assert RunConfig().replace(network="conv").hidden == (32, 64)
    assert RunConfig(network="conv").replace(network="mlp").hidden == (400,)
    assert RunConfig(network="conv", hidden=(400,)).replace(beta=2, network="conv").hidden == (400,)
    assert RunConfig(network="linear").replace(network="conv", hidden=8).hidden == (8,)
    linear = RunConfig().replace(network="linear")
    assert linear.hidden == ()
    assert linear.replace(network="mlp").hidden == (400,)
    assert RunConfig(hidden=(8,)).replace(network="linear").hidden == ()
    assert RunConfig(hidden=(8,)).replace(network="conv").hidden == (8,)


def test_the_likelihood_in_force():
    assert RunConfig().resolved_likelihood == "bernoulli"
    assert RunConfig(dataset="ring").resolved_likelihood == "gaussian"
    assert RunConfig(likelihood="categorical").resolved_likelihood == "categorical"


@QUICK
@given(configs())
def test_round_trips_through_json_and_links_keep_the_digest(config):
    through_json = RunConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert through_json.digest == config.digest
    query = config.to_query()
    assert all(isinstance(text, str) for text in query.values())
    through_link = RunConfig.from_query(query)
    assert through_link.digest == config.digest
    assert through_link.to_query() == query


TEXTS = some.text(max_size=300) | some.sampled_from(
    [
        "nan",
        "inf",
        "-inf",
        "1e999",
        "-1",
        "١٢",
        "²",
        "½",
        "0x10",
        "1_0",
        "True",
        "None",
        "[1]",
        "[[1],[2]]",
        " 1",
        "1\n",
        "\x00",
        "9" * 4000,
    ]
)


@QUICK
@given(some.dictionaries(some.sampled_from(NAMES) | some.text(max_size=20), TEXTS, max_size=6))
def test_any_link_gives_a_config_or_a_config_error(query):
    try:
        config = RunConfig.from_query(query)
    except ConfigError as error:
        assert error.field in (*NAMES, "a run's settings") and error.accepts
        assert str(error).isprintable() and len(str(error)) < 800
    else:
        assert RunConfig.from_query(config.to_query()).digest == config.digest


class Unprintable:
    """A foreign object that refuses to be printed."""

    def __repr__(self):
        raise RuntimeError("no")


@QUICK
@given(
    some.sampled_from(NAMES),
    some.recursive(
        some.none()
        | some.booleans()
        | some.integers()
        | some.integers(10**308, 10**330)
        | some.floats()
        | some.text(max_size=40)
        | some.binary(max_size=8)
        | some.decimals()
        | some.fractions()
        | some.complex_numbers()
        | some.builds(Unprintable),
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=3), inner, max_size=2),
    ),
)
def test_any_json_value_gives_a_config_or_a_config_error(name, value):
    try:
        config = RunConfig.from_dict({name: value})
    except ConfigError as error:
        assert error.field in NAMES
        assert len(str(error)) < 300
    else:
        assert RunConfig.from_dict(config.to_dict()).digest == config.digest


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_100_kilobytes_is_refused_in_one_short_sentence(name):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_query({name: "1" * 100_000})
    assert caught.value.field == name and len(str(caught.value)) < 200
    with pytest.raises(ConfigError):
        RunConfig.from_dict({name: "1" * 100_000})


def test_unknown_and_overlong_names_are_refused():
    for query in ({"gamma": "1"}, {"x" * 100_000: "1"}, {"__class__": "1"}, {"digest": "0"}):
        with pytest.raises(ConfigError) as caught:
            RunConfig.from_query(query)
        assert caught.value.field == "a run's settings" and len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "nonsense", [None, 3, "network=mlp", ["network"], RunConfig()], ids=lambda value: str(value)[:9]
)
@pytest.mark.parametrize("read", [RunConfig.from_query, RunConfig.from_dict])
def test_what_is_no_mapping_is_refused_in_a_sentence(read, nonsense):
    with pytest.raises(ConfigError, match=r"a run's settings accepts names and values, such as .*, got "):
        read(nonsense)


def test_a_link_holds_texts_only():
    for value in (True, 1, None, ["1"], [["1"]]):
        with pytest.raises(ConfigError, match="a text of at most 200 characters in a link"):
            RunConfig.from_query({"beta": value})


def test_values_are_written_exactly():
    assert [write_value(value) for value in (1.0, 0.1, 1e-3, 0.1 + 0.2, (400, 200), None, "ring", 7)] == [
        "1",
        "0.1",
        "0.001",
        "0.30000000000000004",
        "400,200",
        "",
        "ring",
        "7",
    ]
