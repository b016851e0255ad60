"""The interpolation page: stops from a link, what is said of wrong ones, and pictures made another way."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from tests.app.pages import figures, link_of, open_page, press, sentences
from tests.app.test_code_of_view import check_twin
from vaedemo.analysis import latent, paths
from vaedemo.app import catalogue
from vaedemo.app.lessons.interpolation import arithmetic, facts, picker
from vaedemo.app.lessons.interpolation.steps import GOALS, halves
from vaedemo.rules import ConfigError

PAGE = "interpolation"
SET_SIZE = 5_000


def test_the_lengths_are_those_of_the_codes():
    shown = figures(open_page(PAGE, {"stops": "5,3000,42"}))
    x = catalogue.images("mnist-55k")[0].x[[5, 3000, 42]]
    codes = catalogue.run("mnist-20d").model.encode(x).mean
    assert shown["Lengths of the stops"] == ", ".join(f"{length:.3f}" for length in codes.norm(dim=1).tolist())
    assert float(shown["Shortest, straight"]) < float(shown["Shortest, spherical"])
    assert float(shown["Shortest, spherical"]) == pytest.approx(codes.norm(dim=1).min().item(), abs=6e-4)


def test_identical_stops_are_one_sentence_and_the_page_stays():
    at = open_page(PAGE, {"stops": "42,42"})
    (sentence,) = sentences(at)
    assert sentence.startswith("stops accepts images that differ from the one before, got '42,42'.")
    shown = figures(at)
    assert shown["Shortest, straight"] == shown["Shortest, spherical"] == shown["Lengths of the stops"].split(",")[0]
    assert not at.exception


def test_an_image_past_the_set_is_one_sentence():
    at = open_page(PAGE, {"stops": f"3,{SET_SIZE}"})
    (sentence,) = sentences(at)
    assert sentence == f"stops accepts images from 0 to 4,999 of this data set, got {SET_SIZE}."
    assert figures(at) and not at.exception
    assert str(SET_SIZE) not in link_of(at).get("stops", "")


@pytest.mark.parametrize("value", ["3", "1,2,3,4,5", "1,x", "", "-1,4", "1,10000", "1.5,2"])
def test_wrong_stops_are_refused(value):
    with pytest.raises(ConfigError, match="stops accepts 2 to 4 images, whole numbers from 0 to 9,999, got"):
        picker.stops_rule("stops", value)


def test_random_stops_are_of_different_classes_and_repeat_with_the_seed():
    at = open_page(PAGE, {"step": "explore"})
    at = press(at, "interpolation.random")
    stops = [int(text) for text in link_of(at)["stops"].split(",")]
    labels = catalogue.images("mnist-55k")[0].y[stops]
    assert len(set(labels.tolist())) == 2
    shown = catalogue.images("mnist-55k")[0]
    assert tuple(stops) == picker.random_stops(shown, 2, int(link_of(at)["seed"]))


def test_stops_are_added_and_removed():
    at = open_page(PAGE, {"step": "explore"})
    for wanted in (3, 4):
        (add,) = [button for button in at.button if button.label == "Add"]
        at = add.click().run()
        assert len(link_of(at)["stops"].split(",")) == wanted
    assert next(button for button in at.button if button.label == "Add").disabled
    (remove,) = [button for button in at.button if button.label == "Remove"]
    at = remove.click().run()
    assert len(link_of(at)["stops"].split(",")) == 3
    assert not at.exception


def test_a_smaller_set_keeps_the_page():
    at = open_page(PAGE, {"stops": "4000,4999"})
    at.selectbox(key="interpolation.run").set_value("fashion-20d").run()
    assert not at.exception and sentences(at) == []
    assert "Grey pixels, half-way autoencoder" not in figures(at)


def test_two_axes_say_that_a_spherical_path_means_nothing():
    captions = [each.value for each in open_page(PAGE, {"run": "mnist-2d"}).caption]
    assert any("a spherical path means nothing" in text for text in captions)
    captions = [each.value for each in open_page(PAGE, {"part": "length"}).caption]
    assert not any("means nothing" in text for text in captions)


@pytest.mark.parametrize(
    "query",
    [
        {"run": "mnist-2d", "stops": "3,900,77", "steps": "5", "base": "-1"},
        {"run": "fashion-20d", "stops": "0,10", "plus": "2", "minus": "6"},
        {"stops": "42,42"},
    ],
)
def test_the_code_prints_the_numbers(query):
    check_twin(PAGE, query)


def test_claim_half_grey_pixels_rank_the_paths():
    """By other pairs than the page's, and counted by numpy."""
    shown = facts.grey("mnist-20d", catalogue.run("mnist-20d").digest)
    assert shown["real"] < shown["spherical"] < shown["autoencoder"] < shown["straight"] < shown["pixels"]
    assert {name: round(100 * share) for name, share in shown.items()} == {
        "real": 5, "spherical": 8, "autoencoder": 10, "straight": 11, "pixels": 18
    }  # fmt: skip
    images, model = catalogue.images("mnist-55k")[0], catalogue.run("mnist-20d").model
    a, b = images.x[:1000].float() / 255, images.x[1000:2000].float() / 255
    other = images.y[:1000] != images.y[1000:2000]
    a, b = a[other], b[other]
    way = model.decode((model.encode(a).mean + model.encode(b).mean) / 2).mean.numpy()
    fade = ((a + b) / 2).numpy()
    counted = [((x >= 0.25) & (x <= 0.75)).mean() for x in (way, fade)]
    assert counted == pytest.approx([shown["straight"], shown["pixels"]], abs=0.01)


