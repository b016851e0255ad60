"""log p(x) and the ELBO while the VAE trains: rows that are measured again, and what they must say together."""

from statistics import fmean

import pytest
import torch

from vaedemo import datasets
from vaedemo.training import bound_film
from vaedemo.training.loop import fit

ROWS = bound_film.read()


def rows_at(step: int) -> list[bound_film.Row]:
    return [row for row in ROWS if row.step == step]


def means(rows: list[bound_film.Row]) -> tuple[float, float]:
    """The means of log p(x) and of the ELBO over the digits."""
    return tuple(fmean(row[column] for row in rows) for column in (2, 3))


def test_the_last_rows_are_measured_again_from_the_shipped_run():
    now = bound_film.measure(bound_film.LAST, bound_film.model_at(bound_film.LAST))
    for row, kept in zip(now, rows_at(bound_film.LAST), strict=True):
        assert row[:2] == kept[:2]
        assert row[2:] == pytest.approx(kept[2:], abs=2e-3)


def test_a_model_at_a_step_is_the_training_s_up_to_there(monkeypatch):
    """On the embedded digits: one epoch of 32 steps is the start of any longer training."""
    config = bound_film.CONFIG.replace(dataset="digits")
    monkeypatch.setattr(bound_film, "CONFIG", config)
    parts = [datasets.load("digits", split=part) for part in ("train", "test")]
    whole = fit(config.replace(epochs=1), *parts).model.state_dict()
    for name, weights in bound_film.model_at(32).state_dict().items():
        assert torch.equal(weights, whole[name])


def test_every_elbo_is_a_bound():
    assert len(ROWS) == len(bound_film.STEPS) * bound_film.DIGITS
    assert all(row.elbo < row.log_marginal for row in ROWS)


def test_training_raises_both_on_average():
    (first_exact, first_elbo), (last_exact, last_elbo) = (means(rows_at(bound_film.STEPS[end])) for end in (0, -1))
    assert last_exact > first_exact + 10 and last_elbo > first_elbo + 10


def test_text_and_rows_are_one_another_and_a_damaged_file_is_named(tmp_path):
    (tmp_path / "curves").mkdir()
    file = tmp_path / bound_film.FILE
    file.write_text(bound_film.text(ROWS), encoding="utf-8")
    assert bound_film.read(tmp_path) == ROWS
    for damaged in (bound_film.text(ROWS[1:]), "step\n1", "", bound_film.text(ROWS).replace("elbo", "bound")):
        file.write_text(damaged, encoding="utf-8")
        with pytest.raises(datasets.DataUnavailable, match="restore them"):
            bound_film.read(tmp_path)
    with pytest.raises(datasets.DataUnavailable, match="cannot be read"):
        bound_film.read(tmp_path / "nowhere")
