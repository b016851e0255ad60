"""Test figures say of which inputs they are: corrupted ones as in training, and clean ones beside them."""

import pytest
import torch

from vaedemo.__main__ import loss_of, main
from vaedemo.app.lessons.lab import results
from vaedemo.config import RunConfig
from vaedemo.models.corruption import corrupt
from vaedemo.probability.likelihoods import reconstruction
from vaedemo.terminal import ProgressBar
from vaedemo.training import files, loop, shipped, store
from vaedemo.training.progress import Progress
from vaedemo.training.randomness import stream
from vaedemo.training.run import corrupts

NOISY = RunConfig(hidden=(20,), latent_dim=3, epochs=2, train_size=300, corruption="masking", corruption_level=0.4)
AUTOENCODER = NOISY.replace(model="autoencoder", corruption="gaussian", corruption_level=0.5)


def test_a_denoising_vae_has_both_and_its_elbo_is_of_clean_inputs(few_digits):
    run = loop.fit(NOISY, *few_digits)
    x = few_digits[1].as_data()
    terms = run.model.elbo(x, generator=stream(0, "evaluation"))
    clean = {"reconstruction": terms.reconstruction, "kl": terms.kl, "negative_elbo": -terms.elbo}
    for name, values in clean.items():
        assert run.metrics[f"test_clean_{name}"] == pytest.approx(float(values.double().mean()), rel=1e-6)
    noise = stream(0, "evaluation")
    mu, logvar = run.model.posterior(corrupt(x, "masking", 0.4, noise))
    z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=noise)
    of_corrupted = reconstruction(run.model.decode(z), x)
    assert run.metrics["test_reconstruction"] == pytest.approx(float(of_corrupted.double().mean()), rel=1e-6)
    assert run.metrics["test_inputs"] == "corrupted: masking 0.4"
    assert abs(run.metrics["test_clean_negative_elbo"] - run.metrics["test_negative_elbo"]) > 0.1
    assert run.model.config == NOISY and run.table["test_negative_elbo"][-1] == run.metrics["test_negative_elbo"]


def test_an_autoencoder_and_a_classifier_too(few_digits):
    run = loop.fit(AUTOENCODER, *few_digits)
    x = few_digits[1].as_data()
    clean = reconstruction(run.model.decode(run.model.encode(x).mean), x)
    assert run.metrics["test_clean_reconstruction"] == pytest.approx(float(clean.double().mean()), rel=1e-6)
    assert "test_clean_kl" not in run.metrics and run.metrics["test_inputs"] == "corrupted: gaussian 0.5"
    run = loop.fit(NOISY.replace(model="classifier"), *few_digits)
    right = run.model.probabilities(x).argmax(1) == few_digits[1].y
    assert run.metrics["test_clean_accuracy"] == pytest.approx(float(right.double().mean()))


def test_in_a_stack_each_by_its_own_corruption(few_digits):
    configs = [NOISY.replace(corruption="none", corruption_level=0.0), NOISY, NOISY.replace(corruption_level=0.1)]
    plain, *noisy = loop.fit_stack(configs, *few_digits)
    assert plain.metrics["test_inputs"] == "clean" and not any(name.startswith("test_clean") for name in plain.metrics)
    assert [run.metrics["test_inputs"] for run in noisy] == ["corrupted: masking 0.4", "corrupted: masking 0.1"]
    assert all("test_clean_kl" in run.metrics for run in noisy)


def test_what_corrupts_nothing_is_clean():
    assert corrupts(NOISY) and not corrupts(NOISY.replace(corruption_level=0.0))
    assert not corrupts(RunConfig(dataset="ring", model="flow", corruption="gaussian", corruption_level=0.5))


def test_the_lab_names_them(few_digits):
    run = loop.fit(NOISY, *few_digits)
    shown = results.figures(run.config, run.metrics)
    assert shown["Test −ELBO of corrupted inputs"] == f"{run.metrics['test_negative_elbo']:.2f} nats"
    assert shown["Test −ELBO of clean inputs"] == f"{run.metrics['test_clean_negative_elbo']:.2f} nats"
    assert not {"Test −ELBO", "KL", "Reconstruction loss"} & set(shown)
    plain = results.figures(NOISY.replace(corruption="none"), run.metrics | {"test_inputs": "clean"})
    assert "Test −ELBO" in plain
    assert set(results.figures(AUTOENCODER, {})) == {"Reconstruction loss of corrupted inputs"}


def test_a_shipped_run_of_before_is_read_and_named_by_its_config(shared_cache):
    run = store.load("denoised-digits-masking")
    assert "test_inputs" not in run.metrics and corrupts(run.config)
    assert set(results.figures(run.config, run.metrics)) == {"Reconstruction loss of corrupted inputs"}
    assert loss_of(run).endswith(" nats of corrupted inputs") and loss_of(store.load("mnist-2d")).endswith(" nats")
    files.from_files(files.to_files(run))


def test_one_that_is_made_anew_has_clean_figures_of_the_weights_on_disk(few_digits):
    run = loop.fit(AUTOENCODER, *few_digits)
    made = shipped.rounded(run, few_digits[1])
    x = few_digits[1].as_data()
    clean = reconstruction(made.model.decode(made.model.encode(x).mean), x)
    assert made.metrics["test_clean_reconstruction"] == pytest.approx(float(clean.double().mean()), rel=1e-6)


def test_the_terminal_says_it(capsys):
    line = ["--dataset", "ring", "--hidden", "6", "--epochs", "1", "--corruption", "gaussian"]
    assert main(["train", *line, "--corruption-level", "0.3"]) == 0
    told = capsys.readouterr()
    assert "test_inputs          corrupted: gaussian 0.3" in told.out and "test_clean_negative_elbo" in told.out
    assert "test loss of corrupted inputs" in told.err
    assert main(["sweep", *line, "--corruption-level", "0.3", "--beta", "0.5,2"]) == 0
    assert capsys.readouterr().out.count("of corrupted inputs") == 2


def test_progress_of_clean_inputs_says_nothing_more(capsys):
    import sys

    row = {"test_negative_elbo": 1.5}
    for corrupted in (False, True):
        ProgressBar(sys.stderr).training(Progress(("0" * 16,), 1, 2, 1, 2, 1.0, 10.0, (row,), list, corrupted))
    plain, noisy = capsys.readouterr().err.splitlines()
    assert plain.endswith("test loss 1.50 nats") and noisy.endswith("test loss of corrupted inputs 1.50 nats")
