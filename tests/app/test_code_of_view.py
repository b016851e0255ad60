"""The code that a page shows, run in a fresh process, prints the very numbers on the page."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.app.in_process import check_numbers, prints_anywhere
from tests.app.pages import PAGES, code_of, figures, open_page
from vaedemo import terminal
from vaedemo.app.shell import frame
from vaedemo.config import RunConfig
from vaedemo.training import engine

REPOSITORY = Path(__file__).parents[2]
HOME, LAB, GALLERY = "home", "lab", "gallery"
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
    ("interpolation", {"run": "mnist-2d", "stops": "3,900,77", "base": "-1"}),
    ("losses", {"part": "axes", "data": "ring", "axes_variance": "0.1"}),
    ("kl", {"part": "modes", "target": "image", "digit": "1"}),
    ("plane", {"run": "mnist-20d", "base": "image", "image": "7", "z2": "1.5"}),
    ("pretraining", {"labels": "500"}),
    ("discriminative", {"part": "images", "ask": "4", "draws": "200"}),
    ("axes", {"part": "factors", "shapes": "shapes-beta8", "turned": "30"}),
    ("autoencoder", {"network": "conv", "size": "2", "image": "77"}),
    ("overcomplete", {"part": "noise", "source": "16", "noise": "3"}),
    ("pca", {"part": "equal", "k": "2"}),
    ("collapse", {"part": "plane", "plane": "learned"}),
    ("holes", {"z1": "3", "draw": "11"}),
    ("taxonomy", {"source": "moons", "leaf": "flow"}),
    ("denoising", {"part": "images", "kind": "salt_pepper", "level": "0.25", "steps": "2"}),
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
    assert prints_anywhere(code_of(at))
    assert printed_by(code_of(at)) == [f"{label}: {value}" for label, value in shown.items()]
    return shown


# Symbols in the labels, in the values (°, ∞) and in the names of a loop.
SYMBOLS = [
    (HOME, {}, "ascii"),
    ("kl", {"part": "correlated"}, "ascii"),
    ("pca", {"part": "planes"}, "ascii"),
    ("denoising", {"part": "images", "level": "0"}, "cp1252"),
    ("losses", {"part": "pixel"}, "C"),
]
OUTPUTS = {
    "ascii": ({"PYTHONIOENCODING": "ascii"}, "ascii"),
    "cp1252": ({"PYTHONIOENCODING": "cp1252"}, "cp1252"),
    "C": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
}


@pytest.mark.parametrize(("page", "query", "output"), SYMBOLS)
def test_the_code_prints_its_numbers_on_a_terminal_without_symbols(page, query, output, tmp_path):
    """Saved as the page says, and run in the folder where it was saved, which is not that of the package."""
    at = open_page(page, query)
    lines = [f"{label}: {value}" for label, value in figures(at).items()]
    assert lines and not all(map(str.isascii, lines)), "this view has no symbol: choose another one"
    (tmp_path / "view.py").write_text(code_of(at), encoding="utf-8")
    variables, encoding = OUTPUTS[output]
    silent = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    result = subprocess.run(
        [sys.executable, "-W", "error", "view.py"],
        cwd=tmp_path,
        env=silent | {"PYTHONPATH": str(REPOSITORY)} | variables,
        capture_output=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.decode(encoding).splitlines() == [
        line.encode(encoding, terminal.SPELLED).decode(encoding) for line in lines
    ]


def test_the_print_that_spells_comes_after_the_imports():
    script = "import math\nfrom vaedemo import (\n    datasets,\n)\n\n\nvalue = math.pi\nprint(f'σ: {value}')\n"
    shown = frame.printable(script)
    assert [line for line in shown.splitlines() if "import" in line][-1] == frame.SPELLING_PRINT
    assert shown.replace(f"\n{frame.SPELLING_PRINT}\n", "\n", 1).split() == script.split()
    assert frame.printable("print(1)\n") == "print(1)\n" and frame.printable("") == ""
    output = io.StringIO()
    with redirect_stdout(output):
        exec(shown, {})
    assert output.getvalue() == "σ: 3.141592653589793\n"


@pytest.mark.parametrize("page", PAGES[::3])
def test_the_code_of_a_first_view_prints_its_numbers_in_a_process_of_its_own(page):
    check_twin(page, {})


@pytest.mark.parametrize("page", [page for page in PAGES if page not in PAGES[::3]])
def test_the_code_of_a_first_view_prints_its_numbers(page):
    check_numbers(page, {})


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
