"""Replicas of the app on a real scheduler with two workers: what they share, who trains, what a loss costs."""

from tests.cluster.processes import PATIENCE, listening, under_way
from vaedemo.training import store
from vaedemo.training.job import FAILED, FINISHED, RUNNING
from vaedemo.training.preload import TASK_PREFIX


def trainers(service) -> dict[str, str]:
    """Which worker has which training now: task key to the worker's name."""
    client = service.connection.client
    names = {address: worker["name"] for address, worker in client.sync(client.scheduler.identity)["workers"].items()}
    pairs = [(key, names[address]) for address, keys in client.processing().items() for key in keys]
    return {key: name for key, name in pairs if key.startswith(TASK_PREFIX)}


def test_two_replicas_share_one_training(cluster, replica, endless):
    one, other = replica(cluster.address), replica(cluster.address)
    first, second = one.submit([endless], "visitor"), other.submit([endless], "visitor")
    assert first is not second
    under_way(first), under_way(second)
    assert first.attempt == second.attempt
    assert list(trainers(one)) == [first.key]
    one.detach(first, "visitor")
    assert first.wait(PATIENCE)
    seen = len(second.history(endless.digest))
    assert second.wait_until(lambda: len(second.history(endless.digest)) > seen + 2, PATIENCE)
    assert second.state == RUNNING
    other.detach(second, "visitor")
    assert second.wait(PATIENCE)
    assert second.run.status == "stopped"


def test_two_trainings_use_both_workers(cluster, replica, endless):
    service = replica(cluster.address)
    service.start()
    service.connection.client.wait_for_workers(2, PATIENCE)
    assert service.connection.workers() == 2
    jobs = [service.submit([endless.replace(beta=beta)], f"visitor {beta}") for beta in (1, 2)]
    for job in jobs:
        under_way(job)
    assert set(trainers(service).values()) == {"plain", "tagged"}
    for beta, job in zip((1, 2), jobs, strict=True):
        service.detach(job, f"visitor {beta}")
        assert job.wait(PATIENCE)


def test_a_tag_sends_a_training_to_the_worker_that_has_it(cluster, replica, endless):
    service = replica(cluster.address, worker_resources="GPU=1")
    service.start()
    service.connection.client.wait_for_workers(2, PATIENCE)
    assert service.connection.workers() == 1
    job = under_way(service.submit([endless], "visitor"))
    assert trainers(service)[job.key] == "tagged"
    service.detach(job, "visitor")
    assert job.wait(PATIENCE)


def test_a_tag_that_no_worker_has_is_a_sentence(cluster, replica, short):
    service = replica(cluster.address, worker_resources="TPU=2")
    service.start()
    service.connection.client.wait_for_workers(2, PATIENCE)
    job = service.submit([short], "visitor")
    assert job.wait(PATIENCE)
    assert job.state == FAILED
    assert job.error.startswith("VAEDEMO_WORKER_RESOURCES asks for TPU=2, which none of the cluster's 2 workers has")


def test_the_run_to_start_from_travels_to_a_worker_with_another_cache(cluster, replica, short, own_settings):
    service = replica(cluster.address)
    first = service.submit([short], "visitor")
    assert first.wait(PATIENCE)
    for name in cluster.workers:  # as if the workers were new
        for folder in (cluster.folder / f"{name}-cache" / "runs").glob(first.run.digest):
            folder.rename(folder.with_name("gone"))
    second = service.submit([short.replace(start_from=first.run.digest, epochs=1)], "visitor")
    assert second.wait(PATIENCE)
    assert (second.state, second.error) == (FINISHED, None)
    assert second.run.history["train_negative_elbo"][0] < first.run.history["train_negative_elbo"][0]
    assert store.find(second.run.digest).metrics == second.run.metrics


def test_a_start_that_nobody_has_is_a_sentence(cluster, replica, short):
    service = replica(cluster.address)
    job = service.submit([short.replace(start_from="0123456789abcdef")], "visitor")
    assert job.wait(PATIENCE)
    assert job.state == FAILED
    assert job.error.startswith("start_from accepts the digest of a run")


def test_started_as_the_readme_says_all_listen_on_loopback(cluster, replica):
    replica(cluster.address).start()
    for process in (cluster.scheduler, *cluster.workers.values()):
        assert listening(process) == {"127.0.0.1"}


def test_when_a_worker_is_killed_the_other_finishes_its_job(cluster, replica, short):
    service = replica(cluster.address)
    job = under_way(service.submit([short.replace(epochs=300)], "visitor"))
    attempt, name = job.attempt, trainers(service)[job.key]
    cluster.kill(cluster.workers.pop(name))
    assert job.wait(PATIENCE)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 300)
    assert job.attempt != attempt


def test_a_scheduler_that_comes_back_is_used_again(cluster, replica, short):
    service = replica(cluster.address)
    job = under_way(service.submit([short.replace(epochs=300)], "visitor"))
    cluster.kill(cluster.scheduler)
    cluster.start_scheduler()
    for worker in cluster.workers.values():
        worker.wait(PATIENCE)  # dask's workers end with their scheduler
    cluster.workers.clear()
    cluster.start_worker("later")
    assert job.wait(PATIENCE)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 300)
