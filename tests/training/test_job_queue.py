"""Whose turn it is: the order and the bounds of the queue, and that of a service whose one worker is taken."""

import threading
from collections import Counter
from dataclasses import replace

import pytest

from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training import store
from vaedemo.training.job import FINISHED, RUNNING, STOPPED, WAITING, Job
from vaedemo.training.job_queue import JobQueue
from vaedemo.training.jobs import JobService, QueueFull, task_key
from vaedemo.training.sentences import UNWATCHED_IN_QUEUE
from vaedemo.training.task import too_long

SHORT = RunConfig(dataset="ring", hidden=(8,), epochs=2, train_size=500)
ENDLESS = SHORT.replace(epochs=10_000, train_size=0)
PATIENCE = 60


class Line:
    """A queue whose jobs are called by letters: `ask("a", "one")` is session one's job a."""

    def __init__(self, **limits):
        self.queue = JobQueue(replace(settings.Settings(), **limits))
        self.jobs: dict[str, Job] = {}

    def ask(self, name, *sessions, configs=None):
        if name not in self.jobs:
            self.jobs[name] = Job(name, configs or [SHORT.replace(seed=ord(name))])
            self.queue.add(self.jobs[name])
        self.jobs[name].owners |= set(sessions)
        self.jobs[name].asked |= set(sessions)

    def order(self):
        return "".join(job.key for job in self.queue.order())

    def next(self):
        job = self.queue.next()
        return job and job.key

    def end(self, name):
        self.queue.remove(self.jobs.pop(name))


def test_a_session_s_second_job_waits_behind_everybodys_first():
    line = Line()
    for name, session in (("a", "one"), ("b", "one"), ("c", "one"), ("d", "two"), ("e", "two"), ("f", "three")):
        line.ask(name, session)
    assert line.order() == "adfbec"
    begun = []
    while (name := line.next()) is not None:
        begun.append(name)
        line.end(name)
    assert "".join(begun) == "adfbec", "the order that was told is the one that is kept"


def test_who_comes_later_goes_before_another_s_second():
    line = Line()
    line.ask("a", "one")
    line.ask("b", "one")
    assert line.next() == "a"
    line.ask("c", "two")
    line.ask("d", "two")
    assert line.order() == "cbd"
    line.end("a")
    assert line.next() == "c"
    line.end("c")
    assert line.next() == "b"


def test_who_has_gone_comes_back_as_a_new_one():
    line = Line()
    line.ask("a", "one")
    assert line.next() == "a"
    line.end("a")
    line.ask("b", "two")
    line.ask("c", "one")
    assert line.order() == "bc"
    line.ask("d", "one")
    line.ask("e", "two")
    assert line.order() == "bced"


def test_a_job_of_several_comes_with_the_first_of_them_and_counts_for_each():
    line = Line(max_waiting_per_session=2)
    for name in "ab":
        line.ask(name, "one")
    line.ask("c", "two")
    line.ask("b", "three")
    assert line.order() == "abc"
    line.ask("c", "three")
    assert line.queue.refusal("three") is not None
    assert line.queue.refusal("two") is None


def test_each_session_has_one_running_however_many_workers():
    line = Line()
    line.queue.workers = 3
    for name, session in (("a", "one"), ("b", "one"), ("c", "two")):
        line.ask(name, session)
    assert (line.next(), line.next(), line.next()) == ("a", "c", None)
    line.end("a")
    assert line.next() == "b"


def test_no_more_are_handed_over_than_there_are_workers():
    line = Line()
    line.ask("a", "one")
    line.ask("b", "two")
    line.ask("c", "three")
    assert (line.next(), line.next()) == ("a", None)
    line.queue.begin(line.jobs["b"], elsewhere=True)  # another app process has it in training: it takes no worker
    assert line.next() is None
    line.end("a")
    assert line.next() == "c"


def test_a_job_that_shares_a_run_with_one_in_training_waits_for_it():
    line = Line()
    line.queue.workers = 3
    shared = SHORT.replace(seed=1)
    line.ask("a", "one", configs=[shared])
    line.ask("b", "two", configs=[shared, SHORT.replace(seed=2)])
    line.ask("c", "three")
    assert (line.next(), line.next(), line.next()) == ("a", "c", None)
    line.end("a")
    assert line.next() == "b"


def test_whoever_has_two_waiting_is_refused_and_a_full_queue_refuses_all():
    line = Line(max_waiting_per_session=2, max_queue=3)
    line.ask("a", "one")
    assert line.queue.refusal("one") is None and line.next() == "a"
    line.ask("b", "one")
    line.ask("c", "one")
    assert line.queue.refusal("one") == ("You have two trainings waiting already", line.jobs["b"])
    assert line.queue.refusal("two") is None
    line.ask("d", "two")
    assert line.queue.refusal("three") == ("The queue is full, with three trainings waiting", line.jobs["d"])


