"""The words of a step: an option inside a sentence."""

import pytest

from vaedemo.app.shell.words import lowered


@pytest.mark.parametrize(
    ("option", "inside"),
    [
        ("The same for both", "the same for both"),
        ("A cloud around 0", "a cloud around 0"),
        ("KL falls", "KL falls"),
        ("E far from 0", "E far from 0"),
        ("σ² grows", "σ² grows"),
        ("0.5 nats", "0.5 nats"),
    ],
)
def test_an_option_s_first_letter_is_small_unless_it_is_a_symbol_or_a_name(option, inside):
    assert lowered(option) == inside
