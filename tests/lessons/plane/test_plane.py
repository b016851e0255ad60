"""The latent plane without a browser: links, runs of every kind, the numbers, and what its code prints."""

import math

import pytest
import torch

from tests.app.pages import figures, link_of, open_page, sentences
from tests.app.test_code_of_view import check_twin
from tests.app.test_pages import check_link, check_whole
from vaedemo.app import catalogue
from vaedemo.app.lessons.plane import codes as plane_codes
from vaedemo.app.lessons.plane import decoder
from vaedemo.app.lessons.plane.codes import Chosen
from vaedemo.config import RunConfig
from vaedemo.training import engine

PLANE = "plane"
EXPLORE = {"step": "explore"}
SMALL = {"dataset": "digits", "epochs": 1, "train_size": 300, "batch_size": 100}


@pytest.mark.parametrize(
    "query",
    [
        {"z1": "1.25", "z2": "-0.5", "ellipses": "1"},
        {"z1": "40", "z2": "-35", "reach": "12", "tiles": "1"},
        {"run": "fashion-2d", "side": "20"},
        {"run": "fashion-2d", "tiles": "1", "dots": "0", "spacing": "prior", "start": "9", "end": "0"},
        {"undecided": "1", "reach": "6", "start": "7", "end": "8"},
        {"run": "ring-2d", "z1": "0.5", "reach": "6"},
        {"run": "mnist-20d", "across": "20", "up": "1", "base": "image", "image": "4999"},
    ],
)
def test_a_link_opens_its_view_and_stays(query):
    check_link(PLANE, query)


@pytest.mark.parametrize(
    ("query", "words", "left"),
    [
        ({"across": "3"}, "across accepts a latent axis from 1 to 2 of the run mnist-2d, got 3.", EXPLORE),
        ({"across": "0"}, "across accepts a whole number from 1 to 1,024, got 0.", {}),
        ({"run": "mnist-20d", "up": "21"}, "up accepts a latent axis from 1 to 20", {"run": "mnist-20d"}),
        ({"run": "mnist-20d", "up": "1"}, "up accepts a latent axis other than across, got 1.", {"run": "mnist-20d"}),
        ({"across": "2", "up": "1"}, "across accepts 1, with up 2, where a run has two axes, got 2.", EXPLORE),
        ({"run": "fashion-20d", "image": "1000"}, "image accepts a whole number from 0 to 999", {"run": "fashion-20d"}),
        ({"z1": "inf"}, "z1 accepts a number from -100 to 100", {}),
        ({"z2": "101"}, "z2 accepts a number from -100 to 100", {}),
        ({"reach": "7"}, "reach accepts one of 0, 6, 12", {}),
        ({"side": "21"}, "side accepts a whole number from 2 to 20", {}),
        ({"run": "no-such-run"}, "No run is called 'no-such-run'", EXPLORE),
        ({"run": "ring-2d", "start": "9"}, "start accepts a class from 0 to ", {"run": "ring-2d"}),
    ],
)
def test_what_the_plane_has_not_is_refused_in_one_sentence(query, words, left):
    at = open_page(PLANE, query)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert link_of(at) == left


def test_the_numbers_of_a_place():
    shown = figures(open_page(PLANE, {"z1": "3", "z2": "-4"}))
    assert shown["z"] == "(3.000, -4.000)"
    assert shown["Length of z"] == "5.000"
    assert shown["log p(z)"] == f"{-12.5 - math.log(2 * math.pi):.3f} nats"
    run, (images, _) = catalogue.run("mnist-2d"), catalogue.images("mnist-55k")
    codes = plane_codes.codes_of(run.digest, run).means
    distances = (codes.double() - torch.tensor([3.0, -4.0], dtype=torch.float64)).norm(dim=1)
    assert len(codes) == 2_000
    assert shown["Nearest code"] == f"{distances.min().item():.3f}"
    means = run.model.encode(images.as_data("grey")).mean
    position = (means - codes[distances.argmin()]).norm(dim=1).argmin()
    assert shown["Its class"] == str(images.y[position].item())


def test_the_place_of_an_image_s_own_code_is_that_image():
    at = open_page(PLANE, {"run": "mnist-20d", "across": "5", "up": "9"})
    at.segmented_control(key="plane.base").set_value("image").run()
    at.number_input(key="plane.image").set_value(15).run()
    assert not at.exception
    run, (images, _) = catalogue.run("mnist-20d"), catalogue.images("mnist-55k")
    mu = run.model.encode(images.as_data("grey")[15:16]).mean[0]
    link = link_of(at)
    assert abs(float(link["z1"]) - mu[4].item()) < 6e-4
    assert abs(float(link["z2"]) - mu[8].item()) < 6e-4
    assert abs(float(figures(at)["Length of z"]) - mu.norm().item()) < 2e-3


