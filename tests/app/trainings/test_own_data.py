"""Runs on data of a user's own, kept in the store by Python: the pages do not list them, and say why they show none."""

import numpy as np
import pytest

import vaedemo as vd
from tests.app.pages import link_of, open_page, sentences
from vaedemo.app import catalogue
from vaedemo.training import engine, store

UPLOAD = "upload:" + "0" * 64
SMALL = vd.RunConfig(hidden=(4,), epochs=1)


@pytest.fixture
def kept():
    """A run on own images, newer than one on the ring."""
    ring = engine.train(SMALL.replace(dataset="ring", train_size=100))
    return ring, vd.fit(np.random.default_rng(0).random((12, 28, 28)), SMALL)


def test_menus_do_not_list_them(kept):
    ring, own = kept
    assert [entry["digest"] for entry in store.recent()] == [own.digest, ring.digest]
    assert catalogue.menu_names()[-1] == ring.digest and own.digest not in catalogue.menu_names()


@pytest.mark.parametrize("page", ["plane", "gallery"])
def test_a_link_to_one_is_a_sentence_and_the_default_run(kept, page):
    _, own = kept
    at = open_page(page, {"step": "explore", "run": own.digest})
    assert not at.exception
    (sentence,) = sentences(at)
    assert "was trained on own images" in sentence and "no page shows these" in sentence


@pytest.mark.parametrize("page", ["lab", "beta", "autoencoder", "denoising", "pca"])
def test_a_link_with_own_data_is_refused_in_one_sentence(page):
    at = open_page(page, {"step": "explore", "dataset": UPLOAD})
    assert not at.exception
    (sentence,) = sentences(at)
    assert sentence.startswith("dataset accepts one of digits, ") and "upload:" in sentence
    assert "dataset" not in link_of(at)
