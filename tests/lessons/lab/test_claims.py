"""What the lab's sentences claim, held against the shipped runs."""

import numpy as np
import pytest
import torch

from vaedemo.app import catalogue
from vaedemo.app.lessons.lab import facts, form, steps
from vaedemo.app.trainings.film import LAST
from vaedemo.training import engine


def codes(name: str) -> tuple[np.ndarray, np.ndarray]:
    frame = catalogue.run(facts.FILMS[name]).film[-1]
    return frame.means.astype(np.float64), frame.labels


@pytest.mark.parametrize("name", facts.FILMS)
def test_claim_the_encoders_pull_the_digits_apart(name):
    """The nearest other code has the same class far more often than one in ten."""
    z, labels = codes(name)
    apart = np.linalg.norm(z[:, None] - z[None], axis=2) + np.diag(np.full(len(z), np.inf))
    assert (labels[apart.argmin(axis=1)] == labels).mean() > 0.5


def test_claim_the_circle_holds_99_in_100_of_the_prior_and_the_kl_pulls_codes_in():
    drawn = np.random.default_rng(0).standard_normal((200_000, 2))
    radius = (-2 * np.log(0.01)) ** 0.5
    assert (np.linalg.norm(drawn, axis=1) <= radius).mean() == pytest.approx(facts.SHARE, abs=0.001)
    for name in facts.FILMS:
        z, _ = codes(name)
        assert facts.inside(name, LAST) == pytest.approx((np.linalg.norm(z, axis=1) <= radius).mean())
    assert facts.inside("Autoencoder", LAST) < 0.4 < 0.85 < facts.inside("VAE", LAST)
    # It is the KL: with noise in z and no KL the codes lie outside too.
    x = catalogue.images("mnist-55k")[0].x.float() / 255
    without = catalogue.run("mnist-2d-beta0").model.encode(x).mean
    assert (without.norm(dim=1) <= radius).float().mean() < 0.4


def test_claim_the_vae_draws_all_ten_digits_from_the_prior_and_the_autoencoder_does_not():
    classifier = catalogue.run("digit-classifier").model
    seen = {}
    for name, run in facts.FILMS.items():
        tiles = torch.from_numpy(catalogue.run(run).film[-1].images).float() / 255
        probabilities = classifier.probabilities(tiles)
        sure = probabilities.max(dim=1).values > 0.5
        seen[name] = len(set(probabilities.argmax(dim=1)[sure].tolist()))
    assert seen["VAE"] == 10 > seen["Autoencoder"]


def test_claim_the_first_epoch_raises_the_kl_and_it_pays():
    table = facts.history()
    assert facts.before()["kl"] < 0.1 and table["test_kl"][0] > 3
    assert facts.mean_image_loss() - table["test_reconstruction"][0] > 5 * table["test_kl"][0]


def test_claim_the_mean_image_s_loss_is_that_of_a_decoder_without_z():
    x = catalogue.images("mnist-55k")[0].x.double().div(255).flatten(1)
    mean = x.mean(0).clamp(1e-12, 1 - 1e-12)
    loss = -(x * mean.log() + (1 - x) * (1 - mean).log()).sum(1).mean().item()
    assert facts.mean_image_loss() == pytest.approx(loss, abs=1e-6)


def test_claim_test_images_gain_too_and_training_images_come_to_cost_less():
    test = facts.history()["test_negative_elbo"]
    assert test[-1] < test[0] - 20
    assert facts.gap(1) < 0 < 2 < facts.gap(facts.history()["epoch"][-1])


def test_claim_the_longer_film_is_the_last():
    lengths = [catalogue.run(run).film[-1].step for run in facts.FILMS.values()]
    assert lengths == sorted(lengths)


DEFAULTS = {parameter.name: parameter.default for parameter in form.PARAMETERS}
REACHED = [  # the goal, settings that reach it in seconds, settings that do not
    (steps.STEPS[-1].goals[0], {"latent_dim": 20, "epochs": 6, "learning_rate": 0.006}, {"hidden": "16", "epochs": 1}),
    (steps.GOALS[0], {"train_size": 200, "hidden": "200", "epochs": 60}, {"hidden": "16", "epochs": 1}),
    (steps.GOALS[1], {"beta": 1000.0, "hidden": "16", "epochs": 1}, {"hidden": "16", "epochs": 1}),
]


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize(("goal", "enough", "too_little"), REACHED)
def test_a_goal_is_met_by_the_run_of_the_settings(goal, enough, too_little):
    assert not goal.met(DEFAULTS | enough), "nothing was trained yet"
    for settings, met in ((enough, True), (too_little, False)):
        values = DEFAULTS | settings
        engine.train(form.config_of(values))
        assert goal.met(values) is met
