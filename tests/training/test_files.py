"""A run as files: what is written, that it comes back exactly, and that nothing damaged does."""

import io
import json
import random
import zipfile
from dataclasses import replace

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.training import files
from vaedemo.training.files import CONFIG, FILM, HISTORY, METRICS, WEIGHTS, DamagedRun

ROOM = 10**8


def repacked(contents):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_metrics(contents, **changes):
    values = json.loads(contents[METRICS]) | changes
    return contents | {METRICS: json.dumps(values).encode()}


@pytest.fixture
def written(small_run):
    return files.to_files(small_run)


@pytest.mark.parametrize("kind", ["small_run", "small_image_run"])
def test_a_run_comes_back_exactly(kind, request):
    run = request.getfixturevalue(kind)
    back = files.from_files(files.to_files(run))
    assert back.config == run.config and back.digest == run.digest and back.status == "finished"
    assert back.history.equals(run.history), "to the last bit"
    assert back.metrics == run.metrics
    ours, theirs = run.model.state_dict(), back.model.state_dict()
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert not back.model.training and not any(p.requires_grad for p in back.model.parameters())
    assert [frame.step for frame in back.film] == [frame.step for frame in run.film]


def test_a_run_travels_as_bytes(small_run):
    back = files.from_bytes(files.to_bytes(replace(small_run, notes=("A note.", "Another."))), ROOM)
    assert back.notes == ("A note.", "Another.") and back.history.equals(small_run.history)


def test_a_run_without_history_or_film_comes_back(small_run):
    bare = replace(small_run, table={name: [] for name in small_run.table}, film=None)
    back = files.from_files(files.to_files(bare))
    assert len(back.history) == 0 and list(back.history.columns) == list(bare.history.columns) and back.film is None


def test_what_is_written_is_plain_and_the_same_each_time(written, small_run):
    assert written == files.to_files(small_run)
    assert set(written) == {CONFIG, WEIGHTS, HISTORY, METRICS, FILM}
    assert (
        RunConfig.from_dict({k: v for k, v in json.loads(written[CONFIG]).items() if k != "version"})
        == small_run.config
    )
    assert json.loads(written[METRICS])["weights_sha256"] == files.sha256(written[WEIGHTS])


def test_half_precision_halves_the_weights_and_is_widened_on_reading(small_run):
    halved = files.to_files(small_run, dtype=torch.float16)
    whole = files.to_files(small_run)
    assert len(halved[WEIGHTS]) < len(whole[WEIGHTS])
    for name, value in files.from_files(halved).model.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, small_run.model.state_dict()[name], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS, HISTORY, METRICS])
