"""Runs on disk: kept, found, verified, evicted, and never in the way when the disk is."""

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from vaedemo.training import cache_folders, files, store
from vaedemo.training.run import Run
from vaedemo.training.store import RunNotFound, StoreWarning

ABSENT = "0123456789abcdef"


@pytest.fixture(autouse=True)
def own_checkpoints(tmp_path, monkeypatch):
    """No shipped run but those that a test ships."""
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path / "checkpoints"


@pytest.fixture
def kept(small_run):
    return store.save(small_run)


def numbered(run, seed):
    """The same run under another digest."""
    return replace(run, config=run.config.replace(seed=seed))


def ship(run, folder):
    folder.mkdir(parents=True)
    for name, content in files.to_files(run).items():
        (folder / name).write_bytes(content)


def folder(run):
    return store.runs_folder() / run.digest


def aside():
    place = store.settings.current().cache / "aside"
    return sorted(place.iterdir()) if place.is_dir() else []


def used_at(run, seconds):
    os.utime(folder(run) / store.USED, (seconds, seconds))


def same(first, second):
    ours, theirs = first.model.state_dict(), second.model.state_dict()
    return first.config == second.config and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_a_run_is_kept_and_found(small_run, own_settings):
    assert store.find(small_run.digest) is None and not own_settings.exists()
    assert store.save(small_run) is small_run
    found = store.find(small_run.digest)
    assert same(found, small_run) and found.history.equals(small_run.history) and found.metrics == small_run.metrics
    assert same(store.load(small_run.digest), small_run)
    assert store.folder_of(small_run.digest) == folder(small_run) == own_settings / "runs" / small_run.digest
    assert store.config_of(small_run.digest) == small_run.config
    assert {path.name for path in folder(small_run).iterdir()} == {*files.REQUIRED, files.FILM, store.USED}
    assert not [path for path in store.runs_folder().iterdir() if path.name.startswith(".")]


def test_a_stopped_run_is_not_kept_and_a_diverged_one_is(small_run, own_settings):
    stopped = replace(small_run, metrics=small_run.metrics | {"status": "stopped"})
    assert store.save(stopped) is stopped and not own_settings.exists()
    diverged = replace(small_run, metrics=small_run.metrics | {"status": "diverged"}, notes=("It diverged.",))
    store.save(diverged)
    assert store.find(small_run.digest).notes == ("It diverged.",)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


def other_config(path):
    path.write_bytes(files.write_json({"version": 1, "dataset": "ring", "hidden": [6], "seed": 77}))


def swap_for_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (files.WEIGHTS, truncate),
        (files.WEIGHTS, flip),
        (files.WEIGHTS, Path.unlink),
        (files.WEIGHTS, swap_for_folder),
        (files.FILM, flip),
        (files.CONFIG, other_config),
        (files.CONFIG, Path.unlink),
        (files.CONFIG, truncate),
        (files.HISTORY, Path.unlink),
        (files.METRICS, truncate),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_damaged_run_is_set_aside_and_said(kept, name, damage):
    damage(folder(kept) / name)
    with pytest.warns(StoreWarning, match="was set aside and will be trained again") as told:
        assert store.find(kept.digest) is None
    assert len(told) == 1 and str(told[0].message).endswith(".") and ".." not in str(told[0].message)
    assert not folder(kept).exists()
    (moved,) = aside()
    assert moved.name.startswith(kept.digest)
    assert store.find(kept.digest) is None, "and without a second warning"
    store.save(kept)
    assert same(store.find(kept.digest), kept)


def test_a_run_without_metrics_is_missing_and_replaced(kept):
    (folder(kept) / files.METRICS).unlink()
    assert store.find(kept.digest) is None
    with pytest.warns(StoreWarning, match=r"metrics.json is missing"):
        store.save(kept)
    assert same(store.find(kept.digest), kept) and len(aside()) == 1


def test_a_run_that_is_too_large_is_not_read(kept, monkeypatch):
    monkeypatch.setenv("VAEDEMO_MAX_RUN_BYTES", "1000")
    with pytest.warns(StoreWarning, match="more than the 1,000 allowed"):
        assert store.find(kept.digest) is None


def test_damage_that_cannot_be_moved_is_said_too(kept):
    truncate(folder(kept) / files.WEIGHTS)
    (store.settings.current().cache / "aside").write_text("a file where the folder should be")
    with pytest.warns(StoreWarning) as told:
        assert store.find(kept.digest) is None
    assert "could not be moved either" in str(told[-1].message)


