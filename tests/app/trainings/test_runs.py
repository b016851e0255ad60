"""What pages say while a class trains: a place in the queue, a refusal and how long it holds, never a traceback."""

import threading
import time
from collections import OrderedDict
from dataclasses import replace

import pytest

from tests.app.pages import open_page, sentences
from vaedemo import datasets, settings
from vaedemo.app.lessons.lab import form
from vaedemo.app.lessons.ring import learned
from vaedemo.app.trainings import runs, words
from vaedemo.config import RunConfig, write_value
from vaedemo.training import engine, leases
from vaedemo.training.job import FINISHED, STOPPED, Job
from vaedemo.training.jobs import JobService, QueueFull
from vaedemo.training.loop import fit
from vaedemo.training.sentences import gave_way

PATIENCE = 60
RING = "ring"
AUTOENCODER = "autoencoder"
CONFIG = RunConfig(dataset="ring", hidden=(8,), epochs=2)
REFUSED = "You have two trainings waiting already; the next can be started when another has ended."


class Workshop:
    """A job service without a worker: each job lasts until `finish`, and then brings what `brings` has."""

    def __init__(self):
        self.brings = {}
        self.done = threading.Event()
        self.service = JobService(settings.current(), runs.is_present)
        self.service.dispatcher.result = self.result
        self.service.dispatcher.end_early = lambda job: self.finish()

    def result(self, job: Job):
        assert self.done.wait(PATIENCE)
        return self.brings

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


@pytest.fixture
def small_run():
    """A finished run on points; not stored."""
    config = RunConfig(dataset="ring", hidden=(6,), epochs=3, batch_size=50, train_size=200)
    return fit(config, datasets.load("ring", "train"), datasets.load("ring", "test"))


def lab_link(config):
    """The lab's link to a config on points, with every field, for the lab has defaults of its own."""
    return {name: write_value(getattr(config, name)) for name in form.FIELDS if name != "likelihood"}


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
    assert runs.state_of(CONFIG).reason == "The training was stopped before it had begun."


def test_a_refused_sweep_is_a_sentence_too(workshop):
    for seed in (1, 2, 3):
        press(ring_at(seed), "Train")
    at = press(open_page(AUTOENCODER, {"source": "own", "sizes": "2,8"}), "Train 2 models")
    assert sentences(at) == [REFUSED]


def test_what_the_caps_refuse_is_told_by_look(workshop, monkeypatch):
    monkeypatch.setenv("VAEDEMO_MAX_PARAMETERS", "10")
    answer = runs.start(CONFIG)
    assert isinstance(answer, runs.Ended) and "at most 10 parameters" in answer.reason
    assert runs.state_of(CONFIG) == answer
    assert isinstance(runs.state_of(CONFIG.replace(seed=1)), runs.Absent)
    monkeypatch.delenv("VAEDEMO_MAX_PARAMETERS")
    assert isinstance(runs.start(CONFIG), runs.UnderWay)


def test_only_who_owns_a_training_can_stop_it(workshop):
    job = workshop.service.submit([CONFIG], "another visitor")
    runs.remember(CONFIG.digest, job)
    runs.stop(CONFIG)
    assert job.owners == {"another visitor"} and not job.stopping
    runs.join(CONFIG)
    assert runs.session_id() in job.owners
    runs.stop(CONFIG)
    assert job.owners == {"another visitor"} and not job.stopping
    workshop.service.detach(job, "another visitor")
    assert job.wait(PATIENCE)


def test_a_sweep_s_member_is_joined_and_not_trained_a_second_time(workshop):
    sweep = workshop.service.submit([CONFIG, CONFIG.replace(beta=2)], "another visitor")
    assert runs.state_of(CONFIG) == runs.UnderWay(sweep, mine=False)
    assert runs.start(CONFIG) == runs.UnderWay(sweep, mine=True)
    assert workshop.service.queue.begun == [sweep] and not workshop.service.queue.waiting
    assert "It is one of two models that are trained together." in words.other_visitors(sweep)
    assert "trained together" not in words.other_visitors(sweep, shown=2)
    runs.stop(CONFIG)
    assert sweep.owners == {"another visitor"} and not sweep.stopping


def test_stop_at_a_sweep_s_member_ends_the_sweep_of_its_last_visitor(workshop):
    configs = [CONFIG, CONFIG.replace(beta=2)]
    runs.start_all(configs)
    sweep = runs.state_of(CONFIG).job
    assert runs.state_of(CONFIG).mine, "seen from the lab it is this visitor's own"
    runs.stop(CONFIG)
    assert sweep.wait(PATIENCE)
    assert runs.state_of_all(configs).reason == "The training of these 2 models was stopped before its last epoch."


def test_one_model_of_a_panel_is_not_called_a_sweep(workshop):
    runs.start_all([CONFIG])
    runs.stop_all([CONFIG])
    assert workshop.service.find(CONFIG.digest) is None
    assert runs.state_of_all([CONFIG]).job.wait(PATIENCE)
    assert runs.state_of_all([CONFIG]).reason.startswith("The training was stopped")


