"""Valid arguments for `vaedemo.datasets`."""

from tests.public_names.sample import Registry

REGISTRY = Registry({})
