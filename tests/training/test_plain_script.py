"""The plain PyTorch version of a run prints the run's losses without this package, and trains to nearly the same."""

import io
import re
import runpy
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch

from tests.notebooks import printed_by_notebook
from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.training import engine, plain_bundle, plain_script, store

RING = RunConfig(dataset="ring", hidden=(16,), noise_variance="learned", epochs=2, train_size=500)
DYNAMIC = RunConfig(hidden=(32,), epochs=1, beta=2.0, pixels="dynamic", latent_dim=3)
CONV = RunConfig(
    model="autoencoder", network="conv", hidden=(4, 8), likelihood="gaussian", epochs=1, train_size=1000, subset_seed=3
)
NAMES = {
    "Test -ELBO": "test_negative_elbo",
    "Reconstruction loss": "test_reconstruction",
    "KL": "test_kl",
    "Active units": "active_units",
}
# Runs the script twice, with the weights and with --train, where `import vaedemo` fails.
WITHOUT_PACKAGE = """
import runpy, sys
sys.modules["vaedemo"] = None
script, *calls = sys.argv[1:]
for arguments in calls:
    sys.argv = [script, *arguments.split()]
    runpy.run_path(script, run_name="__main__")
    print("END")
"""
TOLERANCE = 1e-4  # nats: what is printed has four decimals
NEAR = 0.5  # nats between a run and its training in plain PyTorch


def unpacked(content: bytes, folder: Path) -> Path:
    """The folder in which a zip was unpacked, and its script."""
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    (script,) = folder.glob("*.py")
    return script


def run_plain(script: Path, *arguments: str) -> list[dict[str, float]]:
    """The losses that a script prints for each list of arguments, in one process without this package."""
    command = [sys.executable, "-W", "error", "-c", WITHOUT_PACKAGE, script.name, *arguments]
    result = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return [losses_in(each) for each in result.stdout.split("END\n")[: len(arguments)]]


def losses_in(printed: str) -> dict[str, float]:
    """The printed numbers by the name of the run's metric."""
    found = re.findall(r"^([\w -]+): (-?[\d.]+)(?: nats| of \d+)$", printed, re.MULTILINE)
    return {NAMES[label]: float(value) for label, value in found if not label.startswith("Epoch")}


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("config", [RING, DYNAMIC, CONV], ids=lambda config: config.title)
def test_a_plain_script_prints_the_run_s_losses_and_trains_to_nearly_the_same(config, tmp_path):
    run = engine.train(config)
    script = unpacked(plain_bundle.pack(run), tmp_path)
    evaluated, trained = run_plain(script, " ", "--train")
    names = set(NAMES.values()) if config.model == "vae" else {"test_reconstruction"}
    assert set(evaluated) == set(trained) == names
    for name in names:
        assert evaluated[name] == pytest.approx(run.metrics[name], abs=TOLERANCE)
        assert trained[name] == pytest.approx(run.metrics[name], abs=NEAR)


def run_here(script: Path, monkeypatch) -> None:
    """Run a script with its weights in this process, which is faster."""
    monkeypatch.setattr("sys.argv", [str(script)])
    runpy.run_path(str(script), run_name="__main__")


@pytest.mark.parametrize("name", ["mnist-2d", "ae-conv-8"])
def test_a_shipped_run_s_plain_script_prints_its_losses(name, tmp_path, monkeypatch, capsys):
    run = store.load(name)
    run_here(unpacked(plain_bundle.pack(run), tmp_path), monkeypatch)
    evaluated = losses_in(capsys.readouterr().out)
    assert evaluated["test_reconstruction"] == pytest.approx(run.metrics["test_reconstruction"], abs=TOLERANCE)
    assert ("test_kl" in evaluated) == (run.config.model == "vae")


