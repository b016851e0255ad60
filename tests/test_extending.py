"""The four tasks of docs/extending.md: each file is written as the page has it, and runs in a fresh process.

The numbers are compared with torch's own distributions.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn
from torch.distributions import Bernoulli, Normal, StudentT, kl_divergence

import vaedemo as vd
from vaedemo.training.randomness import stream

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs" / "extending.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w/]+\.py)`:\n\n```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
LINES = re.findall(r"^```\n(    \w+\(.*\),)\n```", PAGE, re.MULTILINE)
MOST_LINES = 20
LISTS = {"Line": "vaedemo/likelihood_index.py", "Entry": "vaedemo/app/lessons/index.py"}
NARROW = """
import json
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("vaedemo/app/main.py", default_timeout=60).switch_page("lessons/narrow/narrow.py")
at.query_params["sigma"] = "0.3"
at.session_state["narrow.numbers"] = True
at.run()
print([each.message for each in at.exception], at.title[0].value, at.metric[0].value)
(code,) = [part for part in at.expander if "code" in part.label]
print(json.loads(code.get("bidi_component")[0].proto.json)[0]["text"])
"""
SHARE = """
import torch
from vaedemo.probability import likelihoods
x = torch.linspace(-6, 6, 25, dtype=torch.float64)
density = likelihoods.make("student_t", torch.full_like(x, 0.5), variance=0.7)
many = likelihoods.make("student_t", torch.full((400_000,), 0.5), variance=0.7)
drawn = many.sample(torch.Generator().manual_seed(0))
print(*density.log_prob(x).tolist())
print(*drawn.quantile(torch.tensor([0.1, 0.25, 0.5, 0.9])).tolist())
"""


def run(folder: Path, *arguments: str) -> str:
    """What Python prints in this folder, with the package that lies there."""
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "VAEDEMO_CHECKPOINTS": str(REPOSITORY / "checkpoints"),
        "VAEDEMO_CACHE": str(folder / "cache"),
    }
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def copy(tmp_path):
    """A copy of the package, with the files that the page puts into it."""
    shutil.copytree(REPOSITORY / "vaedemo", tmp_path / "vaedemo", ignore=shutil.ignore_patterns("__pycache__"))
    for line in LINES:
        listing = tmp_path / LISTS[line.split("(")[0].strip()]
        text = listing.read_text(encoding="utf-8")
        first = re.search(r"^(LINES|LESSONS) = \($", text, re.MULTILINE).end()
        end = text.index("\n)", first)
        listing.write_text(f"{text[:end]}\n{line}{text[end:]}", encoding="utf-8")
    for path, code in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(code, encoding="utf-8")
    (tmp_path / "vaedemo/app/lessons/narrow/__init__.py").touch()
    return tmp_path


def test_each_file_has_at_most_twenty_lines():
    assert len(FILES) == 5 and len(LINES) == 2
    lengths = {path: sum(1 for line in code.splitlines() if line) for path, code in FILES.items()}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_a_likelihood_is_one_file_and_one_line(copy):
    log_probs, quantiles = (list(map(float, line.split())) for line in run(copy, "-c", SHARE).splitlines())
    x, scale = torch.linspace(-6, 6, 25, dtype=torch.float64), 0.35**0.5
    expected = StudentT(torch.tensor(4.0, dtype=torch.float64), 0.5, scale).log_prob(x)
    assert torch.allclose(torch.tensor(log_probs, dtype=torch.float64), expected, rtol=0, atol=1e-6)
    # The quantiles of the t distribution with four degrees of freedom, from a table; 400,000 draws, so ± 0.01.
    table = torch.tensor([-1.5332, -0.7407, 0.0, 1.5332])
    assert torch.allclose(torch.tensor(quantiles), 0.5 + scale * table, rtol=0, atol=0.01)
    told = run(copy, "-m", "vaedemo", "train", "--dataset", "ring", "--likelihood", "student_t", "--epochs", "1")
    assert re.search(r"status +finished", told)


def test_a_lesson_is_one_folder_and_one_line(copy):
    first, *code = run(copy, "-c", NARROW).splitlines()
    expected = f"{kl_divergence(Normal(0.0, 0.3), Normal(0.0, 1.0)).item():.3f}"
    assert first == f"[] The price of a narrow q {expected}"
    assert run(copy, "-c", "\n".join(code)).strip() == f"KL: {expected}"


@pytest.fixture
def folder(tmp_path):
    """A folder with images.npy, 200 pictures of waves as bytes, and the two files that train on them."""
    generator = torch.Generator().manual_seed(0)
    phases = torch.rand(200, 1, 1, generator=generator) * 6
    waves = torch.sin(torch.arange(28.0)[:, None] / 3 + phases) + torch.cos(torch.arange(28.0)[None, :] / 4 - phases)
    np.save(tmp_path / "images.npy", ((waves + 2) * 255 / 4).round().to(torch.uint8).numpy())
    for name in ("own_images.py", "own_decoder.py"):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    return tmp_path


def negative_elbo(encoder: nn.Module, decoder: nn.Module, images: np.ndarray) -> float:
    """The mean −ELBO of the test part by torch's distributions, with the noise of the package's evaluation."""
    own = vd.datasets.load(vd.datasets.register(vd.datasets.from_arrays(images)), "test")
    x = own.x / 255
    mean, log_variance = encoder(x).chunk(2, dim=1)
    q = Normal(mean, (log_variance / 2).exp())
    noise = torch.randn(mean.shape, generator=stream(0, "evaluation"))
    logits = decoder(q.mean + q.stddev * noise).reshape(x.shape)
    likelihood = Bernoulli(logits=logits, validate_args=False).log_prob(x).flatten(1).sum(1)
    return (kl_divergence(q, Normal(0.0, 1.0)).sum(1) - likelihood).mean().item()


def test_own_images_are_five_lines(folder):
    (printed,) = re.findall(r"test -ELBO ([\d.]+) nats", run(folder, "own_images.py"))
    model = vd.load(folder / "my-run").model
    expected = negative_elbo(model.encoder, model.decoder, np.load(folder / "images.npy"))
    assert float(printed) == pytest.approx(expected, abs=2e-3)


def test_an_own_network_is_twenty_lines(folder):
    (printed,) = re.findall(r"test -ELBO ([\d.]+) nats", run(folder, "own_decoder.py"))
    weights = load_file(folder / "my-network" / "weights.safetensors")
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.Tanh(), nn.Linear(64, 8))
    decoder = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 784))
    for part, network in {"encoder": encoder, "decoder": decoder}.items():
        own = {name: value for name, value in weights.items() if name.startswith(f"{part}.")}
        network.load_state_dict({".".join(name.split(".")[-2:]): value for name, value in own.items()})
    with torch.no_grad():
        expected = negative_elbo(encoder, decoder, np.load(folder / "images.npy"))
    assert float(printed) == pytest.approx(expected, abs=2e-3)
