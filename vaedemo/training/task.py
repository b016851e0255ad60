"""The dask task of a job: it trains a list of configs and returns their runs as bytes."""

import hashlib
import json
import logging
import math
import time
from collections.abc import Iterable
from dataclasses import replace

from vaedemo.config import RunConfig
from vaedemo.training import engine
from vaedemo.training.preload import TASK_PREFIX
from vaedemo.training.publisher import StoppedEarly, publishing
from vaedemo.training.run import Run
from vaedemo.training.run_bundle import pack
from vaedemo.training.sent_data import received
from vaedemo.training.sentences import JobFailed, sentence_for
from vaedemo.training.task_keeper import TaskKeeper
from vaedemo.training.text_format import span

logger = logging.getLogger(__name__)

TASK = "vaedemo.training.task:train_bytes"
ALLOWED = "seconds_allowed"  # metric of a run whose job exceeded its time limit: that limit


def train_bytes(config_json: str, max_seconds: float = math.inf, data: bytes = b"") -> bytes:
    """The dask task: train the configs of a JSON list that are not stored yet; returns all runs as one zip.

    The zip contains `<digest>.zip` (of `store.pack`) per run, and one per run up to a step at which it was held.
    Configs of one architecture are trained together. After a stop message, the running ones return partial with status
    "stopped", and those not started are left out. After `max_seconds`, all unfinished ones return stopped, with
    `seconds_allowed` in their metrics. `data`: own data of the configs, as `datasets.own.to_bytes` makes them; held for
    the training only. Raises `JobFailed` with one sentence.
    """
    begun, late = time.monotonic(), False  # monotonic: independent of changes to the system clock

    def should_stop() -> bool:
        nonlocal late
        late = late or time.monotonic() - begun > max_seconds
        return late or publisher.should_stop()

    runs: list[Run] = []
    keepers: list[TaskKeeper] = []
    try:
        configs = [RunConfig.from_dict(values) for values in json.loads(config_json)]
        with received(configs, data), publishing() as publisher:
            for stack in engine.stacks(configs):
                if should_stop() and not late:
                    break
                download = publisher.loading(stack[0].dataset, should_stop)
                keepers.append(TaskKeeper(stack, publisher))
                runs += engine.train_stack(stack, publisher.report, should_stop, download, keepers[-1]).values()
    except StoppedEarly:
        logger.info("Stopped while its data set was loading.")
        if late:
            raise JobFailed(too_long(max_seconds)) from None
    except Exception as error:
        logger.exception("A training failed.")
        raise JobFailed(sentence_for(error)) from None
    runs += [run for keeper in keepers for run in keeper.held]
    return pack(marked(run, max_seconds) if late and run.status == "stopped" else run for run in runs)


def marked(run: Run, max_seconds: float) -> Run:
    """A stopped run with the limit that ended it in its metrics."""
    return replace(run, metrics=run.metrics | {ALLOWED: max_seconds})


def seconds_allowed(runs: dict[str, Run]) -> float | None:
    """The time limit that ended a job with these runs; None when no limit did."""
    return next((run.metrics[ALLOWED] for run in runs.values() if ALLOWED in run.metrics), None)


def too_long(max_seconds: float) -> str:
    return f"The training was ended after {span(max_seconds)}, the most that this server allows."


def task_key(configs: Iterable[RunConfig]) -> str:
    """The dask key of a list of configs: the same for all sessions that ask for the same runs."""
    text = ",".join(sorted(config.digest for config in configs))
    return TASK_PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16]
