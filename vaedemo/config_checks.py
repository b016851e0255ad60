"""The checks of a `RunConfig` that concern several fields at once."""

from vaedemo.dataset_names import readable
from vaedemo.likelihood_index import POINT_LIKELIHOODS
from vaedemo.rules import ConfigError

LATENT_MODELS = ("vae", "autoencoder")
DENSITY_MODELS = ("flow", "autoregressive")


def check_together(config) -> None:
    """Raise `ConfigError` for a `RunConfig` whose fields do not fit each other."""
    if config.network == "linear" and config.hidden:
        raise ConfigError("hidden", config.hidden, "no widths at all when the network is linear")
    if config.network != "linear" and not config.hidden:
        raise ConfigError("hidden", config.hidden, f"at least one width when the network is {config.network}")
    if config.network == "conv":
        if config.on_points:
            raise ConfigError("network", config.network, f"mlp or linear for the points of {readable(config.dataset)}")
        if len(config.hidden) > 4:
            raise ConfigError("hidden", config.hidden, "up to 4 stages of channels when the network is conv")
    if config.on_points and config.likelihood not in (None, *POINT_LIKELIHOODS):
        accepts = ", or ".join([f"gaussian for the points of {readable(config.dataset)}", *POINT_LIKELIHOODS[1:]])
        raise ConfigError("likelihood", config.likelihood, accepts)
    if config.corruption in ("masking", "salt_pepper") and config.corruption_level > 1:
        raise ConfigError("corruption_level", config.corruption_level, f"a share from 0 to 1 for {config.corruption}")
    if config.sparsity and config.model != "autoencoder":
        raise ConfigError("sparsity", config.sparsity, "0 unless the model is an autoencoder")
    if config.model in DENSITY_MODELS:
        if not config.on_points:
            raise ConfigError("model", config.model, "vae, autoencoder or classifier for images")
        if config.network != "mlp":
            raise ConfigError("network", config.network, f"mlp when the model is {config.model}")
    if config.sparsity and config.sparsity_kind == "kl" and config.code_units not in (None, "sigmoid"):
        raise ConfigError("code_units", config.code_units, "sigmoid under a kl penalty, which is of shares")
    if config.noise_variance == "learned" and any("noise_variance" in change.values for change in config.changes):
        raise ConfigError(
            "changes", ",".join(map(str, config.changes)), "no change of a noise variance that is learned"
        )
