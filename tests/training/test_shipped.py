"""How shipped runs are made, and what those that ship must be."""

import pytest
import torch

from vaedemo import settings
from vaedemo.config import ConfigError, RunConfig
from vaedemo.training import files, shipped, shipped_runs, store
from vaedemo.training.evaluate import evaluate

TINY = RunConfig(dataset="ring", hidden=(6,), epochs=2, batch_size=100, train_size=300)


@pytest.fixture
def own_checkpoints(tmp_path, monkeypatch):
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setitem(shipped_runs.NAMED, "tiny", TINY)
    monkeypatch.setattr(shipped, "FILMED", shipped_runs.FILMED | {"tiny"})
    return tmp_path / "checkpoints"


def test_a_run_is_made_from_nothing_and_found_by_name(own_checkpoints, own_settings, ring):
    reports = []
    made = shipped.make("tiny", on_progress=reports.append)
    assert [report.rows[0]["epoch"] for report in reports if report.rows is not None] == [1, 2]
    loaded = store.load("tiny")
    assert loaded.config == TINY and loaded.metrics == made.metrics
    assert (
        loaded.metrics["test_negative_elbo"] == evaluate(loaded.model, ring[1].as_data(), ring[1].y, 0)["negative_elbo"]
    )
    assert not own_settings.exists(), "nothing goes through the cache"
    for name, value in loaded.model.state_dict().items():
        assert torch.equal(value, value.half().float()), f"{name} has more than 16 bits"
        assert torch.equal(value, made.model.state_dict()[name])


def test_an_autoencoder_is_made_without_active_units_and_without_a_film(own_checkpoints, monkeypatch):
    monkeypatch.setitem(shipped_runs.NAMED, "plain", TINY.replace(model="autoencoder"))
    shipped.make("plain")
    loaded = store.load("plain")
    assert loaded.film is None and loaded.status == "finished"
    assert {"test_kl", "test_negative_elbo", "active_units"}.isdisjoint(loaded.metrics)
    assert {path.name for path in (own_checkpoints / "plain").iterdir()} == set(files.REQUIRED)


def test_making_it_again_replaces_it_with_the_same(own_checkpoints):
    first = shipped.make("tiny")
    (own_checkpoints / "tiny" / "left-over").write_text("x")
    again = shipped.make("tiny")
    assert first.metrics["test_negative_elbo"] == again.metrics["test_negative_elbo"]
    assert {path.name for path in own_checkpoints.iterdir()} == {"tiny"}
    assert {path.name for path in (own_checkpoints / "tiny").iterdir()} == {*files.REQUIRED, files.FILM}


def test_a_failed_write_leaves_what_was_there(own_checkpoints, monkeypatch, small_run):
    shipped.make("tiny")

    def damaged(contents):
        raise files.DamagedRun("it does not read back")

    with monkeypatch.context() as broken:
        broken.setattr(files, "from_files", damaged)
        with pytest.raises(files.DamagedRun):
            shipped.write(small_run, own_checkpoints / "tiny")
    assert store.load("tiny").config == TINY and [path.name for path in own_checkpoints.iterdir()] == ["tiny"]


def test_an_unknown_name_is_refused(own_checkpoints):
    with pytest.raises(ConfigError, match="one of mnist-2d, mnist-20d, fashion-2d, fashion-20d, ring-2d"):
        shipped.make("mnist-3d")


@pytest.mark.parametrize("name", sorted(shipped_runs.NAMED))
def test_the_run_that_ships_is_whole_and_is_the_one_the_code_would_make(name):
    assert name in store.shipped(), "made by `make checkpoints`"
    run = store.load(name)
    assert run.config.digest == shipped_runs.NAMED[name].digest and run.status == "finished" and run.notes == ()
    assert run.metrics["epochs_done"] == run.config.epochs == len(run.history)
    assert len(run.film) > 20 if name in shipped_runs.FILMED else run.film is None
    assert run.config.dataset != "mnist", "judged on images that mnist trains on"


def test_all_that_ships_is_small():
    sizes = [path.stat().st_size for path in settings.current().checkpoints.rglob("*") if path.is_file()]
    assert sum(sizes) <= 42_000_000


def test_the_shipped_ring_still_gives_its_figures(ring):
    """The stored figures are those of the stored weights, to the rounding of another machine's arithmetic."""
    run = store.load("ring-2d")
    measured = evaluate(run.model, ring[1].as_data(), ring[1].y, run.config.seed)
    for name, value in measured.items():
        assert run.metrics[f"test_{name}"] == pytest.approx(value, abs=1e-3)