def test_claim_the_straight_path_cuts_the_corner():
    (first, second), middle = halves({"run": "mnist-20d", "stops": picker.DEFAULT, "drawing": ""})
    assert middle < 0.75 * min(first, second)
    assert middle < paths.shell(20).mean - 1.5 * paths.shell(20).deviation
    assert 3.15 < middle < 3.25 and 4.6 < second < first < 4.85
    x = catalogue.images("mnist-55k")[0].x[list(picker.DEFAULT)]
    a, b = catalogue.run("mnist-20d").model.encode(x).mean
    assert abs(torch.cosine_similarity(a, b, dim=0)) < 0.1


def test_claim_three_plus_nine_less_seven_is_a_three_and_only_further_an_eight():
    run, reader = catalogue.run("mnist-20d"), catalogue.run("digit-classifier").model
    codes = facts.codes("mnist-20d", run.digest)
    path = arithmetic.path_of({"plus": 9, "minus": 7, "base": 3}, codes, codes.of_class[3])
    read = reader.probabilities(run.model.decode(path).mean).argmax(1).tolist()
    assert dict(zip(arithmetic.STRENGTHS, read, strict=True))[1.0] == 3
    assert read[-1] == 8 and arithmetic.STRENGTHS[-1] == 1.5


def test_the_goals_can_be_met():
    view = {"run": "mnist-20d", "stops": picker.DEFAULT, "base": 3, "plus": 9, "minus": 7, "drawing": ""}
    short, eight = GOALS
    assert not short.met(view) and not eight.met(view)
    shown = catalogue.images("mnist-55k")[0]
    assert any(short.met(view | {"stops": picker.random_stops(shown, 2, seed)}) for seed in range(1, 40))
    assert eight.met(view | {"plus": 8, "minus": 3})


def test_the_strips_are_the_paths_decoded():
    run, x = catalogue.run("mnist-20d"), catalogue.images("mnist-55k")[0].x[[5, 9]].float() / 255
    found = facts.strips(run, facts.partner("mnist-20d"), x, 5)
    a, b = run.model.encode(x).mean
    torch.testing.assert_close(found.images["spherical"][1:2], run.model.decode(latent.slerp(a, b, 0.25)[None]).mean)
    torch.testing.assert_close(found.images["pixels"][2], x.mean(0))
    plain = catalogue.run("mnist-20d-autoencoder").model
    torch.testing.assert_close(found.images["autoencoder"][[0, 4]], plain.reconstruct(x))
    assert list(found.images) == ["straight", "spherical", "autoencoder", "pixels"]


def test_the_gif_shows_all_paths_and_comes_back():
    from vaedemo.app.lessons.interpolation.facts import strips
    from vaedemo.app.lessons.interpolation.motion import animation

    x = catalogue.images("mnist-55k")[0].x[[5, 9]].float() / 255
    found = strips(catalogue.run("mnist-20d"), None, x, 6)
    picture = Image.open(io.BytesIO(animation({name: each.numpy() for name, each in found.images.items()})))
    assert picture.info["loop"] == 0 and picture.n_frames >= 8
    first = np.asarray(picture.convert("L"))
    assert first.shape[1] > 3 * 28 and first.shape[0] % 28 == 0
    picture.seek(picture.n_frames - 1)
    assert np.abs(np.asarray(picture.convert("L")).astype(int) - first).mean() < 30
