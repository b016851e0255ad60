"""Valid arguments for `vaedemo.analysis`."""

from tests.public_names.sample import Registry

REGISTRY = Registry({})
