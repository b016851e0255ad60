"""The downloads of a view: which there are, and that its notebook prints the page's numbers where the package is."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.app.drawn import SEVEN
from tests.app.pages import figures, open_page
from tests.app.test_code_of_view import lab_link
from tests.notebooks import printed_by_notebook
from tests.training.test_plain_script import run_here
from vaedemo import settings
from vaedemo.app.shell import take_home
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.frame import equations
from vaedemo.app.shell.view_notebook import install
from vaedemo.config import RunConfig
from vaedemo.probability import divergences
from vaedemo.training import engine, files, store

RING = RunConfig(dataset="ring", hidden=(16,), noise_variance=0.01, epochs=2, train_size=500)
REPOSITORY = Path(__file__).parents[3]
EVERYWHERE = ["Code (.py)", "Notebook (.ipynb)"]
GIT = "git+https://example.org/vaedemo.git"


def labels(at) -> list[str]:
    return [button.proto.label for button in at.get("download_button")]


@pytest.fixture
def made(monkeypatch) -> dict:
    """What makes each download of a page that is opened, by label: the browser asks for it, AppTest cannot."""
    makers = {}
    draw = take_home.button

    def keep(view, label, kind, make, *others):
        makers[label] = make
        draw(view, label, kind, make, *others)

    monkeypatch.setattr(take_home, "button", keep)
    return makers


@pytest.mark.parametrize(
    ("page", "query", "more"),
    [
        ("kl", {}, []),
        ("home", {}, ["Plain PyTorch (.zip)", "Weights (.zip)"]),
        ("ring", {"part": "exact"}, []),
        ("gallery", {"run": "mnist-2d-autoencoder"}, ["Plain PyTorch (.zip)", "Weights (.zip)"]),
    ],
)
def test_a_view_offers_its_downloads_while_the_part_is_open(page, query, more):
    at = open_page(page, query)
    assert [label for label in labels(at) if label in EVERYWHERE + more] == EVERYWHERE + more
    assert not set(labels(open_page(page, query, numbers=False))) & set(EVERYWHERE)


@pytest.mark.usefixtures("shared_cache")
def test_a_model_without_a_plain_version_says_why():
    fast = RING.replace(recipe="fast")
    engine.train(fast)
    at = open_page("lab", lab_link(fast))
    assert [label for label in labels(at) if "plain" in label.lower()] == []
    (caption,) = [each.value for each in at.caption if "notebook" in each.value]
    assert "no plain PyTorch version: the fast recipe is more than a plain loop; the textbook one has" in caption


def test_the_caption_says_where_the_notebook_runs(monkeypatch):
    def caption() -> str:
        return next(each.value for each in open_page("home").caption if "notebook" in each.value)

    losses = "it prints the numbers above and its test −ELBO, 148.56 nats, and can be trained again."
    assert caption().startswith("The notebook runs where vaedemo is installed; for Colab take Plain PyTorch.")
    assert caption().endswith(losses)
    monkeypatch.setenv("VAEDEMO_SOURCE", GIT)
    assert caption().startswith("The notebook installs vaedemo first, so it runs on Colab too.")


def notebook_of(made: dict) -> nbformat.NotebookNode:
    notebook = nbformat.reads(made["Notebook"]().decode(), as_version=4)
    nbformat.validate(notebook)
    return notebook


def check_notebook(at, notebook: nbformat.NotebookNode, folder: Path, monkeypatch) -> list[str]:
    """Run a notebook, and compare what it prints with the page's numbers; returns what the training after it prints."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    printed = [each for each in printed_by_notebook(notebook, folder) if each]
    assert figures(at)
    assert printed[0].splitlines() == [f"{label}: {value}" for label, value in figures(at).items()]
    return printed[1:]


def test_the_notebook_of_a_view_without_a_model(made, tmp_path, monkeypatch):
    at = open_page("kl", {"part": "pair"})
    notebook = notebook_of(made)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    formula = equations(divergences.kl_terms)
    assert formula in text and "$$" in formula
    assert "Train it yourself" not in text
    assert check_notebook(at, notebook, tmp_path, monkeypatch) == []


def test_the_notebook_of_a_view_of_a_shipped_model(made, tmp_path, monkeypatch):
    at = open_page("home", {"image": "1234", "noise": "5"})
    notebook = notebook_of(made)
    assert "RunConfig(dataset='mnist-55k', epochs=50)" in notebook.cells[-1].source
    notebook.cells = notebook.cells[:-1]  # it trains on 55,000 images that are not here
    check_notebook(at, notebook, tmp_path, monkeypatch)


def test_the_notebook_of_the_clinic_reads_its_records(made, tmp_path, monkeypatch):
    at = open_page("clinic", {"patient": "2"})
    assert check_notebook(at, notebook_of(made), tmp_path, monkeypatch) == []


