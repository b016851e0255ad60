"""The first page: its darts, its numbers, and what its sentences claim."""

import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import link_of, open_page, press
from vaedemo.app import catalogue
from vaedemo.app.lessons.home import dart, data, steps
from vaedemo.app.lessons.home.parts import image_after
from vaedemo.rules import ConfigError


@pytest.mark.parametrize("query", [{}, {"step": "explore"}, {"image": "12", "noise": "3"}, {"part": "codes"}])
def test_the_numbers_are_the_code_s(query):
    check_numbers("home", query)


def test_darts_are_read_and_written_the_same_and_the_newest_ten_are_kept():
    assert dart.rule("darts", "0.5,-1.25;-0.001,4") == "0.50,-1.25;0.00,4.00"
    assert dart.rule("darts", dart.FIRST) == dart.FIRST
    more = dart.drawn(dart.FIRST, 3)
    assert more.split(";")[:7] == dart.FIRST.split(";")[3:]
    assert more == dart.drawn(dart.FIRST, 3), "the same link draws the same"
    assert dart.aimed("1.00,1.00", 9.0, -0.126) == "1.00,1.00;4.00,-0.13"


@pytest.mark.parametrize("value", ["", "1", "1,2,3", "a,b", "1,5", "nan,0", "inf,0", ";".join(["0,0"] * 11), 3, None])
def test_bad_darts_are_refused(value):
    with pytest.raises(ConfigError, match="darts"):
        dart.rule("darts", value)


def test_presses_draw_darts_and_the_link_has_them():
    at = press(open_page("home"), "home.draw", 4)
    assert link_of(at) == {"step": "dart", "darts": dart.drawn(dart.FIRST, 4)}
    assert open_page("home", link_of(at)).session_state["home.darts"] == dart.drawn(dart.FIRST, 4)


def test_the_digit_of_the_steps_is_near_the_medians():
    images = catalogue.images(data.DATASET)[0].as_data()
    found = catalogue.run(data.RUN).model.elbo(images, generator=torch.Generator().manual_seed(0))
    typical = data.terms(steps.TYPICAL, 0)
    losses, kl = found.reconstruction + found.kl, found.kl
    for all_of_them, one in ((losses, typical.reconstruction + typical.kl), (kl, typical.kl)):
        assert 0.35 < (all_of_them < one).float().mean().item() < 0.65


def test_another_digit_is_counted_in_closed_form():
    image = 42
    for presses in range(1, 20):
        image = (7 * image + 1) % 5000
        assert image_after(42, presses) == image


def test_claim_a_random_z_usually_decodes_to_a_digit():
    z = torch.randn(2000, 2, generator=torch.Generator().manual_seed(0))
    classifier = catalogue.run("digit-classifier").model
    sure = classifier.probabilities(data.decoded(z)).max(-1).values >= 0.9
    assert sure.float().mean() > 2 / 3


def test_claim_a_decoded_dart_is_no_test_or_training_digit():
    pictures = data.decoded(dart.codes(dart.FIRST))
    real = catalogue.images(data.DATASET)[0].as_data()
    nearest = torch.cdist(pictures.flatten(1), real.flatten(1)).min(1).values
    assert nearest.min() > 3  # two digits of one class are 6 to 10 apart


def test_claim_the_kl_stays_when_z_is_drawn_again():
    terms = [data.terms(42, noise) for noise in range(20)]
    assert len({each.kl.item() for each in terms}) == 1
    assert len({each.reconstruction.item() for each in terms}) == 20


def test_claim_the_vae_s_codes_are_gathered_and_the_plain_autoencoder_s_are_not():
    assert data.inside(data.RUN) > 0.9 and data.inside(data.PLAIN) < 0.4
    ours, plain = (catalogue.run(name).model for name in (data.RUN, data.PLAIN))
    sizes = [sum(each.numel() for each in model.decoder.parameters()) for model in (ours, plain)]
    assert sizes[0] == sizes[1], "both decoders are equally large"
