"""Clear: while a training is under way, twice, by two sessions, after the same data came again, from another's page."""

import threading
import time
from collections import OrderedDict

import numpy as np
import pytest

import vaedemo as vd
from tests.app.pages import open_page, sentences
from tests.training.test_forgetting import expire, mentions
from vaedemo import datasets, settings
from vaedemo.app import catalogue
from vaedemo.app.server import serve
from vaedemo.app.shell import own_sets, take_home
from vaedemo.app.trainings import runs
from vaedemo.app.trainings.own_data import clearing, looking
from vaedemo.app.trainings.own_data.desk import desk
from vaedemo.datasets import own
from vaedemo.training import engine, forgetting, store
from vaedemo.training.job import FAILED, RUNNING
from vaedemo.training.jobs import JobService
from vaedemo.training.store import RunNotFound

pytestmark = pytest.mark.timeout(900)
X = np.random.default_rng(4).normal(size=(400, 2)).astype(np.float32)
LABELS = np.arange(400) % 2
SMALL = vd.RunConfig(hidden=(4,), epochs=2, batch_size=40)
PATIENCE = 240  # each wait ends when what it waits for comes


def bring() -> str:
    """The same data, kept by this server."""
    name = datasets.register(datasets.from_arrays(X, LABELS), ("left", "right"))
    assert own.keep(name)
    return name


@pytest.fixture
def service(monkeypatch):
    """The app's job service with a real scheduler and worker, and no memory of other tests' jobs."""
    service = JobService(settings.current(), runs.is_present)
    monkeypatch.setattr(runs, "_services", [service])
    monkeypatch.setattr(runs, "_jobs", OrderedDict())
    monkeypatch.setattr(runs, "_refusals", OrderedDict())
    service.start()
    yield service
    service.close()
    catalogue.forget()


