"""The script of the sampling gallery: it draws the page's samples and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo import datasets
from vaedemo.app.lessons.gallery.sources import ANY_CLASS
from vaedemo.training.run import Run

DRAW = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import $modules

run = vd.load("$run")
generator = torch.Generator().manual_seed($seed)
$codes
decoded = run.model.decode(z)
x = $show
""")
DATA = """\
data, _ = vd.datasets.first_view("$dataset")
"""
CODES = {
    "prior": Template(
        "z = latent.prior_samples("
        "$count, run.model.latent_dim, generator, temperature=$temperature, truncation=$truncation)"
    ),
    "posterior": Template(DATA + "z = code_density.aggregated_posterior(run.model, data.x, $count, generator)"),
    "gaussian": Template(
        DATA + "z = code_density.fit_gaussian(run.model.encode(data.x).mean).sample($count, generator)"
    ),
    "mixture": Template(DATA + "z = code_density.fit_mixture(run.model.encode(data.x).mean).sample($count, generator)"),
    "walk": Template(
        DATA + "start = run.model.encode(data.x[$start : $start + 1]).mean[0]\n"
        "around = $around\n"
        "z = walks.walk(start, $count, $stride, generator, around)"
    ),
}
MEAN_LENGTH = """\
print(f"Mean length of z: {z.norm(dim=1).mean().item():.3f}")
"""
PICKED = Template("""\
real_images = $library
_, distances = quality.nearest(x[$picked : $picked + 1].clamp(0, 1), real_images.x, k=1)
print(f"Length of its z: {z[$picked].norm().item():.3f}")
print(f"Nearest real image: {distances[0, 0].item():.3f}")
""")
POINTS = """\
print(f"Mean distance from the origin: {x.norm(dim=1).mean().item():.3f}")
"""
NOTHING_PICKED = -1


def sample_count(run: Run, side: int) -> int:
    """The number of samples: a square of images, or ten times as many points, because a density needs more than a
    hundred."""
    return (10 if run.config.on_points else 1) * side**2


def script(run: Run, values: dict[str, Any], source: str, beside: str) -> str:
    """The view's script. `source`: where z comes from; `beside`: the lines on the plain autoencoder, or empty."""
    name = run.config.dataset
    codes = CODES[source].substitute(
        dataset=name,
        count=sample_count(run, values["side"]),
        temperature=values["temperature"],
        truncation=values["truncation"] or None,
        start=values["start"],
        stride=values["stride"],
        around=around(run, values["within"]),
    )
    printed = MEAN_LENGTH + (POINTS if run.config.on_points else picked(name, values["picked"])) + beside
    text = codes + printed
    modules = [each for each in ("code_density", "frechet", "latent", "quality", "walks") if f"{each}." in text]
    drawn = DRAW.substitute(
        modules=", ".join(modules),
        run=values["run"],
        seed=values["seed"],
        codes=codes,
        show="decoded.mean" if values["show"] == "mean" else "decoded.sample(generator)",
    )
    return drawn + printed


def picked(dataset: str, index: int) -> str:
    """The lines that print the numbers of the picked image, if there is one; they search its nearest images as the page
    does."""
    if index == NOTHING_PICKED:
        return ""
    training = datasets.at_hand(dataset, "train")
    library = f'vd.datasets.load("{dataset}", split="train")' if training else f'vd.datasets.first_view("{dataset}")[0]'
    return PICKED.substitute(library=library, picked=index)


def around(run: Run, within: int) -> str:
    """The Gaussian that a walk stays around, as code."""
    if within != ANY_CLASS:
        return f"code_density.fit_gaussian(run.model.encode(data.x).mean[data.y == {within}])"
    if run.config.model == "vae":
        return "None  # the prior"
    return "code_density.fit_gaussian(run.model.encode(data.x).mean)"
