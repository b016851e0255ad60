"""The one connection of a process to its scheduler: started when first needed, restored when it is lost."""

import json
import logging
import secrets
import threading
from collections.abc import Sequence

from distributed import Client, Future
from distributed.client import FutureCancelledError

from vaedemo.config import RunConfig
from vaedemo.settings import SettingError, Settings
from vaedemo.training import cluster, estimate, remote_call, run_bundle
from vaedemo.training.scheduler import translated_errors

logger = logging.getLogger(__name__)

CALIBRATE = "vaedemo.training.estimate:calibrate"
STORE_AND_CALL = "vaedemo.training.run_bundle:store_and_call"
CLOSING = "The app is shutting down."


class Connection:
    """A dask client, the local scheduler unless the settings name a cluster, and the measured training speed.

    `client` and `local` are None before `start`; `local` stays None with a cluster. `calibration` is None until it is
    measured, which sets the event `calibrated`.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.client: Client | None = None
        self.local: cluster.LocalScheduler | None = None
        self.calibration: estimate.Calibration | None = None
        self.calibrated = threading.Event()
        self._starting, self._closed = threading.Lock(), False

    @property
    def usable(self) -> bool:
        """Whether trainings can be submitted."""
        connected = self.client is not None and self.client.status == "running"
        return connected and (self.local is None or self.local.alive)

    def start(self) -> None:
        """Start the local scheduler or connect to the cluster; returns at once when that is done already.

        Raises `SettingError` for an address that is refused, `SchedulerUnreachable` (an OSError) when the scheduler
        does not answer, RuntimeError when the processes cannot be started or `close` was called.
        """
        with self._starting:
            if self._closed:
                raise RuntimeError(CLOSING)
            if self.usable:
                return
            self._disconnect()
            if self.settings.scheduler:
                address = cluster.check_address(self.settings)
                cluster.worker_resources(self.settings)  # raises for an invalid setting, before any training
            else:
                self.local = cluster.LocalScheduler(self.settings)
                address = self.local.address
            self.client = cluster.connect(address)
            if self.calibration is None:
                self._calibrate()

    def submit(self, task: str, configs: Sequence[RunConfig], key: str, *limits: float) -> Future:
        """The future of a task, a function named "package.module:function" that takes the configs as a JSON list.

        `limits`: further arguments of the function.
        The task needs a worker with the resources of the settings. Workers of a cluster have another cache, so the
        runs that the configs start from are sent with the task. Raises `SettingError` when there are workers but none
        has the resources: the task would never start. Without any worker it waits, because a cluster may start one.
        """
        resources = self._resources()
        if resources:
            self._check_resources()
        arguments = [task, json.dumps([config.to_dict() for config in configs]), *limits]
        bundle = run_bundle.starting_runs(configs) if self.settings.scheduler else b""
        if bundle:
            arguments = [STORE_AND_CALL, bundle, *arguments]
        return self.client.submit(remote_call.call_by_name, *arguments, key=key, resources=resources or None)

    def _check_resources(self) -> None:
        """Raise `SettingError` when there are workers, and none with the resources that the settings ask for."""
        try:
            all_workers, able = len(self._worker_resources()), self.workers()
        except OSError as error:
            logger.info("The scheduler is gone, which its task will tell: %s", error)
            return
        asked = self.settings.worker_resources
        if all_workers and not able:
            raise SettingError(
                f"VAEDEMO_WORKER_RESOURCES asks for {asked}, which none of the cluster's {all_workers} workers has: "
                f'start one with --resources "{asked}".'
            )

    def workers(self) -> int:
        """The scheduler's current number of workers that have the required resources."""
        wanted = self._resources()
        offers = self._worker_resources()
        return sum(all(offer.get(name, 0) >= amount for name, amount in wanted.items()) for offer in offers)

    def _worker_resources(self) -> list[dict[str, float]]:
        # From the scheduler itself: `Client.scheduler_info` contains only the first five workers.
        client = self.client
        with translated_errors(client):
            workers = client.sync(client.scheduler.identity)["workers"]
        return [worker["resources"] for worker in workers.values()]

    def _resources(self) -> dict[str, float]:
        """The resources that a task requires of its worker; {} for the local worker."""
        return cluster.worker_resources(self.settings) if self.settings.scheduler else {}

    def restart_nanny(self) -> None:
        """Restart the local nanny if it has died. The next `start` replaces a dead scheduler."""
        local = self.local
        if local is not None:
            local.ensure_nanny()

    def close(self) -> None:
        """Disconnect and end the local processes."""
        with self._starting:
            self._closed = True
            self._disconnect()

    def calibrate_again(self) -> None:
        """Measure the training speed again, after a training has shown that the measurement was wrong."""
        client = self.client
        if self.usable:
            try:
                with translated_errors(client):
                    self._calibrate(f"calibrate-{secrets.token_hex(4)}")
            except OSError as error:
                logger.info("No new calibration: %s", error)

    def _calibrate(self, key: str = "calibrate-1") -> None:
        # Trainings have a higher priority. The measurement needs the same resources, so it runs where they run.
        resources = self._resources() or None
        future = self.client.submit(remote_call.call_by_name, CALIBRATE, key=key, priority=-1, resources=resources)
        future.add_done_callback(self._store_calibration)

    def _store_calibration(self, future: Future) -> None:
        try:
            with translated_errors(future.client):
                self.calibration = estimate.Calibration(**json.loads(future.result()))
            self.calibrated.set()
        except (FutureCancelledError, OSError) as error:  # closed or lost: the next `start` measures again
            logger.info("No calibration: %s", error)
        except Exception:  # pages then show no estimate of a training's time
            logger.exception("The calibration failed.")

    def _disconnect(self) -> None:
        if self.client is not None:
            self.client.close()
        if self.local is not None:
            self.local.close()
        self.client, self.local = None, None
