"""Own data that no picture expects: points far from 0, all in one place, images of one grey. No page breaks."""

import numpy as np
import pytest

import vaedemo as vd
from tests.app.pages import link_of, open_page, sentences
from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.trainings import film
from vaedemo.app.trainings.own_data.desk import desk
from vaedemo.datasets import own
from vaedemo.training import engine
from vaedemo.uploads.decoder import Decoded

VISITOR = "test session id"  # of every AppTest
NEAR = np.random.default_rng(0).normal(size=(60, 2))
POINTS = {
    "far": NEAR + 1e6,
    "farthest": np.where(NEAR > 0, 3.4e38, -3.4e38),
    "tiny": 1e-40 * NEAR,
    "zeros": np.zeros((60, 2)),
    "in one place far from 0": np.full((60, 2), 1e30),
}


def press(at, label: str):
    (button,) = [each for each in at.button if each.label == label]
    at = button.click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("kind", POINTS)
def test_points_are_looked_at_and_taken(kind):
    points = POINTS[kind].astype(np.float32)
    desk().ticket(VISITOR)
    desk().put(VISITOR, Decoded("points", np.zeros(60, np.int64), ("points",), points=points), points.nbytes)
    at = press(press(open_page("lab", {"step": "explore"}), "Your own data"), "Use these")
    name = link_of(at)["dataset"]
    assert name.startswith("upload-points:") and desk().waiting(VISITOR) is None
    own.forget(name)


@pytest.mark.parametrize(("x", "words"), [
    (POINTS["far"], film.FAR),
    (POINTS["zeros"], ""),
    (np.zeros((60, 28, 28), np.uint8), ""),
], ids=["far", "zeros", "black"])  # fmt: skip
def test_pages_show_a_run_on_them(x, words):
    name = datasets.register(datasets.from_arrays(x, np.arange(60) % 2), ("a", "b"))
    own.keep(name)
    run = engine.train(vd.RunConfig(dataset=name, hidden=(4,), epochs=1))
    for query in ({}, {"source": "walk"}, {"source": "mixture"}):
        at = open_page("gallery", {"step": "explore", "run": run.digest} | query)
        assert not at.exception and sentences(at) == []
    at = open_page("plane", {"step": "explore", "run": run.digest})
    assert not at.exception and sentences(at) == []
    assert [each.value for each in at.info if each.value == film.FAR] == [words] * bool(words)
    own.forget(name)
    catalogue.forget()
