"""The readable name of a `RunConfig`."""

from vaedemo.config_checks import DENSITY_MODELS
from vaedemo.dataset_names import readable


def title_of(config) -> str:
    """A short name, e.g. "digits · VAE · mlp 400 · 2 latent axes · β 4 from step 400"."""
    shape = config.network if config.network == "linear" else f"{config.network} {'-'.join(map(str, config.hidden))}"
    parts = [readable(config.dataset), "VAE" if config.model == "vae" else config.model, shape]
    if config.model not in DENSITY_MODELS:
        parts.append(f"{config.latent_dim} latent {'axis' if config.latent_dim == 1 else 'axes'}")
    if config.model == "vae" and config.beta != 1:
        parts.append(f"β {config.beta:g}")
    parts += [change.title for change in config.changes]
    parts += [f"up to step {config.until:,}"] * bool(config.until)
    return " · ".join(parts)
