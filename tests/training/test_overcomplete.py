"""The curves of the page on over-complete codes: rows that are measured again, and what they must say together."""

import pytest
import torch

from vaedemo.datasets import load
from vaedemo.training import overcomplete, store

ROWS = overcomplete.read()


def one(kind: str, size: int) -> dict:
    (found,) = [row for row in ROWS if (row["kind"], row["size"]) == (kind, size)]
    return found


@pytest.mark.parametrize(("kind", "size"), [("none", 4), ("kl", 2), ("l1", 2), ("pca", 16)])
def test_a_row_is_measured_again(kind, size):
    """Within 2 %: other machines round otherwise, and training makes the difference grow."""
    torch.manual_seed(123)  # which must not matter
    now = overcomplete.row(kind, size)
    for name in overcomplete.COLUMNS[2:]:
        assert now[name] == pytest.approx(one(kind, size)[name], rel=0.02, abs=1e-4)


def test_the_curves_have_every_size_of_every_kind():
    expected = {(kind, size) for kind in overcomplete.KINDS for size in overcomplete.SIZES}
    expected |= {("pca", size) for size in overcomplete.SIZES if size < overcomplete.PIXELS}
    assert {(row["kind"], row["size"]) for row in ROWS} == expected and len(ROWS) == len(expected)


def test_shipped_nets_lie_on_the_curves():
    """Within 1 %: shipped weights have 16 bits."""
    for kind, size in overcomplete.SHIPPED:
        measured = overcomplete.measure(store.load(f"wide-{kind}-{size}"))
        for name, value in measured.items():
            assert value == pytest.approx(one(kind, size)[name], rel=0.01, abs=2e-3)


def test_the_row_of_pca_is_that_of_its_eigenvectors():
    """Against numpy's eigenvectors of the training covariance, in float64."""
    train = load("digits", split="train").as_data("grey").flatten(1).double()
    x, noise = (each.flatten(1).double() for each in overcomplete.test_data())
    centred = train - train.mean(0)
    vectors = torch.linalg.eigh(centred.T @ centred).eigenvectors[:, -16:]
    residual = (x - train.mean(0)) - (x - train.mean(0)) @ vectors @ vectors.T
    row = overcomplete.principal(16)
    assert row["squared_error"] == pytest.approx(residual.square().mean().item(), rel=1e-6)
    passed = ((noise @ vectors @ vectors.T) * noise).sum() / noise.square().sum()
    assert row["passed"] == pytest.approx(passed.item(), rel=1e-4)


def test_a_penalty_lets_less_noise_pass_than_none():
    for size in (256, 512, 1024):
        assert one("kl", size)["passed"] < 0.6 * one("none", size)["passed"]
        assert one("l1", size)["passed"] < 0.6 * one("none", size)["passed"]
        assert one("none", size)["squared_error"] < one("l1", size)["squared_error"]


def test_text_and_rows_are_one_another(tmp_path):
    (tmp_path / "curves").mkdir()
    (tmp_path / overcomplete.FILE).write_text(overcomplete.text(ROWS), encoding="utf-8")
    assert overcomplete.read(tmp_path) == ROWS
    assert overcomplete.read(tmp_path / "nowhere") == []
