"""Data and runs for the pages: loaded once per process, shared by all sessions, read-only."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from streamlit.runtime.scriptrunner import get_script_run_ctx

from vaedemo import datasets, settings
from vaedemo.config import LATENT_MODELS
from vaedemo.dataset_names import is_own, readable
from vaedemo.training import leases, shipped_runs, store
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
    """Names of the shipped runs for a menu, those of the lecture first. Runs made for a single page are left out."""
    there = store.shipped()
    known = [name for name in SHIPPED_ORDER if name in there]
    return (*known, *(name for name in there if name not in shipped_runs.NAMED))


def run(name: str) -> Run:
    """Load a run by name or digest. Raises `RunNotFound`, also for a cached run that was removed from disk.

    And for one on own data that are gone: the pages show examples beside each model, and have none of these.
    """
    now = settings.current()
    mark_in_use(name)
    if store.is_digest(name) and store.folder_of(name) is None:
        return store.load(name)
    found = _run(name, now.checkpoints, now.cache)
    if not has_examples(found.config.dataset):
        raise store.RunNotFound(
            f"The run {name} was trained on {readable(found.config.dataset)}, which are no longer on this server, so "
            "no page can show it: upload the same data again, and all its views work."
        )
    return found


def has_examples(dataset: str) -> bool:
    """Whether the pages can show examples of a data set: false for own data that were cleared or have expired."""
    return not is_own(dataset) or datasets.at_hand(dataset)


def forget() -> None:
    """Forget all loaded runs, because some were deleted. The others are loaded again when they are needed."""
    _run.cache_clear()


def mark_in_use(name: str) -> None:
    """Mark a stored run as in use by this session, so that it is not evicted. Shipped runs are never evicted."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and store.is_digest(name):
        leases.current().hold(context.session_id, name)


@lru_cache(maxsize=48)
def _run(name: str, checkpoints: Path, cache: Path) -> Run:
    return store.load(name)


def menu_names(own_data: Collection[str] = ()) -> list[str]:
    """The trained models of a menu: shipped runs by name, then the newest stored ones by digest.

    `own_data`: the names of own data whose runs are listed too; those on others' own data never are.
    """
    newest = store.recent(own_data=[*own_data], with_held=False)
    kept = (entry["digest"] for entry in newest if entry["config"].model in LATENT_MODELS)
    return [*shipped_names(), *kept]


def latent_run(name: str) -> Run:
    """Load a VAE or an autoencoder by name or digest. Raises `RunNotFound`, also for a run of another kind."""
    found = run(name)
    if found.config.model not in LATENT_MODELS:
        raise store.RunNotFound(f"The run {name} is of kind {found.config.model}: it has no codes to decode.")
    return found


def images(dataset: str) -> tuple[datasets.ImageSet, str]:
    """The locally available test examples of a data set, and a sentence that describes them."""
    return datasets.first_view(dataset)


def title(name: str) -> str:
    """The title of a run in a menu; never raises."""
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
    if name in known:
        return known[name]
    try:
        return _title(name) if store.is_digest(name) else store.config_of(name).title
    # it was removed or damaged after it was listed; the page shows an error when it is chosen
    except store.RunNotFound:
        return f"{name}, no longer here"


@lru_cache(maxsize=1024)
def _title(name: str) -> str:
    return f"{store.config_of(name).title} · {name[:4]}"