def test_a_sweep_s_finished_member_is_shown_before_the_sweep_has_ended(workshop):
    runs.start_all([CONFIG, CONFIG.replace(hidden=(9,))])
    assert isinstance(runs.state_of(CONFIG), runs.UnderWay)
    run = engine.train(CONFIG)  # as the worker keeps the first stack's runs
    assert runs.state_of(CONFIG).run.metrics == run.metrics
    runs.join(CONFIG)
    assert isinstance(runs.state_of(CONFIG), runs.Finished)


def test_only_those_who_are_there_are_counted(workshop, monkeypatch):
    job = workshop.service.submit([CONFIG], "gone")
    for owner in ("also gone", "here", "here too"):
        workshop.service.submit([CONFIG], owner)
    monkeypatch.setattr(runs, "is_present", lambda owner: "gone" not in owner)
    assert words.trained_by_others(job).startswith("2 visitors are training exactly this now")
    for owner in ("gone", "also gone", "here"):
        workshop.service.drop_owner(job, owner)
    assert words.trained_by_others(job).startswith("Another visitor is training exactly this now")
    workshop.service.drop_owner(job, "here too")
    assert words.trained_by_others(job).startswith("A visitor who has left began exactly this training, and it goes on")
    assert runs.state_of(CONFIG) == runs.UnderWay(job, mine=False)


def test_what_gave_way_is_found_with_its_reason_and_its_partial_model(workshop, small_run):
    config = small_run.config
    job = workshop.service.submit([config], "gone")
    workshop.service.drop_owner(job, "gone")
    assert job.in_flight
    partial = replace(small_run, metrics=small_run.metrics | {"status": "stopped"})
    workshop.brings, job.why_stopping = {config.digest: partial}, gave_way(10)
    workshop.finish()
    assert job.wait(PATIENCE) and job.state == STOPPED
    answer = runs.state_of(config)
    assert (answer.reason, answer.partial) == (gave_way(10), partial)
    at = open_page("lab", {**lab_link(config), "train": "1"})
    assert any(gave_way(10) in each.value and "after 3 epochs" in each.value for each in at.info)


def test_a_training_lost_with_the_server_is_told_where_its_link_is_opened(workshop):
    for page, query in (("lab", {"train": "1"}), (RING, {"train": "1", "train_seed": "77"})):
        at = open_page(page, query)
        assert [each.value for each in at.info if "a restart of the server loses" in each.value]
        assert not at.exception


def test_a_training_that_began_again_says_so(workshop):
    at = press(ring_at(1), "Train")
    assert sentences(at) == []
    workshop.service.queue.begun[0].restarted = True
    assert "from the last step that was kept" in sentences(at.run())[0]


def test_other_settings_leave_a_link_to_the_training_that_goes_on(workshop):
    at = press(ring_at(1), "Train")
    assert at.get("page_link") == []
    (seed,) = [each for each in at.number_input if each.label == "Training seed"]
    at = seed.set_value(2).run()
    (link,) = at.get("page_link")
    assert link.proto.label.startswith("Your training of ") and "goes on" in link.proto.label
    assert "train_seed=1" in link.proto.query_string and "train=1" in link.proto.query_string
    workshop.finish()
    end = time.monotonic() + PATIENCE
    while workshop.service.queue.begun:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert at.run().get("page_link") == []


def test_a_full_queue_refuses_by_exception_below_the_pages(workshop):
    for seed in range(3):
        workshop.service.submit([CONFIG.replace(seed=seed)], "one")
    with pytest.raises(QueueFull, match=REFUSED):
        workshop.service.submit([CONFIG.replace(seed=3)], "one")


def test_what_a_visitor_has_on_screen_is_open_until_he_has_left(monkeypatch, own_settings):
    """The service's watch parts with screens as it does with jobs."""
    monkeypatch.setattr(learned, "EPOCHS", 2)
    config = RunConfig(dataset="ring", hidden=(8, 8), noise_variance=0.004, epochs=2, batch_size=200, seed=1)
    engine.train(config)
    assert not ring_at(1).exception
    with leases.current().held() as in_use:
        assert in_use == {config.digest}
    away = JobService(replace(settings.current(), grace_seconds=0.0), is_present=lambda session: False)
    for owner in away.absent_owners():
        away.drop_owner(*owner)
    with leases.current().held() as in_use:
        assert in_use == set()


def test_words_for_a_place_in_the_queue():
    assert words.place_in_queue(0, None) == "Waiting: yours is next."
    assert words.place_in_queue(1, 40.2) == "Waiting: one training is before yours, about 40 s."
    assert words.place_in_queue(13, 600) == "Waiting: 13 trainings are before yours, about 10 min."


def test_a_finished_job_is_shown_as_finished(workshop):
    job = Job("key", [CONFIG])
    job.end(FINISHED, {})
    runs.remember(CONFIG.digest, job)
    assert isinstance(runs.state_of(CONFIG), runs.Ended)
