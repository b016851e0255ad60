"""What the clinic says of its patients, held against the shipped records: each fails in the way its page says."""

import itertools
import math

import numpy as np
import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.clinic import facts, steps, ward
from vaedemo.app.lessons.clinic.ward import gap
from vaedemo.clinic.digits import parts
from vaedemo.clinic.diseases import BY_PATIENT, HEALTHY, HEALTHY_50


def gives_up(record) -> bool:
    """Whether a record's reconstruction loss ends within 2% of the mean image's, which needs no z."""
    return record.last("reconstruction") == pytest.approx(facts.mean_image(), rel=0.02)


def spread(record) -> float:
    """The root mean square of a record's last codes on its two widest axes; about 1 for codes that fill N(0, I)."""
    return float(np.sqrt((record.film[-1].means.astype(np.float64) ** 2).mean()))


def distance(record) -> float:
    """The mean distance of a record's last images from the nearest training image, by pixels from 0 to 1."""
    images = torch.from_numpy(record.film[-1].images).flatten(1).float() / 255
    return torch.cdist(images, parts()["train"].pixels / 255).min(dim=1).values.mean().item()


@pytest.mark.parametrize("name", [HEALTHY, HEALTHY_50])
def test_claim_a_healthy_vae_uses_its_code_fills_the_prior_and_draws_many_digits(name):
    record = facts.record(name)
    losses = record.curves["test_loss"]
    assert max(losses[30:]) < losses[1] - 30
    assert record.last("reconstruction") < facts.mean_image() - 40 and record.last("kl") > math.log(10)
    assert 0.7 < spread(record) < 1.4 and facts.variety(record) > 0.08


def test_claim_the_healthy_vae_draws_many_digits():
    """A classifier names most of the ten digits among its images, and no second one in those of a deaf decoder."""
    assert len(named(facts.record(HEALTHY))) >= 8
    assert len(named(facts.sick(steps.DEAF))) <= 1


def named(record) -> set[int]:
    images = torch.from_numpy(record.film[-1].images).float() / 255
    probabilities = catalogue.run("digit-classifier").model.probabilities(images)
    return set(probabilities.argmax(dim=1)[probabilities.max(dim=1).values > 0.5].tolist())


@pytest.mark.parametrize("patient", [1, 7])
def test_claim_two_patients_give_up_the_code_and_draw_one_image(patient):
    record = facts.sick(patient)
    assert record.last("kl") < 0.005, "0.00 on the page"
    assert facts.variety(record) < 0.005 < facts.variety(facts.healthy(patient))


def test_claim_averaged_over_pixels_the_loss_is_one_pixel_s_and_its_784_are_the_mean_image_s():
    record = facts.sick(1)
    assert record.last("reconstruction") == pytest.approx(0.27, abs=0.005), "the question says so"
    assert steps.PIXELS * record.last("reconstruction") == pytest.approx(facts.mean_image(), rel=0.02)
    falls = np.diff(record.curves["test_reconstruction"][1:])
    assert falls.max() < 0.001, "it falls smoothly"


def test_claim_averaged_over_axes_copies_are_good_and_samples_are_not():
    record, twin = facts.sick(2), facts.healthy(2)
    assert record.last("reconstruction") < twin.last("reconstruction") - 10
    assert record.last("kl") == pytest.approx(3, abs=0.5) and steps.AXES * record.last("kl") > 4 * twin.last("kl")
    assert spread(record) > 1.5 * spread(twin) > 1
    assert record.last("loss") - record.last("loss", "train") > 5, "its test curve lies above the dashed one"
    assert distance(record) > distance(twin) + 0.4, "its samples are farther from every digit"


def test_claim_with_the_wrong_sign_the_kl_grows_without_end_and_the_loss_falls_below_0():
    record = facts.sick(3)
    kl = record.curves["test_kl"]
    assert all(later > earlier for earlier, later in itertools.pairwise(kl)) and kl[-1] > 1e6
    assert record.last("loss") < -1e6


