"""A table of batch size, learning rate and epochs for the fast recipe, by data, network and latent size.

Each row was tuned on a held-out twelfth of the training images, never on the test set. The comments give the result
there: −ELBO (for an autoencoder, reconstruction) in nats after the preset and, after "for", with the textbook recipe
for the epochs in brackets.
"""

from dataclasses import dataclass

from vaedemo.config import LATENT_MODELS, RunConfig, a_config
from vaedemo.rules import ConfigError
from vaedemo.training.data_initialization import MOST_PLAIN_AXES

LARGE = ("mnist", "mnist-55k", "fashion")  # data sets of 55,000 images and more
ANY = 10_000  # latent axes


@dataclass(frozen=True)
class Preset:
    """The sizes of one training with the fast recipe."""

    epochs: int
    batch_size: int
    learning_rate: float


# Keys: kind of data, network, largest number of latent axes. The first matching row applies.
TABLE = {
    ("large", "mlp", MOST_PLAIN_AXES): Preset(6, 128, 0.008),  # MNIST, 2 axes: 151.2
    ("large", "mlp", ANY): Preset(2, 300, 0.014),  # MNIST, 20 axes: 106.5 for 107.0 (10); Fashion 241.4 for 242.1 (10)
    ("small", "mlp", MOST_PLAIN_AXES): Preset(20, 64, 0.005),  # digits, 2 axes: 156.4 for 166.3 (30)
    ("small", "mlp", ANY): Preset(15, 64, 0.006),  # digits, 20 axes: 111.3 for 118.8 (30); autoencoder 76.7 for 81.6
    ("large", "conv", ANY): Preset(2, 64, 0.003),  # tuned only for the next row
    ("small", "conv", ANY): Preset(10, 32, 0.003),  # digits, 32-64, 2 axes: 165.9 for 169.8 (20)
    ("large", "linear", ANY): Preset(3, 128, 0.005),  # tuned only for the next row
    ("small", "linear", ANY): Preset(10, 64, 0.005),  # digits, 16 numbers: 731.0 for 734.2 (20)
    ("points", "mlp", ANY): Preset(20, 64, 0.01),  # ring 1.52 for 1.66 (60)
    ("points", "linear", ANY): Preset(20, 64, 0.01),  # not tried
}
TEXTBOOK_EPOCHS = {"large": 5, "small": 30, "points": 60}


def size(config: RunConfig) -> str:
    """The kind of a config's data in the table: large, small or points."""
    return "points" if config.on_points else "large" if config.dataset in LARGE else "small"


def preset(config: RunConfig) -> Preset:
    """The row of the table that fits a config."""
    rows = (
        row
        for (data, network, axes), row in TABLE.items()
        if (data, network) == (size(config), config.network) and config.latent_dim <= axes
    )
    return next(rows)


def fast(config: RunConfig) -> RunConfig:
    """The config with the fast recipe and the preset's epochs, batch size and rate.

    Raises `ConfigError` for an argument that is no config, and for a model other than vae and autoencoder: no other
    was measured.
    """
    if a_config("config", config).model not in LATENT_MODELS:
        raise ConfigError("recipe", "fast", f"textbook when the model is {config.model}")
    chosen = preset(config)
    return config.replace(
        recipe="fast", epochs=chosen.epochs, batch_size=chosen.batch_size, learning_rate=chosen.learning_rate
    )


def textbook(config: RunConfig) -> RunConfig:
    """The config with the textbook recipe: batches of 128, Adam at 0.001, and the epochs for this data set."""
    sizes = {name: getattr(RunConfig, name) for name in ("recipe", "batch_size", "learning_rate")}
    return config.replace(epochs=TEXTBOOK_EPOCHS[size(config)], **sizes)
