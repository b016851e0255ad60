"""The script of the interpolation page: it computes the paths and prints the page's numbers."""

from string import Template
from typing import Any

from vaedemo.app.lessons.interpolation.arithmetic import FIRST_STOP, LENGTH

HALFWAY = {
    "straight": "Half-way to nearest, straight",
    "spherical": "Half-way to nearest, spherical",
    "autoencoder": "Half-way to nearest, autoencoder",
    "pixels": "Half-way to nearest, cross-fade",
}
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import attributes, latent, paths, quality

run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
x = images.x[$stops].float() / 255
stops = run.model.encode(x).mean
straight, spherical = paths.through(stops, $fine), paths.through(stops, $fine, latent.slerp)
shell = paths.shell(run.model.latent_dim)
half = {
    "straight": run.model.decode(latent.lerp(stops[:1], stops[1:2], 0.5)).mean,
    "spherical": run.model.decode(latent.slerp(stops[:1], stops[1:2], 0.5)).mean,
$plain    "cross-fade": latent.lerp(x[:1], x[1:2], 0.5),
}
_, distances = quality.nearest(torch.cat([*half.values()]).clamp(0, 1), images.x, k=1)

print("Lengths of the stops: " + ", ".join(f"{length:.3f}" for length in paths.lengths(stops).tolist()))
print(f"Shortest, straight: {paths.lengths(straight).min().item():.3f}")
print(f"Shortest, spherical: {paths.lengths(spherical).min().item():.3f}")
print(f"Prior's shell: {shell.mean:.3f} ± {shell.deviation:.3f}")
for name, distance in zip(half, distances[:, 0].tolist()):
    print(f"Half-way to nearest, {name}: {distance:.3f}")

means = attributes.mean_codes(run.model.encode(images.x).mean, images.y, $classes)
z = attributes.shifted($base, means[$plus], means[$minus], [1.0])
print(f"$length: {z.norm().item():.3f}")
""")
PLAIN = Template("""\
    "autoencoder": plain.decode(latent.lerp(codes[:1], codes[1:2], 0.5)).mean,
""")
LOAD_PLAIN = Template("""\
plain = vd.load("$run-autoencoder").model
codes = plain.encode(x).mean
""")


def script(values: dict[str, Any], dataset: str, classes: int, fine: int, plain: bool) -> str:
    """The view's script; `plain`: whether a plain autoencoder ships beside the run."""
    drawn = SCRIPT.substitute(
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
    )
    return drawn.replace("half = {", LOAD_PLAIN.substitute(run=values["run"]) + "half = {") if plain else drawn
