"""Data and runs as the pages use them: loaded once a process, shared by all sessions, never changed."""

from functools import lru_cache
from pathlib import Path

from vaedemo import datasets, settings
from vaedemo.training import store
from vaedemo.training.run import Run

SHIPPED_ORDER = (
    "mnist-2d",
    "mnist-20d",
    "fashion-2d",
    "fashion-20d",
    "ring-2d",
    "mnist-2d-autoencoder",
    "mnist-20d-autoencoder",
    "shapes-beta1",
    "shapes-beta1-seed1",
    "shapes-beta4",
    "shapes-beta4-seed1",
    "shapes-beta8",
)


def shipped_names() -> tuple[str, ...]:
    """Names of the shipped runs that are there, the lecture's first; the sweeps have a page of their own."""
    there = [name for name in store.shipped() if not name.startswith("sweep-")]
    known = [name for name in SHIPPED_ORDER if name in there]
    return (*known, *(name for name in there if name not in known))


def run(name: str) -> Run:
    """A run by name or digest. Raises `RunNotFound`."""
    now = settings.current()
    return _run(name, now.checkpoints, now.cache)


@lru_cache(maxsize=48)
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
        "mnist-2d-autoencoder": "MNIST digits, plain autoencoder, 2 axes",
        "mnist-20d-autoencoder": "MNIST digits, plain autoencoder, 20 axes",
        "shapes-beta1": "Shapes, 6 latent axes, β 1",
        "shapes-beta1-seed1": "Shapes, 6 latent axes, β 1, seed 1",
        "shapes-beta4": "Shapes, 6 latent axes, β 4",
        "shapes-beta4-seed1": "Shapes, 6 latent axes, β 4, seed 1",
        "shapes-beta8": "Shapes, 6 latent axes, β 8",
    }
    return known.get(name) or f"{store.config_of(name).title} · {name[:4]}"
