"""The clinic's records: small, complete, sealed; no runs; and the programs that ran differ in one line."""

import difflib
import io
import json
import shutil

import numpy as np
import pytest

import vaedemo as vd
from vaedemo import settings
from vaedemo.clinic import diseases, making, records
from vaedemo.clinic.digits import TRAIN, mean_image_loss, parts
from vaedemo.clinic.records import DamagedRecord
from vaedemo.rules import ConfigError
from vaedemo.training import store
from vaedemo.training.run_folder import load_folder

CLINIC = settings.REPOSITORY / "clinic"
MOST_BYTES = 6_000_000


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of two records, in the place of the clinic."""
    for name in ("healthy", "patient-1"):
        shutil.copytree(CLINIC / name, tmp_path / name)
    monkeypatch.setenv("VAEDEMO_CLINIC", str(tmp_path))
    return tmp_path


def test_the_clinic_has_its_records_alone_in_at_most_6_mb():
    assert {entry.name for entry in CLINIC.iterdir()} == set(diseases.RECORDS)
    files = [file for file in CLINIC.rglob("*") if file.is_file()]
    assert len(files) == len(records.LARGEST) * len(diseases.RECORDS)
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES


def test_none_of_its_files_is_a_pickle():
    assert {file.suffix for file in CLINIC.rglob("*") if file.is_file()} == {".txt", ".csv", ".npz", ".json"}
    for file in CLINIC.rglob("*.npz"):
        with np.load(file, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "iuf" for name in arrays.files)


@pytest.mark.parametrize("name", diseases.RECORDS)
def test_a_record_is_what_the_program_of_today_left(name):
    record = records.load(name)
    assert record.program == diseases.source(name)
    names: dict = {}
    exec(compile(record.program, name, "exec"), names)
    last = 42 if name == "patient-8" else names["EPOCHS"]  # later its losses are no numbers
    assert record.curves["epoch"] == [*range(last + 1)]
    assert len(record.film) == sum(epoch <= last for epoch in making.FRAME_EPOCHS)
    for frame in record.film:
        assert frame.images.shape == (making.SIDE**2, 1, 28, 28) and frame.images.dtype == np.uint8
        assert frame.means.shape == (making.SHOWN_CODES, 2) and np.isfinite(frame.means).all()
    steps = [frame.step for frame in record.film]
    images = 4_000 if name == "patient-9" else 3_000
    assert steps == [epoch * images // names["BATCH"] for epoch in making.FRAME_EPOCHS if epoch <= last]


@pytest.mark.parametrize("disease", diseases.DISEASES, ids=lambda disease: disease.name)
def test_a_sick_program_differs_from_its_twin_in_the_one_line_that_is_shown(disease):
    pair = [records.load(name).program.splitlines() for name in (disease.twin, disease.folder)]
    lines = [
        line for line in difflib.unified_diff(*pair, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]
    assert [(line[0], line[1:].strip()) for line in lines] == [("-", disease.healthy), ("+", disease.sick)]


def test_the_two_healthy_programs_differ_in_the_number_of_axes_alone():
    pair = [diseases.source(name).splitlines() for name in ("healthy", "healthy-50")]
    assert [lines for lines in zip(*pair, strict=True) if lines[0] != lines[1]] == [("AXES = 2", "AXES = 50")]


def test_the_parts_share_no_image():
    found = parts()
    images = [{row.tobytes() for row in part.pixels.numpy().astype(np.uint8)} for part in found.values()]
    assert [len(part.y) for part in found.values()] == [TRAIN, 1_000, 1_000]
    assert sum(map(len, images)) == len(set.union(*images)) == 5_000


def test_the_mean_image_s_loss_is_that_of_a_decoder_without_z():
    x = parts()["test"].pixels.double() / 255
    mean = x.mean(0).clamp(1e-12, 1 - 1e-12)
    loss = -(x * mean.log() + (1 - x) * (1 - mean).log()).sum(1).mean().item()
    assert mean_image_loss() == pytest.approx(loss, abs=1e-6)


@pytest.mark.parametrize("name", diseases.RECORDS)
def test_no_record_can_be_loaded_as_a_run(name):
    with pytest.raises(store.RunNotFound):
        vd.load(CLINIC / name)
    with pytest.raises(store.RunNotFound):
        vd.load(name)
    assert name not in store.shipped()


def test_a_record_with_a_run_s_config_is_still_no_run(tmp_path):
    shutil.copytree(CLINIC / "healthy", tmp_path / "run")
    (tmp_path / "run" / "config.json").write_text(json.dumps({"version": 1} | vd.RunConfig().to_dict()))
    with pytest.raises(ValueError, match=r"weights\.safetensors is missing"):
        load_folder(tmp_path / "run")


@pytest.mark.parametrize("name", [records.PROGRAM, records.CURVES, records.FRAMES])
def test_a_changed_file_is_refused(copied, name):
    file = copied / "patient-1" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedRecord, match=f"{name} was changed"):
        records.load("patient-1")
    assert records.load("healthy").name == "healthy"


@pytest.mark.parametrize("name", records.LARGEST)
def test_a_large_or_missing_file_is_refused_before_it_is_read(copied, name):
    file = copied / "patient-1" / name
    with file.open("wb") as opened:
        opened.truncate(records.LARGEST[name] + 1)
    with pytest.raises(DamagedRecord, match="has more than"):
        records.load("patient-1")
    file.unlink()
    with pytest.raises(DamagedRecord, match="cannot be read"):
        records.load("patient-1")


@pytest.mark.parametrize("seal", [b"", b"[]", b"{}", b'{"format": 2, "name": "patient-1", "sha256": {}}', b"\xff"])
def test_a_foreign_seal_is_refused(copied, seal):
    (copied / "patient-1" / records.SEAL).write_bytes(seal)
    with pytest.raises(DamagedRecord):
        records.load("patient-1")


def test_another_record_s_seal_is_refused(copied):
    shutil.copy(copied / "healthy" / records.SEAL, copied / "patient-1")
    with pytest.raises(DamagedRecord, match="something else"):
        records.load("patient-1")


@pytest.mark.parametrize(
    "table", [b"", b"epoch\n1\n2\n", b"\xff\xfe", ",".join(records.COLUMNS).encode() + b"\n1\n2\n"]
)
def test_a_table_without_its_columns_is_refused(table):
    with pytest.raises(DamagedRecord):
        records.read_curves(table, "healthy")


def test_a_loss_that_is_no_number_is_refused():
    rows = [",".join(records.COLUMNS), *(["1"] * len(records.COLUMNS) for _ in range(2))]
    text = "\n".join(row if isinstance(row, str) else ",".join(row) for row in rows)
    assert records.read_curves(text.encode(), "healthy")["test_kl"] == [1, 1]
    with pytest.raises(DamagedRecord):
        records.read_curves(text.replace("1,1\n", "1,nan\n", 1).encode(), "healthy")


def test_a_record_is_read_as_it_was_written(copied):
    record = records.load("healthy")
    for name, content in records.to_files(record).items():
        if name != records.FRAMES:
            assert content == (copied / "healthy" / name).read_bytes()
    again = np.load(io.BytesIO(records.to_files(record)[records.FRAMES]), allow_pickle=False)
    np.testing.assert_array_equal(again["images"], np.stack([frame.images for frame in record.film]))


def test_an_unknown_name_is_one_sentence():
    for ask in (records.load, diseases.source, making.make):
        with pytest.raises(ConfigError, match="patient-9"):
            ask("patient-10")