def wait_for(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def no_thread_clears() -> bool:
    return not any(thread.name == "clear" for thread in threading.enumerate())


def test_a_training_under_way_ends_and_nothing_comes_back(service, own_settings):
    name = bring()
    finished, endless, waiting = (
        SMALL.replace(dataset=name, seed=seed, epochs=epochs) for seed, epochs in ((1, 2), (2, 9_999), (3, 2))
    )
    job = service.submit([finished], "mine")
    assert job.wait(PATIENCE) and isinstance(runs.state_of(finished), runs.Finished)
    job = service.submit([endless], "another's")  # another session's training is ended too
    assert job.wait_until(lambda: len(job.history(endless.digest)) >= 2 or not job.in_flight, PATIENCE)
    assert job.state == RUNNING
    service.hold(job)
    later = service.submit([waiting], "a third one's")
    assert job.wait_until(lambda: job.held, PATIENCE)

    clearing.clear(name)
    again = service.submit([SMALL.replace(dataset=name, seed=4)], "a page drawn before")  # its data are on the worker
    for config in (finished, endless, waiting, endless.held_at(job.held[0])):
        assert runs.state_of(config) == runs.Absent() and store.find(config.digest) is None
    clearing.clear(name)  # pressed twice
    for each in (job, later, again):
        assert each.wait(PATIENCE)
    assert again.state == FAILED or not again.runs
    wait_for(no_thread_clears)
    for config in (finished, endless, waiting):
        assert runs.state_of(config) == runs.Absent() and service.find(config.digest) is None
    assert mentions(own_settings, name, name.partition(":")[2]) == []
    assert service.dispatcher.sent._futures == {} and name not in own._held


def test_what_a_job_sent_is_not_used_after_clear(service):
    """A job that is being stopped holds its data on the worker; another must not find them there."""
    name = bring()
    config = SMALL.replace(dataset=name, epochs=9_999)
    job = service.submit([config], "mine")
    assert job.wait_until(lambda: job.state == RUNNING or not job.in_flight, PATIENCE)
    assert list(service.dispatcher.sent._futures) == [name]
    forgetting.forget(name)
    with pytest.raises(Exception, match="no longer on this server"):
        service.dispatcher.sent.send(service.connection.client, [config], lambda: False)


def test_a_run_that_is_stored_while_the_data_are_deleted_is_deleted_too(monkeypatch):
    """Its job has ended when the jobs are asked, so none of them would tell of it later."""
    name = bring()
    config = SMALL.replace(dataset=name)
    run = engine.train(config)
    forget = forgetting.forget

    def forget_too_early(name: str) -> list[str]:
        found = forget(name)
        store.save(run)
        return found

    monkeypatch.setattr(forgetting, "forget", forget_too_early)
    clearing.clear(name)
    assert store.find(config.digest) is None


def test_the_same_data_brought_again_have_no_run_of_before():
    name = bring()
    run = engine.train(SMALL.replace(dataset=name))
    assert catalogue.run(run.digest) and isinstance(runs.state_of(run.config), runs.Finished)
    clearing.clear(name)
    assert bring() == name
    assert runs.state_of(run.config) == runs.Absent() and run.digest not in catalogue.menu_names([name])
    with pytest.raises(RunNotFound):
        catalogue.run(run.digest)
    clearing.clear(name)
    assert own_sets.is_gone(name)


def test_data_that_expire_take_remembered_jobs_with_them(service):
    name = bring()
    config = SMALL.replace(dataset=name)
    job = service.submit([config], "mine")
    runs.remember(config.digest, job)
    assert job.wait(PATIENCE) and isinstance(runs.state_of(config), runs.Finished)
    expire(name)
    desk().ticket("left")
    closing = threading.Event()
    threading.Thread(target=serve.remove_expired, args=(closing,), daemon=True).start()
    wait_for(lambda: not own_sets.is_here(name) and config.digest not in runs._jobs)
    closing.set()
    assert service.find(config.digest) is None
    bring()
    assert runs.state_of(config) == runs.Absent()
    clearing.clear(name)


def lab(name: str):
    return open_page("lab", {"step": "explore", "dataset": name, "hidden": "4", "epochs": "2"})


@pytest.fixture
def plain_titles(monkeypatch):
    """AppTest looks an option up by its title, which changes when the data go; a browser sends what it was shown."""
    monkeypatch.setattr(own_sets, "title", lambda name: name)


@pytest.mark.usefixtures("plain_titles")
@pytest.mark.parametrize(("page", "more", "label"), [
    ("lab", {"hidden": "4"}, "Train"),
    ("beta", {"sweep": "own", "betas": "1,2"}, "Train 2 models together"),
])  # fmt: skip
def test_train_on_a_page_that_was_drawn_before_is_a_sentence(page, more, label, monkeypatch):
    monkeypatch.setattr(runs, "_services", [JobService(settings.current())])
    name = bring()
    at = open_page(page, {"step": "explore", "dataset": name} | more)
    clearing.clear(name)
    (button,) = [each for each in at.button if each.label == label]
    at = button.click().run()
    assert not at.exception
    assert any("no longer on this server" in each for each in sentences(at))
    assert runs._services[0].queue.waiting == []


def test_two_sessions_that_brought_the_same_may_both_clear():
    name = bring()
    first, second = lab(name), lab(name)
    for at in (first, second):
        at.session_state[own_sets.BROUGHT] = {name}
    clearing.clear(name)
    clearing.clear(name)
    assert own_sets.is_gone(name)
    assert not lab(name).exception


def test_a_file_of_a_run_is_not_made_after_clear():
    name = bring()
    run = engine.train(SMALL.replace(dataset=name))
    assert take_home.made(run, lambda: b"weights") == b"weights"
    clearing.clear(name)
    with pytest.raises(RunNotFound, match=r"^The run [0-9a-f]{16} is no longer here\.$"):
        take_home.made(run, lambda: b"weights")
    with pytest.raises(datasets.DataUnavailable, match="no longer on this server"):
        looking.packed(name)
