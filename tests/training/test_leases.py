"""What is open stays: on a screen of this process, on one of another, and where a job in flight starts from."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training import cache_folders, leases, store
from vaedemo.training.jobs import JobService

PATIENCE = 60
OTHER = """
import sys
from vaedemo.training import leases
leases.current().hold("visitor", sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def numbered(small_run, own_settings, monkeypatch):
    """`numbered(seed)` keeps a run under a digest of its own; the cache has room for two."""

    def keep(seed):
        run = store.save(replace(small_run, config=small_run.config.replace(seed=seed)))
        limit = 2.5 * cache_folders.size_of(store.runs_folder() / run.digest)
        monkeypatch.setenv("VAEDEMO_CACHE_BYTES", str(int(limit)))
        return run

    return keep


@pytest.fixture
def another_process(own_settings):
    """`another_process(digest)` starts a process that has a run open until its input is closed or it is killed."""
    processes = []

    def start(digest):
        process = subprocess.Popen(
            [sys.executable, "-c", OTHER, digest],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(settings.REPOSITORY)},
        )
        processes.append(process)
        assert process.stdout.readline() == b"open\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def there(run):
    return store.folder_of(run.digest) is not None


def test_what_another_process_has_open_stays_until_it_ends(numbered, another_process):
    on_screen, *others = (numbered(seed) for seed in range(2))
    process = another_process(on_screen.digest)
    newest = numbered(2)
    assert there(on_screen) and there(newest) and not there(others[0])
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    numbered(3)
    assert not there(on_screen) and there(newest)
    assert list((settings.current().cache / "open").glob("*.runs")) == [], "nobody's list is removed"


def test_what_is_open_here_stays_until_its_owner_leaves(numbered):
    on_screen, other = numbered(0), numbered(1)
    leases.current().hold("visitor", on_screen.digest)
    leases.current().hold("second visitor", on_screen.digest)
    leases.current().release("visitor")
    numbered(2)
    assert there(on_screen) and not there(other)
    leases.current().release("second visitor")
    numbered(3)
    assert not there(on_screen)


def test_where_all_are_open_the_cache_grows(numbered):
    runs = []
    for seed in range(4):
        runs.append(numbered(seed))
        leases.current().hold("visitor", runs[-1].digest)
    assert all(there(run) for run in runs)


def test_no_run_is_evicted_between_being_listed_and_being_read(numbered):
    """Whoever opens a run while others evict waits until they are done, and so finds it afterwards or never."""
    first, second = numbered(0), numbered(1)
    listed = threading.Event()

    def open_it():
        leases.current().hold("visitor", first.digest)
        listed.set()

    with leases.current().held() as in_use:
        assert first.digest not in in_use
        thread = threading.Thread(target=open_it)
        thread.start()
        assert not listed.wait(0.2)
    thread.join(PATIENCE)
    assert listed.is_set()
    numbered(2)
    assert there(first) and not there(second)


def test_a_visitor_s_oldest_runs_count_as_closed():
    register = leases.current()
    for number in range(leases.MOST_PER_OWNER + 1):
        register.hold("visitor", f"{number:016x}")
    with register.held() as in_use:
        assert in_use == {f"{number:016x}" for number in range(1, leases.MOST_PER_OWNER + 1)}


def test_where_nothing_can_be_written_it_is_open_for_this_process(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "file" / "cache"))
    leases.current().hold("visitor", "0123456789abcdef")
    leases.current().hold("visitor", "0123456789abcde0")
    with leases.current().held() as in_use:
        assert in_use == {"0123456789abcdef", "0123456789abcde0"}
    assert "Other processes are not told" in caplog.text


def test_a_job_keeps_the_run_it_starts_from_until_it_is_over(numbered, own_settings):
    start, other = numbered(0), numbered(1)
    unreachable = replace(settings.Settings(), scheduler="tcp://127.0.0.1:1", cache=own_settings)
    service = JobService(unreachable)
    blocked = threading.Event()
    service.dispatcher.result = lambda job: blocked.wait(PATIENCE) and {}
    config = RunConfig(dataset="ring", hidden=(6,), start_from=start.digest)
    job = service.submit([config], "one")
    numbered(2)
    assert there(start) and not there(other)
    blocked.set()
    assert job.wait(PATIENCE)
    numbered(3)
    assert not there(start)
    service.close()


def test_a_clock_set_back_evicts_the_oldest_all_the_same(numbered, monkeypatch):
    moments = iter((5000.0, 5001.0, 1000.0, 1001.0, 1002.0))
    monkeypatch.setattr(cache_folders.time, "time", lambda: next(moments))
    first, second = numbered(0), numbered(1)
    third = numbered(2)  # the clock says that it is an hour older than the others
    assert [there(run) for run in (first, second, third)] == [False, True, True]
    assert [entry["digest"] for entry in store.recent()] == [third.digest, second.digest]
    store.find(second.digest)
    numbered(4)
    assert there(second) and not there(third)
