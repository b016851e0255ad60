"""Data and runs as the pages use them: loaded once a process, shared by all sessions, never changed."""

from functools import lru_cache
from pathlib import Path

from vaedemo import datasets, settings
from vaedemo.training import store
from vaedemo.training.run import Run

SHIPPED_ORDER = ("mnist-2d", "mnist-20d", "fashion-2d", "fashion-20d", "ring-2d")


def shipped_names() -> tuple[str, ...]:
    """Names of the shipped runs that are there, the lecture's first."""
    there = store.shipped()
    known = [name for name in SHIPPED_ORDER if name in there]
    return (*known, *(name for name in there if name not in known))


def run(name: str) -> Run:
    """A run by name or digest. Raises `RunNotFound`."""
    now = settings.current()
    return _run(name, now.checkpoints, now.cache)


@lru_cache(maxsize=24)
def _run(name: str, checkpoints: Path, cache: Path) -> Run:
    return store.load(name)


def images(dataset: str) -> tuple[datasets.ImageSet, str]:
    """Test examples that are at hand for a data set, and a sentence that says which they are."""
    return datasets.first_view(dataset)


def title(name: str) -> str:
    """How a shipped run is called in a menu."""
    known = {
        "mnist-2d": "MNIST digits, 2 latent axes",
        "mnist-20d": "MNIST digits, 20 latent axes",
        "fashion-2d": "Fashion-MNIST, 2 latent axes",
        "fashion-20d": "Fashion-MNIST, 20 latent axes",
        "ring-2d": "Ring of points, 2 latent axes",
    }
    return known.get(name) or f"{store.config_of(name).title} · {name[:4]}"
