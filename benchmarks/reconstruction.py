"""Fashion-MNIST through k numbers and back, test error per pixel: PCA, linear, deep and denoising autoencoders."""

import time

import torch

from vaedemo import datasets
from vaedemo.analysis.reduction import pca_errors, pixel_error
from vaedemo.config import RunConfig
from vaedemo.models import pca
from vaedemo.models.corruption import corrupt
from vaedemo.training.loop import fit

SIZES = (2, 16, 32)
LINEAR = RunConfig(
    dataset="fashion",
    model="autoencoder",
    network="linear",
    likelihood="gaussian",
    latent_dim=16,
    learning_rate=2e-3,
)
# Cross-entropy keeps the output between 0 and 1, where the pixels are: squared errors are smaller for it.
DEEP = RunConfig(dataset="fashion", model="autoencoder", hidden=(400,))
DENOISING = DEEP.replace(latent_dim=32, corruption="gaussian", corruption_level=0.5)


def main() -> None:
    if not all(datasets.at_hand("fashion", part) for part in ("train", "test")):
        print("Reconstruction: Fashion-MNIST is not on disk; set VAEDEMO_DATA to the folder that has it.")
        return
    train, test = (datasets.load("fashion", part) for part in ("train", "test"))
    x = test.as_data()
    print(f"Fashion-MNIST, {len(train):,} training and {len(test):,} test images, squared error per pixel")
    exact = pca_errors(pca.fit(train.as_data().flatten(1), max(SIZES)), x)
    for k in SIZES:
        print(f"PCA, k = {k:<3}                          {exact[k].item():.5f}")
    error = trained(LINEAR, train, test, x)
    print(f"{'':<36}{error / exact[LINEAR.latent_dim].item():.4f} of PCA's")
    for k in SIZES:
        trained(DEEP.replace(latent_dim=k), train, test, x)
    noisy = corrupt(x, DENOISING.corruption, DENOISING.corruption_level, torch.Generator().manual_seed(0))
    print(f"noise of {DENOISING.corruption_level}, clipped                  {pixel_error(noisy, x):.5f}")
    trained(DENOISING, train, test, noisy)


def trained(config: RunConfig, train: datasets.ImageSet, test: datasets.ImageSet, seen: torch.Tensor) -> float:
    """Train, then print and return the squared error per pixel between x̂ of what is `seen` and the test images."""
    start = time.perf_counter()
    run = fit(config, train, test)
    seconds = time.perf_counter() - start
    error = pixel_error(run.model.reconstruct(seen), test.as_data())
    what = {"linear": "784-{0}-784, linear"}.get(config.network, "784-400-{0}-400-784").format(config.latent_dim)
    what += ", denoising" if config.corruption != "none" else ""
    print(f"{what:<36}{error:.5f}  {config.epochs} epochs, {seconds:.0f} s")
    return error


if __name__ == "__main__":
    main()
