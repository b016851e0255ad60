"""Own data on the disk: found by another process, checked, forgotten, expired, and never too many."""

import json
import os
import time

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from vaedemo import datasets
from vaedemo.config import ConfigError
from vaedemo.datasets import DataUnavailable, kept_own, own, own_bytes

X = np.random.default_rng(1).integers(0, 256, (50, 6, 6), dtype=np.uint8)
Y = np.arange(50) % 3
POINTS = np.random.default_rng(2).normal(size=(40, 2))
GONE = r"^The own images [0-9a-f]{8} are no longer on this server: they were cleared, or not used for 24 hours\.$"


@pytest.fixture(autouse=True)
def another_process(monkeypatch):
    """Call it to stand for a process that holds nothing in memory."""

    def begin():
        monkeypatch.setattr(own, "_held", type(own._held)())

    begin()
    return begin


def kept(x=X, y=Y, class_names=None, name="mine") -> str:
    found = datasets.register(datasets.from_arrays(x, y, name=name), class_names)
    assert own.keep(found)
    return found


def age(name: str, hours: float) -> None:
    moment = time.time() - 3600 * hours
    os.utime(kept_own.path_of(name), (moment, moment))


@pytest.mark.parametrize(("x", "shape"), [(X, (1, 6, 6)), (POINTS, (2,))])
def test_another_process_finds_the_same_data(x, shape, another_process):
    name = kept(x, np.arange(len(x)) % 3, ["ant", "bee", "cat"])
    before = [datasets.load(name, part) for part in ("train", "test")]
    another_process()
    assert datasets.at_hand(name) and not own._held, "to be told that they are there, nothing is read"
    for part, first in zip(("train", "test"), before, strict=True):
        found = datasets.load(name, part)
        assert torch.equal(found.x, first.x) and torch.equal(found.y, first.y) and found.name == "mine"
    assert datasets.class_names(name) == ("ant", "bee", "cat") and datasets.data_shape(name) == shape


def test_the_file_is_safetensors_for_this_user_alone():
    name = kept(class_names=["ant", "bee", "cat"])
    path = kept_own.path_of(name)
    assert [each.name for each in path.parent.iterdir()] == [path.name], "no temporary file stays"
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0
    with safe_open(path, framework="pt") as file:
        assert torch.equal(file.get_tensor("x")[:, 0], torch.from_numpy(X)), "in the order in which they came"
        told = file.metadata()
    assert (told["kind"], told["name"], json.loads(told["class_names"])) == ("images", "mine", ["ant", "bee", "cat"])


def test_what_is_registered_alone_never_touches_the_disk(own_settings):
    name = datasets.register(datasets.from_arrays(X, Y))
    datasets.load(name)
    assert not own_settings.exists()


def test_the_first_names_of_the_classes_stay():
    name = kept(class_names=["ant", "bee", "cat"])
    assert kept(class_names=["a", "b", "c"], name="another") == name
    assert datasets.class_names(name) == ("ant", "bee", "cat") and datasets.load(name).name == "mine"


