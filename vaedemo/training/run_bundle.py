"""Several runs as one bytes object: the result of a dask task, and the runs that a task starts from."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from vaedemo.config import RunConfig
from vaedemo.training import remote_call, store
from vaedemo.training.run import Run


def pack(runs: Iterable[Run]) -> bytes:
    """An uncompressed zip of `<digest>.zip` per run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for run in runs:
            archive.writestr(f"{run.digest}.zip", store.pack(run))
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, Run]:
    """The runs of `pack` by digest. Raises `DamagedRun` when one is damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        runs = [store.unpack(archive.read(name)) for name in archive.namelist()]
    return {run.digest: run for run in runs}


def starting_runs(configs: Iterable[RunConfig]) -> bytes:
    """The stored runs that configs start from, for workers with another cache; b"" when there are none.

    Shipped runs are not included: the workers' package has them. A run that is missing here may exist there.
    """
    digests = {config.start_from for config in configs} - {"", *store.shipped_digests()}
    runs = [run for run in map(store.find, sorted(digests)) if run is not None]
    return pack(runs) if runs else b""


def store_and_call(content: bytes, name: str, *arguments: Any) -> Any:
    """On a worker: store the missing runs of `pack`, then call a function as `remote_call.call_by_name` does.

    Raises `DamagedRun` when a run is damaged, and what the function raises.
    """
    for digest, run in unpack(content).items():
        if store.find(digest) is None:
            store.save(run)
    return remote_call.call_by_name(name, *arguments)
