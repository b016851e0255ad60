"""What the steps on pre-training say, against the shipped measurements, computed with other code."""

import statistics

import pytest
from scipy import stats

from vaedemo.app.lessons.pretraining import gains, steps
from vaedemo.training import label_curve, store

FEW, MANY = steps.FEW, steps.MANY
DEFAULTS = {"part": "curves", "source": "shipped", "labels": 100, "code": "20", "use": "frozen"}


def differences(code: str, method: str, labels: int) -> list[float]:
    """Accuracy minus that of the net from scratch, in points, of each seed."""
    rows = {row[:3]: row.accuracy for row in gains.curves_of(code)}
    return [100 * (rows[method, labels, seed] - rows["scratch", labels, seed]) for seed in label_curve.SEEDS]


def is_plain(each: list[float]) -> bool:
    """Whether 0 lies outside the 95 % interval of the mean."""
    low, high = stats.t.interval(0.95, len(each) - 1, statistics.fmean(each), stats.sem(each))
    return low > 0 or high < 0


def said(name: str) -> str:
    (step,) = (step for step in steps.STEPS if step.name == name)
    return step.say(DEFAULTS | step.view)


def mean(*which) -> str:
    return f"{statistics.fmean(differences(*which)):+.1f}".replace("-", "−")


def test_the_interval_is_student_s():
    assert stats.t.ppf(0.975, len(label_curve.SEEDS) - 1) == pytest.approx(gains.T_95, abs=1e-3)
    each = differences("20", "frozen", FEW)
    assert gains.gain("20", "frozen", FEW) == pytest.approx((statistics.fmean(each), stats.sem(each)))


def test_claim_a_frozen_encoder_helps_with_20_labels_and_not_with_1000():
    few, many = (differences("20", "frozen", labels) for labels in (FEW, MANY))
    assert (FEW, MANY) == (20, 1000) and len(few) == 5
    assert is_plain(few) and all(each > 0 for each in few) and not is_plain(many)
    assert f"**{statistics.fmean(few):.1f} points**" in said(
        "answer"
    ) and f"labels {mean('20', 'frozen', MANY)}" in said("answer")


def test_claim_raw_pixels_gain_less_than_the_codes():
    pairs = zip(differences("20", "frozen", FEW), differences("20", "pixels", FEW), strict=True)
    assert is_plain([codes - pixels for codes, pixels in pairs])
    assert not is_plain(differences("20", "pixels", FEW)) or statistics.fmean(differences("20", "pixels", FEW)) < 0
    assert f"**{mean('20', 'pixels', FEW)} points**" in said("pixels")


def test_claim_fine_tuning_loses_with_20_labels_and_is_better_than_frozen_with_1000():
    few, many = (differences("20", "finetuned", labels) for labels in (FEW, MANY))
    assert is_plain(few) and statistics.fmean(few) < 0
    assert is_plain(many) and statistics.fmean(many) > 0
    frozen = differences("20", "frozen", MANY)
    assert is_plain([tuned - still for tuned, still in zip(many, frozen, strict=True)])
    assert f"**{mean('20', 'finetuned', FEW)} points**" in said("tuned") and mean("20", "finetuned", MANY) in said(
        "tuned"
    )


def test_claim_the_encoder_with_32_axes_has_no_clear_gain_although_it_copies_better():
    for labels in label_curve.FEW_LABELS:
        each = differences("32", "frozen", labels)
        assert not is_plain(each) or statistics.fmean(each) < 0
    assert not is_plain(differences("32", "frozen", FEW))
    losses = [store.load(gains.ENCODERS[code]).metrics["test_reconstruction"] for code in ("32", "20")]
    assert losses[0] < losses[1], "its copies are closer to x"
    assert mean("32", "frozen", FEW) in said("another")


def test_the_goals_can_be_met_and_are_not_met_at_first():
    assert not any(goal.met(DEFAULTS) for goal in steps.GOALS)
    met = [[n for n in label_curve.LABELS if goal.met(DEFAULTS | {"labels": n})] for goal in steps.GOALS]
    assert met == [[500], [20]]
