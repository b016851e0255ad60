"""Own data on their way to the workers: sent once, held there while a job needs them, not kept on a disk."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from distributed import Client, Future

from vaedemo.config import RunConfig
from vaedemo.dataset_names import is_own
from vaedemo.datasets import DataUnavailable, kept_own, own
from vaedemo.training import forgetting
from vaedemo.training.scheduler import release, translated_errors
from vaedemo.training.sentences import JobFailed

WAIT_SECONDS = 1.0


class SentData:
    """The own data that the jobs of this process have sent, a dask future per name."""

    def __init__(self):
        self._lock = threading.Lock()
        self._futures: dict[str, Future] = {}

    def send(self, client: Client, configs: Sequence[RunConfig], give_up: Callable[[], bool]) -> list[Future]:
        """The future of the own data of configs, sent unless a worker has them; [] for other data.

        Data need a worker that takes them, so without one this waits, until `give_up()`: then [] too.
        Raises `JobFailed` when the data are gone, `ConfigError` for too many, `SchedulerLost`.
        """
        name = own_name_of(configs)
        if name is None or not waited_for_worker(client, give_up):
            return []
        if not (own.is_registered(name) or kept_own.was_kept(name)):
            raise JobFailed(kept_own.gone(name))  # forgotten, although a job that is being stopped still has them there
        with self._lock, translated_errors(client):
            future = self._futures.get(name)
            if future is None or future.client is not client or future.status != "finished":
                content = content_of(name)
                if future is not None:  # lost with its worker or its scheduler
                    release(future.client, self._futures.pop(name))
                self._futures[name] = future = client.scatter({data_key(name): content})[data_key(name)]
            return [future]

    def keep_only(self, names: Iterable[str]) -> None:
        """Release all data but those of these names."""
        needed = set(names)
        with self._lock:
            for name in [name for name in self._futures if name not in needed]:
                self._futures.pop(name).release()


@contextmanager
def received(configs: Sequence[RunConfig], content: bytes) -> Iterator[None]:
    """On a worker: hold the own data of configs until the end of the `with` block; nothing where `content` is empty.

    A worker that does not share the disk of the app then removes the runs on them too: no one would do so later.
    Raises `JobFailed` for data that no config names, `DamagedData` for a content that is not what the name says.
    """
    if not content:
        yield
        return
    name = own_name_of(configs)
    if name is None:
        raise JobFailed("The training got data that its settings do not name.")
    try:
        with own.lent(name, content):
            yield
    finally:
        if not kept_own.was_kept(name):
            forgetting.forget_runs(name)


def own_name_of(configs: Sequence[RunConfig]) -> str | None:
    """The name of the own data of configs, or None. Raises `JobFailed` when they name several."""
    names = {config.dataset for config in configs if is_own(config.dataset)}
    if len(names) > 1:
        raise JobFailed("One job trains on one set of own data; these settings name several.")
    return next(iter(names), None)


def waited_for_worker(client: Client, give_up: Callable[[], bool]) -> bool:
    """Wait until the scheduler has a worker; False after `give_up()`. Raises `SchedulerLost`."""
    while not give_up():
        try:
            with translated_errors(client):
                client.wait_for_workers(1, timeout=WAIT_SECONDS)
            return True
        except TimeoutError:
            continue
    return False


def content_of(name: str) -> bytes:
    """The bytes of own data. Raises `JobFailed` when they are gone: a server has them no more."""
    try:
        return own.to_bytes(name)
    except DataUnavailable:
        raise JobFailed(kept_own.gone(name)) from None


def data_key(name: str) -> str:
    """The dask key of own data: the same for all processes of the app, whose tasks must not differ."""
    return f"own-data-{name.partition(':')[2]}"
