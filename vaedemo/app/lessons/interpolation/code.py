"""The script of the interpolation page: it computes the paths and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo.app.lessons.interpolation.arithmetic import FIRST_STOP, LENGTH
from vaedemo.app.lessons.interpolation.facts import PAIRS
from vaedemo.app.shared import own_digit

GREY = {
    "real": "Grey pixels, real images",
    "straight": "Grey pixels, half-way straight",
    "spherical": "Grey pixels, half-way spherical",
    "autoencoder": "Grey pixels, half-way autoencoder",
    "pixels": "Grey pixels, half-way cross-fade",
}
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import attributes, latent, paths, quality
$more
run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
x = images.x[$stops].float() / 255
${own}stops = run.model.encode(x).mean
straight, spherical = paths.through(stops, $fine), paths.through(stops, $fine, latent.slerp)
shell = paths.shell(run.model.latent_dim)
print("Lengths of the stops: " + ", ".join(f"{length:.3f}" for length in paths.lengths(stops).tolist()))
print(f"Shortest, straight: {paths.lengths(straight).min().item():.3f}")
print(f"Shortest, spherical: {paths.lengths(spherical).min().item():.3f}")
print(f"Prior's shell: {shell.mean:.3f} ± {shell.deviation:.3f}")

# Half-way between pairs of images of different classes.
generator = torch.Generator().manual_seed(0)
first, second = torch.randint(len(images), (2, 2 * $pairs), generator=generator)
other = images.y[first] != images.y[second]
a, b = (images.x[places[other][:$pairs]].float() / 255 for places in (first, second))
codes = run.model.encode(a).mean, run.model.encode(b).mean
half = {
    "real images": a,
    "half-way straight": run.model.decode(latent.lerp(*codes, 0.5)).mean,
    "half-way spherical": run.model.decode(latent.slerp(*codes, 0.5)).mean,
$plain    "half-way cross-fade": latent.lerp(a, b, 0.5),
}
for name, x in half.items():
    print(f"Grey pixels, {name}: {((x >= 0.25) & (x <= 0.75)).float().mean().item():.1%}")

means = attributes.mean_codes(run.model.encode(images.x).mean, images.y, $classes)
z = attributes.shifted($base, means[$plus], means[$minus], [1.0])
print(f"$length: {z.norm().item():.3f}")
""")
PLAIN = Template("""\
    "half-way autoencoder": plain.decode(latent.lerp(plain.encode(a).mean, plain.encode(b).mean, 0.5)).mean,
""")
LOAD_PLAIN = Template("""\
plain = vd.load("$run-autoencoder").model
""")


def script(values: dict[str, Any], dataset: str, classes: int, fine: int, plain: bool) -> str:
    """The view's script; `plain`: whether a plain autoencoder ships beside the run."""
    text = own_digit.text_of(values)
    own = own_digit.CODE.format(text=text)
    drawn = SCRIPT.substitute(
        more="from vaedemo.datasets import drawing\n" if text else "",
        own=f"x[0] = {own}.as_data()\n" if text else "",
        run=values["run"],
        dataset=dataset,
        stops=list(values["stops"]),
        fine=fine,
        plain=PLAIN.substitute() if plain else "",
        classes=classes,
        base="stops[0]" if values["base"] == FIRST_STOP else f"means[{values['base']}]",
        plus=values["plus"],
        minus=values["minus"],
        length=LENGTH,
        pairs=PAIRS,
    )
    return drawn.replace("half = {", LOAD_PLAIN.substitute(run=values["run"]) + "half = {") if plain else drawn
