"""`train` and `sweep`: stored runs come back, none is trained twice at once, and a bad disk is survived."""

import subprocess
import sys
import threading

import pytest
import torch
from filelock import FileLock

import vaedemo
from vaedemo.config import ConfigError, RunConfig
from vaedemo.datasets import DataUnavailable
from vaedemo.settings import REPOSITORY
from vaedemo.training import engine, files, store
from vaedemo.training.store import StoreWarning

CONFIG = RunConfig(dataset="ring", hidden=(5,), epochs=2, batch_size=50, train_size=100)
PATIENCE = 120


class Counter:
    """Counts the epochs that were really trained."""

    def __init__(self):
        self.epochs = 0

    def __call__(self, progress):
        self.epochs += len(progress.rows or ())


@pytest.fixture
def counter():
    return Counter()


def same_weights(first, second):
    ours, theirs = first.model.state_dict(), second.model.state_dict()
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_public_names_are_these(counter):
    run = vaedemo.train(CONFIG, on_progress=counter)
    assert same_weights(vaedemo.load(run.digest), run) and counter.epochs == 2
    assert vaedemo.sweep([CONFIG])[0].digest == run.digest


def test_a_run_is_trained_once_and_then_found(counter):
    first = engine.train(CONFIG, on_progress=counter)
    second = engine.train(CONFIG.replace(likelihood="gaussian"), on_progress=counter)
    assert counter.epochs == 2 and same_weights(first, second)
    assert second.metrics == first.metrics and second.history.equals(first.history)


def test_a_sweep_keeps_the_order_and_each_run(counter):
    configs = [CONFIG.replace(beta=beta) for beta in (4, 0.1, 1)]
    engine.train(configs[2])
    runs = engine.sweep(configs, on_progress=counter)
    assert [run.config.beta for run in runs] == [4, 0.1, 1] and counter.epochs == 2 * 2
    assert all(store.find(config.digest) is not None for config in configs)


