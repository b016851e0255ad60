"""What a run was trained on is part of its digest, and only runs on the data that their config names are kept."""

import pytest
import torch

from vaedemo import datasets
from vaedemo.config import ConfigError, RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training import engine, files, loop, store

SMALL = RunConfig(hidden=(5,), epochs=1, batch_size=32)
RING = RunConfig(dataset="ring", hidden=(5,), epochs=1, batch_size=500)


def mine(count: int, seed: int) -> ImageSet:
    """Images of another size, under the name of the default data set."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randint(0, 256, (count, 1, 16, 16), dtype=torch.uint8, generator=generator)
    return ImageSet(x, torch.zeros(count, dtype=torch.int64), "digits")


def test_a_run_on_my_own_images_is_not_kept_as_one_on_digits(own_settings):
    run = loop.fit(SMALL, mine(64, 0), mine(20, 1))
    assert run.digest != SMALL.digest and store.is_digest(run.digest)
    with pytest.raises(ValueError, match=r"only if it was trained and tested on the set digits .*had other data\.$"):
        store.save(run)
    assert not own_settings.exists()
    trained = engine.train(SMALL.replace(train_size=40))
    assert trained.digest == SMALL.replace(train_size=40).digest and trained.model.data_shape == (1, 28, 28)
    assert store.find(trained.digest) is not None


def test_one_pixel_makes_another_digest_and_the_same_data_the_same():
    train, test = mine(64, 0), mine(20, 1)
    digest = loop.fit(SMALL, train, test).digest
    assert loop.fit(SMALL, mine(64, 0), mine(20, 1)).digest == digest
    for part in (train.x, test.x):
        changed = part.clone()
        changed[3, 0, 7, 7] ^= 1
        pair = [ImageSet(changed if each.x is part else each.x, each.y, "digits") for each in (train, test)]
        assert loop.fit(SMALL, *pair).digest not in (digest, SMALL.digest)
    assert loop.fit(SMALL.replace(seed=1), train, test).digest != digest


def test_part_of_a_named_set_is_not_that_set(ring):
    """The test set too: its figures would be taken for those of the whole."""
    few = [ImageSet(each.x[:600], each.y[:600], each.name) for each in ring]
    assert loop.fit(RING, *ring).digest == RING.digest
    for sets in ((few[0], ring[1]), (ring[0], few[1]), few):
        run = loop.fit(RING, *sets)
        assert run.digest != RING.digest and len(run.data_sha256) == 64
        with pytest.raises(ValueError, match="had other data"):
            store.save(run)


def test_the_set_of_another_name_is_not_the_config_s(ring):
    moons = [datasets.load("moons", part) for part in ("train", "test")]
    run = loop.fit(RING, *moons)
    assert run.digest not in (RING.digest, RING.replace(dataset="moons").digest)


def test_copies_subsets_and_sweeps_of_a_named_set_are_as_before(ring):
    copies = [ImageSet(each.x.clone(), each.y.clone(), "my copy") for each in ring]
    for config in (RING, RING.replace(train_size=300, subset_seed=2)):
        run = loop.fit(config, *copies)
        assert run.digest == config.digest and run.data_sha256 == "" and "data_sha256" not in run.metrics
        assert store.save(run) is run and store.find(config.digest).digest == config.digest
    configs = [RING.replace(beta=beta) for beta in (0.5, 2.0)]
    assert [run.digest for run in loop.fit_stack(configs, *ring)] == [config.digest for config in configs]


def test_progress_tells_the_digest_that_the_run_has():
    told = []
    run = loop.fit(SMALL, mine(64, 0), mine(20, 1), on_progress=told.append)
    assert {report.digests for report in told} == {(run.digest,)}


def test_such_a_run_travels_and_is_still_refused():
    run = loop.fit(SMALL, mine(64, 0), mine(20, 1))
    back = store.unpack(store.pack(run))
    assert (back.digest, back.data_sha256) == (run.digest, run.data_sha256)
    with pytest.raises(ValueError, match="had other data"):
        store.save(back)
    forged = files.to_files(run)
    forged[files.METRICS] = forged[files.METRICS].replace(run.data_sha256.encode(), b"digits")
    with pytest.raises(files.DamagedRun, match="no sha256"):
        files.from_files(forged)


def test_where_a_training_starts_is_what_its_config_says(ring):
    start = loop.fit(RING, *ring)
    onward = RING.replace(start_from=start.digest)
    assert loop.fit(onward, *ring, start=start).digest == onward.digest
    with pytest.raises(ConfigError, match=f"the digest of the run to start from, {start.digest}"):
        loop.fit(RING, *ring, start=start)
    with pytest.raises(ConfigError, match="start_from accepts nothing where no run is given"):
        loop.fit(onward, *ring)
