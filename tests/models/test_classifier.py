"""The classifier: its loss against torch's own, its start from an autoencoder, its run on disk."""

import pytest
import torch

from vaedemo import datasets
from vaedemo.config import ConfigError, RunConfig
from vaedemo.models import Classifier, build
from vaedemo.training import engine, store

CONFIG = RunConfig(model="classifier", hidden=(16,), latent_dim=5, train_size=200, epochs=3, batch_size=50)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def batch():
    y = torch.arange(8) % 10
    return torch.rand((8, 1, 28, 28), generator=generator(1), dtype=torch.float64), y


def test_the_loss_is_the_cross_entropy_of_a_categorical(batch):
    x, y = batch
    model = build(CONFIG, (1, 28, 28)).double()
    terms = model.loss(x, y, generator())
    p = torch.distributions.Categorical(probs=model.probabilities(x))
    torch.testing.assert_close(terms["total"], -p.log_prob(y), rtol=0, atol=1e-10)
    assert terms["accuracy"].tolist() == (p.probs.argmax(1) == y).double().tolist()
    torch.testing.assert_close(model.probabilities(x).sum(1), torch.ones(8, dtype=torch.float64), rtol=0, atol=1e-12)


def test_there_are_as_many_classes_as_the_data_set_has():
    assert build(CONFIG, (1, 28, 28)).head.out_features == 10
    assert build(RunConfig(model="classifier", dataset="gaussians"), (2,)).head.out_features == 25


def test_it_learns_and_its_run_comes_back_from_disk(own_settings):
    run = engine.train(CONFIG.replace(epochs=30, latent_dim=16, learning_rate=3e-3))
    assert run.metrics["test_accuracy"] > 0.7 and run.film is None
    assert run.history["train_cross_entropy"].is_monotonic_decreasing
    again = store.load(run.digest)
    assert isinstance(again.model, Classifier) and again.history.equals(run.history) and again.metrics == run.metrics
    test = datasets.load("digits", "test")
    right = (again.model.probabilities(test.as_data()).argmax(1) == test.y).double().mean()
    assert run.metrics["test_accuracy"] == pytest.approx(float(right), abs=1e-9)


@pytest.mark.parametrize("model", ["vae", "autoencoder"])
def test_it_starts_from_the_encoder_of_an_autoencoder(model, own_settings):
    start = engine.train(CONFIG.replace(model=model, epochs=1))
    run = engine.train(CONFIG.replace(start_from=start.digest, learning_rate=1e-9, epochs=1))
    x = datasets.load("digits", "test").as_data()[:20]
    torch.testing.assert_close(run.model.encoder(x), start.model.encode(x).mean, rtol=0, atol=1e-4)
    fresh = engine.train(CONFIG.replace(learning_rate=1e-9, epochs=1))
    assert (fresh.model.encoder(x) - start.model.encode(x).mean).abs().max() > 0.1


def test_it_goes_on_from_another_classifier_and_refuses_an_encoder_of_another_shape(own_settings):
    first = engine.train(CONFIG)
    onward = engine.train(CONFIG.replace(start_from=first.digest, learning_rate=1e-9, epochs=1))
    assert onward.metrics["test_cross_entropy"] == pytest.approx(first.metrics["test_cross_entropy"], abs=1e-4)
    wide = engine.train(CONFIG.replace(model="autoencoder", hidden=(17,), epochs=1))
    with pytest.raises(ConfigError, match="start_from accepts a run with the same network"):
        engine.train(CONFIG.replace(start_from=wide.digest))


def test_classifiers_are_trained_one_by_one(own_settings):
    configs = [CONFIG.replace(seed=seed, epochs=1) for seed in (0, 1)]
    assert [len(stack) for stack in engine.stacks(configs)] == [1, 1]
    assert [run.config for run in engine.sweep(configs)] == configs
