"""The page on holes without a browser: the numbers, links, own models."""

import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, press, sentences
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app import catalogue
from vaedemo.app.lessons.holes import data, draws, form, sketches
from vaedemo.training import engine

HOLES = "holes"
EXPLORE = {"step": "explore"}
OWN = {"source": "own", "width": "8", "epochs": "1"}


def test_a_link_of_before_opens_its_view_and_its_code_prints_its_numbers():
    query = {"window": "prior", "z1": "-12.5", "z2": "3", "draw": "7"}
    check_link(HOLES, query)
    check_numbers(HOLES, query)


@pytest.mark.parametrize("query", [{}, {"part": "draws", "density": "prior"}, {"part": "noise"}, {"part": "twenty"}])
def test_each_exhibit_s_code_prints_its_numbers(query):
    check_numbers(HOLES, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("z1", "nan", "z1 accepts a number from -100 to 100"),
        ("z2", "41", "z2 accepts a number from -40 to 40"),
        ("window", "all", "window accepts one of codes, prior"),
        ("epochs", "0", "epochs accepts a whole number from 1 to"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(name, value, words):
    check_refused(HOLES, name, value, words)


def test_codes_out_of_reach_by_the_plane_s_own_formula():
    shown = figures(open_page(HOLES, EXPLORE))
    x = catalogue.images("mnist-55k")[0].as_data()
    codes = catalogue.run("mnist-2d-autoencoder").model.encode(x).mean
    beyond = (codes.double().square().sum(1) > -2 * torch.log(torch.tensor(0.01).double())).double().mean().item()
    assert shown["Autoencoder, codes out of reach"] == f"{100 * beyond:.1f} %"
    out_of_reach = {name: float(shown[f"{name}, codes out of reach"].split()[0]) for name in ("Autoencoder", "VAE")}
    assert out_of_reach["Autoencoder"] > 3 * out_of_reach["VAE"]


def test_a_draw_moves_z():
    at = press(open_page(HOLES, EXPLORE), "holes.jump")
    link = link_of(at)
    assert link["draw"] == "1" and {"z1", "z2"} <= set(link)
    assert at.number_input(key="holes.z1").value == float(link["z1"])


def test_a_window_shows_codes_and_z():
    means = torch.tensor([[0.0, 9.0], [-3.0, 1.0]]).numpy()
    across, up = sketches.window(means, (0.0, 0.0), only_prior=False)
    assert across == pytest.approx((-6.5 * 1.06, 6.5 * 1.06))  # as wide as the other axis, which needs -4 to 9
    assert up == pytest.approx((2.5 - 6.5 * 1.06, 2.5 + 6.5 * 1.06))
    assert sketches.window(means, (0.0, 0.0), only_prior=True)[1] == pytest.approx((-4 * 1.06, 4 * 1.06))
    assert sketches.window(means, (-20.0, 0.0), only_prior=True)[0][0] < -20


def test_a_step_s_plane_has_the_wider_axis_across_and_shows_z():
    pair = data.shipped()
    assert [sketches.order(codes) for codes in pair.codes.values()] == [[1, 0], [0, 1]]
    drawn = sketches.draws_plane(pair.codes["autoencoder"], pair.images.y, "prior", at=(1.0, -39.0))
    assert drawn.handle == (-39.0, 1.0) and drawn.x.low < -39 and drawn.x.title == "z₂ across, z₁ up"


def test_an_image_in_a_hole_has_a_frame():
    pictures = draws.framed(torch.zeros(2, 1, 28, 28), torch.tensor([False, True]))
    assert pictures.shape == (2, 3, 30, 30) and not pictures[0].any()
    assert pictures[1, :, 0].any() and not pictures[1, :, 1:-1, 1:-1].any()


def test_places_of_an_autoencoder_are_its_codes_and_of_a_vae_draws():
    codes = data.shipped().codes
    assert torch.equal(codes["autoencoder"].places, codes["autoencoder"].means)
    assert not torch.equal(codes["vae"].places, codes["vae"].means)


@pytest.mark.usefixtures("shared_cache")
def test_own_models_are_trained_on_demand():
    at = open_page(HOLES, OWN)
    assert not at.exception
    assert figures(at) == {}
    assert "Train both" in [each.label for each in at.button]
    defaults = {parameter.name: parameter.default for parameter in form.PARAMETERS}
    for config in form.configs_of(defaults | {"width": 8, "epochs": 1}).values():
        engine.train(config)
    at = open_page(HOLES, OWN)
    check_whole(at)
    assert sentences(at) == []
    check_numbers(HOLES, OWN)
