"""The runs and curves of the page on over-complete codes: networks 784-d-784 of three kinds on the embedded digits.

`make` measures the curves and writes their CSV.
"""

import csv
import io
from functools import lru_cache
from pathlib import Path

import torch

from vaedemo import datasets, settings
from vaedemo.analysis import hidden_units
from vaedemo.config import RunConfig
from vaedemo.models import pca
from vaedemo.training.loop import fit
from vaedemo.training.run import Run

BASE = RunConfig(
    dataset="digits",
    model="autoencoder",
    network="linear",
    likelihood="gaussian",
    epochs=30,
    batch_size=100,
    learning_rate=1e-3,
)
KINDS = {
    "none": BASE.replace(code_units="relu"),
    "kl": BASE.replace(code_units="sigmoid", sparsity=0.1, sparsity_kind="kl", sparsity_target=0.05),
    "l1": BASE.replace(code_units="relu", sparsity=0.1, sparsity_kind="l1"),
}
SIZES = (2, 4, 8, 16, 32, 64, 128, 256, 512, 784, 1024)
PIXELS = 784  # from this size on a net can copy, and PCA does so exactly
# A net of 1,024 units takes 3 MB, so only two of the three kinds are shipped.
SHIPPED = [(kind, size) for size in (16, 256) for kind in KINDS] + [("none", 1024), ("kl", 1024)]
RUNS = {f"wide-{kind}-{size}": KINDS[kind].replace(latent_dim=size) for kind, size in SHIPPED}
FILE = "curves/overcomplete.csv"  # relative to the folder of the shipped runs
COLUMNS = ("kind", "size", "squared_error", "firing", "passed")
NOISE, SEED = 0.3, 0


def measure(run: Run) -> dict[str, float]:
    """The measurements of one run on the test digits.

    `squared_error`: per pixel. `firing`: the mean number of units that fire for an image. `passed`: the share of
    Gaussian noise of standard deviation 0.3 that passes.
    """
    x, noise = test_data()
    code = hidden_units.codes(run.model, x)
    return {
        "squared_error": hidden_units.squared_error(run.model, x),
        "firing": hidden_units.fires(code, run.config.resolved_code_units).sum(dim=1).float().mean().item(),
        "passed": hidden_units.noise_passed(run.model, x, noise),
    }


@lru_cache(maxsize=1)
def test_data() -> tuple[torch.Tensor, torch.Tensor]:
    """The test digits and one noise sample for each."""
    x = datasets.load("digits", split="test").as_data("grey")
    return x, NOISE * torch.randn(x.shape, generator=torch.Generator().manual_seed(SEED))


def row(kind: str, size: int) -> dict[str, float | int | str]:
    """Train and measure one row of the curves; kind "pca" is fitted. Takes 1 to 60 seconds."""
    if kind == "pca":
        return {"kind": kind, "size": size} | principal(size)
    parts = [datasets.load("digits", split=part) for part in ("train", "test")]
    return {"kind": kind, "size": size} | measure(fit(KINDS[kind].replace(latent_dim=size), *parts))


def principal(size: int) -> dict[str, float]:
    """The row of PCA, which has the least squared error of all linear codes of this size on the training digits."""
    train = datasets.load("digits", split="train").as_data("grey").flatten(1)
    x, noise = (each.flatten(1) for each in test_data())
    fitted = pca.fit(train.double(), size)
    passed = ((noise.double() @ fitted.components.T).square().sum() / noise.double().square().sum()).item()
    error = (fitted.reconstruct(x.double()) - x).square().mean().item()
    return {"squared_error": error, "firing": float(size), "passed": passed}


def read(folder: Path | None = None) -> list[dict[str, float | int | str]]:
    """The rows of the shipped curves; an empty list when the file does not exist."""
    file = (folder or settings.current().checkpoints) / FILE
    if not file.is_file():
        return []
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    numbers = COLUMNS[2:]
    return [
        {"kind": each["kind"], "size": int(each["size"])} | {name: float(each[name]) for name in numbers}
        for each in rows
    ]


def text(rows) -> str:
    """The rows as a CSV file's text."""
    lines = [",".join(COLUMNS)]
    lines += [
        ",".join([each["kind"], str(each["size"]), *(f"{each[name]:.6g}" for name in COLUMNS[2:])]) for each in rows
    ]
    return "\n".join(lines) + "\n"


def make() -> None:
    """Measure all rows, which takes minutes, and write the file."""
    rows = [row("pca", size) for size in SIZES if size < PIXELS]
    for kind in KINDS:
        for size in SIZES:
            rows.append(row(kind, size))
    file = settings.current().checkpoints / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(rows), encoding="utf-8")
