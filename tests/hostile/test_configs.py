"""1,000 hostile `RunConfig`s as JSON: refused in one sentence, or within the caps and the same when they return."""

import json
from collections import Counter
from dataclasses import fields

import torch
from hypothesis import strategies as some

from tests.hostile.queries import VALUES
from tests.hostile.test_codec import check_sentence, try_out
from vaedemo import datasets
from vaedemo.config import DATASETS, IMAGE_LIKELIHOODS, MODELS, RECIPE_NAMES, RunConfig
from vaedemo.models import build
from vaedemo.rules import ConfigError
from vaedemo.settings import Settings
from vaedemo.training import caps, engine
from vaedemo.training.jobs import task_key

LIMITS = Settings()
LARGE = ("hidden", "epochs", "batch_size", "latent_dim", "levels", "dataset", "network")
SOUND = {
    "dataset": DATASETS,
    "pixels": ("grey", "binary", "dynamic"),
    "model": ("vae", *MODELS),
    "network": ("mlp", "mlp", "conv", "linear"),
    "hidden": ((1,), (400,), (4096,), (8, 16), (64, 64), (4096,) * 3, (4096,) * 6, (1024, 4096), ()),
    "latent_dim": (1, 2, 16.0, 1024),
    "likelihood": (None, *IMAGE_LIKELIHOODS),
    "noise_variance": (1e-6, 1, 1e6, "learned"),
    "levels": (2, 16, 256),
    "beta": (0, 0.5, -0.0, 1e6),
    "warm_up": (0, 0.5, 1),
    "cycles": (1, 4, 100),
    "free_bits": (0, 0.25, 100),
    "changes": ("", "400~beta~4", ((1, {"beta": 0, "learning_rate": 1e-9}), (10**8, {"beta": 1}))),
    "until": (0, 1, 10**8),
    "corruption": ("none", "gaussian", "masking", "salt_pepper"),
    "corruption_level": (0, 0.5, 1),
    "sparsity": (0, 0.1),
    "sparsity_kind": ("kl", "l1"),
    "sparsity_target": (1e-9, 0.5),
    "code_units": (None, "linear", "sigmoid", "relu"),
    "couplings": (1, 32),
    "components": (1, 64),
    "train_size": (0, 1, 60_000),
    "subset_seed": (0, 2**32 - 1),
    "start_from": ("", "0123456789abcdef"),
    "epochs": (1, 60, 200, 201, 10_000),
    "batch_size": (1, 500, 60_000),
    "learning_rate": (1e-9, 10),
    "seed": (0, 2**32 - 1),
    "recipe": RECIPE_NAMES,
}
SOUND = {entry.name: SOUND.get(entry.name, (entry.default,)) for entry in fields(RunConfig)}

scalars = some.sampled_from([None, True, -1, 10**400, 1e308, float("nan"), float("-inf"), *VALUES]) | some.floats()
wild = scalars | some.lists(scalars, max_size=4) | some.dictionaries(some.text(max_size=3), scalars, max_size=2)


def composed(large: list[int], others: list[tuple[int, int]], rare: int, name: str, value) -> dict:
    """Sound values in odd company, of the fields that make a run large above all; sometimes a wild one among them."""
    drawn = {name: SOUND[name][number % len(SOUND[name])] for name, number in zip(LARGE, large, strict=False)}
    names = list(SOUND)
    for which, number in others:
        chosen = names[which % len(names)]
        drawn[chosen] = SOUND[chosen][number % len(SOUND[chosen])]
    if rare < 6:
        drawn[names[rare * len(name) % len(names)] if rare else name] = value
    return drawn


hostile = some.builds(
    composed,
    some.lists(some.integers(0, 99), max_size=len(LARGE)),
    some.lists(some.tuples(some.integers(0, 99), some.integers(0, 99)), max_size=2),
    some.integers(0, 19),
    some.text(max_size=12),
    wild,
)


def check_within_the_caps(config: RunConfig) -> None:
    """By another way than the caps themselves take: the model's own tensors, counted."""
    train, _ = datasets.sizes(config.dataset)
    with torch.device("meta"):
        count = sum(each.numel() for each in build(config, datasets.data_shape(config.dataset)).parameters())
    assert count <= LIMITS.max_parameters
    assert config.epochs <= LIMITS.max_epochs
    assert config.epochs * min(config.train_size or train, train) <= LIMITS.max_images_trained


def test_hostile_configs_are_refused_or_within_the_caps(record_property):
    seen = Counter()

    def check(values):
        try:
            config = RunConfig.from_dict(values)
        except ConfigError as error:
            seen["refused"] += 1
            check_sentence(str(error))
            return
        travelled = RunConfig.from_dict(json.loads(json.dumps(config.to_dict(), allow_nan=False)))
        in_a_link = RunConfig.from_query(config.to_query())
        assert config.digest == travelled.digest == in_a_link.digest == config.replace().digest
        assert task_key([config]) == task_key([travelled])
        try:
            caps.check(config, LIMITS)
            caps.check_together([config] * 2, LIMITS)
        except ConfigError as error:
            seen["over the caps"] += 1
            check_sentence(str(error))
            return
        seen["within the caps"] += 1
        check_within_the_caps(config)
        assert engine.stacks([config]) == [[config]]

    try_out(check, hostile, 1_000, record_property)
    # All three ways were taken often, or the test would show little.
    assert min(seen[each] for each in ("refused", "over the caps", "within the caps")) > 100, seen
