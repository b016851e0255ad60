"""A config as code, for the scripts that pages show and for notebooks."""

from vaedemo.config import RunConfig


def arguments(config: RunConfig) -> str:
    """What stands between the brackets of `RunConfig(…)` to make this config: the fields that differ from defaults.

    A conv network always names its channels: where `hidden` is left out it has another default than the class.
    """
    settings = config.canonical() | ({"hidden": config.hidden} if config.network == "conv" else {})
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())
