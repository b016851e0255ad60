"""The listing of a script: what is sent, and what is refused."""

import pytest

from vaedemo.app.components.listing import pack


def test_the_script_is_sent_as_it_is():
    text = 'print("μ < 1 & σ")\n'
    assert pack(text, "The code") == {"text": text, "label": "The code"}


def test_a_script_without_a_label_is_refused():
    with pytest.raises(ValueError, match="label must say"):
        pack("print()", "")
