"""The script of the page on the latent plane: it decodes the page's place and prints the page's numbers."""

from string import Template

from vaedemo.app.lessons.plane.codes import MOST_CODES, Chosen
from vaedemo.app.shared import own_digit

SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import quality
${datasets}from vaedemo.figures import style
$more
run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
data = images.as_data("$pixels")
rows = torch.as_tensor(style.every_kth(len(data), $most))
codes = run.model.encode(data[rows]).mean
$read
place = ($x, $y)
z = $base
z[[$across, $up]] = torch.tensor(place)
decoded = run.model.decode(z[None]).mean[0]
nearest, distances = quality.nearest(z[None], codes)
label = images.y[rows][nearest[0, 0]]

print("z: ({:.3f}, {:.3f})".format(*place))
print(f"Length of z: {z.norm().item():.3f}")
$prior
print(f"Nearest code: {distances[0, 0].item():.3f}")
print(f"Its class: {vd.datasets.class_names('$dataset')[label]}")
$end
$own""")
PRIOR = 'print(f"log p(z): {log_prior(z.double()).item():.3f} nats")'
POINT = 'print("Decoded x: ({:.3f}, {:.3f})".format(*decoded.tolist()))'
IMAGE = """\
undecided = ((decoded > 0.1) & (decoded < 0.9)).double().mean().item()
print(f"Undecided pixels: {100 * undecided:.1f} %")"""
OWN = Template("""\
print("μ of your digit: ({:.3f}, {:.3f})".format(*mu[[$across, $up]].tolist()))
print(f"From z to this μ: {(z - mu).norm().item():.3f}")
""")
READ_OWN = Template("""\
mu = run.model.encode($own.as_data("$pixels")).mean[0]
""")


def script(chosen: Chosen, name: str, place: tuple[float, float], image: int | None, text: str = "") -> str:
    """The view's script; `image`: the test image whose other axes are kept, or None if they are 0; `text`: the
    visitor's drawing, which then stands in for the image."""
    config = chosen.run.config
    has_prior = chosen.codes.deviations is not None
    encoded = "mu.clone()" if text else f"run.model.encode(data[{image} : {image} + 1]).mean[0].clone()"
    own = own_digit.CODE.format(text=text)
    return SCRIPT.substitute(
        datasets="from vaedemo.datasets import drawing\n" if text else "",
        more="from vaedemo.probability.likelihood_matrix import log_prior\n" if has_prior else "",
        read=READ_OWN.substitute(own=own, pixels=config.pixels) if text else "",
        own=OWN.substitute(across=chosen.axes[0], up=chosen.axes[1]) if text else "",
        run=name,
        dataset=config.dataset,
        pixels=config.pixels,
        most=MOST_CODES,
        x=place[0],
        y=place[1],
        base=f"torch.zeros({config.latent_dim})" if image is None else encoded,
        across=chosen.axes[0],
        up=chosen.axes[1],
        prior=PRIOR if has_prior else "",
        end=POINT if config.on_points else IMAGE,
    )
