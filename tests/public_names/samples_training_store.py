"""Valid arguments for `vaedemo.training.store`."""

from tests.public_names.sample import Registry

REGISTRY = Registry({})
