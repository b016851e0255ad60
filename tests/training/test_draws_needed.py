"""How many random z are needed: the annealing against quadrature, the shipped rows against a second measurement."""

import pytest
import torch

from vaedemo import datasets
from vaedemo.probability import bounds
from vaedemo.training import draws_needed, first_views, store

DIGIT = first_views.DIGIT


@pytest.fixture(scope="module")
def x():
    return first_views.digits()[DIGIT : DIGIT + 1]


def row(axes: int) -> draws_needed.Row:
    return next(each for each in draws_needed.read() if (each.axes, each.digit) == (axes, DIGIT))


def test_annealing_finds_what_quadrature_knows(x):
    model = store.load(draws_needed.RUNS[2]).model
    exact = draws_needed.on_grid(model, x)
    assert row(2)[2:] == pytest.approx(exact, abs=2e-3)
    assert exact[0] == pytest.approx(bounds.log_marginal_grid(model, x).item(), abs=1e-3)
    assert draws_needed.annealed(model, x, temperatures=80) == pytest.approx(exact, abs=0.8)


def test_the_shipped_row_of_20_axes_is_measured_again_with_fewer_temperatures(x):
    model = store.load(draws_needed.RUNS[20]).model
    again = draws_needed.annealed(model, x, seed=1, temperatures=80)
    assert again == pytest.approx(row(20)[2:], abs=2.5)
    bound = bounds.iwae(model, x, samples=2_000, generator=torch.Generator().manual_seed(0)).item()
    assert row(20).log_marginal > bound - 0.5, "a lower bound in expectation"


def test_with_20_axes_every_digit_needs_more_than_with_2():
    rows = draws_needed.read()
    two, twenty = rows[: draws_needed.DIGITS], rows[draws_needed.DIGITS :]
    assert all(many.needed > few.needed + 4 for few, many in zip(two, twenty, strict=True))


def test_a_damaged_file_is_a_sentence(tmp_path):
    rows, file = draws_needed.read(), tmp_path / draws_needed.FILE
    file.parent.mkdir()
    file.write_text(draws_needed.text(rows), encoding="utf-8")
    assert draws_needed.read(tmp_path) == rows
    for damaged in (draws_needed.text(rows[1:]), "axes\n1", "", draws_needed.text(rows).replace("needed", "draws")):
        file.write_text(damaged, encoding="utf-8")
        with pytest.raises(datasets.DataUnavailable):
            draws_needed.read(tmp_path)