@pytest.mark.parametrize("how", ["a pixel", "cut", "text", "empty", "kind", "class names", "foreign", "nested"])
def test_a_damaged_file_counts_as_missing_with_a_warning(how, another_process, caplog):
    name = kept()
    path = kept_own.path_of(name)
    content = path.read_bytes()
    changes = {
        "a pixel": content[:-500] + bytes([content[-500] ^ 1]) + content[-499:],
        "cut": content[: len(content) // 2],
        "text": b"no data",
        "empty": b"",
        "kind": content.replace(b'"images"', b'"points"'),
        "class names": content.replace(b'[\\"0', b'{\\"0'),
        "foreign": kept_own.path_of(kept(X[:30], Y[:30])).read_bytes(),
        "nested": (60_000).to_bytes(8, "little") + b"[" * 60_000,
    }
    path.write_bytes(changes[how])
    another_process()
    with pytest.raises(DataUnavailable, match=GONE):
        datasets.load(name)
    assert not datasets.at_hand(name) and path.stat().st_size == 0, "nothing of it stays"
    assert how == "empty" or "on the disk are not used and are removed" in caplog.text
    assert kept() == name and datasets.at_hand(name), "it can be kept anew"


def test_a_file_without_what_it_must_say_is_damaged(another_process):
    name = kept()
    for tensors, told in (({"x": torch.zeros(3)}, {}), ({"x": torch.zeros(3)}, None)):
        save_file(tensors, kept_own.path_of(name), metadata=told)
        another_process()
        assert kept_own.read(name) is None


def test_the_size_is_looked_at_before_the_content(another_process, monkeypatch):
    name = kept()
    another_process()
    with kept_own.path_of(name).open("r+b") as file:
        file.truncate(own_bytes.LARGEST_BYTES + 2**21)
    monkeypatch.setattr(type(kept_own.path_of(name)), "read_bytes", None)
    assert kept_own.read(name) is None


def test_more_than_is_kept_is_one_sentence(monkeypatch):
    monkeypatch.setattr(own_bytes, "LARGEST_BYTES", 1000)
    with pytest.raises(ConfigError, match="own data accepts at most 0 MB on a server, got"):
        kept()


def test_what_is_forgotten_is_gone_in_every_process_at_once(another_process):
    name = kept()
    here = dict(own._held)
    another_process()
    own.forget(name)
    own._held.update(here)  # the first process, which still has them in memory
    assert not kept_own.path_of(name).exists() and not datasets.at_hand(name)
    with pytest.raises(DataUnavailable, match=GONE):
        datasets.load(name)
    own.forget(name)


def test_they_expire_after_their_last_use(another_process):
    name = kept()
    age(name, 23.9)
    assert datasets.load(name) and time.time() - kept_own.path_of(name).stat().st_mtime < 60
    age(name, 0.01)
    before = kept_own.path_of(name).stat().st_mtime
    assert datasets.load(name) and kept_own.path_of(name).stat().st_mtime == before, "once a minute at most"
    age(name, 24.1)
    assert not datasets.at_hand(name) and kept_own.expired() == [name]
    with pytest.raises(DataUnavailable, match=GONE):
        datasets.load(name)


def test_the_sentence_says_the_hours_of_this_server(monkeypatch):
    for hours, words in (("1", "1 hour."), ("0.5", "0.5 hours."), ("48", "48 hours.")):
        monkeypatch.setenv("VAEDEMO_UPLOAD_HOURS", hours)
        assert kept_own.gone("upload:" + "1a2b3c4d" * 8).endswith(f"not used for {words}")


def test_those_used_longest_ago_make_room_and_the_newest_stays(monkeypatch):
    names = [kept(X[:count], Y[:count]) for count in (40, 41, 42)]
    for hours, name in zip((2, 3, 1), names, strict=True):
        age(name, hours)
    size = kept_own.path_of(names[0]).stat().st_size
    monkeypatch.setenv("VAEDEMO_UPLOAD_KEPT_BYTES", str(3 * size + 1000))
    names.append(kept(X[:43], Y[:43]))
    assert [datasets.at_hand(name) for name in names] == [True, False, True, True]
    assert kept_own.was_kept(names[1]), "its empty file tells when the runs on it are over"
    monkeypatch.setenv("VAEDEMO_UPLOAD_KEPT_BYTES", "0")
    newest = kept()
    assert datasets.at_hand(newest) and not any(map(datasets.at_hand, names))


def test_a_cache_that_cannot_be_written_leaves_them_in_memory(own_settings, caplog):
    own_settings.write_text("no folder")
    name = datasets.register(datasets.from_arrays(X, Y))
    assert not own.keep(name) and "could not be kept" in caplog.text
    assert datasets.load(name) and kept_own.expired() == []
    kept_own.prepare()


def test_other_files_are_left_alone_and_old_temporary_ones_are_not(own_settings):
    kept_own.prepare()
    folder = kept_own.folder()
    for file in ("notes.txt", "x.safetensors", ".new", ".old"):
        (folder / file).write_text("x")
    for file in ("x.safetensors", ".old"):
        os.utime(folder / file, (0, 0))
    kept_own.prepare()
    assert kept_own.expired() == [] and sorted(each.name for each in folder.iterdir()) == [
        ".new",
        "notes.txt",
        "x.safetensors",
    ]


@pytest.mark.parametrize("name", ["ring", "upload:../../etc/passwd", "upload:", "", 3])
def test_another_name_makes_no_path(name):
    for use in (own.forget, kept_own.path_of):
        with pytest.raises(ConfigError, match=r"name accepts a name that vaedemo\.datasets.register gives"):
            use(name)
    assert not kept_own.is_kept(name)
