"""The measured cures of posterior collapse: small trainings against ones by hand, and the shipped numbers together."""

import math

import pytest
import torch

from vaedemo import datasets
from vaedemo.training import collapse, loop
from vaedemo.training.evaluate import evaluate


@pytest.fixture
def small(monkeypatch, few_digits):
    """A small training in place of the shipped ones, and its data: five epochs of ten steps."""
    base = collapse.BASE.replace(
        dataset="digits", hidden=(8,), latent_dim=4, train_size=0, epochs=2, batch_size=len(few_digits[0]) // 10
    )
    monkeypatch.setattr(collapse, "BASE", base)
    monkeypatch.setattr(collapse, "SEEDS", (0, 3))
    return few_digits


def test_a_row_and_its_way_are_those_of_a_training_alone(small):
    rows, moments = collapse.measure("cycles", *small)
    assert [(row.cure, row.seed) for row in rows] == [("cycles", 0), ("cycles", 3)]
    alone = loop.fit(collapse.config("cycles", 3), *small)
    x = small[1].as_data("grey")
    terms = evaluate(alone.model, x, small[1].y, 3)
    for name, value in (("reconstruction", rows[1].reconstruction), ("kl", rows[1].kl)):
        assert value == pytest.approx(terms[name], rel=1e-3)
    mu, logvar = alone.model.posterior(x)
    by_hand = (0.5 * (mu**2 + logvar.exp() - 1 - logvar)).mean(0).sort(descending=True).values
    assert rows[1].per_axis == pytest.approx(by_hand.tolist(), rel=1e-2, abs=1e-4)
    assert rows[1].active_units == int((mu.var(0) > 0.01).sum())
    steps = alone.metrics["steps_done"]
    assert [each.step for each in moments] == [*range(0, steps, collapse.EVERY)]
    cycle = steps / 4
    for each in moments:
        assert each.beta == pytest.approx(min(1, each.step % cycle / (cycle / 2)), abs=1e-9)


def test_the_error_of_a_gaussian_is_that_of_its_images(small):
    rows, _ = collapse.measure("learned", *small)
    run = loop.fit(collapse.config("learned", 0), *small)
    x = small[1].as_data("grey")
    terms = evaluate(run.model, x, small[1].y, 0)["reconstruction"]
    variance = run.model.noise_variance().item()
    assert variance != 1 and rows[0].noise_variance == pytest.approx(variance, rel=1e-3)
    # −log p(x|z) is linear in ‖x − x̂‖²; two other densities of the same error give the line.
    density = torch.distributions.Normal(0.0, math.sqrt(variance))
    nothing, one = (-density.log_prob(torch.tensor(error)).item() for error in (0.0, 1.0))
    error = (terms - 784 * nothing) / (one - nothing)
    assert rows[0].squared_error == pytest.approx(error, rel=1e-3)


def test_the_configs_differ_in_their_cure_alone():
    for cure, changes in collapse.CURES.items():
        config = collapse.config(cure, 2)
        assert config.replace(**{name: getattr(collapse.BASE, name) for name in changes}, seed=0) == collapse.BASE
        assert config.latent_dim == collapse.AXES


def test_the_steps_are_counted_as_the_training_does():
    assert 12 * math.ceil(20_000 / 300) == collapse.STEPS
    last = collapse.moments()[-1].step
    assert last < collapse.STEPS <= last + collapse.EVERY


def test_the_shipped_rows_agree_with_themselves():
    for row in collapse.rows():
        assert row.kl == pytest.approx(sum(row.per_axis), rel=1e-3)
        assert list(row.per_axis) == sorted(row.per_axis, reverse=True) and min(row.per_axis) >= 0
        assert 0 < row.active_units <= collapse.AXES
        assert (row.noise_variance == 1) == (row.cure != "learned")
    ends = {each.cure: each for each in collapse.moments()}
    for cure, end in ends.items():
        found = [row for row in collapse.rows() if row.cure == cure]
        assert end.active_units == pytest.approx(sum(row.active_units for row in found) / 5, abs=2)


def test_text_and_rows_are_one_another_and_a_damaged_file_is_a_sentence(tmp_path):
    (tmp_path / "curves").mkdir()
    rows, moments = collapse.rows(), collapse.moments()
    (tmp_path / collapse.END).write_text(collapse.text(rows), encoding="utf-8")
    (tmp_path / collapse.WAY).write_text(collapse.steps_text(moments), encoding="utf-8")
    assert collapse.rows(tmp_path) == rows and collapse.moments(tmp_path) == moments
    damaged = tmp_path / "damaged"
    (damaged / "curves").mkdir(parents=True)
    for text in (
        "",
        "cure\nplain",
        collapse.text(rows[1:]),
        collapse.text(rows[::-1]),
        collapse.text(rows).rpartition(",")[0],
    ):
        (damaged / collapse.END).write_text(text, encoding="utf-8")
        collapse.read_file.cache_clear()
        with pytest.raises(datasets.DataUnavailable):
            collapse.rows(damaged)
    (damaged / collapse.WAY).write_text(collapse.steps_text(moments[::-1]), encoding="utf-8")
    with pytest.raises(datasets.DataUnavailable):
        collapse.moments(damaged)
