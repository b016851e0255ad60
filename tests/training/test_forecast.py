"""How long trainings take and wait: sums over a made calibration, and what is learnt from those that ended."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training import estimate
from vaedemo.training import forecast as training_forecast
from vaedemo.training.forecast import FIRST_OVERHEAD, Forecast, wait
from vaedemo.training.job import Job
from vaedemo.training.job_queue import JobQueue
from vaedemo.training.progress import Pace

CONFIG = RunConfig(dataset="ring", hidden=(6,), epochs=3, batch_size=50, train_size=200)
SPEED = estimate.Calibration({"points": 0.01}, {"points": 1e12})
EXPECTED = 3 * 4 * 0.01  # epochs, steps, seconds a step; the arithmetic is below a nanosecond


@pytest.fixture
def forecast():
    return Forecast(lambda: SPEED)


def ended(run, seconds):
    """A job of one run, and that run with the time it took."""
    job = Job("job", [run.config])
    job.set_stored({}, "job")
    return job, {run.digest: replace(run, metrics=run.metrics | {"seconds": seconds})}


def progress(share):
    steps = {"step": round(100 * share), "steps": 100, "epoch": 0, "epochs": 3, "seconds": 1, "images_per_second": 1}
    message = {"kind": "progress", "attempt": "a", "digests": [CONFIG.digest], "preview": 0}
    return (0.0, message | steps)


def test_before_the_calibration_nothing_is_said():
    silent = Forecast(lambda: None)
    assert silent.seconds([CONFIG]) is None
    queue = JobQueue(settings.Settings())
    job = Job("a", [CONFIG])
    queue.add(job)
    queue.update_positions()
    assert silent.wait_seconds(queue, job) == 0, "nothing is before it"
    queue.next()
    assert silent.wait_seconds(queue, None) is None


def test_a_job_takes_the_sum_of_its_stacks(forecast):
    assert forecast.seconds([CONFIG]) == pytest.approx(EXPECTED + FIRST_OVERHEAD, rel=1e-4)
    wide = CONFIG.replace(hidden=(7,))
    assert forecast.seconds([CONFIG, wide]) == pytest.approx(2 * (EXPECTED + FIRST_OVERHEAD), rel=1e-4)
    stack = [CONFIG.replace(beta=beta) for beta in (1, 2, 4)]
    assert forecast.seconds(stack) == pytest.approx(EXPECTED + 3 * FIRST_OVERHEAD, rel=1e-3), "trained together"


def test_trainings_that_were_slower_make_the_next_estimate_longer(forecast, small_run):
    assert small_run.config == CONFIG
    for _ in range(8):
        forecast.learn(*ended(small_run, seconds=3 * EXPECTED))
    assert 2.5 < forecast.factor("points, textbook, alone") < 3
    assert forecast.factor("mlp, textbook, alone") == forecast.factor("points, textbook, together") == 1
    assert forecast.seconds([CONFIG]) == pytest.approx(
        forecast.factor("points, textbook, alone") * EXPECTED + FIRST_OVERHEAD, rel=1e-4
    )
    for _ in range(8):
        forecast.learn(*ended(small_run, seconds=EXPECTED))
    assert forecast.factor("points, textbook, alone") == pytest.approx(1, rel=1e-3), "only the latest count"


def test_a_training_far_from_its_estimate_has_the_speed_measured_again(small_run):
    """A calibration made while the host was busy said 7 minutes; the training took 15 seconds."""
    busy, idle = estimate.Calibration({"points": 35.0}, {"points": 1e12}), SPEED
    made, asked, now = [busy], [], [0.0]
    forecast = Forecast(lambda: made[-1], lambda: asked.append(now[0]), clock=lambda: now[0])
    assert forecast.seconds([CONFIG]) == pytest.approx(420, rel=0.01)
    forecast.learn(*ended(small_run, seconds=15))
    assert asked == [0.0]
    forecast.learn(*ended(small_run, seconds=15))
    assert asked == [0.0], "it is being measured"
    made.append(idle)
    assert forecast.seconds([CONFIG]) == pytest.approx(EXPECTED + FIRST_OVERHEAD, rel=1e-4)
    now[0] = 1000.0
    forecast.learn(*ended(small_run, seconds=2 * EXPECTED))
    forecast.learn(*ended(small_run, seconds=10 * EXPECTED))
    assert asked == [0.0], "a second more or less proves nothing"
    forecast.learn(*ended(small_run, seconds=100 * EXPECTED))
    assert asked == [0.0, 1000.0], "wrong in the other direction"


def test_what_was_trained_in_other_company_says_nothing(forecast, small_run):
    job, runs = ended(small_run, seconds=100 * EXPECTED)
    runs = {digest: replace(run, metrics=run.metrics | {"trained_together": 3}) for digest, run in runs.items()}
    forecast.learn(job, runs)
    assert forecast.factor("points, textbook, alone") == 1


def test_what_a_run_takes_beside_its_training_is_learnt_too(forecast, small_run, monkeypatch):
    job, runs = ended(small_run, seconds=EXPECTED)
    job.attempts.add("first")
    job.begun = 100.0
    monkeypatch.setattr(training_forecast, "time", SimpleNamespace(monotonic=lambda: 100.0 + EXPECTED + 0.7))
    forecast.learn(job, runs)
    assert forecast.seconds([CONFIG]) == pytest.approx(EXPECTED + 0.7, rel=1e-3)


def test_what_is_left_follows_the_pace_of_the_training(forecast, monkeypatch):
    job = Job("job", [CONFIG])
    job.subscribe(Silent())
    assert forecast.seconds_left(job) == pytest.approx(EXPECTED + FIRST_OVERHEAD, rel=1e-4)
    clock = Clock(monkeypatch)
    for now, share in ((10.0, 0.1), (12.0, 0.3), (14.0, 0.5)):
        clock.now = now
        job.handle(progress(share))
    assert forecast.seconds_left(job) == pytest.approx(0.5 / 0.1 + FIRST_OVERHEAD)
    clock.now = 15.0
    assert forecast.seconds_left(job) == pytest.approx(4 + FIRST_OVERHEAD)


def test_a_wait_is_what_runs_and_what_comes_first_over_the_workers():
    assert wait(1, [4.0], []) == 4
    assert wait(1, [4.0], [2.0, 3.0]) == 9
    assert wait(2, [4.0, 1.0], []) == 1
    assert wait(2, [4.0, 1.0], [2.0, 3.0]) == 4
    assert wait(3, [4.0, 1.0], [2.0]) == 1
    assert wait(1, [], []) == 0


class Silent:
    """A client of a scheduler that says nothing."""

    def subscribe_topic(self, topic, handler):
        pass

    def get_events(self, topic):
        return ()


class Clock:
    """The clock of every pace that is made from now on."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr("vaedemo.training.job.Pace", lambda share: Pace(share, lambda: self.now))