def test_a_cache_below_a_file_keeps_nothing_and_says_so(small_run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "file" / "cache"))
    assert store.find(small_run.digest) is None and store.recent() == [] and store.folder_of(small_run.digest) is None
    with pytest.warns(StoreWarning, match="could not be kept on disk"):
        run = store.save(small_run)
    assert run.notes == ("This run could not be kept on disk (Not a directory); it will be gone when the app stops.",)
    assert run.model is small_run.model and run.status == "finished" and small_run.notes == ()


@pytest.mark.parametrize("fails_at", [files.CONFIG, files.WEIGHTS, files.METRICS])
def test_a_full_disk_leaves_nothing_half_written(small_run, monkeypatch, fails_at):
    write = Path.write_bytes

    def write_until_full(path, content):
        if path.name == fails_at:
            write(path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", write_until_full)
        with pytest.warns(StoreWarning, match="No space left on device"):
            run = store.save(small_run)
    assert len(run.notes) == 1 and "No space left on device" in run.notes[0]
    assert list(store.runs_folder().iterdir()) == [] and store.find(small_run.digest) is None
    assert store.save(small_run).notes == ()


def test_the_least_recently_used_runs_go_first(small_run, monkeypatch):
    runs = [store.save(numbered(small_run, seed)) for seed in range(4)]
    size = cache_folders.size_of(folder(runs[0]))
    for age, run in zip((40, 10, 30, 20), runs, strict=True):
        used_at(run, 1_000_000 - age)
    monkeypatch.setenv("VAEDEMO_CACHE_BYTES", str(int(3.5 * size)))
    newest = store.save(numbered(small_run, 4))
    left = [run for run in (*runs, newest) if folder(run).exists()]
    assert left == [runs[1], runs[3], newest]


def test_being_found_counts_as_use(small_run, monkeypatch):
    runs = [store.save(numbered(small_run, seed)) for seed in range(2)]
    for age, run in zip((20, 10), runs, strict=True):
        used_at(run, 1_000_000 - age)
    store.find(runs[0].digest)
    monkeypatch.setenv("VAEDEMO_CACHE_BYTES", str(int(2.5 * cache_folders.size_of(folder(runs[0])))))
    store.save(numbered(small_run, 2))
    assert folder(runs[0]).exists() and not folder(runs[1]).exists()


def test_the_run_just_saved_stays_even_in_a_cache_too_small(small_run, monkeypatch):
    monkeypatch.setenv("VAEDEMO_CACHE_BYTES", "1")
    first, second = (store.save(numbered(small_run, seed)) for seed in range(2))
    assert not folder(first).exists() and folder(second).exists()


def test_leftovers_go_before_runs_in_use(kept, monkeypatch):
    """A run set aside and the temporary folder of a writer killed long ago; not that of one still at work."""
    truncate(folder(kept) / files.WEIGHTS)
    with pytest.warns(StoreWarning):
        assert store.find(kept.digest) is None
    killed, at_work = (store.runs_folder() / f".{kept.digest}-{number}" for number in (1, 2))
    for path in (killed, at_work):
        path.mkdir()
        (path / files.WEIGHTS).write_bytes(b"x" * 1000)
    os.utime(killed, (1_000_000, 1_000_000))
    store.save(numbered(kept, 1))
    assert killed.exists() and len(aside()) == 1, "there is room"
    monkeypatch.setenv("VAEDEMO_CACHE_BYTES", "1")
    store.save(numbered(kept, 2))
    assert not killed.exists() and aside() == [] and at_work.exists()


def test_of_two_writers_the_first_sound_one_wins(small_run):
    store.save(small_run)
    before = (folder(small_run) / files.METRICS).read_bytes()
    late = replace(small_run, metrics=small_run.metrics | {"seconds": 99.0})
    assert store.save(late) is late
    assert (folder(small_run) / files.METRICS).read_bytes() == before
    assert [path.name for path in store.runs_folder().iterdir()] == [small_run.digest]


def test_of_two_writers_a_damaged_first_one_loses(kept):
    truncate(folder(kept) / files.WEIGHTS)
    late = replace(kept, metrics=kept.metrics | {"seconds": 99.0})
    with pytest.warns(StoreWarning, match="was set aside"):
        store.save(late)
    assert store.find(kept.digest).metrics["seconds"] == 99.0 and len(aside()) == 1


def test_shipped_runs_are_looked_in_first(small_run, own_checkpoints):
    store.save(replace(small_run, metrics=small_run.metrics | {"seconds": 1.0}))
    ship(replace(small_run, metrics=small_run.metrics | {"seconds": 2.0}), own_checkpoints / "ring-small")
    assert store.shipped() == {"ring-small": own_checkpoints / "ring-small"}
    assert store.shipped_digests() == {small_run.digest: "ring-small"}
    assert store.find(small_run.digest).metrics["seconds"] == 2.0 == store.load("ring-small").metrics["seconds"]
    assert store.folder_of(small_run.digest) == own_checkpoints / "ring-small"
    assert store.config_of("ring-small") == small_run.config == store.config_of(small_run.digest)
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (own_checkpoints / "ring-small").iterdir())
    store.find(small_run.digest)
    after = sorted((path.name, path.stat().st_mtime_ns) for path in (own_checkpoints / "ring-small").iterdir())
    assert before == after, "shipped runs are only read"


