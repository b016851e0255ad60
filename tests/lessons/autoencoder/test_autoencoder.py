"""The page on encoder, code and decoder: its numbers, what its settings accept, what its pictures hold."""

import numpy as np
import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, link_of, open_page, sentences
from vaedemo.analysis import activations
from vaedemo.app.lessons.autoencoder import copies, curve, facts, form, pictures
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.rules import ConfigError
from vaedemo.training import engine

PAGE = "autoencoder"
OWN = {"source": "own", "hidden": "16", "sizes": "2,3", "epochs": "1"}


@pytest.mark.parametrize(
    "query",
    [
        {"step": "explore"},
        {"size": "2", "image": "77"},
        {"network": "conv", "size": "32", "part": "curve"},
        {},
        {"part": "copies", "given": "fashion", "network": "conv"},
    ],
)
def test_the_numbers_are_the_code_s(query):
    check_numbers(PAGE, query)


def test_settings_of_one_s_own_offer_a_training_and_show_it_once_it_is_there():
    at = open_page(PAGE, OWN)
    assert not at.exception and sentences(at) == []
    assert "Train 2 models" in [button.label for button in at.button]
    assert figures(at) == {} and "vd.train" in code_of(at)
    engine.sweep(
        form.configs_of({"dataset": "digits", "network": "mlp", "hidden": "16", "sizes": "2,3", "epochs": 1, "seed": 0})
    )
    query = OWN | {"size": "3"}
    for part in ("layers", "copies", "curve"):
        check_numbers(PAGE, query | {"part": part})
    at = open_page(PAGE, query)
    assert figures(at)["Numbers in the code"] == "3 of 784"
    assert link_of(at) == query


def test_sizes_that_cannot_be_read_are_one_sentence_and_the_page_goes_on():
    at = open_page(PAGE, OWN)
    at.text_input(key="autoencoder.sizes").set_value("2,x").run()
    (sentence,) = sentences(at)
    assert sentence.startswith("sizes accepts 1 to 8 different whole numbers") and not at.exception
    at.segmented_control(key="autoencoder.source").set_value("shipped").run()
    assert sentences(at) == [] and figures(at)["Numbers in the code"] == "8 of 784"


def test_a_size_that_is_not_shipped_becomes_the_nearest_with_a_word():
    at = open_page(PAGE, {"size": "50"})
    (sentence,) = sentences(at)
    assert sentence == "size accepts one of 1, 2, 4, 8, 16, 32, 64 here, got 50."
    assert link_of(at) == {"size": "64"}


def test_an_image_beyond_the_last_is_refused_in_one_sentence():
    at = open_page(PAGE, {"image": "7000"})
    (sentence,) = sentences(at)
    assert sentence == "image accepts a whole number from 0 to 4,999 here, got 7,000."


@pytest.mark.parametrize("text", ["", "0", "2,2", "2,x", "1,2,3,4,5,6,7,8,9", "2000"])
def test_sizes_that_are_none_are_refused(text):
    with pytest.raises(ConfigError, match="sizes accepts 1 to 8 different whole numbers from 1 to 1,024"):
        form.sizes("sizes", text)


def test_sizes_come_back_in_rising_order():
    assert form.sizes("sizes", "32, 2,8") == (2, 8, 32)


class Asked(dict):
    """A view with an open question; `held`: that of the first step."""

    is_open = True

    @property
    def held(self):
        return self["held"]


def test_a_question_that_is_open_shows_no_copy_that_would_answer_it():
    runs = {size: facts.run(size) for size in copies.SIDE_BY_SIDE}
    for given, held, hidden in (("own", False, {1, 2}), ("own", True, set(runs)), ("fashion", False, set(runs))):
        assert copies.covered(Asked(given=given, held=held), runs) == hidden
    drawn = curve.curve(facts.losses(runs), 46, 206, is_open=True, tall=300)
    assert not any("markers" in trace.mode for trace in drawn.data)
    assert all(each.text.endswith("?</b>") for each in drawn.layout.annotations if "from" in each.text)


def test_pictures_are_cut_only_where_all_x_are_black():
    x = torch.zeros(3, 1, 28, 28)
    assert [each.shape[-1] for each in copies.trimmed([x, x + 1])] == [26, 26]
    x[1, 0, 0, 5] = 0.1
    assert [each.shape[-1] for each in copies.trimmed([x, x + 1])] == [28, 28]
    assert copies.strip(x).shape == (1, 3 * 28 + 2, 28)


def test_pictures_have_one_square_a_number():
    model = build(RunConfig(model="autoencoder", network="conv", hidden=(4, 6), latent_dim=5), (1, 28, 28))
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    found = activations.layers(model, x)
    boxes = pictures.boxes(found)
    assert [box.title for box in boxes] == ["image x", "h₁", "h₂", "code z", "h₃", "h₄", "x̂"]
    for box, layer in zip(boxes, found, strict=True):
        assert (box.picture[..., 3] == 255).sum() == layer.size, box.title
    np.testing.assert_array_equal(boxes[0].picture[..., 0], np.rint(255 * x[0, 0].numpy()))
    assert boxes[1].lines == ("4 × 14 × 14 = 784", "convolution, ReLU") and boxes[1].parameters == "40"


def test_the_error_map_is_black_where_nothing_is_wrong():
    x = np.full((1, 4, 4), 0.5)
    assert not pictures.with_difference(x, x)[2].any()
    missing = pictures.with_difference(x, 0 * x)[2]
    assert (missing[2] > missing[0]).all()