def test_what_nobody_watches_comes_after_all_that_is_watched():
    line = Line()
    for name in "abcd":
        line.ask(name, f"session {name}")
    line.jobs["a"].owners.clear()
    line.jobs["c"].owners.clear()
    assert line.order() == "bdac"
    line.ask("c", "back again")
    assert line.order() == "bcda"


def test_a_full_queue_takes_the_place_of_what_nobody_watches():
    line = Line(max_queue=2)
    for name, session in (("a", "one"), ("b", "two"), ("c", "three")):
        line.ask(name, session)
    assert line.next() == "a"
    assert line.queue.surplus() is None
    assert line.queue.refusal("four") is not None
    line.jobs["b"].owners.clear()
    assert line.queue.refusal("four") is None
    assert line.queue.surplus() is line.jobs["b"]


def test_only_what_is_unwatched_and_past_its_minutes_makes_room_and_only_where_that_helps():
    line = Line(unwatched_minutes=10)
    line.ask("a", "one")
    assert line.next() == "a"
    begun = line.jobs["a"].started = 1000.0
    late = begun + 600
    assert line.queue.overdue(late) is None, "it is watched"
    line.jobs["a"].owners.clear()
    assert line.queue.overdue(late) is None, "nobody waits"
    line.ask("b", "two")
    assert line.queue.overdue(begun + 599) is None, "it has not had its minutes"
    assert line.queue.overdue(late) is line.jobs["a"]
    line.jobs["b"].owners.clear()
    assert line.queue.overdue(late) is None, "who waits has left too"
    line.end("b")
    line.ask("c", "three", configs=[*line.jobs["a"].configs.values(), SHORT])
    assert line.queue.overdue(late) is None, "who waits wants the very run that it trains"
    line.ask("d", "four")
    assert line.queue.overdue(late) is line.jobs["a"]
    line.jobs["a"].started = None
    assert line.queue.overdue(late) is None, "no worker has taken it up yet"
    line.jobs["a"].started, line.jobs["a"].stopping = begun, True
    assert line.queue.overdue(late) is None, "it is making room already"


def test_where_nothing_may_wait_one_still_trains_when_a_worker_is_free():
    line = Line(max_waiting_per_session=0)
    assert line.queue.refusal("one") is None
    line.ask("a", "one")
    assert line.next() == "a"
    assert line.queue.refusal("two") == ("No training may wait on this server", None)


# A service whose worker is a real one.


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("queue-cache")


@pytest.fixture(autouse=True)
def same_cache(cache, own_settings, monkeypatch):
    monkeypatch.setenv("VAEDEMO_CACHE", str(cache))


away = set()


@pytest.fixture(scope="module")
def service(cache):
    in_force = replace(settings.Settings(), cache=cache, data=cache / "data", grace_seconds=1.0)
    service = JobService(in_force, lambda owner: owner not in away)
    service.start()
    assert service.connection.calibrated.wait(PATIENCE)
    yield service
    service.close()


@pytest.fixture
def config(request):
    """A config of this test's own, so that no other test has its run."""
    return SHORT.replace(seed=sum(map(ord, request.node.name)))


@pytest.fixture
def taken(service, request):
    """The one worker is busy with a job of the session "blocker", until the test is over."""
    job = service.submit([ENDLESS.replace(seed=sum(map(ord, request.node.name)))], "blocker")
    assert job.wait_until(lambda: job.state == RUNNING, PATIENCE), job.error
    yield job
    service.detach(job, "blocker")
    assert job.wait(PATIENCE)


def known_to_dask(service, job):
    return service.dispatcher.known([job.key]) == [job.key]


def test_a_hundred_sessions_and_five_settings_are_five_trainings(service, config):
    configs = [config.replace(beta=beta) for beta in (0.5, 1, 2, 4, 8)]
    before = set(store.runs_folder().glob("*"))
    together, jobs, problems = threading.Barrier(100), {}, []

    def press(session):
        together.wait(PATIENCE)
        try:
            jobs[session] = service.submit([configs[session % 5]], session)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=press, args=(session,)) for session in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert problems == []
    assert all(job.wait(PATIENCE) for job in jobs.values())
    trained = Counter(id(job) for job in jobs.values() if job.trained)
    assert sorted(trained.values()) == [20] * 5, "five jobs, each for twenty sessions"
    assert all(jobs[session].run.digest == configs[session % 5].digest for session in range(100))
    assert {path.name for path in set(store.runs_folder().glob("*")) - before} == {each.digest for each in configs}


