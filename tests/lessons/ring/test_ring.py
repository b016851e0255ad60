"""The ring page without a browser: links of every kind, the numbers, and what its code prints."""

import pytest

from tests.app.pages import code_of, figures, link_of, open_page, sentences
from tests.app.test_code_of_view import check_twin
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app.lessons.ring import learned
from vaedemo.app.lessons.ring.scenes import LONGEST, MAPS, NOTES, exact_radii, exact_scene
from vaedemo.app.trainings import runs
from vaedemo.config import RunConfig
from vaedemo.training import engine

RING = "ring"


@pytest.mark.parametrize(
    "query",
    [
        {"map": "spiral", "t": "0.5", "show": "grid"},
        {"map": "scale", "samples": "300", "seed": "7"},
        {"map": "two_modes", "brush": "left,-1,-1,0.25,1,1"},
        {"brush": "right,-0.5,0.9,0.5,1.4,1", "learned_brush": "right,-0.6,-0.6,0.6,0.6,27"},
        {"frame": "12", "learned_show": "points", "width": "8", "train_seed": "3"},
        {"width": "32", "train": "1"},
    ],
)
def test_a_link_opens_its_view_and_stays(query):
    check_link(RING, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("map", "moebius", "map accepts one of ring, scale, spiral, two_modes"),
        ("samples", "1234", "samples accepts one of 300, 1000"),
        ("samples", "10000000000", "samples accepts one of 300, 1000"),
        ("t", "1.01", "t accepts a number from 0 to 1"),
        ("t", "nan", "t accepts a number from 0 to 1"),
        ("brush", "left,0,0,1", "brush accepts left or right, then x0,y0,x1,y1"),
        ("width", "4096", "width accepts one of 8, 32, 128"),
        ("frame", "31", "frame accepts a whole number from 0 to 30"),
        ("train", "2", "train accepts a whole number from 0 to 1"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(name, value, words):
    check_refused(RING, name, value, words)


def test_the_first_view_has_the_lesson_s_numbers():
    shown = figures(open_page(RING))
    assert shown["Mean radius, exact"] == "1.1253"
    assert shown["Standard deviation, exact"] == "0.0655"
    assert abs(float(shown["Mean radius"]) - 1.1253) < 4 * 0.0655 / 10_000**0.5
    assert shown["g: inside ρ < 0.9"] == "0.00 %"
    assert 5 < float(shown["Decoder: inside ρ < 0.9"].rstrip(" %")) < 8


@pytest.mark.parametrize("query", [{"map": "spiral", "samples": "1000", "seed": "5"}, {"samples": "30000"}])
def test_the_code_prints_the_numbers(query):
    check_twin(RING, query)


@pytest.mark.usefixtures("shared_cache")
def test_a_trained_run_is_shown_and_its_code_finds_it(monkeypatch):
    monkeypatch.setattr(learned, "EPOCHS", 2)
    run = engine.train(RunConfig(dataset="ring", hidden=(8, 8), noise_variance=0.004, epochs=2, batch_size=200, seed=1))
    shown = check_twin(RING, {"width": "8", "train_seed": "1", "train": "1"})
    assert shown["Decoder: inside ρ < 0.9"] != figures(open_page(RING))["Decoder: inside ρ < 0.9"]
    at = open_page(RING, {"width": "8", "train_seed": "1", "train": "1"})
    assert any(run.digest in each.value for each in at.caption)
    assert "Next seed" in [button.label for button in at.button]


def test_other_settings_are_another_training():
    at = open_page(RING, {"width": "32", "train": "1"})
    at.number_input(key="ring.train_seed").set_value(4).run()
    assert link_of(at) == {"width": "32", "train_seed": "4"}


def test_why_a_training_ended_is_said(monkeypatch):
    class Job:
        in_flight, stopping, owners = False, False, ()

    ended = runs.Ended(Job(), "The worker was lost.", None)
    monkeypatch.setattr(runs, "state_of", lambda config: ended)
    at = open_page(RING, {"train": "1"})
    check_whole(at)
    assert sentences(at) == ["The worker was lost."]
    assert 'vd.load("ring-2d")' in code_of(at)


def test_without_its_shipped_run_the_exact_half_stays(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "none"))
    at = open_page(RING)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith("No run is called 'ring-2d'")
    assert figures(at)["Mean radius, exact"] == "1.1253"
    assert "Decoder: inside ρ < 0.9" not in figures(at)


@pytest.mark.parametrize("name", MAPS)
def test_every_map_fits_its_pane(name):
    scene = exact_scene(name, 0, 10_000)
    assert abs(scene.frames[1]).max() < scene.extents_right[1]
    rho, density = exact_radii(name)
    assert rho[-1] == LONGEST[name]
    assert 0.99 < density.sum() * (rho[1] - rho[0]) < 1.01
    assert NOTES[name]
