"""The scores that would tell digits from other images: by another way, and the shipped counts against a sample."""

import math

import pytest
import torch

from vaedemo import datasets
from vaedemo.probability import bounds
from vaedemo.training import first_views, novelty, store

BLANK = torch.zeros(1, 1, 28, 28)


@pytest.fixture(scope="module")
def models():
    return [store.load(name).model for name in (novelty.DIGITS, novelty.CLOTHES)]


@torch.no_grad()
def summed(model, x) -> float:
    """log p(x) of one image by a plain sum over a square of z; a blank image's z lie far out, where no z is drawn."""
    z = torch.cartesian_prod(*[torch.linspace(-8, 8, 401, dtype=torch.float64)] * 2)
    fit = torch.cat([model.decode(part).log_prob(x).flatten(1).sum(1) for part in z.float().split(20_000)])
    log_joint = fit.double() - 0.5 * z.square().sum(1) - math.log(2 * math.pi)
    return float(log_joint.logsumexp(0)) + 2 * math.log(16 / 400)


def test_each_score_of_a_blank_image_is_what_another_way_finds(models):
    digits, clothes = models
    found = {
        novelty.LOG_P: summed(digits, BLANK),
        novelty.RATIO: summed(digits, BLANK) - summed(clothes, BLANK),
        novelty.ELBO: bounds.elbo(digits, BLANK, samples=20_000, generator=torch.Generator().manual_seed(1)).item(),
    }
    for score, tolerance in zip(novelty.SCORES, (0.02, 0.3, 0.02), strict=True):  # the ELBO is sampled
        assert novelty.measure(score, *models, BLANK).item() == pytest.approx(found[score], abs=tolerance), score


def test_the_shipped_counts_hold_those_of_a_sample(models):
    test = datasets.load(first_views.DATASET, split="test")
    x, y = test.as_data("binary")[::50], test.y[::50]
    for score in novelty.SCORES:
        rows = {row.nats: row for row in novelty.read(score)}
        assert sum(row.ones + row.others for row in rows.values()) == len(test)
        assert sum(row.ones for row in rows.values()) == int((test.y == 1).sum())
        values = novelty.measure(score, *models, x)
        missing = [row for row in novelty.counted(score, values, y) if row.nats not in rows]
        assert len(missing) <= 1, "another machine may round a value across a whole nat"
        for share in (0.1, 0.5, 0.9):  # three standard errors of a share of 100 images are 0.15
            found = novelty.share_below([*rows.values()], float(values.quantile(share)))
            assert found == pytest.approx(share, abs=0.15), score


def test_a_share_counts_whole_nats_below():
    rows = novelty.counted(novelty.LOG_P, torch.tensor([-3.5, -3.5, -2.1, 0.0]), torch.tensor([1, 2, 1, 3]))
    assert rows == [("log_p", -4, 1, 1), ("log_p", -3, 1, 0), ("log_p", 0, 0, 1)]
    assert [novelty.share_below(rows, value) for value in (-9.0, -3.5, -3.0, -0.1, 0.0, 1.0)] == [
        0,
        0,
        0.5,
        0.75,
        0.75,
        1,
    ]


def test_a_likelihood_is_one_of_binary_pixels_alone(models):
    with pytest.raises(ValueError, match="binary pixels"):
        novelty.measure(novelty.LOG_P, *models, BLANK + 0.5)
    with pytest.raises(ValueError, match="score accepts one of log_p, elbo, ratio, got 'p'"):
        novelty.measure("p", *models, BLANK)


def test_a_damaged_file_is_a_sentence(tmp_path):
    rows, file = [row for score in novelty.SCORES for row in novelty.read(score)], tmp_path / novelty.FILE
    file.parent.mkdir()
    whole = novelty.text(rows)
    file.write_text(whole, encoding="utf-8")
    assert novelty.read(novelty.ELBO, tmp_path) == novelty.read(novelty.ELBO)
    damaged = (novelty.text(rows[1:]), novelty.text(rows[::-1]), novelty.text([*rows, rows[-1]]), "score\nelbo", "")
    for text in (*damaged, whole.replace("ones", "digits"), whole.replace("elbo", "bound"), whole + "ratio,1\n"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(datasets.DataUnavailable):
            novelty.read(novelty.LOG_P, tmp_path)
