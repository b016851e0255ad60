"""What a job makes of the messages it hears, in the order in which they come; no scheduler is needed for that."""

from vaedemo.config import RunConfig
from vaedemo.training.job import RUNNING, Job

CONFIG = RunConfig(dataset="ring", hidden=(8,), epochs=4, train_size=500)


class Client:
    """A scheduler's client: `told` is what the topics hold; `meanwhile` comes live before they are read."""

    def __init__(self, told=(), meanwhile=()):
        self.told, self.meanwhile = told, meanwhile

    def subscribe_topic(self, topic, handler):
        if topic.endswith("-record"):
            for event in self.meanwhile:
                handler(event)

    def get_events(self, topic):
        return self.told if topic.endswith("-record") else ()


def started(attempt, moment):
    return (moment, {"kind": "started", "attempt": attempt})


def row(attempt, moment, epoch):
    return (moment, {"kind": "rows", "attempt": attempt, "digest": CONFIG.digest, "rows": [{"epoch": epoch}]})


def epochs(job):
    return [each["epoch"] for each in job.history(CONFIG.digest)]


def test_a_second_attempt_counts_although_the_clock_was_set_back():
    job = Job("job", [CONFIG])
    job.subscribe(Client())
    for event in (started("first", 5000.0), row("first", 5001.0, 1), row("first", 5002.0, 2)):
        job.handle(event)
    assert (job.state, job.attempt, epochs(job)) == (RUNNING, "first", [1, 2])
    for event in (started("second", 1000.0), row("second", 1001.0, 1)):
        job.handle(event)
    assert (job.attempt, epochs(job)) == ("second", [1])
    job.handle(row("first", 1002.0, 3))
    assert epochs(job) == [1], "what a worker that was cut off still says is not this attempt's"


def test_what_is_heard_twice_counts_once():
    """Live messages that come before the history is read are in it too."""
    told = [started("first", 1.0), row("first", 2.0, 1), started("second", 3.0), row("second", 4.0, 1)]
    job = Job("job", [CONFIG])
    job.subscribe(Client(told, meanwhile=told))
    assert (job.attempt, epochs(job), len(job.attempts)) == ("second", [1], 2)


def test_a_task_whose_start_was_forgotten_is_heard_all_the_same():
    job = Job("job", [CONFIG])
    job.subscribe(Client())
    job.handle(row("unknown", 1.0, 7))
    assert (job.state, job.attempt, epochs(job)) == (RUNNING, "unknown", [7])
