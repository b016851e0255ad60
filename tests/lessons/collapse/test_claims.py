"""What the steps of the page on collapse say, against the shipped measurements and the closed forms."""

import csv
import math

import numpy as np
import pytest
import torch

from vaedemo import settings
from vaedemo.app import catalogue
from vaedemo.app.lessons.collapse import data, plots, spectrum, steps
from vaedemo.probability import ppca
from vaedemo.training import collapse

DEFAULTS = {"part": "axes", "cure": "plain", "plane": "bernoulli", "variance": 1.0}


def said(name, **changes):
    step = next(each for each in steps.STEPS if each.name == name)
    values = DEFAULTS | step.view | changes
    assert step.holds(values)
    return step.say(values)


@pytest.fixture(scope="module")
def table():
    """The shipped file as numpy has it: by cure and name, one number for each seed."""
    file = settings.current().checkpoints / collapse.END
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    names = [name for name in rows[0] if name not in ("cure", "seed")]
    return {
        cure: {name: np.array([float(row[name]) for row in rows if row["cure"] == cure]) for name in names}
        for cure in collapse.CURES
    }


def total(table, cure):
    return table[cure]["reconstruction"] + table[cure]["kl"]


def per_axis(table, cure):
    """(seeds, axes)"""
    return np.array([table[cure][f"kl_{axis}"] for axis in range(1, collapse.AXES + 1)]).T


def standard_errors(differences):
    """The mean of paired differences in standard errors."""
    return differences.mean() / (differences.std(ddof=1) / math.sqrt(len(differences)))


def in_use(table, cure):
    """The axes in use of each seed."""
    return (per_axis(table, cure) > 0.1).sum(axis=1)


def test_claim_few_axes_are_in_use_and_the_others_have_almost_no_kl(table):
    counts = in_use(table, "plain")
    assert f"**{counts[0]}**" in said("answer")
    assert (counts < collapse.AXES / 2).all() and counts.std() < 1, "of every seed"
    for kl, count in zip(per_axis(table, "plain"), counts, strict=True):
        assert kl[count:].max() < 0.05 and kl[:count].sum() > 0.95 * kl.sum()


def test_active_units_differ_more_between_seeds_than_axes_in_use(table):
    """Which is why the page counts axes in use."""
    assert table["plain"]["active_units"].std() > 2 * in_use(table, "plain").std()


def test_claim_a_linear_vae_keeps_the_axes_above_the_line():
    """By the ELBO of the linear VAE itself: a weight on an axis raises it above the line and not below."""
    variances = spectrum.eigenvalues()
    x = catalogue.images("fashion")[0].as_data().flatten(1).double()
    by_svd = torch.linalg.svdvals(x - x.mean(0))[: collapse.AXES].square() / (len(x) - 1)
    assert variances.tolist() == pytest.approx(by_svd.tolist(), rel=1e-8)
    assert f"**{int((by_svd > 0.3).sum())}** axes live, at σ² = 1 there are {int((by_svd > 1).sum())}" in said("line")
    for noise in (0.3, 1.0):
        gains = [elbo(value, 0.05, noise) - elbo(value, 0.0, noise) for value in variances.tolist()]
        assert [gain > 0 for gain in gains] == [value > noise + 0.05**2 / 2 for value in variances.tolist()]


