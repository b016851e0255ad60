"""Fashion-MNIST reduced to k numbers: errors of PCA, linear, deep and denoising autoencoders, 10 epochs each."""

import torch

from benchmarks.report import Figure
from vaedemo import datasets
from vaedemo.analysis.reduction import pca_errors, pixel_error
from vaedemo.config import RunConfig
from vaedemo.models import pca
from vaedemo.models.corruption import corrupt
from vaedemo.training.loop import fit

TITLE = "Fashion-MNIST through k numbers and back, squared error per pixel on the test images"
BY_NAME_ALONE = True  # it measures models, not speed
UNIT = "per pixel"
SIZES = (2, 16, 32)
LINEAR = RunConfig(
    dataset="fashion",
    model="autoencoder",
    network="linear",
    likelihood="gaussian",
    latent_dim=16,
    learning_rate=2e-3,
)
# Cross-entropy keeps the output in [0, 1], the range of the pixels, which makes squared errors smaller.
DEEP = RunConfig(dataset="fashion", model="autoencoder", hidden=(400,))
DENOISING = DEEP.replace(latent_dim=32, corruption="gaussian", corruption_level=0.5)


def measure() -> list[Figure]:
    if not all(datasets.at_hand("fashion", part) for part in ("train", "test")):
        print("Reconstruction: Fashion-MNIST is not on disk; set VAEDEMO_DATA to the folder that has it.")
        return []
    train, test = (datasets.load("fashion", part) for part in ("train", "test"))
    x = test.as_data()
    exact = pca_errors(pca.fit(train.as_data().flatten(1), max(SIZES)), x)
    figures = [Figure(f"PCA, k = {k}", exact[k].item(), UNIT) for k in SIZES]
    linear = error(LINEAR, train, test, x)
    figures.append(Figure("linear autoencoder, k = 16", linear, UNIT))
    figures.append(Figure("linear autoencoder over PCA, k = 16", linear / exact[LINEAR.latent_dim].item(), "times"))
    figures += [Figure(f"784-400-{k}-400-784", error(DEEP.replace(latent_dim=k), train, test, x), UNIT) for k in SIZES]
    noisy = corrupt(x, DENOISING.corruption, DENOISING.corruption_level, torch.Generator().manual_seed(0))
    figures.append(Figure("noise of 0.5, clipped", pixel_error(noisy, x), UNIT))
    figures.append(Figure("after denoising, k = 32", error(DENOISING, train, test, noisy), UNIT))
    return figures


def error(config: RunConfig, train: datasets.ImageSet, test: datasets.ImageSet, seen: torch.Tensor) -> float:
    """Train a config; returns the squared error per pixel between x̂ of the inputs `seen` and the test images."""
    return pixel_error(fit(config, train, test).model.reconstruct(seen), test.as_data())
