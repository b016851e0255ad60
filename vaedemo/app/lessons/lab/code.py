"""The figures of the lab's steps on the shipped runs, and the scripts that print them."""

from string import Template

from vaedemo.app.lessons.lab import facts
from vaedemo.app.shell.step_view import StepView

FILMS = Template("""\
import numpy as np
import vaedemo as vd
from vaedemo.figures.latent import prior_radius

step = $step
for name, run in {"Autoencoder": "mnist-2d-autoencoder", "VAE": "mnist-2d"}.items():
    frame = [each for each in vd.load(run).film if each.step <= step][-1]
    lengths = np.linalg.norm(frame.means.astype(float), axis=1)
    print(f"{name}, codes in the circle: {(lengths <= prior_radius($share)).mean():.1%}")
""")
KL = """\
import vaedemo as vd
from vaedemo.models import build
from vaedemo.probability.cross_entropy import mean_image_cross_entropy
from vaedemo.training.evaluate import evaluate

run = vd.load("mnist-2d")
images, _ = vd.datasets.first_view("mnist-55k")
model = build(run.config, (1, 28, 28))
before = evaluate(model, images.as_data("grey"), images.y, run.config.seed)
print(f"KL before the first step: {before['kl']:.2f} nats")
print(f"KL after the first epoch: {run.table['test_kl'][0]:.2f} nats")
print(f"Reconstruction loss then: {run.table['test_reconstruction'][0]:.2f} nats")
print(f"That of the mean image: {mean_image_cross_entropy(images.x):.2f} nats")
"""
UNSEEN = """\
import vaedemo as vd

table = vd.load("mnist-2d").table
print(f"−ELBO of training images: {table['train_negative_elbo'][-1]:.2f} nats")
print(f"−ELBO of test images: {table['test_negative_elbo'][-1]:.2f} nats")
"""


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of a view of the shipped runs, and its script."""
    table = facts.history()
    if view["part"] == "films":
        step = facts.shown_frame("VAE", view["frame"]).step
        found = {f"{name}, codes in the circle": f"{facts.inside(name, view['frame']):.1%}" for name in facts.FILMS}
        return found, FILMS.substitute(step=step, share=facts.SHARE)
    if view["part"] == "kl":
        return {
            "KL before the first step": f"{facts.before()['kl']:.2f} nats",
            "KL after the first epoch": f"{table['test_kl'][0]:.2f} nats",
            "Reconstruction loss then": f"{table['test_reconstruction'][0]:.2f} nats",
            "That of the mean image": f"{facts.mean_image_loss():.2f} nats",
        }, KL
    return {
        "−ELBO of training images": f"{table['train_negative_elbo'][-1]:.2f} nats",
        "−ELBO of test images": f"{table['test_negative_elbo'][-1]:.2f} nats",
    }, UNSEEN
