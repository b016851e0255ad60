"""The dask scheduler for trainings: a local one with one worker, or the cluster that the settings name."""

import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import fields
from urllib.parse import urlsplit

import psutil
from dask.system import CPU_COUNT
from distributed import Client
from distributed.security import Security

from vaedemo.settings import REPOSITORY, SettingError, Settings
from vaedemo.training.preload import OWNED

START_SECONDS = 60
CLOSE_SECONDS = 5
ANSWER_SECONDS = 15  # timeout of the connection to a scheduler
KEPT_EVENTS = 20_000  # messages the scheduler keeps per topic: over an hour at five a second
SHARE_OF_MEMORY = 0.8  # of the machine's memory; dask ends the worker shortly before, so that the server survives
PRELOAD = "vaedemo.training.preload"
# dask watches each of its event loops 50 times a second and samples the worker's thread 100 times a second, for a
# dashboard that is not shown. Without a training this was two thirds of what scheduler, nanny and worker use.
QUIET = {"DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
# How the threads of a matrix product wait for each other: they spin a thousand times, some microseconds, then sleep.
# Without the sleep, two threads on two cores collapse as soon as a page needs a core. Without the spin, a product
# takes 1.4 times as long.
WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}


class SchedulerUnreachable(OSError):
    """A scheduler does not answer or refuses the connection; the text is one sentence for the page."""

    def __init__(self, address: str):
        super().__init__(f"The scheduler at {address} does not answer, or does not let us in; try again later.")


class LocalScheduler:
    """A scheduler and one worker under a nanny, local processes that listen on the loopback interface only.

    They end on `close`, and by themselves when this process ends in any way.
    """

    def __init__(self, settings: Settings):
        self.folder = tempfile.mkdtemp(prefix="vaedemo-")
        self.environment = child_environment(settings) | {"DASK_TEMPORARY_DIRECTORY": self.folder}
        self.lock = threading.Lock()
        self.scheduler, self.nanny, self.closed = None, None, False
        try:
            self.scheduler, self.address = self._start(scheduler_spec())
            self.nanny, _ = self._start(nanny_spec(), self.address)
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether the scheduler runs; `ensure_nanny` restarts the nanny."""
        return not self.closed and self.scheduler.poll() is None

    def ensure_nanny(self) -> None:
        """Restart the nanny if it has died. The nanny itself restarts the worker."""
        with self.lock:
            if self.alive and self.nanny.poll() is not None:
                self.nanny.stdin.close()
                self.nanny, _ = self._start(nanny_spec(), self.address)

    def processes(self) -> list[psutil.Process]:
        """The running processes: scheduler, nanny, worker and their children."""
        found = []
        for process in (self.scheduler, self.nanny):
            if process is not None and process.poll() is None:
                try:
                    top = psutil.Process(process.pid)
                    found += [top, *top.children(recursive=True)]
                except psutil.NoSuchProcess:
                    continue  # it has just ended
        return found

    def close(self) -> None:
        """End all processes and wait for them."""
        with self.lock:
            if self.closed:
                return
            self.closed = True
            running = self.processes()
            # The nanny first: a worker whose scheduler is gone would log errors.
            for process in (self.nanny, self.scheduler):
                if process is not None:
                    process.stdin.close()
            for process in psutil.wait_procs(running, timeout=CLOSE_SECONDS)[1]:
                process.kill()
            for process in (self.nanny, self.scheduler):
                if process is not None:
                    process.wait(CLOSE_SECONDS)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, spec: dict, *arguments: str) -> tuple[subprocess.Popen, str]:
        command = [sys.executable, "-m", "dask", "spec", *arguments, "--spec", json.dumps(spec)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environment, cwd=self.folder
        )
        timer = threading.Timer(START_SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        with process.stdout:
            address = process.stdout.readline().decode().strip()
        timer.cancel()
        if not address:
            process.stdin.close()
            process.wait(CLOSE_SECONDS)
            raise RuntimeError("The training process could not be started; the server's log says why.")
        return process, address


def scheduler_spec() -> dict:
    options = {"host": "127.0.0.1", "port": 0, "preload": [PRELOAD]}
    # Even without a dashboard the scheduler opens an HTTP port, by default on all interfaces.
    return {"cls": "distributed.Scheduler", "opts": options | {"dashboard": False, "dashboard_address": "127.0.0.1:0"}}


def nanny_spec() -> dict:
    """One worker with one task at a time: trainings run one after the other, each on all cores."""
    threads = os.environ.get("OMP_NUM_THREADS", str(CPU_COUNT))
    environment = {name: threads for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    options = {
        "host": "127.0.0.1",
        "nthreads": 1,
        "memory_limit": SHARE_OF_MEMORY,
        "dashboard_address": "127.0.0.1:0",
        "preload": [PRELOAD],
        "preload_nanny": [PRELOAD],
        "env": environment | WAITING,
    }
    return {"cls": "distributed.Nanny", "opts": options}


def child_environment(settings: Settings) -> dict[str, str]:
    """This process's environment with the current settings, so that the worker uses the same cache and device."""
    names = {entry.name: f"VAEDEMO_{entry.name.upper()}" for entry in fields(Settings)}
    environment = {name: value for name, value in os.environ.items() if name not in names.values()}
    for entry, name in names.items():
        value = getattr(settings, entry)
        if value is not None:
            # The children have another working directory.
            environment[name] = str(value.absolute()) if hasattr(value, "absolute") else str(value)
    paths = [str(REPOSITORY), environment.get("PYTHONPATH", "")]
    return environment | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        **QUIET,
        "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": str(KEPT_EVENTS),
        "DASK_LOGGING__DISTRIBUTED": environment.get("DASK_LOGGING__DISTRIBUTED", "warning"),
        # A nanny that ends with its parent leaves semaphores, which Python's resource tracker frees with a warning.
        "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning",
        **WAITING,
        OWNED: "1",
    }


