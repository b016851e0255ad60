"""Several runs as one bytes object: how a task's result travels."""

import io
import zipfile
from collections.abc import Iterable

from vaedemo.training import store
from vaedemo.training.run import Run


def pack(runs: Iterable[Run]) -> bytes:
    """An uncompressed zip of `<digest>.zip` per run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for run in runs:
            archive.writestr(f"{run.digest}.zip", store.pack(run))
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, Run]:
    """The runs of `pack` by digest. Raises `DamagedRun` when one is not whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        runs = [store.unpack(archive.read(name)) for name in archive.namelist()]
    return {run.digest: run for run in runs}