def elbo(variance, weight, noise):
    """The mean ELBO of points with this variance on one axis under z ↦ weight · z, with the best q."""
    x = torch.tensor([[-1.0], [1.0]], dtype=torch.float64) * math.sqrt(variance)
    weights, mean = torch.full((1, 1), weight, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    return ppca.elbo(x, weights, noise, mean).mean().item()


@pytest.mark.parametrize("cure", steps.SCHEDULES)
def test_claim_a_small_beta_raises_the_kl_a_few_more_axes_stay_and_the_elbo_gains_nothing(cure, table):
    moments = data.moments(cure)
    most, end = max(each.kl for each in moments), table[cure]["kl"].mean()
    assert most > 1.3 * end and max(moments, key=lambda each: each.kl).beta < 0.5
    assert moments[0].beta == 0 and moments[-1].beta == 1
    kept, plain = in_use(table, cure), in_use(table, "plain")
    assert (kept > plain).all() and kept.max() < 20
    gains = total(table, cure) - total(table, "plain")
    assert gains.mean() > 0 and gains.mean() < 1, "nats, of 240: not better, and close"
    text = said("schedules", cure=cure)
    assert f"up to {most:.0f} nats" in text and f"{kept.mean():.1f} axes stay in use, {plain.mean():.1f}" in text
    assert f"**{gains.mean():.1f} ± {gains.std(ddof=1):.1f} nats**" in text


def test_claim_free_bits_open_every_axis_raise_the_kl_and_worsen_the_elbo(table):
    assert (in_use(table, "free-bits") == collapse.AXES).all()
    worse = total(table, "free-bits") - total(table, "plain")
    assert standard_errors(worse) > 4 and f"**{worse.mean():.1f} nats** higher" in said("floor")
    assert (table["free-bits"]["kl"] > table["plain"]["kl"]).all()
    bound = collapse.config("free-bits").free_bits
    assert (abs(per_axis(table, "free-bits") - bound) < 0.2 * bound).mean() > 0.8, "most of them close to λ"
    saved = table["plain"]["reconstruction"] - table["free-bits"]["reconstruction"]
    assert abs(saved.mean()) < 0.1 * worse.mean(), "the reconstruction loss hardly changes"
    assert f"rises to {table['free-bits']['kl'].mean():.1f}" in said("floor")


def test_claim_a_learned_noise_shrinks_and_axes_come_alive(table):
    noise = table["learned"]["noise_variance"]
    assert (noise < 0.1).all() and (in_use(table, "learned") > in_use(table, "fixed")).all()
    error = 2 * noise * (table["learned"]["reconstruction"] - 392 * np.log(2 * math.pi * noise))
    before = 2 * (table["fixed"]["reconstruction"] - 392 * math.log(2 * math.pi))
    assert (error < 0.7 * before).all()
    text = said("noise")
    assert f"{1 - error.mean() / before.mean():.0%} smaller" in text
    assert f"σ² = {noise.mean():.3f}" in text and f"**{in_use(table, 'learned').mean():.0f}** axes" in text
    assert spectrum.alive({"variance": noise.mean()}) == collapse.AXES, "the notes: of a linear VAE"
    assert [row.squared_error for row in data.rows("learned")] == pytest.approx(error.tolist(), rel=1e-4)
    assert error.mean() / 784 == pytest.approx(noise.mean(), rel=0.2), "the best σ² is the mean error of a pixel"


def test_claim_with_a_noise_of_one_free_bits_only_cost(table):
    more, worse = (
        table["fixed-free-bits"]["kl"] - table["fixed"]["kl"],
        total(table, "fixed-free-bits") - total(table, "fixed"),
    )
    assert (more > 0).all() and standard_errors(worse) > 4
    assert (total(table, "fixed-warm-up") - total(table, "fixed")).mean() > 0, "the notes: nor does warm-up help"
    text = said("illness")
    assert f"by {more.mean():.1f} nats" in text and f"**{worse.mean():.1f} nats** worse" in text


def test_the_goals_can_be_reached_and_are_not_met_at_first():
    line, active = steps.GOALS
    assert not line.met(DEFAULTS | {"part": "spectrum"}) and line.met(DEFAULTS | {"part": "spectrum", "variance": 0.3})
    assert [active.met(DEFAULTS | {"cure": cure}) for cure in collapse.CURES] == 7 * [False] + [True], "learned σ²"


@pytest.mark.parametrize("name", ["bernoulli", "fixed"])
def test_the_dotted_lines_have_equal_elbo(name):
    figure = plots.plane(name, is_open=False, tall=300)
    dotted = [trace for trace in figure.data if trace.line.dash == "dot"]
    assert len(dotted) == plots.LEVELS
    for trace in dotted:
        first, last = (x + y for x, y in zip(trace.x, trace.y, strict=True))
        assert first == pytest.approx(last)
