"""What the steps of the sampling gallery say, measured on the shipped runs."""

import numpy as np
import pytest
import torch

from vaedemo.analysis import code_density, frechet, latent, quality
from vaedemo.app import catalogue
from vaedemo.app.lessons.gallery import controls, fair, picked, steps

STEPS = {step.name: step for step in steps.STEPS}
DEFAULTS = {"run": "mnist-2d", "part": "all", "seed": 0, "side": 10, "temperature": 1.0, "truncation": 0.0}
DEFAULTS |= {"show": "mean", "picked": 0, "source": "prior", "start": 0, "stride": 0.3, "within": -1}


@pytest.fixture(scope="module")
def vae():
    return catalogue.run("mnist-2d").model


@pytest.fixture(scope="module")
def real():
    return catalogue.images("mnist-55k")[0]


def said(name, **changed):
    return STEPS[name].say(DEFAULTS | STEPS[name].view | changed)


def read(images):
    return catalogue.run("digit-classifier").model.probabilities(images).max(dim=1)


def drawn(vae, temperature=1.0, count=4_000):
    z = latent.prior_samples(count, 2, torch.Generator().manual_seed(7), temperature=temperature)
    return vae.decode(z).mean


def test_claim_most_samples_are_good_and_real_digits_are_better(vae, real):
    good = (read(drawn(vae)).values > 0.9).double().mean().item()
    best = (read(real.as_data("grey")).values > 0.9).double().mean().item()
    assert 0.7 < good < 0.9 < best
    assert round(64 * best) == 61 and "in about 61" in said("draw")
    z = latent.prior_samples(64, 2, torch.Generator().manual_seed(0))
    assert f"**{int((read(vae.decode(z).mean).values > 0.9).sum())} of 64**" in said("draw")


def test_claim_a_sample_of_which_the_classifier_is_unsure_lies_between_two_digits(vae):
    best = catalogue.run("digit-classifier").model.probabilities(drawn(vae)).sort(dim=1, descending=True).values
    unsure = best[best[:, 0] <= 0.9]
    assert unsure[:, :2].sum(dim=1).double().mean() > 0.9, "two digits share nearly all of the probability"


def test_claim_a_draw_has_black_and_white_pixels_alone_and_29_percent_are_by_chance(vae):
    z = latent.prior_samples(64, 2, torch.Generator().manual_seed(0))
    p = vae.decode(z)
    x = p.sample(torch.Generator().manual_seed(1))
    assert ((x == 0) | (x == 1)).all()
    undecided = ((p.mean > 0.1) & (p.mean < 0.9)).double().mean().item()
    assert round(100 * undecided) == 29 and "**29%**" in said("pixels")


def test_claim_the_sample_is_no_copy_and_as_near_as_real_digits_are(vae, real):
    z = latent.prior_samples(64, 2, torch.Generator().manual_seed(0))
    flat = real.as_data("grey").flatten(1)
    apart = torch.cdist(flat[:100], flat)
    apart[torch.arange(100), torch.arange(100)] = torch.inf
    between = apart.min(dim=1).values.median().item()
    nearest = torch.cdist(vae.decode(z).mean.flatten(1), flat).min(dim=1).values
    assert nearest.min() > 1, "none is a copy"
    assert nearest.median().item() == pytest.approx(between, rel=0.2)
    if len(picked.library(catalogue.run("mnist-2d"))[0]) == len(real):
        assert f"**{nearest[STEPS['copies'].view['picked']]:.1f}** away" in said("copies")
        assert steps.between_real_digits() == pytest.approx(between, rel=0.1)


def test_claim_at_t_2_images_are_sharper_and_1s_and_7s_take_over(vae):
    def facts(temperature):
        images = drawn(vae, temperature)
        sure, digit = read(images)
        grey = ((images > 0.1) & (images < 0.9)).double().mean().item()
        outer = torch.isin(digit, torch.tensor([1, 7])).double().mean().item()
        return (sure > 0.9).double().mean().item(), -grey, outer

    cold, usual, hot = facts(0.5), facts(1.0), facts(2.0)
    assert all(first < second < third for first, second, third in zip(cold, usual, hot, strict=True))
    assert hot[2] > 3 * usual[2] and hot[2] > 0.4
    sentence = said("temperature")
    assert "**25 of 64**" in sentence and "it was **11**" in sentence


def test_claim_the_outer_digits_are_those_whose_codes_lie_farthest_out(vae, real):
    means = vae.encode(real.as_data("grey")).mean.norm(dim=1)
    far = torch.stack([means[real.y == digit].median() for digit in range(10)])
    assert set(far.topk(3).indices.tolist()) >= set(steps.OUTER)
    shares = np.bincount(real.y.numpy(), minlength=10) / len(real)
    assert shares.min() > 0.08 and shares.max() < 0.12, "the data have as many of the others"


@pytest.mark.parametrize("name", ["mnist-2d", "mnist-20d"])
def test_claim_a_mixture_fitted_afterwards_brings_an_autoencoder_nearer_than_the_vae(name, real):
    """Fitted to one half of the digits and compared with the other."""
    vae, plain = catalogue.run(name).model, catalogue.run(f"{name}-autoencoder").model
    first, second = real.as_data("grey")[::2], real.as_data("grey")[1::2]
    z = latent.prior_samples(2_000, vae.latent_dim, torch.Generator().manual_seed(3))
    codes = code_density.fit_mixture(plain.encode(first).mean).sample(2_000, torch.Generator().manual_seed(3))
    blocks = frechet.block_means(second)
    mixture, ours, prior = (
        frechet.frechet_distance(frechet.block_means(model.decode(each).mean), blocks)
        for model, each in ((plain, codes), (vae, z), (plain, z))
    )
    assert mixture < ours < prior
    away = fair.of_pair(name)
    assert away["mixture"] < away["vae"] < away["prior"]


def test_the_sentence_on_the_mixture_has_the_distances():
    assert "**0.21**" in said("afterwards") and "**0.28**" in said("afterwards") and "1.24" in said("afterwards")


def test_the_tasks_can_be_met_and_are_not_met_at_the_start():
    half, long = steps.GOALS
    assert not half.met(DEFAULTS) and not long.met(DEFAULTS)
    assert half.met(DEFAULTS | {"temperature": 3.0})
    z = latent.prior_samples(100, 2, torch.Generator().manual_seed(0))
    assert long.met(DEFAULTS | {"picked": int(z.norm(dim=1).argmax())})
    assert half.about(DEFAULTS) and not half.about(DEFAULTS | {"run": "fashion-2d"})


def test_explore_has_the_controls_of_its_part():
    assert "others" in controls.explored(DEFAULTS) and "side" in controls.explored(DEFAULTS)
    assert controls.explored(DEFAULTS | {"part": "beside"}) == ("part", "model", "others")
    assert "others" not in controls.explored(DEFAULTS | {"run": "fashion-2d"})


def test_a_real_digit_is_not_its_own_nearest(real):
    found = quality.nearest(real.x[: steps.COMPARED], real.x, k=2)[1]
    assert (found[:, 0] == 0).all() and steps.between_real_digits() > 1