def test_another_run_starts_anew():
    at = open_page(PLANE, {"run": "mnist-20d", "across": "7", "z1": "2"})
    at.selectbox(key="plane.run").set_value("fashion-2d").run()
    assert sentences(at) == []
    assert link_of(at) == {"run": "fashion-2d"}


@pytest.mark.parametrize(
    "query",
    [
        {"z1": "-1.5", "z2": "2.125", "tiles": "1", "ellipses": "1"},
        {"run": "ring-2d", "z1": "0.7"},
        {"run": "fashion-20d", "across": "4", "up": "3", "base": "image", "image": "77", "z2": "1"},
    ],
)
def test_the_code_prints_the_numbers(query):
    check_twin(PLANE, query)


@pytest.mark.usefixtures("shared_cache")
def test_an_autoencoder_has_no_prior():
    run = engine.train(RunConfig(**SMALL, model="autoencoder", hidden=(8,)))
    shown = check_twin(PLANE, {"run": run.digest})
    assert "log p(z)" not in shown
    at = open_page(PLANE, {"run": run.digest})
    assert [toggle.label for toggle in at.toggle] == ["Your own digit", "Codes", "Decoded tiles", "Undecided pixels"]
    assert any("An autoencoder has no prior" in each.value for each in at.markdown)


@pytest.mark.usefixtures("shared_cache")
def test_a_convolutional_decoder_is_a_sheet_and_the_page_says_so():
    run = engine.train(RunConfig(**SMALL, network="conv", hidden=(2, 4)))
    at = open_page(PLANE, {"run": run.digest})
    check_whole(at)
    (note,) = [each.value for each in at.info]
    assert "does not run a convolutional decoder" in note and "33 × 33 images" in note


@pytest.mark.usefixtures("shared_cache")
def test_one_latent_axis_is_no_plane():
    run = engine.train(RunConfig(**SMALL, latent_dim=1, hidden=(8,)))
    at = open_page(PLANE, {"run": run.digest})
    assert not at.exception
    assert sentences(at) == [f"run accepts a run with at least 2 latent axes on this page, got '{run.digest}'."]
    at.selectbox(key="plane.run").set_value("mnist-2d").run()
    check_whole(at)
    assert sentences(at) == []


def test_a_decoder_too_large_for_the_browser_is_a_sheet(monkeypatch):
    run = catalogue.run("mnist-2d")
    chosen = Chosen(run, plane_codes.codes_of(run.digest, run), (0, 1), torch.zeros(2))
    whole = decoder.carried(chosen, 4.0)
    assert whole.note == ""
    monkeypatch.setattr("vaedemo.analysis.portable.MOST_NUMBERS", 1000)
    carried = decoder.carried(chosen, 4.0)
    assert "a decoder of 315,584 weights" in carried.note
    assert carried.decoder != whole.decoder


def test_the_manifold_keeps_the_other_axes():
    run = catalogue.run("mnist-20d")
    base = torch.arange(20.0)
    codes = Chosen(run, plane_codes.codes_of(run.digest, run), (3, 1), base).manifold(3)
    others = [axis for axis in range(20) if axis not in (3, 1)]
    assert torch.equal(codes[:, others], base[others].expand(9, -1))
    quantile = 0.967422  # Φ⁻¹(5/6)
    assert torch.allclose(codes[:3, 3], torch.tensor([-quantile, 0, quantile]), atol=1e-5)
    assert torch.allclose(codes[::3, 1], torch.tensor([quantile, 0, -quantile]), atol=1e-5)


def test_distances_from_the_plane_and_on_it_add_up():
    run = catalogue.run("mnist-20d")
    codes = plane_codes.codes_of(run.digest, run)
    chosen = Chosen(run, codes, (2, 17), codes.means[5])
    z = chosen.code((0.3, -0.8))
    on_it = (codes.means[:, [2, 17]] - torch.tensor([0.3, -0.8])).square().sum(1)
    expected = (codes.means - z).square().sum(1)
    assert torch.allclose(on_it + torch.as_tensor(plane_codes.off_plane(chosen)), expected, rtol=1e-5)
