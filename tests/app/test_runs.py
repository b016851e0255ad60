"""What pages say while a class trains: a place in the queue, a refusal and how long it holds, never a traceback."""

import threading
from collections import OrderedDict
from dataclasses import replace

import pytest

from tests.app.pages import open_page, sentences
from vaedemo import settings
from vaedemo.app import job_words, ring_learned, runs
from vaedemo.config import RunConfig
from vaedemo.training import engine, opened
from vaedemo.training.job import FINISHED, Job
from vaedemo.training.jobs import JobService, QueueFull

PATIENCE = 60
RING = "lessons/ring.py"
AUTOENCODER = "lessons/autoencoder.py"
CONFIG = RunConfig(dataset="ring", hidden=(8,), epochs=2)
REFUSED = "You have two trainings waiting already; the next can be started when another has ended."


class Workshop:
    """A job service without a worker: each job lasts until `finish`, and then brings nothing."""

    def __init__(self):
        self.done = threading.Event()
        self.service = JobService(settings.current(), runs.is_present)
        self.service.dispatch.result = self.result
        self.service.dispatch.wind_down = lambda job, keep_partial: self.finish()

    def result(self, job: Job):
        assert self.done.wait(PATIENCE)
        return {}

    def finish(self):
        self.done.set()


@pytest.fixture
def workshop(monkeypatch):
    workshop = Workshop()
    monkeypatch.setattr(runs, "_services", [workshop.service])
    monkeypatch.setattr(runs, "_jobs", OrderedDict())
    monkeypatch.setattr(runs, "_refusals", OrderedDict())
    yield workshop
    workshop.finish()
    workshop.service.close()


def ring_at(seed):
    return open_page(RING, {"width": "8", "train_seed": str(seed), "train": "1"})


def press(at, label):
    (button,) = [each for each in at.button if each.label == label]
    at = button.click().run()
    assert not at.exception
    return at


def progress(at):
    (bar,) = at.get("progress")
    return bar.proto.text


def test_a_visitor_sees_the_place_in_the_queue(workshop):
    first = press(ring_at(1), "Train")
    assert progress(first) == "Waiting for the worker…"
    assert progress(press(ring_at(2), "Train")) == "Waiting: one training is before yours."
    assert progress(press(ring_at(3), "Train")) == "Waiting: two trainings are before yours."


def test_too_many_trainings_are_refused_in_a_sentence_as_long_as_it_holds(workshop):
    for seed in (1, 2, 3):
        press(ring_at(seed), "Train")
    at = press(ring_at(4), "Train")
    assert sentences(at) == [REFUSED]
    assert sentences(at.run()) == [REFUSED], "told again: it still holds"
    assert sentences(ring_at(5)) == [], "it is said where Train was pressed"
    press(ring_at(3), "Stop")
    assert sentences(at.run()) == []
    assert progress(press(at, "Train")) == "Waiting: two trainings are before yours."


def test_a_training_taken_out_of_the_queue_had_not_begun(workshop):
    workshop.service.submit([CONFIG.replace(seed=1)], "another visitor")
    assert runs.start(CONFIG).mine
    runs.stop(CONFIG)
    assert runs.look(CONFIG).reason == "The training was stopped before it had begun."


def test_a_refused_sweep_is_a_sentence_too(workshop):
    for seed in (1, 2, 3):
        press(ring_at(seed), "Train")
    at = press(open_page(AUTOENCODER, {"source": "own", "sizes": "2,8"}), "Train 2 models")
    assert sentences(at) == [REFUSED]


def test_what_the_caps_refuse_is_told_by_look(workshop, monkeypatch):
    monkeypatch.setenv("VAEDEMO_MAX_PARAMETERS", "10")
    answer = runs.start(CONFIG)
    assert isinstance(answer, runs.Ended) and "at most 10 parameters" in answer.reason
    assert runs.look(CONFIG) == answer
    assert isinstance(runs.look(CONFIG.replace(seed=1)), runs.Absent)
    monkeypatch.delenv("VAEDEMO_MAX_PARAMETERS")
    assert isinstance(runs.start(CONFIG), runs.UnderWay)


def test_only_who_owns_a_training_can_stop_it(workshop):
    job = workshop.service.submit([CONFIG], "another visitor")
    runs.remember(CONFIG.digest, job)
    runs.stop(CONFIG)
    assert job.owners == {"another visitor"} and not job.stopping
    runs.join(CONFIG)
    assert runs.session() in job.owners
    runs.stop(CONFIG)
    assert job.owners == {"another visitor"} and not job.stopping
    workshop.service.detach(job, "another visitor")
    assert job.wait(PATIENCE)


def test_the_own_place_in_the_queue_is_shown_although_a_sweep_trains_the_same(workshop):
    sweep = workshop.service.submit([CONFIG, CONFIG.replace(beta=2)], "another visitor")
    assert runs.look(CONFIG) == runs.UnderWay(sweep, mine=False)
    answer = runs.start(CONFIG)
    assert answer.mine and answer.job.position == 1


def test_a_full_queue_refuses_by_exception_below_the_pages(workshop):
    for seed in range(3):
        workshop.service.submit([CONFIG.replace(seed=seed)], "one")
    with pytest.raises(QueueFull, match=REFUSED):
        workshop.service.submit([CONFIG.replace(seed=3)], "one")


def test_what_a_visitor_has_on_screen_is_open_until_he_has_left(monkeypatch, own_settings):
    """The service's watch parts with screens as it does with jobs."""
    monkeypatch.setattr(ring_learned, "EPOCHS", 2)
    config = RunConfig(dataset="ring", hidden=(8, 8), noise_variance=0.004, epochs=2, batch_size=200, seed=1)
    engine.train(config)
    assert not ring_at(1).exception
    with opened.here().held() as in_use:
        assert in_use == {config.digest}
    away = JobService(replace(settings.current(), grace_seconds=0.0), is_present=lambda session: False)
    for owner in away.absent():
        away.part_with(*owner)
    with opened.here().held() as in_use:
        assert in_use == set()


def test_words_for_a_place_in_the_queue():
    assert job_words.waiting(0, None) == "Waiting: yours is next."
    assert job_words.waiting(1, 40.2) == "Waiting: one training is before yours, about 40 s."
    assert job_words.waiting(13, 600) == "Waiting: 13 trainings are before yours, about 10 min."


def test_a_finished_job_is_shown_as_finished(workshop):
    job = Job("key", [CONFIG])
    job.end(FINISHED, {})
    runs.remember(CONFIG.digest, job)
    assert isinstance(runs.look(CONFIG), runs.Ended)