@pytest.mark.parametrize("damage", ["missing", "empty", "torn"])
def test_a_file_that_is_missing_or_torn_is_damage(written, name, damage):
    content = written.pop(name)
    if damage != "missing":
        written[name] = b"" if damage == "empty" else content[: len(content) // 2]
    if (name, damage) == (HISTORY, "torn"):
        written[name] = content[:20]  # half of a table may be a table
    with pytest.raises(DamagedRun):
        files.from_files(written)


@pytest.mark.parametrize("name", [WEIGHTS, FILM])
def test_one_flipped_bit_of_the_weights_or_the_film_is_found(written, name):
    content = bytearray(written[name])
    content[len(content) // 2] ^= 1
    with pytest.raises(DamagedRun, match=f"{name} has not the sha256"):
        files.from_files(written | {name: bytes(content)})


def test_one_flipped_bit_anywhere_is_a_named_damage_or_changes_nothing(written, small_run):
    chance = random.Random(0)
    damaged = 0
    for name in written:
        for _ in range(60):
            content = bytearray(written[name])
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            try:
                back = files.from_files(written | {name: bytes(content)})
            except DamagedRun:
                damaged += 1
            else:  # a bit of white space, or of the checksum's own name
                assert back.config == small_run.config and back.history.equals(small_run.history)
                assert small_run.metrics.items() <= back.metrics.items()
    assert damaged > 270, "nearly all of the 300"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "excellent"}, "has no status"),
        ({"status": None}, "has no status"),
        ({"notes": 5}, "notes that are no sentences"),
        ({"notes": [5]}, "notes that are no sentences"),
        ({"notes": None}, "notes that are no sentences"),
        ({"data_shape": None}, "has no data_shape"),
        ({"data_shape": [10**6]}, "has no data_shape"),
        ({"data_shape": [True]}, "has no data_shape"),
        ({"data_shape": [1, 28]}, "has no data_shape"),
        ({"data_shape": [3]}, "does not fit its config"),
        ({"weights_sha256": None}, "has not the sha256"),
        ({"seconds": "long"}, "has no number called seconds"),
        ({"test_negative_elbo": None}, "has no number called test_negative_elbo"),
        ({"active_units": True}, "has no number called active_units"),
    ],
    ids=str,
)
def test_metrics_are_checked(written, changes, says):
    with pytest.raises(DamagedRun, match=says):
        files.from_files(with_metrics(written, **changes))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[]", "is not a JSON object"),
        (b"{}", "is not of version 1"),
        (b'{"version": 2}', "is not of version 1"),
        (b'{"version": 1, "gamma": 3}', "gamma"),
        (b'{"version": 1, "epochs": ' + b"9" * 400 + b"}", "epochs accepts"),
        (b'{"version": 1, "epochs": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b'{"version": 1, "beta": NaN}', "beta accepts"),
        (b'{"version": 1, "hidden": [400], "dataset": "ring"}', "does not fit its config"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_foreign_config_is_damage(written, content, says):
    with pytest.raises(DamagedRun, match=says):
        files.from_files(written | {CONFIG: content})


@pytest.mark.parametrize("cell", ["a word", "", "1e5x", "nan"])
def test_a_history_that_is_no_table_of_numbers_is_damage(written, cell):
    lines = written[HISTORY].decode().splitlines()
    row = lines[1].split(",")
    broken = "\n".join([lines[0], ",".join([cell, *row[1:]])]).encode()
    with pytest.raises(DamagedRun, match=r"history.csv cannot be read"):
        files.from_files(written | {HISTORY: broken})
    other = "\n".join([lines[0], ",".join([row[0], "a word", *row[2:]])]).encode()
    with pytest.raises(DamagedRun, match=r"history.csv cannot be read"):
        files.from_files(written | {HISTORY: other})


def test_a_table_with_other_columns_is_damage(written):
    with pytest.raises(DamagedRun, match="its columns are"):
        files.from_files(written | {HISTORY: b"epoch,loss\n1,2\n"})


def test_weights_of_another_network_are_damage(written, small_run):
    other = files.write_tensors({"encoder.weight": torch.zeros(3)})
    contents = with_metrics(written | {WEIGHTS: other}, weights_sha256=files.sha256(other))
    with pytest.raises(DamagedRun, match=r"weights.safetensors does not fit its config"):
        files.from_files(contents)


def test_a_film_that_is_no_film_is_damage(written):
    contents = with_metrics(written | {FILM: b"no film"}, film_sha256=files.sha256(b"no film"))
    with pytest.raises(DamagedRun, match=r"film.npz: The film cannot be read"):
        files.from_files(contents)


def test_an_archive_that_is_torn_or_too_large_is_damage(small_run, written):
    whole = files.to_bytes(small_run)
    for content in (b"", b"PK", whole[:100], whole[: len(whole) // 2]):
        with pytest.raises(DamagedRun, match="archive is damaged"):
            files.from_bytes(content, ROOM)
    with pytest.raises(DamagedRun, match=r"unpacks to .* bytes, more than the 1,000 allowed"):
        files.from_bytes(whole, 1000)
    with pytest.raises(DamagedRun, match=r"weights.safetensors is missing"):
        files.from_bytes(repacked({name: content for name, content in written.items() if name != WEIGHTS}), ROOM)


def test_an_archive_s_other_files_are_not_read(written):
    """Names that lead out of a folder are of no effect: nothing is unpacked to disk."""
    back = files.from_bytes(repacked(written | {"../../escaped": b"x"}), ROOM)
    assert back.status == "finished"


def test_a_byte_flipped_on_the_way_is_harmless_or_a_named_damage(small_run):
    whole = bytearray(files.to_bytes(small_run))
    chance = random.Random(1)
    for _ in range(60):
        torn = bytearray(whole)
        torn[chance.randrange(len(torn))] ^= 1 << chance.randrange(8)
        try:
            files.from_bytes(bytes(torn), ROOM)
        except DamagedRun:
            continue
