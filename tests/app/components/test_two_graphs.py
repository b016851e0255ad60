"""The Python side of the two computation graphs: the numbers of one draw, as words for the browser."""

import numpy as np
import pytest

from vaedemo.app.components.two_graphs import pack
from vaedemo.figures.palette import ROLES

DRAW = {
    "mu": (-1.5, 0.25),
    "sigma": (0.5, 0.125),
    "noise": (0.0, -2.0),
    "z": (-1.5, 0.0),
    "log_likelihood": -94.53,
    "kl": 2.04,
    "pathwise": (7.97, -0.04),
    "score": (-1174.2, 3.0),
    "names": ("∂/∂μ₁", "∂/∂μ₂"),
    "flow": "score",
}


def test_numbers_have_a_true_minus_sign_and_no_negative_zero():
    sent = pack(**DRAW)
    assert sent["numbers"] == {
        "mu": "μ = (−1.50, 0.25)",
        "sigma": "σ = (0.50, 0.12)",
        "noise": "(0.00, −2.00)",
        "z": "(−1.50, 0.00)",
        "reward": "−94.5 nats",
        "divergence": "2.0 nats",
        "stopped": "a draw has no derivative",
        "by-score": "× ∇ log q(z|x)",
    }
    assert sent["gradients"] == {
        "score": ["∂/∂μ₁ = −1,174.2", "∂/∂μ₂ = 3.0"],
        "pathwise": ["∂/∂μ₁ = 8.0", "∂/∂μ₂ = 0.0"],
    }
    assert sent["colours"] == ROLES
    assert sent["image"] is None


def test_each_graph_is_told_in_words():
    labels = pack(**DRAW)["labels"]
    assert "∂/∂μ₁ = −1,174.2" in labels["score"] and "∂/∂μ₁ = 8.0" in labels["pathwise"]
    labels = pack(**(DRAW | {"flow": "draw"}))["labels"]
    assert "no gradient of log p(x|z)" in labels["score"] and "∂/∂μ₁ = 8.0" in labels["pathwise"]
    labels = pack(**(DRAW | {"flow": "kl"}))["labels"]
    assert "trained by the KL alone" in labels["score"] and "trained by both terms" in labels["pathwise"]


def test_a_graph_that_is_held_back_says_nothing_of_gradients():
    sent = pack(**(DRAW | {"flow": "none"}))
    assert all(lines == ["", ""] for lines in sent["gradients"].values())
    assert (sent["numbers"]["stopped"], sent["numbers"]["by-score"]) == ("", "")
    with pytest.raises(ValueError, match="flow must be one of none, draw"):
        pack(**(DRAW | {"flow": "both"}))


def test_an_image_is_sent_as_the_places_of_its_white_pixels():
    image = np.zeros((2, 3), dtype=np.float32)
    image[0, 2] = image[1, 0] = 1
    assert pack(**DRAW, image=image)["image"] == {"height": 2, "width": 3, "white": [2, 3]}


@pytest.mark.parametrize("name", ["mu", "sigma", "noise", "z", "pathwise", "score"])
def test_there_are_two_numbers_of_each(name):
    with pytest.raises(ValueError, match=f"{name} must have 2 numbers, got 3"):
        pack(**(DRAW | {name: (1.0, 2.0, 3.0)}))


def test_an_image_has_rows_and_columns():
    with pytest.raises(ValueError, match=r"image must have the shape \(H, W\), got \(1, 2, 2\)"):
        pack(**DRAW, image=np.zeros((1, 2, 2)))
