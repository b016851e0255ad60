"""The ring page without a browser: links of every kind, the numbers, and what its code prints."""

import json

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, link_of, open_page, sentences
from tests.app.test_code_of_view import check_twin
from vaedemo.app.lessons.ring import learned
from vaedemo.app.lessons.ring.scenes import LONGEST, MAPS, NOTES, exact_radii, exact_scene
from vaedemo.app.shell.step_view import NOT_SURE
from vaedemo.app.trainings import runs
from vaedemo.config import RunConfig
from vaedemo.training import engine

RING = "ring"
EXPLORE = {"step": "explore"}


@pytest.mark.parametrize(
    "query",
    [
        {"map": "spiral", "t": "0.5", "show": "grid"},
        {"map": "scale", "samples": "300", "seed": "7"},
        {"map": "two_modes", "brush": "left,-1,-1,0.25,1,1"},
        {"brush": "right,-0.5,0.9,0.5,1.4,1", "learned_brush": "right,-0.6,-0.6,0.6,0.6,27"},
        {"frame": "12", "learned_show": "points", "width": "8", "train_seed": "3"},
        {"width": "32", "train": "1"},
        {"part": "exact", "t": "0.25"},
        {"part": "learned", "frame": "3"},
        {"step": "tear", "t": "0.5"},
    ],
)
def test_a_link_opens_its_view_and_stays(query):
    at = open_page(RING, query)
    assert not at.exception and sentences(at) == []
    assert link_of(at) == query
    assert figures(at) or query.get("step")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"map": "spiral"}, {"warp", "radii", "learned", "learned_radii"}),
        ({"width": "8"}, {"warp", "radii", "learned", "learned_radii"}),
        ({"part": "exact"} | EXPLORE, {"warp", "radii"}),
        ({"part": "learned"} | EXPLORE, {"learned", "learned_radii"}),
    ],
)
def test_links_of_before_show_both_exhibits_and_each_can_be_had_alone(query, shown):
    assert drawn(open_page(RING, query)) == shown


def drawn(at) -> set[str]:
    """The panes and histograms of the page, by their keys."""
    keys = ("warp", "radii", "learned", "learned_radii")
    ids = [each.proto.id for each in at.get("bidi_component")]
    return {key for key in keys if any(each.endswith(f"-ring.{key}") for each in ids)}


def header_of(at, key: str) -> dict:
    """What the panes were sent, without their coordinates."""
    (sent,) = [each.proto for each in at.get("bidi_component") if each.proto.id.endswith(f"-ring.{key}")]
    return json.loads(sent.bytes[4 : 4 + int.from_bytes(sent.bytes[:4], "little")])


@pytest.mark.parametrize(("step", "key"), [("linear", "warp"), ("tear", "warp"), ("learned", "learned")])
def test_an_open_question_shows_no_way_to_its_answer(step, key):
    at = open_page(RING, {"step": step})
    assert (header_of(at, key)["frames"], header_of(at, key)["report"]) == (1, False)
    at.button(key=f"ring.option{NOT_SURE}").click().run()
    assert header_of(at, key)["frames"] > 1 and header_of(at, key)["report"]


def test_samples_drawn_and_counted_are_told_apart():
    assert figures(open_page(RING, EXPLORE))["Samples"] == "10,000"
    said = [each.value for each in open_page(RING, EXPLORE).caption]
    assert any("draw the first 1,000 of 10,000 samples" in each for each in said)
    few = [each.value for each in open_page(RING, {"samples": "300"}).caption]
    assert not any("draw the first" in each for each in few)


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
    at = open_page(RING, {name: value})
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert not at.exception and link_of(at) == {}


def test_explore_has_the_lesson_s_numbers():
    shown = figures(open_page(RING, EXPLORE))
    assert shown["Mean radius, exact"] == "1.1253"
    assert shown["Standard deviation, exact"] == "0.0655"
    assert abs(float(shown["Mean radius"]) - 1.1253) < 4 * 0.0655 / 10_000**0.5
    assert shown["g: inside ρ < 0.9"] == "0.00 %"
    assert 5 < float(shown["Decoder: inside ρ < 0.9"].rstrip(" %")) < 8


@pytest.mark.parametrize("query", [{"map": "spiral", "samples": "1000", "seed": "5"}, {"samples": "30000"}])
def test_the_code_prints_the_numbers(query):
    check_twin(RING, query)


@pytest.mark.parametrize(
    "query", [{}, EXPLORE, EXPLORE | {"part": "exact"}, EXPLORE | {"part": "learned", "seed": "3"}]
)
def test_the_code_of_each_part_prints_its_numbers(query):
    check_numbers(RING, query)


@pytest.mark.usefixtures("shared_cache")
def test_a_trained_run_is_shown_and_its_code_finds_it(monkeypatch):
    monkeypatch.setattr(learned, "EPOCHS", 2)
    run = engine.train(RunConfig(dataset="ring", hidden=(8, 8), noise_variance=0.004, epochs=2, batch_size=200, seed=1))
    shown = check_twin(RING, {"width": "8", "train_seed": "1", "train": "1"})
    assert shown["Decoder: inside ρ < 0.9"] != figures(open_page(RING, EXPLORE))["Decoder: inside ρ < 0.9"]
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
    assert not at.exception
    assert sentences(at) == ["The worker was lost."]
    assert 'vd.load("ring-2d")' in code_of(at)


def test_without_its_shipped_run_the_exact_half_stays(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "none"))
    at = open_page(RING, EXPLORE)
    assert not at.exception
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
