"""The code that a page shows for own data: run elsewhere, beside the file of the data, it prints the page's numbers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vaedemo as vd
from tests.app.pages import code_of, figures, open_page, sentences
from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.beta import form as beta
from vaedemo.app.shell.config_code import file_of, with_own_data
from vaedemo.app.trainings.own_data import looking
from vaedemo.datasets import own
from vaedemo.training import engine

REPOSITORY = Path(__file__).parents[3]
NAMES = ("a cat", "größe", "3.5")
SMALL = vd.RunConfig(hidden=(4,), epochs=1)
BETAS = (0.5, 4.0)


def kept(x: np.ndarray) -> str:
    """Own data in three classes that the server keeps."""
    name = datasets.register(datasets.from_arrays(x, np.arange(len(x)) % 3), NAMES)
    assert own.keep(name)
    return name


def pictures(count: int = 60) -> np.ndarray:
    drawn = np.random.default_rng(0).integers(0, 30, (count, 28, 28), np.uint8)
    drawn[np.arange(count), 2 * (np.arange(count) % 3) + 1] = 250
    return drawn


@pytest.fixture
def images():
    name = kept(pictures())
    yield name
    own.forget(name)
    catalogue.forget()


@pytest.fixture
def points():
    name = kept(np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32))
    yield name
    own.forget(name)
    catalogue.forget()


def check_elsewhere(page: str, query: dict[str, str], dataset: str, folder: Path, *, with_file: bool = True) -> str:
    """Open a view, run its code in another folder with an empty cache, and compare. Returns the code."""
    at = open_page(page, {"step": "explore"} | query)
    assert not at.exception and sentences(at) == []
    folder.mkdir()
    if with_file:
        (folder / file_of(dataset)).write_bytes(looking.packed(dataset))
    script = code_of(at)
    (folder / "view.py").write_text(script, encoding="utf-8")
    elsewhere = {"VAEDEMO_CACHE": str(folder / "cache"), "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(
        [sys.executable, "-W", "error", "view.py"], cwd=folder, env=os.environ | elsewhere, capture_output=True
    )
    assert result.returncode == 0, result.stderr.decode()
    shown = [f"{label}: {value}" for label, value in figures(at).items()]
    assert shown and result.stdout.decode("utf-8").splitlines() == shown
    return script


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("plane", {}),
        ("gallery", {"source": "walk", "within": "1", "side": "3"}),
        ("gallery", {"source": "mixture", "side": "3"}),
        ("interpolation", {"part": "all"}),
    ],
)
def test_pages_of_a_run_on_own_images(page, query, images, tmp_path):
    run = engine.train(SMALL.replace(dataset=images))
    script = check_elsewhere(page, query | {"run": run.digest}, images, tmp_path / "elsewhere")
    assert f'np.load("{file_of(images)}")' in script and f'vd.load("{run.digest}")' in script


@pytest.mark.parametrize("page", ["plane", "gallery"])
def test_pages_of_a_run_on_own_points(page, points, tmp_path):
    run = engine.train(SMALL.replace(dataset=points, noise_variance=0.1))
    check_elsewhere(page, {"run": run.digest}, points, tmp_path / "elsewhere")


def test_the_lab(images, tmp_path):
    config = SMALL.replace(dataset=images, epochs=2, batch_size=20, beta=2.0)
    engine.train(config)
    sizes = {name: str(getattr(config, name)) for name in ("recipe", "epochs", "batch_size", "learning_rate")}
    script = check_elsewhere("lab", config.to_query() | sizes, images, tmp_path / "elsewhere")
    assert script.count("datasets.register(") == 1


def test_a_sweep_over_beta(images, tmp_path):
    values = {"dataset": images, "width": 4, "latent_dim": 2, "seed": 0, "epochs": 2}
    for config in beta.configs_of(values, BETAS):
        engine.train(config)
    query = {name: str(value) for name, value in values.items() if name != "dataset"}
    query |= {"sweep": "own", "betas": ",".join(map(str, BETAS)), "dataset": images, "train": "1"}
    check_elsewhere("beta", query, images, tmp_path / "elsewhere")


def test_names_of_classes_are_written_as_text():
    names = ('");import os#', "$file", "größe\\")
    script = with_own_data("print(1)\n", "upload:" + "0" * 64, names, None)
    compile(script, "script", "exec")
    assert repr(names) in script and script.endswith("\nprint(1)\n") and "RunConfig" not in script
