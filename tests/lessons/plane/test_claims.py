"""What the steps of the lesson on the latent plane say, measured on the shipped runs in another way."""

import math

import numpy as np
import pytest
import torch

from vaedemo.analysis import latent
from vaedemo.app import catalogue
from vaedemo.app.components.explorer import TILES
from vaedemo.app.lessons.plane import controls, measures, regions, steps

STEPS = {step.name: step for step in steps.STEPS}


@pytest.fixture(scope="module")
def vae():
    return catalogue.run("mnist-2d").model


@pytest.fixture(scope="module")
def codes(vae):
    return vae.encode(catalogue.images("mnist-55k")[0].as_data("grey")).mean


def said(name):
    """The sentence of a step's own view."""
    defaults = {parameter.name: parameter.default for parameter in controls.PARAMETERS}
    return STEPS[name].say(defaults | STEPS[name].view).replace("\u00a0", " ")


def digits(images):
    return catalogue.run("digit-classifier").model.probabilities(images).argmax(dim=1)


def undecided(images):
    return ((images > 0.1) & (images < 0.9)).flatten(1).double().mean(dim=1)


def test_claim_all_tiles_of_the_first_map_hold_the_same_share_of_the_prior():
    extent = measures.plane_of("mnist-2d").extent(0)
    z = torch.randn(400_000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ends = regions.edges(extent, "prior")
    counted = np.histogram2d(*z.numpy().T, bins=[ends.numpy()] * 2)[0] / len(z)
    assert np.abs(counted * TILES**2 - 1).max() < 0.12  # 2,400 draws in each tile
    assert torch.allclose(regions.masses(extent, "prior"), torch.tensor(1 / TILES**2).double(), rtol=1e-3)


def test_claim_the_tiles_are_those_of_the_slide():
    """Kingma and Welling's grid, but for the ten thousandth of the prior outside the plane."""
    extent = measures.plane_of("mnist-2d").extent(0)
    torch.testing.assert_close(regions.places(extent, "prior"), latent.manifold_grid(TILES), rtol=0, atol=2e-3)


def test_claim_6s_are_drawn_most_often_and_1s_least(vae):
    z = latent.prior_samples(10_000, 2, torch.Generator().manual_seed(1))
    drawn = torch.bincount(digits(vae.decode(z).mean), minlength=10) / len(z)
    assert (drawn.argmax().item(), drawn.argmin().item()) == (6, 1)
    sentence = said("map")
    assert "6s fill **16%**" in sentence and "1s only **4%**" in sentence
    assert drawn[6].item() == pytest.approx(0.16, abs=0.015) and drawn[1].item() == pytest.approx(0.04, abs=0.015)


def test_claim_a_digit_is_read_in_nearly_every_tile(vae):
    probabilities = catalogue.run("digit-classifier").model.probabilities
    sure = probabilities(vae.decode(latent.manifold_grid(TILES)).mean).max(dim=1).values
    assert (sure > 0.5).float().mean() > 0.95


def test_claim_7s_fill_6_percent_of_the_first_map_and_a_third_of_the_other(vae):
    extent = measures.plane_of("mnist-2d").extent(0)
    steps_of_z = torch.linspace(-extent, extent, 41)
    shown = digits(vae.decode(torch.cartesian_prod(steps_of_z, steps_of_z)).mean)
    third = (shown == 7).double().mean().item()
    assert third == pytest.approx(0.34, abs=0.02) and "7s fill **34%**" in said("ruler")
    assert (
        round(100 * regions.share(measures.tiles("mnist-2d", "prior"), 7)) == 6
        and "7s fill 6% " in STEPS["ruler"].ask.text
    )


def test_claim_the_corner_holds_490_000_times_less_than_the_middle():
    extent = measures.plane_of("mnist-2d").extent(0)
    wide = 2 * extent / TILES
    middle = math.erf(wide / 2 / math.sqrt(2)) ** 2
    corner = (math.erfc((extent - wide) / math.sqrt(2)) / 2 - math.erfc(extent / math.sqrt(2)) / 2) ** 2
    assert middle / corner == pytest.approx(490_000, rel=0.02) and "490,000 times less" in said("ruler")


def test_claim_from_1_to_0_the_path_passes_8_5_and_6(vae, codes):
    labels = catalogue.images("mnist-55k")[0].y
    one, zero = (codes[labels == digit].median(dim=0).values for digit in (1, 0))
    shown = digits(vae.decode(latent.lerp(one, zero, torch.linspace(0, 1, 81))).mean).tolist()
    assert list(dict.fromkeys(shown)) == [1, 8, 5, 6, 0]
    assert "passes 8, 5 and 6" in said("path")
    start = STEPS["path"].view
    assert torch.allclose(torch.tensor([start["z1"], start["z2"]]), one, atol=0.1), "z starts at the path's start"


def test_claim_pixels_are_undecided_in_the_middle_and_not_far_outside(vae, codes):
    angle = 2 * torch.pi * torch.rand(4_000, generator=torch.Generator().manual_seed(2))
    around = torch.stack([angle.cos(), angle.sin()], dim=1)
    shares = [undecided(vae.decode(radius * around).mean).mean().item() for radius in (0.5, 1, 2, 3, 6, 12)]
    assert sorted(shares, reverse=True) == shares
    assert [round(100 * shares[place]) for place in (0, 4)] == [36, 10]
    assert "**36%** at |z| = 0.5 and **10%** at |z| = 6" in said("undecided")
    assert codes.norm(dim=1).max() < 6, "no code lies there"


def test_claim_fewest_are_undecided_far_outside_and_borders_have_more_than_regions(vae, codes):
    along = torch.linspace(-6, 6, 97)
    z = torch.cartesian_prod(along, along)
    images = vae.decode(z).mean
    shares, shown = undecided(images).reshape(97, 97), digits(images).reshape(97, 97)
    assert z[shares.argmin()].norm() > codes.norm(dim=1).max()
    border = torch.zeros(97, 97, dtype=torch.bool)
    border[1:] |= shown[1:] != shown[:-1]
    border[:, 1:] |= shown[:, 1:] != shown[:, :-1]
    inner = (z.norm(dim=1) < 2.5).reshape(97, 97)
    assert shares[border & inner].mean() > shares[~border & inner].mean()


def test_claim_far_outside_a_sharp_image_is_no_digit(vae):
    z = torch.tensor([[STEPS["undecided"].view["z1"], STEPS["undecided"].view["z2"]]])
    image = vae.decode(z).mean
    assert undecided(image) < 0.12
    real = catalogue.images("mnist-55k")[0].as_data("grey")
    nearest = (real - image).flatten(1).norm(dim=1).min()
    usual = torch.cdist(real[:300].flatten(1), real[300:].flatten(1)).min(dim=1).values
    assert nearest > usual.max(), "further from every real digit than any real digit from the others"


def test_claim_a_map_of_two_of_twenty_axes_shows_little_of_what_is_drawn():
    model = catalogue.run("mnist-20d").model
    z = latent.prior_samples(5_000, 20, torch.Generator().manual_seed(3))
    drawn = (digits(model.decode(z).mean) == 8).double().mean().item()
    sheet = (digits(model.decode(latent.manifold_grid(TILES, 20)).mean) == 8).double().mean().item()
    assert (sheet, drawn) == (pytest.approx(0.85, abs=0.01), pytest.approx(0.10, abs=0.015))
    sentence = said("twenty")
    assert "reads 8 in **85%**" in sentence and "**10%**" in sentence
    exact = math.sqrt(2) * math.gamma(19 / 2) / math.gamma(18 / 2)  # the mean length of 18 normal numbers
    assert exact == pytest.approx(4.2, abs=0.05) and "on average 4.2 from" in sentence


def test_the_tasks_can_be_met_and_are_not_met_at_the_start():
    defaults = {parameter.name: parameter.default for parameter in controls.PARAMETERS}
    grey, sharp = steps.GOALS
    assert not grey.met(defaults) and not sharp.met(defaults)
    assert grey.met(defaults | {"z1": -0.45, "z2": 0.05})
    assert sharp.met(defaults | {"z1": -6.0, "z2": -6.0})
    assert sharp.about(defaults) and not sharp.about(defaults | {"run": "fashion-2d"})
