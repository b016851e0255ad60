"""The page on PCA without a browser: exhibits, ranks and sizes that are refused, own models, what its code prints."""

import numpy as np
import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, sentences
from tests.app.test_pages import check_link, check_whole
from vaedemo import datasets
from vaedemo.analysis import rank_one, reduction, subspaces
from vaedemo.app import catalogue
from vaedemo.app.lessons.pca import form, sketches
from vaedemo.figures import error_curve
from vaedemo.models import pca
from vaedemo.training import engine, shipped_runs

PCA = "pca"
OWN = {"source": "own", "sizes": "1,3", "width": "8", "epochs": "1"}


def values(**changes):
    known = {parameter.name: parameter.default for parameter in form.PARAMETERS}
    return known | changes


@pytest.mark.parametrize(
    "query",
    [
        {"terms": "0"},
        {"images": "fashion", "image": "13", "terms": "15"},
        {"part": "equal", "shown": "7", "k": "2"},
        {"part": "planes", "k": "32"},
        {"part": "curve", "k": "32"},
        {"part": "sum", "images": "fashion", "image": "10", "pixels": "shuffled"},
    ],
)
def test_a_link_opens_its_view_and_its_code_prints_its_numbers(query):
    check_link(PCA, query)
    check_numbers(PCA, query)


@pytest.mark.parametrize(
    ("query", "words", "left"),
    [
        ({"terms": "29"}, "terms accepts a whole number from 0 to 28, got 29.", {}),
        ({"terms": "-1"}, "terms accepts a whole number from 0 to 28", {}),
        ({"part": "equal", "k": "99"}, "k accepts one of 2, 8, 16, 32, the sizes that were trained", {"part": "equal"}),
        ({"part": "equal", "k": "0"}, "k accepts a whole number from 1 to 256", {"part": "equal"}),
        ({"sizes": "2,nan"}, "sizes accepts 1 to 6 whole numbers from 1 to 256, separated by commas", {}),
        ({"sizes": "785"}, "sizes accepts 1 to 6 whole numbers from 1 to 256, separated by commas", {}),
        ({"sizes": ""}, "sizes accepts 1 to 6 whole numbers from 1 to 256, separated by commas", {}),
        ({"rate": "-1"}, "rate accepts a number from 1e-05 to 1", {}),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(query, words, left):
    at = open_page(PCA, query)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert link_of(at) == left


def test_more_terms_than_the_rank_are_refused():
    at = open_page(PCA, {"image": "2", "terms": "28"})
    rank = int(figures(at)["Rank"])
    assert rank < 28
    assert sentences(at) == [f"terms accepts a whole number from 0 to {rank}, the rank of this image, got 28."]
    assert figures(at)["Squared norm kept"] == "100.00 %"
    assert link_of(at) == {"image": "2", "terms": str(rank)}


def test_another_set_of_images_keeps_terms_within_the_rank():
    at = open_page(PCA, {"images": "fashion", "terms": "28"})
    at.segmented_control(key="pca.images").set_value("mnist-55k").run()
    assert sentences(at) == []
    assert link_of(at)["terms"] == figures(at)["Rank"]


def test_the_numbers_of_an_image():
    shown = figures(open_page(PCA, {"terms": "5"}))
    images = catalogue.images("mnist-55k")[0]
    image = images.x[int((images.y == 0).nonzero()[0]), 0].double() / 255
    oracle = torch.linalg.svdvals(image).square()
    assert shown["Rank"] == str(int(torch.linalg.matrix_rank(image)))
    assert shown["Squared norm kept"] == f"{100 * (oracle[:5].sum() / oracle.sum()).item():.2f} %"
    assert shown["Numbers needed"] == "285 of 784"
    assert rank_one.decompose(image).rank == int(shown["Rank"])


@pytest.mark.parametrize("k", shipped_runs.COMPONENTS)
def test_the_shipped_linear_autoencoder_is_pca_within_a_percent(k):
    train = datasets.load("digits", "train").as_data().flatten(1)
    x = datasets.load("digits", "test").as_data()
    found, model = pca.fit(train, k), catalogue.run(f"linear-{k}").model
    best = reduction.pca_errors(found, x)[k].item()
    assert 0.99 < reduction.pixel_error(model.reconstruct(x), x) / best < 1.01
    angles = subspaces.principal_angles(found.components.T, reduction.decoder_columns(model))
    assert angles[-1].rad2deg().item() < 2  # degrees; measured 0.5 to 1.8
    assert reduction.pixel_error(catalogue.run(f"deep-{k}").model.reconstruct(x), x) < 0.9 * best


@pytest.mark.usefixtures("shared_cache")
def test_own_models_are_trained_on_demand():
    at = open_page(PCA, OWN | {"part": "equal"})
    assert not at.exception
    assert figures(at) == {}
    assert "Train 4 models" in [each.label for each in at.button]
    configs = form.configs_of(values(sizes="1,3", width=8, epochs=1))
    assert [config.network for config in configs["linear"]] == ["linear"] * 2
    for config in (*configs["linear"], *configs["deep"]):
        engine.train(config)
    for part in ("equal", "planes"):
        query = OWN | {"part": part, "k": "1"}
        at = open_page(PCA, query)
        check_whole(at)
        assert sentences(at) == []
        assert link_of(at) == query
        check_numbers(PCA, query)


@pytest.mark.usefixtures("shared_cache")
def test_other_settings_no_longer_ask_for_training():
    at = open_page(PCA, OWN | {"part": "equal"})
    at.session_state["pca.train"] = 1
    at.number_input(key="pca.epochs").set_value(2).run()
    assert "train" not in link_of(at)
    assert link_of(at)["epochs"] == "2"


def test_the_sketches_say_what_they_draw():
    shares = np.array([0.8, 0.15, 0.05])
    drawn = sketches.shares_sketch(shares, 1)
    assert [words for _, words in drawn.readout] == [
        "0 terms: 100.00 % left",
        "1 terms: 20.00 % left",
        "2 terms: 5.00 % left",
        "3 terms: 0.00 % left",
    ]
    assert list(drawn.layers[-1]["y"]) == pytest.approx([np.log10(0.2)], abs=1e-5)
    drawn = sketches.angles_sketch(np.array([0.5, 1.25]), np.array([10.0, 60.0]))
    assert drawn.readout[1][1] == "2: plane to plane 1.25°, column to axis 60.0°"


def test_while_it_is_asked_nothing_of_pca_is_drawn_beyond_k():
    errors, trained = [1.0, 0.5, 0.4, 0.3, 0.2, 0.1], {2: (0.41, 0.2), 4: (0.21, 0.1)}
    drawn = error_curve.error_curve(errors, trained, 2, 4, is_open=True)
    pca_curve, linear, *_ = drawn.data
    assert max(pca_curve.x) == max(linear.x) == 2
    assert not [each.text for each in drawn.layout.annotations if "PCA: " in each.text]
    drawn = error_curve.error_curve(errors, trained, 2, 4)
    assert next(each.text.strip() for each in drawn.layout.annotations) == "PCA: 4"


@pytest.mark.parametrize("query", [{"step": "deep", "k": "9"}, {"step": "plane", "k": "9", "hide": "k"}])
def test_in_a_step_a_k_that_was_not_trained_breaks_nothing(query):
    at = open_page(PCA, query)
    assert not at.exception
    for sentence in sentences(at):
        assert sentence.startswith("k accepts one of 2, 8, 16, 32, the sizes that were trained")
