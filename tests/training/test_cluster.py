"""The processes behind the jobs: which addresses are refused, what the worker inherits, and that none is left over."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dask
import psutil
import pytest

from vaedemo.settings import REPOSITORY, SettingError, Settings, current
from vaedemo.training import cluster

SERVER = """
import json, sys
from vaedemo.settings import current
from vaedemo.training.cluster import LocalScheduler, connect

local = LocalScheduler(current())
client = connect(local.address)
client.wait_for_workers(1)
print(json.dumps([process.pid for process in local.processes()]), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "tcp://scheduler.example:8786"])
def test_a_scheduler_that_strangers_can_reach_is_refused(address):
    settings = replace(Settings(), scheduler=address)
    with pytest.raises(SettingError, match="VAEDEMO_SCHEDULER_INSECURE=1") as refusal:
        cluster.check_address(settings)
    assert "\n" not in str(refusal.value)
    allowed = replace(settings, scheduler_insecure=True)
    assert cluster.check_address(allowed).endswith(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "localhost:8786", "tcp://[::1]:8786", "tls://far.example:8786"]
)
def test_loopback_and_tls_are_accepted(address):
    assert cluster.check_address(replace(Settings(), scheduler=address)).endswith(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1", "inproc://x:1", "http://127.0.0.1:8786", "tcp://", "tcp://a:b", "x"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(SettingError, match="VAEDEMO_SCHEDULER accepts"):
        cluster.check_address(replace(Settings(), scheduler=address, scheduler_insecure=True))


@pytest.mark.parametrize(
    ("text", "wanted"), [("", {}), ("GPU=1", {"GPU": 1.0}), (" GPU=2 , MEM=0.5 ", {"GPU": 2.0, "MEM": 0.5})]
)
def test_what_a_worker_must_have_is_read(text, wanted):
    assert cluster.worker_resources(replace(Settings(), worker_resources=text)) == wanted


@pytest.mark.parametrize("text", ["GPU", "GPU=", "GPU=0", "GPU=-1", "GPU=1,", "=1", "GPU=nan", "GPU=1 MEM=2"])
def test_what_no_worker_can_have_is_refused(text):
    with pytest.raises(SettingError, match="VAEDEMO_WORKER_RESOURCES accepts names and amounts above 0 such as GPU=1"):
        cluster.worker_resources(replace(Settings(), worker_resources=text))


def test_the_worker_reads_the_settings_that_are_in_force(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_DATA", "/not/in/force")
    monkeypatch.setenv("VAEDEMO_DEVICE", "cuda:7")
    settings = replace(Settings(), cache=tmp_path, threads=3, grace_seconds=2.5, scheduler_insecure=True)
    assert current(cluster.child_environment(settings)) == settings


def test_a_clean_close_leaves_no_process_and_no_folder(own_settings):
    local = cluster.LocalScheduler(current())
    client = cluster.connect(local.address)
    client.wait_for_workers(1)
    processes = local.processes()
    assert len(processes) >= 3
    client.close()
    local.close()
    local.close()
    assert not any(process.is_running() for process in processes)
    assert not Path(local.folder).exists()
    assert not local.alive


def test_no_process_outlives_a_server_that_was_killed(own_settings):
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    with server, server.stdin, server.stdout:
        processes = [psutil.Process(pid) for pid in json.loads(server.stdout.readline())]
        assert len(processes) >= 3
        server.kill()
        alive = psutil.wait_procs(processes, timeout=10)[1]
    assert [process.cmdline() for process in alive] == []


def test_what_dask_is_told_are_settings_that_it_has():
    for name, value in cluster.QUIET.items():
        known = dask.config.get(name.removeprefix("DASK_").lower().replace("__", "."))
        assert str(known) != value, "its own value is another"