@pytest.mark.parametrize(("patient", "share", "room"), [(4, 2 / 3, 0.08), (5, 1 / 5, 0.03)])
def test_claim_with_too_little_noise_or_none_the_kl_is_a_share_of_what_it_should_be(patient, share, room):
    record, twin = facts.sick(patient), facts.healthy(patient)
    assert record.last("kl") / twin.last("kl") == pytest.approx(share, abs=room)
    assert record.last("reconstruction") == pytest.approx(twin.last("reconstruction"), rel=0.02), "it copies as well"
    assert record.last("loss") < twin.last("loss"), "too good"


def test_claim_without_noise_the_plane_and_the_images_look_well():
    record, twin = facts.sick(5), facts.healthy(5)
    assert record.last("kl") == pytest.approx(1, abs=0.2), "the question says about 1"
    assert 0.7 < spread(record) < 1.4 and facts.variety(record) > 0.8 * facts.variety(twin)
    assert distance(record) < distance(twin) + 0.1
    assert neighbours(record) > neighbours(twin) - 0.1 > 0.3


def test_without_noise_the_kl_counts_the_means_alone():
    """σ = 1 costs nothing, so what is left of the KL is half of the squared means: of the shown 500 of 1,000 images."""
    record = facts.sick(5)
    means = (record.film[-1].means.astype(np.float64) ** 2).sum(axis=1).mean() / 2
    assert record.last("kl") == pytest.approx(means, rel=0.15)


def neighbours(record) -> float:
    """The share of the shown codes whose nearest other code is of the same digit."""
    frame = record.film[-1]
    z = frame.means.astype(np.float64)
    apart = np.linalg.norm(z[:, None] - z[None], axis=2) + np.diag(np.full(len(z), np.inf))
    return (frame.labels[apart.argmin(axis=1)] == frame.labels).mean()


def test_claim_with_a_rate_too_high_the_losses_jump_and_end_higher():
    record, twin = facts.sick(6), facts.healthy(6)
    for each, jumps in ((record, True), (twin, False)):
        late = np.diff(each.curves["test_loss"][20:])
        assert bool(late.max() > 3 and (late > 0.5).sum() > 10) is jumps
    assert record.last("loss") > twin.last("loss") + 5 and not gives_up(record)


def test_claim_a_decoder_without_z_ends_at_the_mean_image_s_loss():
    assert gives_up(facts.sick(7)) and not gives_up(facts.healthy(7))


def test_claim_pixels_outside_0_to_1_cost_less_than_0():
    assert facts.sick(8).last("reconstruction") < -100
    assert all(facts.sick(patient).last("reconstruction") > 0 for patient in BY_PATIENT if patient != 8)


def test_claim_a_leak_is_seen_on_a_third_set_alone():
    record, twin = facts.sick(9), facts.healthy(9)
    ends = {part: record.last("loss", part) for part in ("train", "test", "third")}
    assert ends["third"] - ends["test"] > 6 and abs(gap(twin)) < 2
    behind = {each.name: np.subtract(each.curves["test_loss"], each.curves["train_loss"]) for each in (record, twin)}
    assert np.ptp(behind[record.name][3:]) < 2, "the test loss falls with the training loss"
    assert behind[twin.name][-1] > behind[twin.name][3] + 6, "it stays behind"
    assert record.last("kl") == pytest.approx(twin.last("kl"), rel=0.2)
    assert ends["train"] == pytest.approx(twin.last("loss", "train"), rel=0.05), "as low as the other's"
    assert facts.variety(record) == pytest.approx(facts.variety(twin), rel=0.2), "its samples look healthy"


def test_claim_each_patient_is_far_from_the_healthy_one_in_a_look_of_the_board():
    found = {patient: ward.off(patient) for patient in BY_PATIENT}
    assert found == {
        1: {"kl", "reconstruction", "variety"},
        2: {"kl", "reconstruction"},
        3: {"kl", "reconstruction", "variety"},
        4: {"kl"},
        5: {"kl"},
        6: {"reconstruction"},
        7: {"kl", "reconstruction", "variety"},
        8: {"kl", "reconstruction", "variety"},
        9: {"gap", "reconstruction"},
    }
