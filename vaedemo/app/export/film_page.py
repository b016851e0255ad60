"""The exported page of a training film: it plays, goes frame by frame and is scrubbed in the browser."""

import numpy as np

from vaedemo.app import catalogue
from vaedemo.app.export.page import Page, Shown, Told
from vaedemo.app.trainings import film
from vaedemo.training.run import Run

RUN = "mnist-2d"


def page() -> Page:
    run = catalogue.run(RUN)
    packed = film.packed_film(film.name_of(run), run)

    def at(frame: int) -> list[Shown]:
        return [Shown("film", [{"films": [RUN], "start": frame, "report": False, "low": False}])]

    return Page(
        "film",
        "The film of a training",
        "How does a VAE with two latent axes learn its plane?",
        [
            Told("end", "Trained", trained(run), at(packed.frames - 1)),
            Told("start", "Before training", untrained(run), at(0)),
        ],
        {RUN: packed.film.content},
    )


def trained(run: Run) -> str:
    """What the last frame shows, with the losses on test data after the first epoch and after the last."""
    losses = run.table["test_negative_elbo"]
    steps = run.film[-1].step
    return (
        f"After **{steps:,} steps** codes of one class lie together. "
        f"−ELBO on test digits fell from {losses[0]:.1f} nats per image after the first epoch to **{losses[-1]:.1f}**. "
        "Play the film, or pull its slider: all pictures show the same step."
    )


def untrained(run: Run) -> str:
    """What the first frame shows, and how far its codes lie from 0, beside those of the last."""
    first, last = (spread(run, frame) for frame in (0, -1))
    return (
        f"At step 0 all weights are random. The codes lie {first:.2f} from 0 on average, at the end {last:.2f}. "
        "The decoder makes grey noise of every z. Press Play."
    )


def spread(run: Run, frame: int) -> float:
    """The mean distance of a frame's codes from 0."""
    means = run.film[frame].means
    return float(np.linalg.norm(means.astype(float), axis=1).mean())