def test_a_damaged_shipped_run_gives_way_to_the_cache_and_stays_where_it_is(small_run, own_checkpoints):
    ship(small_run, own_checkpoints / "ring-small")
    truncate(own_checkpoints / "ring-small" / files.WEIGHTS)
    with pytest.warns(StoreWarning, match="The run in ring-small is damaged and not used"):
        assert store.find(small_run.digest) is None
    with pytest.warns(StoreWarning), pytest.raises(RunNotFound, match="checkpoints --make ring-small"):
        store.load("ring-small")
    store.save(small_run)
    with pytest.warns(StoreWarning, match="damaged"):
        assert same(store.find(small_run.digest), small_run)
    assert (own_checkpoints / "ring-small" / files.WEIGHTS).exists()


def test_a_shipped_run_without_a_readable_config_is_left_out(small_run, own_checkpoints):
    ship(small_run, own_checkpoints / "ring-small")
    (own_checkpoints / "ring-small" / files.CONFIG).write_text("{")
    with pytest.warns(StoreWarning, match="The shipped run ring-small cannot be used"):
        assert store.shipped_digests() == {}
    with pytest.raises(RunNotFound, match="The settings of the run 'ring-small' cannot be read"):
        store.config_of("ring-small")


@pytest.mark.parametrize(
    "name", ["", ABSENT, ABSENT.upper(), "../../etc", "/etc", "x" * 10_000, "a\x00b", ".", "mnist-2d"]
)
def test_other_names_are_not_found(name, kept):
    with pytest.raises(RunNotFound, match="No run is called") as caught:
        store.load(name)
    assert len(str(caught.value)) < 250
    with pytest.raises(RunNotFound, match="No run is called"):
        store.config_of(name)


def test_a_name_never_leads_out_of_the_store(kept, tmp_path):
    """A whole run beside the store is not opened by a path in the name."""
    shutil.copytree(folder(kept), tmp_path / "elsewhere")
    for name in ("../../elsewhere", str(tmp_path / "elsewhere")):
        with pytest.raises(RunNotFound):
            store.config_of(name)


def test_recent_runs_come_newest_first(small_run):
    runs = [store.save(numbered(small_run, seed)) for seed in range(3)]
    for age, run in zip((10, 30, 20), runs, strict=True):
        os.utime(folder(run) / files.METRICS, (1_000_000 - age,) * 2)
    entries = store.recent()
    assert [entry["digest"] for entry in entries] == [runs[0].digest, runs[2].digest, runs[1].digest]
    assert entries[0]["config"] == runs[0].config and entries[0]["finished_at"] == 1_000_000 - 10
    assert entries[0]["metrics"]["test_negative_elbo"] == small_run.metrics["test_negative_elbo"]
    assert [entry["digest"] for entry in store.recent(limit=1)] == [runs[0].digest]
    (folder(runs[0]) / files.METRICS).write_text("{")
    with pytest.warns(StoreWarning, match="was set aside"):
        assert len(store.recent()) == 2
    assert not folder(runs[0]).exists()


def test_a_run_cut_while_it_is_listed_is_set_aside_at_the_next_look(small_run):
    run = store.save(small_run)
    assert [entry["digest"] for entry in store.recent()] == [run.digest]
    os.truncate(folder(run) / files.CONFIG, 20)
    with pytest.warns(StoreWarning, match="was set aside"):
        assert store.recent() == []
    assert store.folder_of(run.digest) is None


def test_packing_is_unpacking(small_run, monkeypatch):
    back = store.unpack(store.pack(small_run))
    assert isinstance(back, Run) and same(back, small_run)
    monkeypatch.setenv("VAEDEMO_MAX_RUN_BYTES", "1000")
    with pytest.raises(files.DamagedRun):
        store.unpack(store.pack(small_run))


def test_no_pickle_lies_in_a_kept_run(kept):
    for path in folder(kept).iterdir():
        content = path.read_bytes()
        assert not content.startswith(b"\x80") and b"cposix" not in content
    assert json.loads((folder(kept) / files.METRICS).read_text())["status"] == "finished"