@pytest.mark.usefixtures("shared_cache")
def test_the_notebook_of_a_trained_model_carries_it_and_trains_it_anew(made, tmp_path, monkeypatch):
    run = engine.train(RING)
    at = open_page("lab", {"step": "yours", **lab_link(RING)})
    notebook = notebook_of(made)
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "empty"))
    (trained,) = check_notebook(at, notebook, tmp_path, monkeypatch)
    assert store.find(run.digest).metrics["seconds"] == run.metrics["seconds"]  # it was carried, not trained
    loss = float(trained.splitlines()[-1].removeprefix("Trained here: ").removesuffix(" nats"))
    assert loss == pytest.approx(run.metrics["test_negative_elbo"], abs=0.5)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("home", {"image": "1234", "noise": "5"}),
        ("home", {"drawing": SEVEN}),
        ("loss", {"t": "0.5", "beta": "4", "image": "77"}),
        ("ring", {"part": "learned", "seed": "7"}),
    ],
)
def test_the_plain_version_prints_the_view_s_own_numbers(page, query, made, tmp_path, monkeypatch, capsys):
    """Last, each to half of the last digit that the page shows."""
    shown = figures(open_page(page, query))
    with zipfile.ZipFile(io.BytesIO(made["Plain PyTorch"]())) as archive:
        archive.extractall(tmp_path)
    run_here(tmp_path / "vae.py", monkeypatch)
    printed = capsys.readouterr().out.splitlines()[-len(shown) :]
    assert len(shown) >= 3
    for line, (label, value) in zip(printed, shown.items(), strict=True):
        half = 0.5 * 10.0 ** -max(len(number.partition(".")[2]) for number in numbers_in(value))
        found = [float(number) for number in numbers_in(line.rpartition(": ")[2])]
        assert found == pytest.approx([float(number) for number in numbers_in(value)], abs=1.01 * half), label


def numbers_in(text: str) -> list[str]:
    return re.findall(r"-?\d+(?:\.\d+)?", text.replace(",", "").replace("−", "-"))


def test_weights_and_config_are_those_of_the_run(made):
    open_page("home")
    with zipfile.ZipFile(io.BytesIO(made["Weights"]())) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    run = store.load("mnist-2d")
    assert content == {name: files.to_files(run)[name] for name in (files.WEIGHTS, files.CONFIG)}
    assert files.read_config(content[files.CONFIG]) == run.config


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (GIT, [f"!git clone --quiet --filter=blob:none {GIT[4:]} vaedemo-source"]),
        (f"vaedemo @ {GIT}@v1#egg=vaedemo", ["!git -C vaedemo-source checkout --quiet v1"]),
        ("git+ssh://git@example.org/vaedemo.git", ["ssh://git@example.org/vaedemo.git vaedemo-source"]),
        ("vaedemo==0.1", ['%pip install --quiet "vaedemo==0.1"']),
    ],
)
def test_the_first_cell_installs_from_the_setting(source, lines):
    assert settings.current({"VAEDEMO_SOURCE": source}).source == source
    text = install(source)[-1].source
    assert all(line in text for line in lines)
    assert ("checkout" in text) == ("@v1" in source) and ("#egg" not in text)


def test_a_clone_is_where_the_notebook_finds_package_and_models(tmp_path):
    """The lines of the cell that git and os run, in a shell, with a repository of this machine."""
    upstream = tmp_path / "upstream"
    (upstream / "checkpoints").mkdir(parents=True)
    (upstream / "checkpoints" / "README").write_text("models")
    (upstream / "clinic").mkdir()
    (upstream / "clinic" / "ward").write_text("records")
    commit = "git init -q && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git tag v1"
    subprocess.run(commit, shell=True, cwd=upstream, check=True, timeout=60)
    (cell,) = install(f"git+file://{upstream}@v1")
    for line in cell.source.splitlines():
        if line.startswith("!"):
            subprocess.run(line[1:], shell=True, cwd=tmp_path, check=True, timeout=60)
    script = "\n".join(line for line in cell.source.splitlines() if line[:1] not in "!%")
    script += "\nprint(*(os.listdir(os.environ[f'VAEDEMO_{name}']) for name in ('CHECKPOINTS', 'CLINIC')))"
    shown = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert shown.stdout == "['README'] ['ward']\n"


@pytest.mark.parametrize(
    "source",
    ["--index-url=https://evil", 'x"; rm -rf ~', "a\nb", "git+https://me:secret@example.org/x.git", "x" * 301, "$HOME"],
)
def test_a_source_that_is_no_requirement_is_one_sentence(source):
    with pytest.raises(settings.SettingError, match="VAEDEMO_SOURCE accepts a pip requirement") as caught:
        settings.current({"VAEDEMO_SOURCE": source})
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("config", [RING, RunConfig(network="conv", hidden=(400,)), RunConfig(network="conv")])
def test_the_config_s_code_is_the_config(config):
    import vaedemo as vd

    assert eval(f"vd.RunConfig({arguments(config)})", {"vd": vd}) == config


def test_folded_cells_and_ids_are_as_the_format_says(made):
    open_page("kl")
    content = json.loads(made["Notebook"]())
    ids = [cell["id"] for cell in content["cells"]]
    assert len(set(ids)) == len(ids) and (content["nbformat"], content["nbformat_minor"]) == (4, 5)
