"""A run in a folder of the user's: there and back bit for bit, whole or not at all, and nothing else is overwritten."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import vaedemo as vd
from vaedemo.settings import REPOSITORY
from vaedemo.training import files, store


def state(folder):
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


def test_there_and_back_bit_for_bit(small_run, tmp_path):
    folder = small_run.save(str(tmp_path / "deep" / "run"))
    assert folder == tmp_path / "deep" / "run" and state(folder).keys() == {*files.REQUIRED, files.FILM}
    for back in (vd.load(folder), vd.load(str(folder))):
        assert back.config == small_run.config and back.metrics == small_run.metrics
        assert back.history.equals(small_run.history) and back.digest == small_run.digest
        ours, theirs = small_run.model.state_dict(), back.model.state_dict()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert state(back.save(tmp_path / "copy")) == state(folder)
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_a_fresh_process_reads_it_without_the_data(tmp_path):
    x = np.random.default_rng(3).random((12, 6, 6))
    run = vd.fit(x, vd.RunConfig(hidden=(4,), epochs=1))
    folder = run.save(tmp_path / "run")
    np.save(tmp_path / "x.npy", x[:, None])
    code = (
        "import sys, numpy, torch, vaedemo as vd\n"
        "run, x = vd.load(sys.argv[1]), numpy.load(sys.argv[2])\n"
        "terms = run.model.elbo(x, generator=torch.Generator().manual_seed(0))\n"
        "print(run.digest, run.title, terms.elbo.sum().item().hex())\n"
        "try: vd.datasets.load(run.config.dataset)\n"
        "except vd.datasets.DataUnavailable as error: print(error)"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(folder), str(tmp_path / "x.npy")]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    expected = run.model.elbo(x[:, None], generator=torch.Generator().manual_seed(0)).elbo.sum().item().hex()
    first, second = done.stdout.splitlines()
    assert first == f"{run.digest} {run.title} {expected}"
    assert second.startswith("The own images ") and "not in this process" in second


def test_a_run_is_replaced_and_something_else_is_not_touched(small_run, small_image_run, tmp_path):
    (tmp_path / "empty").mkdir()
    folder = small_run.save(tmp_path / "empty")
    small_image_run.save(folder)
    assert vd.load(folder).digest == small_image_run.digest and len(list(tmp_path.iterdir())) == 1
    (folder / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = state(folder)
    for target in (folder, tmp_path / "file", tmp_path / "link"):
        with pytest.raises(FileExistsError, match="saved as a folder of its own"):
            small_run.save(target)
    assert state(folder) == before and (tmp_path / "file").read_text() == "mine"


def test_a_disk_that_fails_leaves_the_run_of_before(small_run, small_image_run, tmp_path, monkeypatch):
    folder = small_run.save(tmp_path / "run")
    before = state(folder)
    rename = type(folder).rename

    def full(path, target):
        if str(path).endswith("-new"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", full)
    with pytest.raises(OSError, match="No space"):
        small_image_run.save(folder)
    assert state(folder) == before and [entry.name for entry in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("target", [None, 3, "", b"run", "run\0", ["run"]])
def test_what_is_no_folder(small_run, target):
    with pytest.raises(vd.ConfigError, match="folder accepts a folder, as text or as a path"):
        small_run.save(target)


def test_a_folder_without_a_whole_run_is_one_sentence(small_run, tmp_path):
    with pytest.raises(store.RunNotFound, match=r"The folder '.*nowhere' cannot be read: No such file"):
        vd.load(tmp_path / "nowhere")
    with pytest.raises(store.RunNotFound, match=r"The folder '.*' holds no run\.$"):
        vd.load(tmp_path)
    folder = small_run.save(tmp_path / "run")
    damages = {
        files.METRICS: lambda content: content.replace(b'"finished"', b'"stopped" '),
        files.WEIGHTS: lambda content: content[:-1],
        files.CONFIG: lambda content: b"{}",
        files.FILM: lambda content: content + b"0",
    }
    for name, damage in damages.items():
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(damage(whole))
        with pytest.raises(files.DamagedRun, match=r"The run in '.*run' cannot be used: ") as caught:
            vd.load(folder)
        assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
        (folder / name).write_bytes(whole)
    assert vd.load(folder).digest == small_run.digest


def test_a_folder_larger_than_is_read_is_refused_before_it_is_read(small_run, tmp_path, monkeypatch):
    folder = small_run.save(tmp_path / "run")
    monkeypatch.setenv("VAEDEMO_MAX_RUN_BYTES", "1000")
    with pytest.raises(files.DamagedRun, match="more than the 1,000 allowed"):
        vd.load(folder)
    with pytest.raises(ValueError, match=r"up to 1,000 are read again \(VAEDEMO_MAX_RUN_BYTES\)"):
        small_run.save(folder)


def test_names_and_digests_come_before_folders(small_run, tmp_path, monkeypatch):
    small_run.save(tmp_path / "mnist-2d")
    small_run.save(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert vd.load("mnist-2d").config.dataset == "mnist-55k" and vd.load("mine").digest == small_run.digest
