"""Valid arguments for `vaedemo.models`."""

from tests.public_names.sample import Registry

REGISTRY = Registry({})
