"""A session's own data sets: remembered for its menus, brought or only seen, gone, and taken out after Clear."""

import numpy as np
import pytest

from vaedemo import datasets
from vaedemo.app.shell import own_sets
from vaedemo.dataset_names import DATASETS
from vaedemo.datasets import own
from vaedemo.rules import ConfigError

GONE = "upload:" + "0" * 64


@pytest.fixture(autouse=True)
def session(monkeypatch) -> dict:
    """A session state of this test's own."""
    state = {}
    monkeypatch.setattr(own_sets.st, "session_state", state)
    return state


def points(count: int) -> str:
    name = datasets.register(datasets.from_arrays(np.random.default_rng(count).normal(size=(count, 2))))
    assert own.keep(name)
    return name


def test_the_newest_is_first_and_none_is_twice():
    first, second = points(20), points(30)
    for name in (first, second, first):
        own_sets.remember(name)
    assert own_sets.names() == [first, second]
    assert own_sets.options(first) == [*DATASETS, first, second]
    assert own_sets.options("digits") == [*DATASETS, first, second]


@pytest.mark.parametrize("name", ["digits", "upload:x", "upload:" + "A" * 64, "", GONE + "0"])
def test_another_name_is_passed_over(name, session):
    own_sets.remember(name, brought=True)
    assert session == {}


def test_data_that_are_gone_are_in_no_menu_but_of_the_page_that_shows_them():
    name = points(20)
    own_sets.remember(name)
    own_sets.remember(GONE)
    assert own_sets.names() == [name] and own_sets.is_gone(GONE) and own_sets.is_here(name)
    own.forget(name)
    assert own_sets.names() == [] and own_sets.is_gone(name) and not own_sets.is_here(name)
    assert own_sets.options(name) == [*DATASETS, name]
    assert not own_sets.is_gone("digits") and not own_sets.is_here("digits")


def test_only_what_was_brought_here_was_brought():
    seen, brought = points(20), points(30)
    own_sets.remember(seen)
    own_sets.remember(brought, brought=True)
    own_sets.remember(brought)  # its page was opened by a link meanwhile
    assert own_sets.was_brought(brought) and not own_sets.was_brought(seen)


def test_what_was_cleared_is_neither_listed_nor_brought_when_another_visitor_brings_the_same():
    name, other = points(20), points(30)
    for each in (name, other):
        own_sets.remember(each, brought=True)
    own.forget(name)
    own_sets.forget(name)
    assert points(20) == name and own_sets.is_here(name)
    assert own_sets.names() == [other] and not own_sets.was_brought(name) and own_sets.was_brought(other)
    own_sets.forget(GONE)


def test_at_most_so_many_are_remembered(session):
    names = [f"upload:{number:064x}" for number in range(own_sets.MOST + 3)]
    for name in names:
        own_sets.remember(name)
    assert session[own_sets.NAMES] == names[3:]


@pytest.mark.parametrize("value", [GONE, "Digits", "upload:", "", 3, None, ["digits"]])
def test_a_link_takes_no_other_data(value):
    with pytest.raises(ConfigError, match="data that were uploaded here and are still kept"):
        own_sets.rule("dataset", value)


def test_a_link_takes_data_that_are_here():
    name = points(20)
    assert own_sets.rule("dataset", name) == name and own_sets.rule("dataset", "ring") == "ring"
    assert len(name) <= own_sets.LONGEST


def test_titles():
    name = points(20)
    assert own_sets.title(name) == f"Own points: 20, {name.partition(':')[2][:8]}"
    assert own_sets.title(GONE) == "Own images: gone, 00000000"
