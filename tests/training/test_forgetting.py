"""Own data are forgotten with all that was trained on them; what has nothing to do with them stays."""

import os
import shutil
import time

import numpy as np
import pytest

import vaedemo as vd
from vaedemo import datasets
from vaedemo.config import ConfigError, RunConfig
from vaedemo.datasets import kept_own, own
from vaedemo.training import engine, files, forgetting, kept_states, store
from vaedemo.training.cache_folders import runs_folder

SMALL = RunConfig(hidden=(4,), epochs=4, batch_size=40)
X = np.random.default_rng(1).normal(size=(60, 2))


def points(count: int = 60):
    return datasets.from_arrays(X[:count], np.arange(count) % 2)


def kept(count: int = 60) -> str:
    name = datasets.register(points(count))
    assert own.keep(name)
    return name


def expire(name: str) -> None:
    moment = time.time() - 25 * 3600
    os.utime(kept_own.path_of(name), (moment, moment))


def mentions(cache, *texts: str) -> list[str]:
    """The files of a cache whose path or content has one of these texts; locks are empty."""
    found = [path for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return [str(p) for p in found if any(t in str(p) or t.encode() in p.read_bytes() for t in texts)]


def set_aside(digest: str) -> None:
    with pytest.warns(store.StoreWarning):
        store.set_aside(runs_folder() / digest, "it is damaged")


def train(name: str, **changes) -> str:
    return engine.train(SMALL.replace(dataset=name, **changes)).digest


def test_nothing_of_the_data_and_their_runs_is_left(own_settings):
    name = kept()
    whole, held = train(name), engine.train(SMALL.replace(dataset=name).held_at(3)).digest
    aside, damaged = train(name, seed=1), train(name, seed=2)
    ring = engine.train(SMALL.replace(dataset="ring", train_size=60).held_at(3)).digest
    other = train(kept(50))
    set_aside(aside)
    shutil.copytree(runs_folder() / damaged, runs_folder() / "copy")
    (runs_folder() / damaged / files.CONFIG).write_bytes(b"{")
    set_aside(damaged)
    (runs_folder() / "copy").rename(runs_folder() / damaged)
    shutil.copytree(runs_folder() / whole, runs_folder() / f".{whole}-1-abcdef01")
    states = len(list(kept_states.folder().iterdir()))
    assert forgetting.forget(name) == sorted([whole, held, damaged])
    assert mentions(own_settings, name.partition(":")[2], whole, held, aside, damaged) == []
    assert not datasets.at_hand(name) and len(list(kept_states.folder().iterdir())) == states - 1
    assert store.find(ring) is not None and store.find(other) is not None
    assert forgetting.forget(name) == []


def test_a_state_of_a_training_that_left_no_run_goes_too(own_settings):
    """As of one that was stopped: its keyframes are kept, and no run tells their digest."""
    name = kept()
    held = engine.train(SMALL.replace(dataset=name).held_at(3))
    shutil.rmtree(runs_folder() / held.digest)
    assert len(list(kept_states.folder().iterdir())) == 1
    assert forgetting.forget(name) == [] and list(kept_states.folder().iterdir()) == []
    (kept_states.folder() / "x-1-y-z.safetensors").write_bytes(b"\xff" * 20)
    kept_states.forget(name)


def test_runs_on_data_that_were_never_kept_stay_until_they_are_forgotten():
    run = vd.fit(points(), SMALL)
    assert kept_own.expired() == [] and store.find(run.digest) is not None
    assert forgetting.forget(run.config.dataset) == [run.digest] and not datasets.at_hand(run.config.dataset)
    assert vd.fit(points(), SMALL).digest == run.digest, "they can be trained on again"


def test_other_data_are_not_forgotten():
    with pytest.raises(ConfigError, match=r"name accepts a name that vaedemo\.datasets.register gives"):
        forgetting.forget("ring")


def test_a_state_that_was_being_written_when_its_process_was_killed_is_removed(own_settings):
    name, other = kept(), kept(50)
    for each in (name, other):
        train(each)
        engine.train(SMALL.replace(dataset=each).held_at(3))
    for number, path in enumerate(list(kept_states.folder().glob("*"))):
        content = path.read_bytes()
        path.with_name(f".{number}-0123abcd").write_bytes(content[: len(content) // 2])
    forgetting.forget(name)
    assert mentions(own_settings, name) == [] and len(mentions(own_settings / "states", other)) == 2
