"""One flipped byte in each file of a stored run, kept and shipped: a sentence on the page, and never a wrong number."""

import asyncio
import re
import shutil

import pytest

from benchmarks.crowd import finished, lab_path, ring_models
from benchmarks.visitors import Visitor
from vaedemo import settings
from vaedemo.training import engine, store
from vaedemo.training.files import CONFIG, FILM, HISTORY, METRICS, WEIGHTS

# Where the byte is flipped: in the middle, or in a number that would then be another one.
NUMBERS = {
    CONFIG: rb'"noise_variance": 0\.0(1)',
    HISTORY: rb"\n1,\d+\.\d(\d)",
    METRICS: rb'"test_negative_elbo": \d+\.\d(\d)',
}
KEPT = dict(zip((CONFIG, WEIGHTS, HISTORY, METRICS, FILM), ring_models(5, epochs=4, train_size=500), strict=True))
SHIPPED = {WEIGHTS: "mnist-20d", HISTORY: "ring-2d", METRICS: "fashion-20d", FILM: "mnist-2d-autoencoder"}


def flip(path):
    """Change one bit of one byte: a digit into its neighbour where the file holds numbers as text."""
    content = bytearray(path.read_bytes())
    found = re.search(NUMBERS[path.name], content) if path.name in NUMBERS else None
    content[found.start(1) if found else len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("flipped")


@pytest.fixture(scope="module")
def victim(folder, serve):
    """A server whose every run on the list has one file with one flipped bit."""
    checkpoints = folder / "checkpoints"
    shutil.copytree(settings.REPOSITORY / "checkpoints", checkpoints)
    for name, run in SHIPPED.items():
        flip(checkpoints / run / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAEDEMO_CACHE", str(folder / "cache"))
        engine.sweep(list(KEPT.values()))
    for name, config in KEPT.items():
        flip(folder / "cache" / "runs" / config.digest / name)
    with serve(folder, VAEDEMO_CHECKPOINTS=str(checkpoints)) as victim:
        yield victim
    assert "Traceback" not in victim.server.log, victim.server.log


def test_a_kept_run_is_set_aside_with_a_sentence_and_trained_again(victim, folder):
    async def look(name):
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(KEPT[name]))
            assert not finished(visitor.page), name
            assert visitor.page.has("Train"), name
            assert visitor.page.errors == [], name
            return visitor.page.words

    async def train_again():
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(KEPT[HISTORY]))
            await visitor.press("Train")
            await visitor.wait_for(finished)
            assert visitor.page.errors == []

    for name in KEPT:
        assert "set aside" in asyncio.run(look(name)), name
    assert len(list((folder / "cache" / "aside").iterdir())) == len(KEPT)
    asyncio.run(train_again())
    assert list(victim.kept()) == [KEPT[HISTORY].digest]


@pytest.mark.parametrize("name", [CONFIG, HISTORY, METRICS])
def test_a_kept_run_on_the_list_is_set_aside(own_settings, name):
    (config,) = ring_models(1, epochs=1, train_size=200)
    folder = own_settings / "runs" / engine.train(config).digest
    assert len(store.recent()) == 1
    flip(folder / name)
    with pytest.warns(store.StoreWarning, match="was set aside"):
        assert store.recent() == []


def test_a_shipped_run_is_refused_in_a_sentence_and_the_page_lives(victim):
    async def look(run):
        async with Visitor(victim.url) as visitor:
            await visitor.open(f"/gallery?run={run}&side=4")
            said = visitor.page.words, visitor.page.errors
            await visitor.open("/gallery?run=shapes-beta1&side=4")
            assert visitor.page.errors == []
            return said

    for run in SHIPPED.values():
        words, errors = asyncio.run(look(run))
        assert f"The shipped run {run} is damaged" in words
        assert all("is damaged" in error for error in errors), errors
