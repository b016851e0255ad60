"""The lab's form and the likelihoods: what is offered for which data, and whose settings are shown."""

import pytest

from tests.app.pages import link_of, open_page, sentences
from vaedemo.config import IMAGE_LIKELIHOODS
from vaedemo.likelihood_index import LIKELIHOODS, POINT_LIKELIHOODS

LABEL = "Likelihood p(x|z)"


@pytest.mark.parametrize("name", IMAGE_LIKELIHOODS)
def test_a_likelihood_s_own_setting_is_shown(name):
    at, line = open_page("lab", {"likelihood": name}), LIKELIHOODS[name]
    assert not at.exception and sentences(at) == []
    (box,) = [each for each in at.selectbox if each.label == LABEL]
    assert box.value == name and box.options == [
        "The data's own choice",
        *(each.choice for each in LIKELIHOODS.values()),
    ]
    noise = [each.label for each in at.text_input if each.label.startswith("σ² of the ")]
    assert noise == [f"σ² of the {line.title}"] * (line.setting == "noise_variance")
    assert ("Grey levels" in [each.label for each in at.number_input]) == (line.setting == "levels")
    assert link_of(at) == {"likelihood": name}


def test_points_are_offered_the_likelihoods_of_real_numbers():
    at = open_page("lab", {"dataset": "ring"})
    offered = [each.options[1:] for each in at.selectbox if each.label == LABEL]
    choices = [LIKELIHOODS[name].choice for name in POINT_LIKELIHOODS]
    assert offered == [choices] * (len(choices) > 1)
    assert "σ² of the Gaussian" in [each.label for each in at.text_input]