def damage(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


def test_a_tampered_run_is_set_aside_and_trained_again(counter):
    first = engine.train(CONFIG, on_progress=counter)
    damage(store.folder_of(first.digest) / files.WEIGHTS)
    with pytest.warns(StoreWarning, match="was set aside and will be trained again"):
        again = engine.train(CONFIG, on_progress=counter)
    assert counter.epochs == 4 and same_weights(first, again) and again.notes == ()
    assert same_weights(store.find(CONFIG.digest), first)


def test_a_stopped_run_is_returned_but_trained_anew_next_time(counter):
    stopped = engine.train(CONFIG, should_stop=lambda: True)
    assert stopped.status == "stopped" and store.find(CONFIG.digest) is None
    assert engine.train(CONFIG, on_progress=counter).status == "finished" and counter.epochs == 2


def test_a_diverged_run_is_kept_with_its_sentence(counter):
    config = CONFIG.replace(hidden=(64,) * 6, learning_rate=10, noise_variance=1e-6)
    first, second = engine.train(config), engine.train(config, on_progress=counter)
    assert first.status == second.status == "diverged" and counter.epochs == 0
    assert first.notes == second.notes and "learning rate 10" in second.notes[0]


def test_a_cache_that_cannot_be_written_costs_the_keeping_alone(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(StoreWarning) as told:
        run = engine.train(CONFIG)
    assert str(told[0].message) == "The cache cannot be written (Not a directory); training without it."
    assert run.status == "finished" and len(run.history) == 2
    (note,) = run.notes
    assert "could not be kept on disk" in note


def test_a_file_system_without_locks_is_no_hindrance(monkeypatch):
    def refuse(self, *arguments, **options):
        raise NotImplementedError("FileSystem does not appear to support flock")  # as filelock does

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.warns(StoreWarning, match="does not appear to support flock"):
        run = engine.train(CONFIG)
    assert run.status == "finished"


def test_starting_from_a_stored_run():
    start = engine.train(CONFIG)
    onward = CONFIG.replace(start_from=start.digest, learning_rate=1e-9)
    run = engine.train(onward)
    assert run.digest != start.digest
    for name, value in run.model.state_dict().items():
        torch.testing.assert_close(value, start.model.state_dict()[name], rtol=0, atol=1e-7)
    with pytest.raises(ConfigError, match="start_from accepts the digest of a run that is stored here"):
        engine.train(CONFIG.replace(start_from="0123456789abcdef"))


def test_data_that_cannot_be_had_are_named_and_leave_no_lock(monkeypatch):
    def nowhere(*_, **__):
        raise DataUnavailable("Not here.")

    with monkeypatch.context() as offline:
        offline.setattr(engine.datasets, "load", nowhere)
        with pytest.raises(DataUnavailable, match="Not here"):
            engine.train(CONFIG)
    assert engine.train(CONFIG).status == "finished"


def test_a_second_caller_waits_and_gets_the_first_one_s_run(monkeypatch):
    """In one process, step by step: the second asks for the lock while the first is in the midst of training."""
    training, second_asks, results = threading.Event(), threading.Event(), {}

    class WatchedLock(FileLock):
        def acquire(self, *arguments, **keywords):
            if training.is_set():
                second_asks.set()
            return super().acquire(*arguments, **keywords)

    monkeypatch.setattr(engine, "FileLock", WatchedLock)
    counters = {"first": Counter(), "second": Counter()}

    def first_reports(progress):
        training.set()
        assert second_asks.wait(PATIENCE)
        counters["first"](progress)

    def call(name, on_progress):
        results[name] = engine.train(CONFIG, on_progress=on_progress)

    first = threading.Thread(target=call, args=("first", first_reports))
    second = threading.Thread(target=call, args=("second", counters["second"]))
    first.start()
    assert training.wait(PATIENCE)
    second.start()
    for thread in (first, second):
        thread.join(PATIENCE)
    assert same_weights(results["first"], results["second"])
    assert (counters["first"].epochs, counters["second"].epochs) == (2, 0)


BOTH = CONFIG.replace(epochs=10, batch_size=20, train_size=1000)
SCRIPT = f"""
import sys
from vaedemo.config import RunConfig
from vaedemo.training import engine

epochs = []
print("ready", flush=True)
sys.stdin.readline()
run = engine.train(
    RunConfig.from_dict({BOTH.to_dict()}),
    on_progress=lambda progress: epochs.append(progress.epoch) if progress.rows is not None else None,
)
print(len(epochs), run.status, repr(run.metrics["test_negative_elbo"]))
"""


def test_two_processes_that_start_together_train_once(own_settings, counter):
    other = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("go\n")
        other.stdin.flush()
        run = engine.train(BOTH, on_progress=counter)
        epochs, status, loss = other.communicate(timeout=PATIENCE)[0].split()
    finally:
        other.kill()
        other.wait()
    assert sorted([int(epochs), counter.epochs]) == [0, 10]
    assert (status, float(loss)) == (run.status, run.metrics["test_negative_elbo"]) and status == "finished"
    assert len(list((own_settings / "runs").iterdir())) == 1


def test_a_sweep_of_one_form_is_one_stack(counter):
    runs = engine.sweep([CONFIG.replace(beta=beta) for beta in (1, 2, 2.0, 3)], on_progress=counter)
    assert [run.config.beta for run in runs] == [1, 2, 2, 3] and counter.epochs == 3 * 2
    assert {run.metrics["trained_together"] for run in runs} == {3}


def test_unlike_forms_are_trained_apart():
    configs = [CONFIG, CONFIG.replace(hidden=(6,)), CONFIG.replace(seed=1)]
    assert [len(stack) for stack in engine.stacks(configs)] == [2, 1]
    assert [run.config for run in engine.sweep(configs)] == configs


def test_a_large_sweep_is_cut_into_stacks_that_fit():
    assert [len(stack) for stack in engine.stacks([CONFIG.replace(seed=seed) for seed in range(20)])] == [16, 4]
    wide = RunConfig(network="conv", hidden=(256, 256))
    assert len(engine.stacks([wide.replace(seed=seed) for seed in range(4)])) > 1


def test_an_empty_sweep_is_one_sentence():
    with pytest.raises(ConfigError, match="one or more settings"):
        engine.sweep([])
