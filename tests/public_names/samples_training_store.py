"""Valid arguments for `vaedemo.training.store`; each test has a cache of its own."""

from tests.public_names.sample import Registry, Sample
from vaedemo.training import store

NAME = "mnist-2d"
INSIDE = "takes a folder that the store itself has found, and no data of a caller"


def run() -> Sample:
    return Sample(lambda: store.load(NAME), "other")


REGISTRY = Registry(
    by_name={
        "name": Sample(lambda: NAME, "word"),
        "digest": Sample(lambda: store.config_of(NAME).digest, "word"),
        "names": Sample(lambda: [NAME, "moons-1", "moons-2"], "other"),
        "run": run(),
        "content": Sample(lambda: store.pack(store.load(NAME)), "other"),
    },
    exempt={
        "shipped_in": INSIDE,
        "digest_in": INSIDE,
        "read": INSIDE,
        "set_aside": INSIDE,
        "move_into_place": INSIDE,
        "summary_in": INSIDE,
    },
)
