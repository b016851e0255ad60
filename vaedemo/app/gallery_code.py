"""The script that the sampling gallery shows: it draws the page's samples and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo.training.run import Run

DRAW = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import latent, quality

run = vd.load("$run")
generator = torch.Generator().manual_seed($seed)
z = latent.prior_samples($count, run.model.latent_dim, generator, temperature=$temperature, truncation=$truncation)
decoded = run.model.decode(z)
x = $show
""")
IMAGES = Template("""\
real_images = $library
_, distances = quality.nearest(x[$picked : $picked + 1].clamp(0, 1), real_images.x, k=1)
print(f"Length of its z: {z[$picked].norm().item():.3f}")
print(f"Mean length of z: {z.norm(dim=1).mean().item():.3f}")
print(f"Nearest real image: {distances[0, 0].item():.3f}")
""")
POINTS = """\
print(f"Mean length of z: {z.norm(dim=1).mean().item():.3f}")
print(f"Mean distance from the origin: {x.norm(dim=1).mean().item():.3f}")
"""


def sample_count(run: Run, side: int) -> int:
    """A square of images, or ten times as many points: a hundred points would not show a density."""
    return (10 if run.config.on_points else 1) * side**2


def script(run: Run, values: dict[str, Any], training: bool) -> str:
    """The view's script; `training` says whether the run's training images are on this machine."""
    name = run.config.dataset
    drawn = DRAW.substitute(
        run=values["run"],
        seed=values["seed"],
        count=sample_count(run, values["side"]),
        temperature=values["temperature"],
        truncation=values["truncation"] or None,
        show="decoded.mean" if values["show"] == "mean" else "decoded.sample(generator)",
    )
    if run.config.on_points:
        return drawn.replace("latent, quality", "latent") + POINTS
    library = f'vd.datasets.load("{name}", split="train")' if training else f'vd.datasets.first_view("{name}")[0]'
    return drawn + IMAGES.substitute(library=library, picked=values["picked"])
