"""Names of classes from a stranger's folders and labels: pages write them into Markdown, so no sign of it is left."""

import itertools
import re

import numpy as np
import pytest

from vaedemo.uploads import answers, words
from vaedemo.uploads.answers import BadAnswer, Decoded
from vaedemo.uploads.classes import coded
from vaedemo.uploads.limits import LONGEST_CLASS_NAME


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat", "cat"),
        ("class_1", "class_1"),
        ("-1", "-1"),
        ("+1", "+1"),
        ("3.5", "3.5"),
        ("C++", "C++"),
        ("T-shirt/top", "T-shirt top"),
        ("größe", "größe"),
        ("हिन्दी", "हिन्दी"),  # vowels of many scripts are marks of their own
        ("www.example.com", "www example com"),  # Markdown makes a link of it
        ("www.1.2", "www 1.2"),
        ("dr.no", "dr no"),
        ("_a_", "a"),
        ("__init__", "init"),
        ("a-_b_-c", "a- b -c"),
        ("- a", "a"),
        ("+ a", "a"),
        ("1. a", "1 a"),
        ("---", "no name"),
        ("a\u202eb\nc", "a b c"),
        ("  \t ", "no name"),
        ("", "no name"),
        ("<img src=x onerror=alert(1)>", "img src x onerror alert 1"),
        ("![a](http://b.c/d.png)", "a http b c d png"),
        ("$x^2$ `c` :red[x] :smile:", "x 2 c red x smile"),
        ("|#>*~\\&", "no name"),
    ],
)
def test_a_name_keeps_its_words_and_no_sign(text, name):
    assert words.class_name(text) == name


def test_names_stay_apart_where_they_mean_something_else():
    assert coded(["-1", "1", "+1", "C", "C++"])[1] == ("+1", "-1", "1", "C", "C++")


LEFT = re.compile(r"[^\w\s.+-]|www\.|(^|\W)_|_(\W|$)|^\d+\.(\s|$)|^[-+](\s|$)")


def test_of_all_short_texts_of_signs_none_is_left_and_a_name_is_a_name_again():
    for parts in itertools.product(["a", "1", "_", ".", "-", "+", " ", "www", "*"], repeat=5):
        name = words.class_name("".join(parts))
        assert name and not LEFT.search(name), (parts, name)
        assert words.class_name(name) == name, (parts, name)


@pytest.mark.parametrize("text", ["a" * 200, "a. " * 100, "a_" * 100, "x" * 59 + "_y", "y" * 59 + ".5", "1." * 100])
def test_a_long_name_is_cut_and_is_a_name_again(text):
    name = words.class_name(text)
    assert 0 < len(name) <= LONGEST_CLASS_NAME and words.class_name(name) == name


@pytest.mark.parametrize("name", ["www.a.com", "[a](b)", "<b>", "_a_", "", "a" * 61, "a\n", 3])
def test_the_parent_takes_no_other_name_from_its_child(name):
    points = Decoded("points", np.zeros(4, np.int64), (name,), points=np.zeros((4, 2), np.float32))
    with pytest.raises(BadAnswer, match="class name"):
        answers.read(answers.written(points))
