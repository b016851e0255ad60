"""The presets: a row for everything that can be trained with them, and no field touched that is not theirs."""

import pytest

from vaedemo.config import DATASETS, POINT_DATASETS, RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import presets

SIZES = {"recipe", "epochs", "batch_size", "learning_rate"}


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("network", ["mlp", "conv", "linear"])
@pytest.mark.parametrize("latent_dim", [1, 3, 4, 1024])
def test_every_autoencoder_has_a_preset(dataset, network, latent_dim):
    if network == "conv" and dataset in POINT_DATASETS:
        return
    config = presets.fast(RunConfig(dataset=dataset, network=network, latent_dim=latent_dim))
    assert config.recipe == "fast"
    assert presets.Preset(config.epochs, config.batch_size, config.learning_rate) in presets.TABLE.values()


def test_only_the_sizes_and_the_recipe_change_and_the_textbook_changes_them_back():
    config = RunConfig(latent_dim=20, beta=4, seed=3, model="autoencoder", train_size=100)
    fast = presets.fast(config)
    changed = {name for name in vars(config) if getattr(config, name) != getattr(fast, name)}
    assert changed <= SIZES
    assert presets.textbook(fast) == config.replace(epochs=30)


@pytest.mark.parametrize("model", ["classifier", "flow", "autoregressive"])
def test_what_was_not_tried_is_refused(model):
    with pytest.raises(ConfigError, match="textbook when the model is"):
        presets.fast(RunConfig(dataset="ring", model=model))
