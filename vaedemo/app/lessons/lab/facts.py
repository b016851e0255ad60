"""What the steps of the lab say of the shipped runs: where their codes lie, and how their losses ran."""

from functools import lru_cache

import numpy as np

from vaedemo.app import catalogue
from vaedemo.figures.latent import PRIOR_SHARES, prior_radius
from vaedemo.models import build
from vaedemo.probability.cross_entropy import mean_image_cross_entropy
from vaedemo.training.evaluate import evaluate
from vaedemo.training.film import Frame
from vaedemo.training.run import Run, Table

VAE = "mnist-2d"
FILMS = {"Autoencoder": "mnist-2d-autoencoder", "VAE": VAE}  # by the name in the picture; the longer training last
SHARE = PRIOR_SHARES[-1]  # of the prior's draws inside the circle that both films show


def films() -> dict[str, Run]:
    return {name: catalogue.run(run) for name, run in FILMS.items()}


def shown_frame(name: str, frame: int) -> Frame:
    """The frame of a film at frame `frame` of the VAE's, which has the larger steps: the last one up to its step."""
    steps = [each.step for each in catalogue.run(VAE).film]
    film = catalogue.run(FILMS[name]).film
    reached = [each for each in film if each.step <= steps[min(frame, len(steps) - 1)]]
    return reached[-1]


def inside(name: str, frame: int) -> float:
    """The share of a film's codes in the circle that holds `SHARE` of N(0, I)."""
    return inside_of(tuple(run.digest for run in films().values()), name, frame)


@lru_cache(maxsize=64)
def inside_of(digests: tuple[str, ...], name: str, frame: int) -> float:
    """`inside` for the runs with these digests; kept, because reading a frame unpacks its whole film."""
    means = shown_frame(name, frame).means.astype(np.float64)
    return float((np.linalg.norm(means, axis=1) <= prior_radius(SHARE)).mean())


@lru_cache(maxsize=1)
def untrained(digest: str) -> dict[str, float]:
    """The loss terms on test images before the first step of the VAE with this digest."""
    config = catalogue.run(VAE).config
    shown, _ = catalogue.images(config.dataset)
    return evaluate(build(config, tuple(shown.x.shape[1:])), shown.as_data(config.pixels), shown.y, config.seed)


def before() -> dict[str, float]:
    return untrained(catalogue.run(VAE).digest)


@lru_cache(maxsize=1)
def mean_image_loss() -> float:
    """The reconstruction loss, in nats, of a decoder that draws the mean of the test images whatever z is."""
    shown, _ = catalogue.images(catalogue.run(VAE).config.dataset)
    return mean_image_cross_entropy(shown.x)


def history() -> Table:
    return catalogue.run(VAE).table


def gap(epoch: int) -> float:
    """How much lower −ELBO is on training images than on test images after an epoch, in nats."""
    table = history()
    place = table["epoch"].index(epoch)
    return table["test_negative_elbo"][place] - table["train_negative_elbo"][place]
