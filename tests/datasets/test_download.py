import builtins
import sys
import threading

import numpy as np
import pytest

from vaedemo.datasets import DataUnavailable, download, load, torchvision_sets
from vaedemo.datasets.sources import FILES, SOURCES


@pytest.fixture
def raw(data_folder):
    return data_folder / "MNIST" / "raw"


def whole(part, arrays, prefix="train"):
    return np.array_equal(part.x.numpy()[:, 0], arrays[f"{prefix}-images-idx3-ubyte"])


def downloads(mirror):
    """How often the set was downloaded; torchvision asks for each file twice."""
    return len(mirror.requests) / 8


def refused(*arguments, **keywords):
    with pytest.raises(DataUnavailable) as caught:
        load(*arguments, **keywords)
    message = str(caught.value)
    assert "\n" not in message and 'dataset="digits"' in message
    return message


def test_first_use_downloads(mirror, raw, capfd):
    assert whole(load("mnist", "train"), mirror.arrays)
    assert whole(load("mnist", "test"), mirror.arrays, "t10k")
    assert downloads(mirror) == 1
    # Nothing is left behind, packed files included, and torchvision's bar is silent.
    assert sorted(path.name for path in raw.iterdir()) == sorted(FILES)
    assert capfd.readouterr() == ("", "")


def test_progress_in_bytes(mirror, data_folder):
    seen = []
    mirror.gate.clear()

    def on_progress(done, total):
        seen.append((done, total))
        if done:
            mirror.gate.set()  # the server hands out the rest only when a part has been reported

    load("mnist", "train", on_progress=on_progress)
    done = [entry[0] for entry in seen]
    assert {entry[1] for entry in seen} == {mirror.total}
    assert done == sorted(done) and done[-1] == mirror.total
    assert any(0 < entry < mirror.total for entry in done)
    seen.clear()
    load("mnist", "test", on_progress=on_progress)
    assert not seen  # both splits came with the first download


def test_progress_is_called_in_the_callers_thread(mirror, data_folder):
    threads = set()
    load("mnist", "train", on_progress=lambda done, total: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ConnectionResetError("gone")])
def test_an_error_in_on_progress_ends_the_download_and_is_passed_on(mirror, raw, error):
    def on_progress(done, total):
        raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        load("mnist", "train", on_progress=on_progress)
    assert not list(raw.glob("*idx*"))
    assert whole(load("mnist", "train"), mirror.arrays)  # the lock is free again


def test_a_second_caller_waits_and_finds_the_files(mirror, data_folder):
    mirror.gate.clear()
    results = []
    callers = [threading.Thread(target=lambda: results.append(load("mnist", "train"))) for _ in range(2)]
    for caller in callers:
        caller.start()
    mirror.gate.set()
    for caller in callers:
        caller.join()
    assert len(results) == 2 and all(whole(part, mirror.arrays) for part in results)
    assert downloads(mirror) == 1


def test_offline(offline, raw):
    message = refused("mnist", "train")
    assert message.startswith("MNIST is not available (it could not be downloaded")
    assert str(raw) in message and all(name in message for name in FILES)
    assert not list(raw.iterdir())
    assert "FashionMNIST" in refused("fashion", "test")


def test_a_file_damaged_on_the_way_is_never_kept(mirror, raw):
    path = mirror.folder / f"{FILES[3]}.gz"
    path.write_bytes(path.read_bytes()[:-1])
    assert "could not be downloaded" in refused("mnist", "train")
    assert not list(raw.iterdir())


def test_a_truncated_file_is_set_aside_and_downloaded_again(mirror, raw, idx_files, caplog):
    idx_files.write(raw, mirror.arrays)
    broken = raw / FILES[0]
    torn = broken.read_bytes()[:-1]
    broken.write_bytes(torn)
    assert not torchvision_sets.on_disk("mnist", "train", raw.parents[1])
    assert whole(load("mnist", "train"), mirror.arrays)
    assert (raw / f"{FILES[0]}.broken").read_bytes() == torn
    assert "truncated" in caplog.text and f"set aside as {FILES[0]}.broken" in caplog.text


def test_a_truncated_file_offline_is_named(offline, raw, idx_files):
    arrays = idx_files.small()
    idx_files.write(raw, arrays)
    broken = raw / FILES[0]
    broken.write_bytes(broken.read_bytes()[:100])
    message = refused("mnist", "train")
    assert f"{broken} is truncated" in message and f"set aside as {FILES[0]}.broken" in message
    assert whole(load("mnist", "test"), arrays, "t10k")


def test_whole_files_of_the_user_stay(mirror, raw, idx_files):
    own = idx_files.small(seed=9)
    idx_files.write(raw, {name: own[name] for name in FILES[:2]})
    assert whole(load("mnist", "test"), mirror.arrays, "t10k")
    assert whole(load("mnist", "train"), own)


def test_leftovers_of_a_killed_download_go(mirror, raw):
    leftover = raw / "incoming-killed" / "MNIST"
    leftover.mkdir(parents=True)
    (leftover / "part.gz").write_bytes(b"part")
    load("mnist", "train")
    assert sorted(path.name for path in raw.iterdir()) == sorted(FILES)


def test_a_silent_network_is_given_up(mirror, raw, monkeypatch):
    monkeypatch.setattr(download, "STALL_SECONDS", 0.5)
    mirror.gate.clear()
    assert "stood still" in refused("mnist", "train")
    assert not list(raw.glob("*idx*"))


@pytest.mark.parametrize("below", ["", "MNIST", "MNIST/raw"])
def test_a_folder_that_cannot_be_written(mirror, data_folder, below):
    # A file stands where the folder should: refused for every user, root included.
    blocked = data_folder / below
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("in the way")
    message = refused("mnist", "train")
    assert f"{data_folder / 'MNIST' / 'raw'} cannot be written" in message
    assert not mirror.requests


def test_a_full_disk(mirror, raw, monkeypatch):
    def full(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.tempfile, "TemporaryDirectory", full)
    assert f"{raw} cannot be written: No space left on device" in refused("mnist", "train")


@pytest.mark.parametrize(
    "error", [ImportError("undefined symbol"), RuntimeError("operator torchvision::nms does not exist")]
)
def test_a_torchvision_that_does_not_fit(data_folder, monkeypatch, error):
    original = builtins.__import__

    def refuse(name, *arguments, **keywords):
        if name.split(".")[0] == "torchvision":
            raise error
        return original(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", refuse)
    message = refused("mnist", "train")
    assert "install the torchvision that matches torch" in message and str(error) in message


def test_data_on_disk_need_no_torchvision(data_folder, raw, idx_files, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    arrays = idx_files.small()
    idx_files.write(raw, arrays)
    assert whole(load("mnist", "train"), arrays)


def test_the_sources_are_torchvisions():
    from torchvision import datasets

    for source in SOURCES.values():
        described = getattr(datasets, source.class_name)
        assert tuple(name.removesuffix(".gz") for name, _ in described.resources) == FILES
