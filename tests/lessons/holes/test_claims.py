"""What the steps on holes say, measured on the shipped runs."""

import pytest
import torch

from vaedemo.analysis import holes, latent, quality
from vaedemo.app import catalogue
from vaedemo.app.lessons.holes import data, draws, form, steps, twenty
from vaedemo.figures.latent import prior_radius

SEEDS = (0, 1, data.FIRST_DRAW)
DEFAULTS = {"part": "both", "density": "fitted", "afterwards": "mixture", "source": "shipped", "draw": 0}


@pytest.fixture(scope="module")
def pair():
    return data.shipped()


@pytest.fixture(scope="module")
def x():
    return catalogue.images(data.DATASET)[0].as_data()


def view(name: str) -> dict:
    (step,) = (step for step in steps.STEPS if step.name == name)
    return DEFAULTS | step.view


def said(name: str, **changes) -> str:
    (step,) = (step for step in steps.STEPS if step.name == name)
    return step.say(view(name) | changes).replace("\u00a0", " ")


def question(name: str):
    (step,) = (step for step in steps.STEPS if step.name == name)
    return step.ask


def nearest_by_hand(z: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    return torch.cdist(z.double(), places.double()).min(dim=1).values


def far_from_digits(kind: str, z: torch.Tensor, pair, x) -> torch.Tensor:
    """Whether images are farther from each test digit than `UNLIKE`, by all distances."""
    pictures = pair.runs[kind].model.decode(z).mean
    return torch.cdist(pictures.flatten(1), x.flatten(1)).min(dim=1).values > data.UNLIKE


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_a_fifth_of_the_fitted_gaussian_s_z_fall_in_holes_and_few_of_the_vae_s(pair, seed):
    plain, vae = pair.codes.values()
    shares = []
    for codes, z in (
        (plain, plain.fitted.sample(2_000, torch.Generator().manual_seed(seed))),
        (vae, latent.prior_samples(2_000, 2, torch.Generator().manual_seed(seed))),
    ):
        shares.append((nearest_by_hand(z, codes.places) > codes.spacing).double().mean().item())
    assert 0.19 < shares[0] < 0.25 and 0.01 < shares[1] < 0.03
    sentence = said("answer", draw=seed)
    assert f"**{100 * shares[0]:.0f} %**" in sentence and f"it is {100 * shares[1]:.0f} %" in sentence


def test_claim_the_measure_is_calibrated_of_real_codes_it_counts_about_one_percent(pair):
    for codes in pair.codes.values():
        known, new = codes.places[:2_500], codes.places[2_500:]
        assert 0.003 < holes.in_holes(new, known, holes.code_spacing(known)).double().mean() < 0.02


def test_claim_an_image_from_a_hole_is_mostly_no_digit_and_one_from_elsewhere_is(pair, x):
    codes = pair.codes["autoencoder"]
    z = data.drawn(codes, "fitted", 600, 0)
    lost, unlike = holes.in_holes(z, codes.places, codes.spacing), far_from_digits("autoencoder", z, pair, x)
    assert unlike[lost].double().mean() > 0.5 and unlike[~lost].double().mean() < 0.02
    of_vae = far_from_digits("vae", data.drawn(pair.codes["vae"], "prior", 600, 0), pair, x)
    assert of_vae.double().mean() < 0.005


def test_claim_one_percent_of_real_digits_are_farther_than_that_from_the_next(x):
    images = catalogue.images(data.DATASET)[0].x
    next_one = quality.nearest(images[:1_500], images, k=2)[1][:, 1]
    assert (next_one > data.UNLIKE).double().mean().item() == pytest.approx(0.01, abs=0.004)


def test_the_first_picture_shows_what_its_sentence_says(pair, x):
    """Of 15 z the autoencoder's are in holes about as often as the sentence says, and their images show it."""
    marked = []
    for kind, source in (("autoencoder", "fitted"), ("vae", "prior")):
        codes = pair.codes[kind]
        z, lost = data.few(pair.runs[kind].digest, source, data.FIRST_DRAW, codes)
        assert torch.equal(far_from_digits(kind, z, pair, x), lost), "each framed image is hardly a digit, no other is"
        marked.append(int(lost.sum()))
    assert marked == [3, 0]


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_n_0_i_reaches_few_codes_and_hardly_ever_a_1_or_a_7(pair, seed):
    outside = (pair.codes["autoencoder"].means.norm(dim=1) > prior_radius(0.99)).double().mean().item()
    assert 0.7 < outside < 0.77 and f"**{100 * outside:.0f} %** lie outside" in said("standard", draw=seed)
    plain, vae = (steps.rare(kind, seed) for kind in form.SHIPPED)
    assert plain < 0.01 < 0.08 < vae
    assert f"**{100 * plain:.1f} %** of the images" in said("standard", draw=seed)


def test_claim_a_few_digits_come_again_and_again(pair):
    """Four digits make up most of the autoencoder's images."""
    z = latent.prior_samples(2_000, 2, torch.Generator().manual_seed(data.FIRST_DRAW))
    judge = catalogue.run(twenty.JUDGE).model
    named = judge.probabilities(pair.runs["autoencoder"].model.decode(z).mean.clamp(0, 1)).argmax(dim=1)
    assert torch.bincount(named, minlength=10).topk(4).values.sum() > 0.7 * len(z)


def test_the_hunt_starts_at_a_digit_and_can_end_in_both_models(pair):
    start = view("hunt")
    assert not steps.is_lost(start, "autoencoder") and not steps.is_near_but_lost(start)
    assert steps.is_lost(start | {"z1": 0.0, "z2": 6.0}, "autoencoder")
    side = torch.linspace(-3, 3, 25)
    places = [start | {"z1": a.item(), "z2": b.item()} for a, b in torch.cartesian_prod(side, side)]
    assert any(steps.is_near_but_lost(place) for place in places)
    assert f"{steps.distance(start, 'autoencoder'):.1f} from the nearest" in said("hunt")


def test_claim_without_kl_the_noise_shrinks_and_with_it_holes_are_fewer():
    noise, both = (catalogue.run(name) for name in (draws.NO_KL, draws.TWIN))
    assert noise.config.replace(beta=1.0) == both.config, "the two differ in β alone"
    without, with_kl = (draws.codes_of(name) for name in (draws.NO_KL, draws.TWIN))
    assert without.deviation.mean() < 0.005 and f"**{without.deviation.mean():.3f}**" in said("noise")
    assert without.deviation.mean() < with_kl.deviation.mean() / 15, "the clouds stay wide"
    assert (without.means.std(0) > 3 * with_kl.means.std(0)).all(), "codes spread out"
    for seed in SEEDS:
        shares = [draws.share(case, seed) for case in draws.cases(view("noise"))]
        assert shares[0] > 0.14 and shares[1] < 0.06
    assert all(
        f"{100 * draws.share(case, data.FIRST_DRAW):.0f} %" in said("noise") for case in draws.cases(view("noise"))
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_a_density_fitted_afterwards_lets_the_autoencoder_generate(seed):
    prior, mixture, vae = (twenty.unsure(case, seed) for case in twenty.TITLES)
    assert mixture < 0.12 < 0.25 < vae < 0.35 and prior > 0.75
    assert f"**{100 * mixture:.0f} %**" in said("afterwards", draw=seed)
    own, random = twenty.lengths(seed)
    assert (f"{random:.0f}", f"{own:.0f}") == ("4", "18")
    assert "about 4 from 0, the codes about 18" in question("afterwards").text


def test_the_goals_can_be_met_and_are_not_met_at_first():
    explore = DEFAULTS | {"z1": 1.0, "z2": -1.0}
    assert not any(goal.met(explore) for goal in steps.GOALS)
    assert steps.GOALS[0].met(explore | {"z1": -5.0, "z2": 6.0})
    met = [draw for draw in range(12) if steps.GOALS[1].met(explore | {"part": "draws", "draw": draw})]
    assert met and 0 not in met
