"""What the steps of the page on over-complete codes say, measured on the shipped runs and curves."""

import itertools

import pytest
import torch

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.lessons.overcomplete import form, noise, sizes, steps, units
from vaedemo.training import overcomplete, store

PARAMETERS = (*sizes.PARAMETERS, *units.PARAMETERS, *noise.PARAMETERS, *form.PARAMETERS)
DEFAULTS = {parameter.name: parameter.default for parameter in PARAMETERS} | {"part": "sizes"}


def said(name):
    """The sentence of a step, and its view."""
    (step,) = (step for step in steps.STEPS if step.name == name)
    values = DEFAULTS | step.view
    assert step.holds(values)
    return step.say(values), values


def model(kind):
    return store.load(f"wide-{kind}-1024").model


def digits():
    images = catalogue.images("digits")[0]
    return images.as_data("grey"), images.y


def curve(kind, measure):
    return {row["size"]: row[measure] for row in overcomplete.read() if row["kind"] == kind}


def test_claim_41_percent_of_the_noise_comes_out_and_8_with_the_penalty():
    sentence, _ = said("answer")
    x, _ = digits()
    drawn = 0.3 * torch.randn(x.shape, generator=torch.Generator().manual_seed(7))  # other noise, all the digits
    share = {}
    for kind in ("none", "kl"):
        change = model(kind).reconstruct(x + drawn) - model(kind).reconstruct(x)
        # The slope of the change in the output against the noise in the input, over all pixels.
        share[kind] = (change * drawn).mean().item() / drawn.square().mean().item()
    assert f"**{share['none']:.0%}** of the added noise" in sentence and f"only **{share['kl']:.0%}**" in sentence
    assert 1024 == model("none").latent_dim == model("kl").latent_dim > x[0].numel()


def test_claim_the_digit_loses_a_little_under_the_penalty():
    x, _ = digits()
    error = {kind: (model(kind).reconstruct(x) - x).square().mean().item() for kind in ("none", "kl")}
    mean = (x - x.mean(0)).square().mean().item()
    assert error["none"] < 0.2 * error["kl"] < 0.2 * 0.2 * mean
    sentence, _ = said("price")
    assert f"from **{error['none']:.4f}** to **{error['kl']:.3f}**" in sentence and f"costs {mean:.3f}" in sentence


def test_claim_more_units_let_more_noise_out_and_the_penalty_stops_that():
    sentence, _ = said("width")
    free, sparse = curve("none", "passed"), curve("kl", "passed")
    wide = [size for size in free if size >= 16]
    assert all(free[before] < free[after] for before, after in itertools.pairwise(wide))
    assert f"from **{free[16]:.1%}** to **{free[1024]:.0%}**" in sentence
    assert max(sparse.values()) < 0.09 < 4 * max(sparse.values()) < free[784] < free[1024]


def test_claim_the_error_falls_with_every_width_and_with_longer_training_but_not_under_the_penalty():
    free, sparse = curve("none", "squared_error"), curve("kl", "squared_error")
    wide = [size for size in free if size >= 16]
    assert all(free[before] > free[after] for before, after in itertools.pairwise(wide))
    flat = [sparse[size] for size in sparse if size >= 256]
    assert max(flat) / min(flat) < 1.1
    loss = store.load("wide-none-1024").table["test_reconstruction"]
    assert all(before > after for before, after in itertools.pairwise(loss[::5]))


def test_claim_few_units_fire_under_the_penalty_and_others_for_other_digits():
    sentence, values = said("units")
    x, y = digits()
    fires = {kind: hidden_units.codes(model(kind), x) > threshold for kind, threshold in (("none", 0.0), ("kl", 0.5))}
    free, sparse = (int(fires[kind][values["image"]].sum()) for kind in ("none", "kl"))
    assert f"For this {int(y[values['image']])} **{free}** of 1,024 units" in sentence
    assert f"**{sparse}** with it" in sentence
    mean = {kind: each.sum(1).float().mean().item() for kind, each in fires.items()}
    assert free == pytest.approx(mean["none"], rel=0.05) and sparse == pytest.approx(mean["kl"], rel=0.05)
    assert fires["kl"].sum(1).max() < 100, "a few dozen at most"
    mine = fires["kl"][values["image"]]
    shared = (fires["kl"][y != y[values["image"]]] & mine).sum(1).float().mean() / sparse
    assert shared < 0.25, "other digits use other units"


def test_claim_ng_s_penalty_has_the_numbers_of_the_shipped_net():
    sentence, _ = said("net")
    run = store.load("wide-kl-1024")
    assert (run.config.sparsity_kind, run.config.sparsity_target) == ("kl", 0.05)
    mean = hidden_units.codes(run.model, digits()[0]).mean(0).mean().item()
    assert "\\underset{0.05}{\\rho}" in sentence and f"\\underset{{{mean:.2f}}}{{\\hat\\rho_j}}" in sentence


def test_claim_shuffled_pixels_do_not_come_out_whole():
    x, _ = digits()
    shuffled = hidden_units.shuffled_pixels(x[:200], torch.Generator().manual_seed(0))
    assert hidden_units.error_on(model("none"), shuffled) > 0.7 > 5 * hidden_units.error_on(model("none"), x)