def test_what_waits_is_not_dasks_and_can_be_taken_back(service, taken, config):
    first, second = service.submit([config], "one"), service.submit([config.replace(beta=2)], "two")
    assert (first.state, first.position, second.position) == (WAITING, 1, 2)
    assert not known_to_dask(service, first)
    service.detach(first, "two")
    assert first.state == WAITING, "a session that is no owner changes nothing"
    service.detach(first, "one")
    assert (first.state, first.begun, first.runs, first.position) == (STOPPED, None, {}, None)
    assert second.position == 1
    away.add("two")  # its browser has vanished: it waits behind those who are there
    third = service.submit([config], "three")
    assert second.wait_until(lambda: second.position == 2, PATIENCE)
    assert (third.position, second.state, taken.state) == (1, WAITING, RUNNING)
    service.join(list(second.configs.values()), "two on a phone")
    assert (second.position, third.position) == (1, 2)
    for job, owner in ((second, "two on a phone"), (third, "three")):
        service.detach(job, owner)
        assert (job.state, job.begun) == (STOPPED, None)


def test_what_nobody_watches_leaves_a_full_queue_with_its_reason(service, config):
    small, over = JobService(replace(service.settings, max_queue=1)), threading.Event()
    small.dispatcher.result = lambda job: over.wait(PATIENCE) and {}  # lasts as long as the test
    small.submit([config], "blocker")
    left = small.submit([config.replace(beta=2)], "one")
    small.drop_owner(left, "one")
    kept = small.submit([config.replace(beta=3)], "two")
    assert (left.state, left.error, kept.state) == (STOPPED, UNWATCHED_IN_QUEUE, WAITING)
    assert small.find(*left.digests) is left
    with pytest.raises(QueueFull):
        small.submit([config.replace(beta=4)], "three")
    over.set()
    small.close()


def test_only_an_owner_can_stop_a_training_and_the_last_one_does(service, taken):
    service.join(list(taken.configs.values()), "reader")
    service.detach(taken, "stranger")
    service.detach(taken, "blocker")
    assert (taken.stopping, taken.owners) == (False, {"reader"})
    service.detach(taken, "reader")
    assert taken.stopping and taken.wait(PATIENCE)
    assert taken.state == STOPPED


def test_too_many_are_told_why_and_for_how_long_and_may_still_join(service, taken, config):
    waiting = [service.submit([config.replace(beta=beta)], "one") for beta in (2, 3)]
    for position, job in enumerate(waiting, start=1):
        assert job.position == position
    with pytest.raises(QueueFull, match=r"^You have two trainings waiting already; the next can be started in about"):
        service.submit([config], "one")
    assert service.submit(list(taken.configs.values()), "one") is taken
    others = service.submit([config], "two")
    assert [job.position for job in (waiting[0], others, waiting[1])] == [1, 2, 3]
    assert service.wait_seconds(waiting[1]) > 0
    for job, owner in (*((job, "one") for job in (*waiting, taken)), (others, "two")):
        service.detach(job, owner)


def test_a_sweep_takes_the_run_of_a_job_in_flight(service, taken, config):
    other = config.replace(beta=4)
    alone, sweep = service.submit([config], "one"), service.submit([config, other], "two")
    service.detach(taken, "blocker")
    assert alone.wait(PATIENCE) and sweep.wait(PATIENCE)
    assert (alone.state, sweep.state) == (FINISHED, FINISHED)
    assert sweep.trained == [other] and sweep.key == task_key([other])
    assert sweep.runs[config.digest].metrics == alone.run.metrics, "trained once, and that is the one"


@pytest.fixture
def replica(service):
    """Another app process on the same scheduler, with a limit on the seconds of a job."""
    address = service.connection.client.scheduler.address
    other = JobService(replace(service.settings, scheduler=address, max_seconds=2.0))
    yield other
    other.close()


def test_what_another_app_process_trains_is_joined_without_waiting(replica, taken, config):
    own = replica.submit([config], "one")  # handed over: it waits for the one worker
    behind = replica.submit([config.replace(beta=2)], "two")
    joined = replica.submit(list(taken.configs.values()), "three")
    assert joined.wait_until(lambda: joined.state == RUNNING, PATIENCE)
    assert (own.state, behind.state, behind.begun) == (WAITING, WAITING, None)
    for job, owner in ((own, "one"), (behind, "two"), (joined, "three")):
        replica.detach(job, owner)
        assert job.wait(PATIENCE)
    assert taken.state == RUNNING


def test_a_training_that_takes_too_long_ends_with_what_it_has(replica, request):
    """Also when it is the first of two stacks: the other comes back as it was before its first step."""
    seed = sum(map(ord, request.node.name))
    endless = [ENDLESS.replace(seed=seed, hidden=(width,)) for width in (8, 9)]
    job = replica.submit(endless, "one")
    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (STOPPED, too_long(2.0))
    assert [job.runs[config.digest].status for config in endless] == ["stopped", "stopped"]
    assert len(job.runs[endless[0].digest].history) > 0
    assert all(store.find(config.digest) is None for config in endless)
