"""The one connection of a process to its scheduler: started when first needed, mended when it has died."""

import json
import logging
import secrets
import threading
from collections.abc import Sequence

from distributed import Client, Future
from distributed.client import FutureCancelledError

from vaedemo.config import RunConfig
from vaedemo.settings import SettingError, Settings
from vaedemo.training import cluster, estimate, parcel, remote
from vaedemo.training.scheduler import talking

logger = logging.getLogger(__name__)

CALIBRATE = "vaedemo.training.estimate:calibrate"
WITH_LUGGAGE = "vaedemo.training.parcel:keep_and_call"
CLOSING = "The app is shutting down."


class Connection:
    """A dask client, the processes behind it if they are ours, and how fast trainings are there.

    `client` and `local` are None before `start`; `local` stays so when the settings name a cluster. `calibration` is
    None until the measurement has come, which sets the event `calibrated`.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.client: Client | None = None
        self.local: cluster.LocalScheduler | None = None
        self.calibration: estimate.Calibration | None = None
        self.calibrated = threading.Event()
        self._starting, self._closed = threading.Lock(), False

    @property
    def sound(self) -> bool:
        """Whether trainings can be submitted."""
        connected = self.client is not None and self.client.status == "running"
        return connected and (self.local is None or self.local.alive)

    def start(self) -> None:
        """Start the worker process, or connect to the cluster; returns at once when that is done already.

        Raises `SettingError` for an address that is refused, `SchedulerUnreachable` (an OSError) when nobody answers
        there, RuntimeError when the processes cannot be started or `close` was called.
        """
        with self._starting:
            if self._closed:
                raise RuntimeError(CLOSING)
            if self.sound:
                return
            self._disconnect()
            if self.settings.scheduler:
                address = cluster.check_address(self.settings)
                cluster.worker_resources(self.settings)  # raises for a text that is none, before anybody trains
            else:
                self.local = cluster.LocalScheduler(self.settings)
                address = self.local.address
            self.client = cluster.connect(address)
            if self.calibration is None:
                self._calibrate()

    def submit(self, task: str, configs: Sequence[RunConfig], key: str, *limits: float) -> Future:
        """The future of a task, a function named "package.module:function" that takes the configs as a JSON list.

        `limits` are what the function takes beside them.
        It goes to a worker with the resources that the settings ask for. Workers of a cluster have another cache, so
        the runs that the configs start from travel along. Raises `SettingError` when there are workers and none of
        them has the resources: it would wait for ever. With no worker at all it waits, for a cluster may start one.
        """
        resources = self._resources()
        if resources:
            self._check_tags()
        arguments = [task, json.dumps([config.to_dict() for config in configs]), *limits]
        luggage = parcel.luggage(configs) if self.settings.scheduler else b""
        if luggage:
            arguments = [WITH_LUGGAGE, luggage, *arguments]
        return self.client.submit(remote.call, *arguments, key=key, resources=resources or None)

    def _check_tags(self) -> None:
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
        """How many workers can take a training, as the scheduler says now: those with the resources asked for."""
        wanted = self._resources()
        offers = self._worker_resources()
        return sum(all(offer.get(name, 0) >= amount for name, amount in wanted.items()) for offer in offers)

    def _worker_resources(self) -> list[dict[str, float]]:
        # Asked of the scheduler itself: `Client.scheduler_info` leaves all but the first five workers out.
        client = self.client
        with talking(client):
            workers = client.sync(client.scheduler.identity)["workers"]
        return [worker["resources"] for worker in workers.values()]

    def _resources(self) -> dict[str, float]:
        """What a task needs of its worker; our own worker has no tags, and needs none."""
        return cluster.worker_resources(self.settings) if self.settings.scheduler else {}

    def mend(self) -> None:
        """Replace our nanny if it has died; a dead scheduler is replaced by the next `start`."""
        local = self.local
        if local is not None:
            local.ensure_nanny()

    def close(self) -> None:
        """Disconnect, and end the processes that are ours."""
        with self._starting:
            self._closed = True
            self._disconnect()

    def calibrate_again(self) -> None:
        """Measure anew how fast trainings are, because one has shown that the measurement was wrong."""
        client = self.client
        if self.sound:
            try:
                with talking(client):
                    self._calibrate(f"calibrate-{secrets.token_hex(4)}")
            except OSError as error:
                logger.info("No new calibration: %s", error)

    def _calibrate(self, key: str = "calibrate-1") -> None:
        # Trainings go first; and it is measured where they run.
        resources = self._resources() or None
        future = self.client.submit(remote.call, CALIBRATE, key=key, priority=-1, resources=resources)
        future.add_done_callback(self._take_calibration)

    def _take_calibration(self, future: Future) -> None:
        try:
            with talking(future.client):
                self.calibration = estimate.Calibration(**json.loads(future.result()))
            self.calibrated.set()
        except (FutureCancelledError, OSError) as error:  # closed, or lost: the next start measures again
            logger.info("No calibration: %s", error)
        except Exception:  # pages then say nothing about the time a training takes
            logger.exception("The calibration failed.")

    def _disconnect(self) -> None:
        if self.client is not None:
            self.client.close()
        if self.local is not None:
            self.local.close()
        self.client, self.local = None, None
