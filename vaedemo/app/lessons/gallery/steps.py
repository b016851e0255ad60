"""The steps of the sampling gallery (slide 23): draw z from N(0, I), decode it, and look at what is drawn."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import torch

from vaedemo.analysis import quality
from vaedemo.app import catalogue
from vaedemo.app.lessons.gallery import fair, picked, samples
from vaedemo.app.shared import reader
from vaedemo.app.shell.steps import Goal, Option, Question, Step, Values

RUN = "mnist-2d"
GRID = {"part": "samples", "side": 8, "picked": -1}
HOT = 2.0
OUTER = (1, 7)  # the digits whose codes lie farthest out
COMPARED = 50  # real digits whose nearest other is looked for
LONG = 2.5


def digits(values: Values) -> str:
    _, x = samples.of(values)
    good = int(reader.sure(x).sum())
    return (
        "$$z \\sim N(0, I) \\;\\to\\; \\hat x$$\n\n"
        f"Nobody wrote these digits: each is decoded from a random z. In **{good} of {len(x)}** a classifier is more "
        f"than {reader.SURE:.0%} sure of one digit, of {len(x)} real digits in about {round(real_share() * len(x))}. "
        "Those of which it is unsure lie between two digits."
    )


@lru_cache(maxsize=1)
def real_share() -> float:
    """The share of real digits in which the classifier is sure."""
    return reader.sure(catalogue.images(catalogue.run(RUN).config.dataset)[0].as_data("grey")).float().mean().item()


def pixels(values: Values) -> str:
    _, x = samples.of({**values, "show": "mean"})
    undecided = ((x > 0.1) & (x < 0.9)).float().mean().item()
    return (
        f"Each pixel is drawn **on its own**, black or white. In **{undecided:.0%}** of them the mean is between 0.1 "
        "and 0.9: there chance decides. What pixels have in common must come from z. So papers mostly show the mean."
    )


def new(values: Values) -> str:
    run, (_, x) = catalogue.run(values["run"]), samples.of(values)
    index = samples.within(values["picked"], values["side"])
    found = picked.distance(run, x[index : index + 1])
    return (
        f"The nearest real digit lies **{found:.1f}** away, over all pixels. The nearest other one of a real digit "
        f"lies about **{between_real_digits():.1f}** away. A copy would lie at 0. Click other samples in Explore."
    )


@lru_cache(maxsize=1)
def between_real_digits() -> float:
    """The median distance of a real digit to the nearest other one of the images that samples are compared with."""
    run = catalogue.run(RUN)
    images, (library, _) = catalogue.images(run.config.dataset)[0].x[:COMPARED], picked.library(run)
    found = quality.nearest(images, library.x, k=2)[1]
    itself = found[:, 0] == 0
    return torch.where(itself, found[:, 1], found[:, 0]).median().item()


def hot(values: Values) -> str:
    now, before = (outer({**values, "temperature": each}) for each in (values["temperature"], 1.0))
    return (
        f"The codes of 1s and 7s lie farthest out: **{now} of {values['side'] ** 2}** images are one of these, at "
        f"T = 1 (grey) it was **{before}**. Far out images are sharp, but the data have as many of the other digits: "
        "only T = 1 is the model."
    )


def outer(values: Values) -> int:
    """The number of samples that show one of the outer digits."""
    return int(torch.isin(reader.digits(samples.of(values)[1]), torch.tensor(OUTER)).sum())


def afterwards(values: Values) -> str:
    away = fair.of_pair(fair.vae_of(values["run"]))
    return (
        f"Its distance is **{away['mixture']:.2f}**, the VAE's **{away['vae']:.2f}** (Fréchet distance). From N(0, I) "
        f"the same decoder had {away['prior']:.2f}. Whoever fits a density to its codes can draw from any autoencoder. "
        "A VAE needs no second step: its prior was fixed before training."
    )


def shows(wanted: Mapping[str, Any]) -> Callable[[Values], bool]:
    """Whether a view shows samples of the model with two axes like this, from any seed."""
    every = {"part": "samples", "run": RUN, "temperature": 1.0, "truncation": 0.0, "show": "mean", "source": "prior"}
    every |= wanted
    return lambda values: all(values[name] == value for name, value in every.items())


STEPS = (
    Step(
        name="draw",
        title="Draw z, decode",
        view=GRID,
        say=digits,
        controls=("new",),
        holds=shows({}),
        ask=Question(
            "These z are drawn from N(0, I), without any digit. Each is decoded. What do most of the images look like?",
            (
                Option("Grey noise: no digit has such a z", "In a VAE the codes of digits lie where N(0, I) is dense."),
                Option("Digits that nobody wrote", "The KL kept the codes of all digits close to N(0, I).", right=True),
                Option("Copies of the training digits", "The decoder keeps weights, no images. A later step looks."),
            ),
            giveaways=("a classifier is",),
        ),
        slides=(23,),
        notes="Press New samples a few times. Left: the z of the images. Then the map of all z: the next page.",
    ),
    Step(
        name="pixels",
        title="Mean or draw",
        view=GRID | {"show": "sample"},
        say=pixels,
        controls=("show", "new"),
        holds=shows({"show": "sample"}),
        ask=Question(
            "Each image so far was the mean of p(x|z). Now x itself is drawn from p(x|z). What changes?",
            (
                Option("Sharper strokes: the mean is a blur", "A draw has no blur, but its pixels do not agree."),
                Option("Other digits: x is random", "The digit is in z, and z stays."),
                Option("The same shapes with noisy pixels", "Given z all pixels are independent.", right=True),
            ),
            start={"show": "mean"},
            giveaways=("on its own",),
        ),
        slides=(23,),
        notes="A true sample of the model is the noisy one. Where the mean is black or white nothing changes.",
    ),
    Step(
        name="copies",
        title="Is it a copy?",
        view={"part": "copies", "side": 8, "picked": 19},
        say=new,
        holds=shows({"part": "copies"}),
        ask=Question(
            "A sample, enlarged. How far away is the real digit that is most like it, compared with two real digits?",
            (
                Option("Like two real digits", "It is one more way to write, not one that was seen.", right=True),
                Option("At 0: it is a training digit", "Then nothing would differ, not a single pixel."),
                Option("Much farther: it is no real digit", "It is smooth, but its strokes lie as real ones do."),
            ),
            giveaways=("A copy would",),
        ),
    ),
    Step(
        name="temperature",
        title="Twice as far out",
        view=GRID | {"temperature": HOT},
        say=hot,
        controls=("temperature", "new"),
        holds=lambda values: shows({"temperature": values["temperature"]})(values) and values["temperature"] >= HOT,
        ask=Question(
            "z is now drawn from N(0, T² I) with T = 2, twice as far out. What do most of the images look like?",
            (
                Option("The same digits, but much bolder", "Other z decode to other digits."),
                Option("Sharp digits of few classes", "Few classes have their codes far out.", right=True),
                Option("Noise, far from all codes", "The decoder answers everywhere, and not with noise."),
            ),
            start={"temperature": 1.0},
            giveaways=("lie farthest out",),
        ),
    ),
    Step(
        name="afterwards",
        title="A density afterwards",
        view={"part": "beside"},
        say=afterwards,
        controls=("others",),
        holds=lambda values: values["part"] == "beside" and values["run"] in ("mnist-2d", "mnist-20d"),
        ask=Question(
            "From N(0, I) a plain autoencoder draws little. Now z comes from a mixture fitted to its codes. How near "
            "to real digits are its samples, compared with the VAE's?",
            (
                Option("Farther: it was trained to copy only", "Its decoder is good wherever codes lie."),
                Option("Nearer", "The mixture knows where codes lie; N(0, I) is only close to that.", right=True),
                Option("The same: both now draw from codes", "The VAE draws from its prior, not from its codes."),
            ),
            giveaways=("Fréchet distance)",),
        ),
    ),
)


def has_run(values: Values) -> bool:
    """Whether a view has the model with two axes, the one that the goals are about."""
    return values["run"] == RUN


def from_prior(values: Values) -> bool:
    return values["source"] == "prior"


GOALS = (
    Goal(
        "Make more than half of the samples a 1 or a 7.",
        lambda values: from_prior(values) and outer(values) > values["side"] ** 2 / 2,
        "Raise the temperature.",
        has_run,
    ),
    Goal(
        f"Pick a sample whose z is longer than {LONG:g}. What does it show?",
        lambda values: from_prior(values) and length(values) > LONG,
        "The orange dot must lie near the largest circle.",
        has_run,
    ),
)


def length(values: Values) -> float:
    """The length of the picked sample's z; 0 without one."""
    z, _ = samples.of(values)
    index = samples.within(values["picked"], values["side"])
    return 0.0 if index < 0 else z[index].norm().item()
