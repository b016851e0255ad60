"""The page on holes without a browser: the numbers, links, own models, the way to the ring."""

import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, press, sentences
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app import catalogue
from vaedemo.app.lessons.holes import data, form, sketches
from vaedemo.training import engine

HOLES = "holes"
OWN = {"source": "own", "width": "8", "epochs": "1"}


def test_a_link_opens_its_view_and_its_code_prints_its_numbers():
    query = {"window": "prior", "z1": "-12.5", "z2": "3", "draw": "7"}
    check_link(HOLES, query)
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
    shown = figures(open_page(HOLES))
    x = catalogue.images("mnist-55k")[0].as_data()
    codes = catalogue.run("mnist-2d-autoencoder").model.encode(x).mean
    beyond = (codes.double().square().sum(1) > -2 * torch.log(torch.tensor(0.01).double())).double().mean().item()
    assert shown["Autoencoder, codes out of reach"] == f"{100 * beyond:.1f} %"
    out_of_reach = {name: float(shown[f"{name}, codes out of reach"].split()[0]) for name in ("Autoencoder", "VAE")}
    assert out_of_reach["Autoencoder"] > 3 * out_of_reach["VAE"]
    in_holes = {kind: float(shown[f"Autoencoder, {kind} in holes"].split()[0]) for kind in ("N(0, I)", "N(m, S)")}
    assert in_holes["N(m, S)"] > 5 * float(shown["VAE, N(0, I) in holes"].split()[0])


def test_a_draw_moves_z():
    at = open_page(HOLES)
    at = press(at, "holes.jump")
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


def test_places_of_an_autoencoder_are_its_codes_and_of_a_vae_draws():
    runs = {kind: catalogue.run(name) for kind, name in form.SHIPPED.items()}
    codes = data.shown(runs).codes
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


def test_the_next_page_is_the_ring():
    links = [each.proto.page for each in open_page(HOLES).get("page_link")]
    assert any("ring" in link for link in links)