def check_address(settings: Settings) -> str:
    """The address of the cluster's scheduler. Raises `SettingError` for an invalid or unprotected one.

    Any client of a scheduler can run code on its workers, so an address without TLS must be on this machine.
    """
    address = settings.scheduler if "://" in settings.scheduler else f"tcp://{settings.scheduler}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.scheme not in ("tcp", "tls"):
        raise SettingError(f"VAEDEMO_SCHEDULER accepts tcp://host:port or tls://host:port, got {address[:60]!r}.")
    if parts.scheme == "tcp" and not on_loopback(host) and not settings.scheduler_insecure:
        raise SettingError(
            f"VAEDEMO_SCHEDULER is {address[:60]!r}, where anyone who reaches it can run code: "
            "use tls://, or set VAEDEMO_SCHEDULER_INSECURE=1 to allow it."
        )
    return address


def on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def worker_resources(settings: Settings) -> dict[str, float]:
    """The resources that a worker needs for a training, e.g. {"GPU": 1.0} for the setting "GPU=1"; {}: any worker.

    Raises `SettingError` for a text of another form.
    """
    text = settings.worker_resources.strip()
    wanted = {}
    for part in text.split(",") if text else ():
        found = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_-]*)=([0-9]+(?:\.[0-9]+)?)", part.strip())
        if found is None or float(found[2]) == 0:
            raise SettingError(
                "VAEDEMO_WORKER_RESOURCES accepts names and amounts above 0 such as GPU=1, "
                f"as given to dask's workers by --resources, got {text[:60]!r}."
            )
        wanted[found[1]] = float(found[2])
    return wanted


def connect(address: str) -> Client:
    """A client of a scheduler; its TLS keys come from dask's configuration.

    Raises `SettingError` for a tls:// address without keys, `SchedulerUnreachable` when the scheduler does not answer.
    """
    security = Security()
    if address.startswith("tls://"):
        missing = [name for name, file in tls_files(security).items() if not file or not os.path.isfile(file)]
        if missing:
            raise SettingError(f"VAEDEMO_SCHEDULER is a tls:// address: {', '.join(missing)} must name files.")
    try:
        return Client(address, security=security, set_as_default=False, name="vaedemo", timeout=ANSWER_SECONDS)
    except OSError as error:
        raise SchedulerUnreachable(address) from error


def tls_files(security: Security) -> dict[str, str | None]:
    """The three files of a TLS client, by the names of dask's variables."""
    files = {"CA_FILE": security.tls_ca_file, "CLIENT__CERT": security.tls_client_cert}
    files |= {"CLIENT__KEY": security.tls_client_key}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": file for name, file in files.items()}