@pytest.mark.usefixtures("shared_cache")
def test_the_plain_notebook_prints_the_run_s_losses_and_trains(tmp_path):
    run = engine.train(RING)
    unpacked(plain_bundle.pack(run), tmp_path)
    notebook = nbformat.read(tmp_path / "vae.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert not any("vaedemo" in cell.source for cell in notebook.cells if cell.cell_type == "code")
    evaluated, trained = [losses_in(printed) for printed in printed_by_notebook(notebook, tmp_path) if printed]
    assert evaluated["test_negative_elbo"] == pytest.approx(run.metrics["test_negative_elbo"], abs=TOLERANCE)
    assert trained["test_negative_elbo"] == pytest.approx(run.metrics["test_negative_elbo"], abs=NEAR)


@pytest.mark.usefixtures("shared_cache")
def test_a_script_without_its_weights_says_what_is_missing(tmp_path, monkeypatch):
    script = unpacked(plain_bundle.pack(engine.train(RING)), tmp_path)
    (tmp_path / "weights.safetensors").unlink()
    with pytest.raises(SystemExit, match=r"^weights.safetensors is missing here: unpack the zip that .* came in\.$"):
        run_here(script, monkeypatch)


@pytest.mark.usefixtures("shared_cache")
def test_the_same_run_gives_the_same_bytes():
    run = engine.train(RING)
    assert plain_bundle.pack(run) == plain_bundle.pack(run)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recipe": "fast"}, "the fast recipe is more than a plain loop"),
        ({"likelihood": "categorical"}, "the likelihoods bernoulli and gaussian"),
        ({"corruption": "masking", "corruption_level": 0.5}, "corrupted inputs"),
        ({"model": "autoencoder", "sparsity": 0.1}, "sparse"),
        ({"model": "classifier"}, "of the kind classifier"),
        ({"start_from": "0123456789abcdef"}, "another one's weights"),
    ],
)
def test_what_has_no_plain_script_says_why(changes, reason):
    assert reason in plain_script.why_not(RunConfig(**changes))
    assert plain_script.why_not(RunConfig()) == ""


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, {"train", "test"}),
        ({"dataset": "shapes"}, {"train", "test"}),
        ({"dataset": "mnist-55k"}, {"test"}),
        ({"dataset": "fashion"}, set()),
        ({"dataset": "fashion", "train_size": 100}, None),  # its images are not on disk here
    ],
)
def test_small_data_are_carried_and_large_data_downloaded(changes, parts):
    assert plain_bundle.carried(RunConfig(**changes)) == parts


def test_training_images_of_mnist_leave_out_the_test_images(tmp_path, monkeypatch):
    """With MNIST in miniature: torchvision has the 5,000 test images, in another order, and three more."""
    script = unpacked(plain_bundle.pack(store.load("ae-1")), tmp_path)
    others = torch.arange(3 * 784).remainder(251).to(torch.uint8).reshape(3, 28, 28)
    held_out = datasets.load("mnist-55k", split="test").x.squeeze(1)
    mixed = torch.cat([held_out[:100], others[:1], held_out[100:].flip(0), others[1:]])
    monkeypatch.setattr("torchvision.datasets.MNIST", lambda *place, **how: SimpleNamespace(data=mixed))
    names = runpy.run_path(str(script))
    assert torch.equal(names["examples"]("train").squeeze(1), others)
    assert torch.equal(names["examples"]("test").squeeze(1), held_out)


def test_the_script_that_downloads_names_the_data_of_its_run():
    run = store.load("fashion-2d")
    script = plain_script.script(run, frozenset())
    assert "from torchvision.datasets import FashionMNIST" in script and "data.safetensors" not in script
    compile(script, "vae.py", "exec")


def test_a_run_that_a_gpu_measured_says_that_its_noise_is_another():
    run = store.load("mnist-2d")
    said = "These figures were measured on NVIDIA H100, whose noise is another"
    assert said not in plain_script.script(run, frozenset(("test",)))
    measured = replace(run, metrics=run.metrics | {"device": "NVIDIA H100"})
    assert said in plain_script.script(measured, frozenset(("test",)))
