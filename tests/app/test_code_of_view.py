"""The code that a page shows, run in a fresh process, prints the very numbers on the page."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import PAGES, code_of, figures, open_page
from vaedemo.config import RunConfig
from vaedemo.training import engine

REPOSITORY = Path(__file__).parents[2]
HOME, LAB, GALLERY = "lessons/home.py", "lessons/lab.py", "lessons/gallery.py"
RING = RunConfig(dataset="ring", hidden=(16,), noise_variance=0.01, epochs=2, train_size=500)
DIGITS = RunConfig(dataset="digits", hidden=(32,), epochs=1, beta=2.0, pixels="binary", latent_dim=3)
AUTOENCODER = RunConfig(dataset="digits", hidden=(16,), epochs=1, model="autoencoder", likelihood="gaussian")

VIEWS = [
    (HOME, {"image": "1234", "noise": "5"}),
    (LAB, {"compare": "mnist-2d,fashion-2d"}),
    (LAB, {"hidden": ""}),
    (GALLERY, {"truncation": "1.5", "temperature": "0.7", "show": "sample", "seed": "11", "side": "4", "picked": "9"}),
    (GALLERY, {"run": "ring-2d", "show": "sample", "temperature": "1.03"}),
    (GALLERY, {"run": "fashion-20d", "picked": "3"}),
    (GALLERY, {"run": "mnist-20d", "temperature": "0", "side": "2"}),
    (GALLERY, {"source": "posterior", "show": "sample", "side": "3"}),
    (GALLERY, {"source": "walk", "start": "9", "stride": "0.5", "within": "3", "run": "mnist-20d"}),
    (GALLERY, {"source": "mixture", "run": "mnist-2d-autoencoder"}),
    (GALLERY, {"source": "walk", "run": "ring-2d"}),
    ("lessons/interpolation.py", {"run": "mnist-2d", "stops": "3,900,77", "base": "-1"}),
    ("lessons/losses.py", {"part": "axes", "data": "ring", "axes_variance": "0.1"}),
    ("lessons/kl.py", {"part": "modes", "target": "image", "digit": "1"}),
    ("lessons/plane.py", {"run": "mnist-20d", "base": "image", "image": "7", "z2": "1.5"}),
    ("lessons/pretraining.py", {"labels": "500"}),
    ("lessons/discriminative.py", {"part": "images", "ask": "4", "draws": "200"}),
    ("lessons/axes.py", {"part": "factors", "shapes": "shapes-beta8", "turned": "30"}),
    ("lessons/autoencoder.py", {"network": "conv", "size": "2", "image": "77"}),
    ("lessons/overcomplete.py", {"part": "noise", "source": "16", "noise": "3"}),
    ("lessons/pca.py", {"part": "equal", "k": "2"}),
    ("lessons/holes.py", {"z1": "3", "draw": "11"}),
    ("lessons/taxonomy.py", {"source": "moons", "leaf": "flow"}),
    ("lessons/denoising.py", {"part": "images", "kind": "salt_pepper", "level": "0.25", "steps": "2"}),
]


def printed_by(script: str) -> list[str]:
    """The lines that a script prints in a process of its own, with this test's cache."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-"],
        input=script,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def check_twin(page: str, query: dict[str, str]) -> dict[str, str]:
    """The page's numbers, after they were compared with what its code prints."""
    at = open_page(page, query)
    assert not at.exception
    shown = figures(at)
    assert len(shown) == len(at.metric) > 0, "two numbers of a page have one label"
    assert printed_by(code_of(at)) == [f"{label}: {value}" for label, value in shown.items()]
    return shown


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_the_first_view_prints_its_numbers(page):
    check_twin(page, {})


@pytest.mark.parametrize(("page", "query"), VIEWS)
def test_the_code_of_another_view_prints_its_numbers(page, query):
    if page == LAB:  # it may say a sentence beside its numbers
        check_twin(page, query)
    else:
        check_numbers(page, query)


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("config", [RING, DIGITS, AUTOENCODER], ids=lambda config: config.title)
def test_the_lab_s_code_finds_the_run_that_the_page_shows(config):
    run = engine.train(config)
    shown = check_twin(LAB, lab_link(config))
    assert shown["Reconstruction loss"] == f"{run.metrics['test_reconstruction']:.2f} nats"
    assert ("Test −ELBO" in shown) == (config.model == "vae")


def lab_link(config: RunConfig) -> dict[str, str]:
    """The lab's link for a config: its own query, with the fields whose defaults differ there."""
    sizes = ("recipe", "epochs", "batch_size", "learning_rate")
    return config.to_query() | {name: str(getattr(config, name)) for name in sizes}


@pytest.mark.usefixtures("shared_cache")
def test_the_lab_s_code_trains_the_run_where_it_is_not_kept(tmp_path, monkeypatch):
    engine.train(RING)
    at = open_page(LAB, lab_link(RING))
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "empty"))
    assert printed_by(code_of(at)) == [f"{label}: {value}" for label, value in figures(at).items()]


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("config", [RING, DIGITS, AUTOENCODER], ids=lambda config: config.title)
def test_the_gallery_s_code_draws_from_a_run_by_its_digest(config):
    run = engine.train(config)
    check_twin(GALLERY, {"run": run.digest, "side": "3", "seed": "2"})
