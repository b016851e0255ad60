"""A held training on the lab's page without a browser: what a link says, what a press asks for, and bad links."""

import pytest

import vaedemo as vd
from tests.app.pages import code_of, link_of, open_page, sentences
from vaedemo.app.trainings import branches, holding, runs
from vaedemo.config import RunConfig
from vaedemo.training import presets
from vaedemo.training.job import Job

SMALL = {"hidden": "8", "train_size": "100", "batch_size": "20", "epochs": "2"}  # 10 steps
CONFIG = presets.fast(RunConfig()).replace(hidden=(8,), train_size=100, batch_size=20, epochs=2)


A_HUNDRED = ",".join(f"{step}~beta~{step}" for step in range(1, 101))


class View(dict):
    """The state of a page, as `holding` uses it."""

    def key(self, name: str) -> str:
        return f"lab.{name}"


def test_a_link_opens_the_run_up_to_a_step_and_names_what_can_be_done():
    vd.train(CONFIG.held_at(7))
    at = open_page("lab", SMALL | {"until": "7", "train": "1"})
    assert sentences(at) == []
    assert any("**Held at step 7** of 10, in epoch 2." in each.value for each in at.markdown)
    labels = [each.label for each in at.button]
    assert {"Go on", "One step", "One epoch", "The whole training"} <= set(labels)
    assert "until=7" in code_of(at)
    assert link_of(at)["until"] == "7"


def test_another_value_is_a_change_in_the_link_and_the_old_one_again_is_none():
    vd.train(CONFIG.held_at(7))
    at = open_page("lab", SMALL | {"until": "7", "train": "1"})
    at.number_input(key="lab.from_here.beta").set_value(4.0).run()
    assert link_of(at)["changes"] == "7~beta~4"
    at.number_input(key="lab.from_here.learning_rate").set_value(0.001).run()
    assert link_of(at)["changes"] == "7~beta~4~learning_rate~0.001"
    assert any("**Held at step 7**" in each.value for each in at.markdown), "it is still the run up to step 7"
    at.number_input(key="lab.from_here.beta").set_value(1.0).run()
    at.number_input(key="lab.from_here.learning_rate").set_value(CONFIG.learning_rate).run()
    assert "changes" not in link_of(at) and sentences(at) == []


def test_an_autoencoder_has_no_beta_and_a_gaussian_has_its_noise():
    assert set(holding.changeable(CONFIG)) == {"beta", "learning_rate"}
    assert set(holding.changeable(CONFIG.replace(model="autoencoder"))) == {"learning_rate"}
    gaussian = CONFIG.replace(likelihood="gaussian", noise_variance=0.1)
    assert holding.changeable(gaussian)["noise_variance"] == 0.1
    assert "noise_variance" not in holding.changeable(gaussian.replace(noise_variance="learned"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": "11"}, "until accepts a step up to 10, the last of this training, got 11."),
        ({"changes": "10~beta~4"}, "changes accepts steps below 10, the last of this training, got '10~beta~4'."),
        ({"changes": "5~beta~-1"}, "beta in changes accepts a number from 0 to 1e+06, got -1.0."),
        ({"changes": "5~beta~2,4~beta~3"}, "changes accepts changes at ascending steps, got '5~beta~2,4~beta~3'."),
        (
            {"changes": ",".join(f"{step}~beta~{step}" for step in range(1, 101))},
            "changes accepts at most 200 characters",
        ),
        ({"changes": "5~seed~1"}, "changes accepts up to 8 changes at ascending steps from 1"),
        ({"until": "-3"}, "until accepts a whole number from 0 to 100,000,000, got -3."),
    ],
)
def test_a_forged_link_is_one_sentence(wrong, sentence):
    at = open_page("lab", SMALL | wrong, numbers=False)
    (said,) = sentences(at)
    assert said.startswith(sentence)
    assert not at.exception


def test_a_step_of_which_only_the_film_is_left_is_trained_again():
    at = open_page("lab", SMALL | {"until": "7"})
    assert "Train to step 7" in [each.label for each in at.button]


def test_steps_to_the_end_of_an_epoch():
    assert [holding.to_end_of_epoch(CONFIG.held_at(step)) for step in (1, 4, 5, 7)] == [4, 1, 5, 3]


def test_pause_of_a_job_that_waits_says_so(monkeypatch):
    job = Job("key", [CONFIG])
    job.position = 2
    monkeypatch.setattr(runs, "job_of", lambda key, configs: job)
    monkeypatch.setattr(holding.st, "session_state", {})
    holding.pause(View(), CONFIG)
    assert "Stop takes it off the queue" in holding.st.session_state["lab.refused"]


def test_pause_of_a_job_that_has_ended_does_nothing(monkeypatch):
    job = Job("key", [CONFIG])
    job.end("finished")
    monkeypatch.setattr(runs, "job_of", lambda key, configs: job)
    monkeypatch.setattr(holding.st, "session_state", {})
    holding.pause(View(), CONFIG)
    assert holding.st.session_state == {}


def test_the_tree_has_each_branch_after_the_run_that_it_left():
    first, second = ((5, {"beta": 4.0}),), ((5, {"beta": 4.0}), (8, {"beta": 1.0}))
    for config in (CONFIG, CONFIG.replace(changes=second)):
        vd.train(config)
    shown = CONFIG.replace(changes=((7, {"learning_rate": 0.001}),), until=9)
    results = branches.stored(shown)
    assert len(results) == 2
    paths = branches.rows([*results, branches.shown_path(shown)])
    assert paths == [(), first, second, shown.changes]
    drawn = [branches.branch_of(path, paths, results, 10, shown) for path in paths]
    assert [each.parent for each in drawn] == [None, 0, 1, 0]
    assert [(each.begin, each.end) for each in drawn] == [(0, 10), (5, 8), (8, 10), (7, 9)]
    assert [bool(each.result) for each in drawn] == [True, False, True, True] and drawn[3].shown
    assert "not kept" in branches.description(drawn)


def test_the_tree_s_choice_shows_another_branch():
    for changes in ((), ((5, {"beta": 4.0}),)):
        vd.train(CONFIG.replace(changes=changes))
    at = open_page("lab", SMALL | {"changes": "5~beta~4", "train": "1"})
    (chooser,) = [each for each in at.selectbox if each.key == "lab.branch"]
    assert chooser.options == ["without a change"]
    chooser.select_index(0).run()
    assert "changes" not in link_of(at)


def test_held_runs_are_in_no_menu():
    from vaedemo.app import catalogue

    vd.train(CONFIG.held_at(7))
    assert CONFIG.held_at(7).digest not in catalogue.menu_names()


@pytest.mark.parametrize("page", ["lab", "plane", "gallery"])
def test_a_run_held_within_its_first_epoch_has_no_losses_yet_and_is_shown(page):
    config = CONFIG.held_at(3)
    vd.train(config)
    query = SMALL | {"until": "3", "train": "1", "step": "explore", "compare": config.digest}
    at = open_page(page, query if page == "lab" else {"run": config.digest})
    assert sentences(at) == [] and not at.exception
