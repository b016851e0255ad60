"""The training loop: what it measures, what it repeats, how it ends and what it tells meanwhile."""

import math

import pytest
import torch

from vaedemo.config import ConfigError, RunConfig
from vaedemo.models import VAE, build
from vaedemo.models.ensemble import Alone
from vaedemo.training import device, loop
from vaedemo.training.film import take_frames
from vaedemo.training.gradients import Gradients
from vaedemo.training.progress import Throttle
from vaedemo.training.randomness import stream
from vaedemo.training.run import history_columns
from vaedemo.training.subset import balanced

POINTS = RunConfig(dataset="ring", hidden=(16,), epochs=3, batch_size=100, train_size=500, learning_rate=3e-3)
DIGITS = RunConfig(hidden=(16,), epochs=2, batch_size=64, train_size=200)
# Six layers with a rate of 10: the second step's loss is not a number any more.
EXPLOSIVE = POINTS.replace(hidden=(64,) * 6, learning_rate=10, noise_variance=1e-6)
CLOCKS = ["seconds", "images_per_second"]


def weights_of(run):
    return run.model.state_dict()


def same_weights(first, second):
    return all(torch.equal(first[name], second[name]) for name in first) and first.keys() == second.keys()


def measured(model, data, seed):
    terms = model.elbo(data, generator=stream(seed, "evaluation"))
    return [
        float(terms.reconstruction.double().mean()),
        float(terms.kl.double().mean()),
        -float(terms.elbo.double().mean()),
    ]


@pytest.mark.parametrize("pixels", ["points", "grey", "binary", "dynamic"])
def test_the_last_history_row_is_that_of_the_model_returned(pixels, ring, few_digits):
    config, sets = (POINTS, ring) if pixels == "points" else (DIGITS.replace(pixels=pixels, seed=3), few_digits)
    run = loop.fit(config, *sets)
    assert tuple(run.history.columns) == history_columns(config)
    assert run.history["epoch"].tolist() == list(range(1, config.epochs + 1))
    last = run.history.iloc[-1]
    test = measured(run.model, sets[1].as_data(config.pixels), config.seed)
    judged = balanced(balanced(sets[0], config.train_size), min(config.train_size, len(sets[1])))
    train = measured(run.model, judged.as_data(config.pixels), config.seed)
    measures = ("reconstruction", "kl", "negative_elbo")
    assert [last[f"test_{name}"] for name in measures] == pytest.approx(test, rel=1e-6)
    assert [last[f"train_{name}"] for name in measures] == pytest.approx(train, rel=1e-6)
    assert [run.metrics[f"test_{name}"] for name in measures] == pytest.approx(test, rel=1e-6)
    assert run.history["seconds"].is_monotonic_increasing and (run.history["images_per_second"] > 0).all()


def test_metrics_say_how_and_where(ring):
    run = loop.fit(POINTS, *ring)
    told = {name: run.metrics[name] for name in ("status", "epochs_done", "steps_done", "train_images", "test_images")}
    assert told == {"status": "finished", "epochs_done": 3, "steps_done": 15, "train_images": 500, "test_images": 1000}
    assert run.metrics["threads"] == 1 and run.metrics["device"].startswith("CPU") and run.notes == ()
    assert run.metrics["parameters"] == 2 * 16 + 16 + 16 * 4 + 4 + 2 * 16 + 16 + 16 * 2 + 2
    assert 0 < run.metrics["training_seconds"] <= run.metrics["seconds"]


def test_the_same_config_gives_the_same_numbers_to_the_bit(ring, few_digits):
    for config, sets in ((POINTS, ring), (DIGITS.replace(pixels="dynamic"), few_digits)):
        torch.manual_seed(1)
        first = loop.fit(config, *sets)
        torch.manual_seed(2)
        second = loop.fit(config, *sets, on_progress=lambda progress: progress.frames())
        assert same_weights(weights_of(first), weights_of(second))
        assert first.history.drop(columns=CLOCKS).equals(second.history.drop(columns=CLOCKS))
    other = loop.fit(config.replace(seed=1), *sets)
    assert not same_weights(weights_of(first), weights_of(other))


def test_beta_trains_but_is_never_in_the_bound(ring):
    plain, strong = (loop.fit(POINTS.replace(beta=beta, epochs=20), *ring) for beta in (1, 10))
    for run in (plain, strong):
        for part in ("train", "test"):
            total = run.history[f"{part}_reconstruction"] + run.history[f"{part}_kl"]
            assert (run.history[f"{part}_negative_elbo"] - total).abs().max() < 1e-9
    assert strong.metrics["test_kl"] < 0.5 * plain.metrics["test_kl"]


def test_a_step_sees_the_pixels_that_the_config_says(few_digits, monkeypatch):
    seen = []
    gradients = Gradients.__call__

    def watched(self, x, y, generators):
        seen.append(x[0].clone())
        return gradients(self, x, y, generators)

    monkeypatch.setattr(Gradients, "__call__", watched)
    batches = {}
    for pixels in ("grey", "binary", "dynamic"):
        seen.clear()
        loop.fit(DIGITS.replace(pixels=pixels, train_size=1, epochs=3), *few_digits)
        batches[pixels] = torch.cat(seen)
    image = balanced(few_digits[0], 1)
    assert torch.equal(batches["grey"], image.as_data("grey").expand(3, 1, 28, 28))
    assert torch.equal(batches["binary"], image.as_data("binary").expand(3, 1, 28, 28))
    drawn = batches["dynamic"]
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert not torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[1], drawn[2])
    certain = (image.x == 0).expand(3, 1, 28, 28)
    assert (drawn[certain] == 0).all()


def test_each_epoch_visits_every_example_once_in_another_order(ring, monkeypatch):
    seen = []
    own_loss = VAE.loss

    def watched(self, x, y, generator):
        if torch.is_grad_enabled():
            seen.append(x.clone())
        return own_loss(self, x, y, generator)

    monkeypatch.setattr(VAE, "loss", watched)
    loop.fit(POINTS.replace(train_size=250, epochs=2), *ring)
    assert [len(batch) for batch in seen] == [100, 100, 50, 100, 100, 50]
    first, second = torch.cat(seen[:3]), torch.cat(seen[3:])
    assert not torch.equal(first, second)
    whole = balanced(ring[0], 250).x
    for epoch in (first, second):
        assert torch.equal(torch.unique(epoch, dim=0), torch.unique(whole, dim=0))


def test_a_train_size_above_the_set_is_refused(few_digits):
    with pytest.raises(
        ConfigError, match="train_size accepts 0 for all, or at most the 600 examples of digits, got 601"
    ):
        loop.fit(DIGITS.replace(train_size=601), *few_digits)


def test_the_model_returned_is_ready_for_use(small_run):
    model = small_run.model
    assert not model.training
    for parameter in model.parameters():
        assert parameter.dtype == torch.float32 and parameter.device.type == "cpu" and not parameter.requires_grad


def test_starting_from_another_run(ring):
    start = loop.fit(POINTS, *ring)
    onward = POINTS.replace(start_from=start.digest, learning_rate=1e-9, epochs=1)
    run = loop.fit(onward, *ring, start=start)
    for name, value in weights_of(run).items():
        torch.testing.assert_close(value, weights_of(start)[name], rtol=0, atol=1e-7)
    fresh = build(onward, (2,)).state_dict()
    assert not same_weights(fresh, weights_of(run))
    with pytest.raises(ConfigError, match="start_from accepts a run with the same network"):
        loop.fit(onward.replace(hidden=(17,)), *ring, start=start)


def test_stopping_keeps_what_there_is(ring):
    asked = []

    def after_seven_batches():
        asked.append(True)
        return len(asked) > 7

    run = loop.fit(POINTS, *ring, should_stop=after_seven_batches)
    assert run.status == "stopped" and run.metrics["epochs_done"] == 1 and run.metrics["steps_done"] == 7
    assert len(run.history) == 1 and math.isfinite(run.metrics["test_negative_elbo"])
    assert [frame.step for frame in run.film] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_stopping_before_the_first_batch_is_a_run_too(ring):
    run = loop.fit(POINTS, *ring, should_stop=lambda: True)
    assert run.status == "stopped" and len(run.history) == 0
    assert same_weights(weights_of(run), build(POINTS, (2,)).state_dict())


def test_a_diverged_run_says_where_and_keeps_good_weights(ring):
    run = loop.fit(EXPLOSIVE, *ring)
    assert run.status == "diverged" and run.metrics["diverged_at_step"] == 2
    (note,) = run.notes
    assert "diverged at step 2" in note and "learning rate 10 " in note and "weights of step 0" in note
    assert same_weights(weights_of(run), build(EXPLOSIVE, (2,)).state_dict())
    assert math.isfinite(run.metrics["test_negative_elbo"]) and len(run.history) == 0


def test_weights_broken_by_an_epoch_s_last_step_are_found(ring):
    """No loss of a later step tells of it: the epoch's own figures must."""
    run = loop.fit(EXPLOSIVE.replace(epochs=1, train_size=100), *ring)
    assert run.status == "diverged" and run.metrics["diverged_at_step"] == 1
    assert all(value.isfinite().all() for value in weights_of(run).values())
    assert math.isfinite(run.metrics["test_negative_elbo"]) and len(run.history) == 0


def test_progress_tells_each_epoch_once_and_not_too_often(ring):
    reports = []
    run = loop.fit(POINTS.replace(epochs=12), *ring, on_progress=reports.append)
    rows = [report.rows[0] for report in reports if report.rows is not None]
    assert rows == run.history.to_dict("records")
    between = [report for report in reports if report.rows is None]
    assert 1 <= len(between) <= 2 + 5 * run.metrics["seconds"]
    steps = [report.step for report in reports]
    assert steps == sorted(steps) and steps[-1] == 60 == reports[-1].steps
    last = reports[-1]
    assert (last.digests, last.epoch, last.epochs) == ((run.digest,), 12, 12) and last.images_per_second > 0


def test_the_preview_is_the_model_of_that_moment(ring):
    frames = []

    def look(progress):
        if progress.rows is not None:
            frames.append(progress.frames()[0])

    run = loop.fit(POINTS, *ring, on_progress=look)
    assert [frame.step for frame in frames] == [5, 10, 15]
    assert (frames[-1].images == run.film[-1].images).all() and (frames[0].images != frames[-1].images).any()


def test_the_throttle_counts_seconds():
    now = [0.0]
    throttle = Throttle(4, clock=lambda: now[0])
    told = []
    for step in range(100):
        now[0] = step / 16  # exact in binary, as is a quarter of a second
        told.append(throttle.ready())
    assert [step for step in range(100) if told[step]] == list(range(0, 100, 4))


@pytest.mark.parametrize("epochs", [1, 40])
def test_the_film_runs_from_the_first_to_the_last_step(epochs, ring):
    config = POINTS.replace(epochs=epochs, latent_dim=3)
    run = loop.fit(config, *ring)
    steps = [frame.step for frame in run.film]
    assert steps[0] == 0 and steps[-1] == 5 * epochs and len(steps) <= 30 and steps == sorted(set(steps))
    shown = balanced(ring[1], 500)
    (final,) = take_frames(Alone(run.model), shown, shown.as_data(), steps[-1]).to_frames()
    assert (final.images == run.film[-1].images).all() and (final.means == run.film[-1].means).all()


def test_an_autoencoder_has_no_bound_in_its_history(few_digits):
    config = DIGITS.replace(model="autoencoder", sparsity=0.5, corruption="masking", corruption_level=0.2)
    run = loop.fit(config, *few_digits)
    assert run.history[["train_kl", "test_kl", "train_negative_elbo", "test_negative_elbo"]].isna().all(axis=None)
    assert run.history[["train_reconstruction", "test_reconstruction"]].notna().all(axis=None)
    assert not {"active_units", "test_kl", "test_negative_elbo"} & run.metrics.keys()


def test_threads_are_set_for_the_training_and_put_back(ring, monkeypatch):
    before = torch.get_num_threads()
    seen = []
    monkeypatch.setenv("VAEDEMO_THREADS", "2")
    run = loop.fit(POINTS, *ring, on_progress=lambda progress: seen.append(torch.get_num_threads()))
    assert set(seen) == {2} and run.metrics["threads"] == 2 and torch.get_num_threads() == before


def test_points_are_learned(ring):
    """From a blob to a ring: far better than the best single normal (1.27 at sigma^2 = 0.004 for the shipped run)."""
    config = POINTS.replace(hidden=(64, 64), epochs=60, train_size=0, noise_variance=0.02, batch_size=200)
    run = loop.fit(config, *ring)
    first, last = run.history["test_negative_elbo"].iloc[[0, -1]]
    # One N(0, sigma^2 I) fitted to the ring: log(2 pi e sigma^2) with 2 sigma^2 = E|x|^2.
    single = math.log(2 * math.pi * math.e * float(ring[0].x.square().sum(1).mean()) / 2)
    assert last < single - 0.5 and last < first - 1
    radii = run.model.decode(torch.randn((1000, 2), generator=stream(0, "test"))).mean.norm(dim=1)
    assert float((radii > 0.7).float().mean()) > 0.8


def test_digits_are_learned(few_digits):
    """Better than the mean image, which is the best that a decoder blind to z can draw."""
    config = DIGITS.replace(hidden=(100,), epochs=15, train_size=0, batch_size=32, latent_dim=4)
    run = loop.fit(config, *few_digits)
    blind = few_digits[0].as_data().mean(dim=0).clamp(1e-3, 1 - 1e-3)
    test = few_digits[1].as_data()
    ceiling = float(-(test * blind.log() + (1 - test) * (1 - blind).log()).flatten(1).sum(1).mean())
    assert run.metrics["test_negative_elbo"] < ceiling - 10
    assert run.metrics["active_units"] >= 2


@pytest.mark.parametrize(
    ("config", "waiting", "expected"),
    [
        (DIGITS, "PASSIVE", 6),
        (DIGITS.replace(recipe="fast"), "PASSIVE", 4),
        (DIGITS.replace(recipe="fast"), "", 4),
        (POINTS, "", 1),
    ],
)
def test_a_training_takes_the_threads_that_pay(config, waiting, expected, monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", waiting)
    before = torch.get_num_threads()
    torch.set_num_threads(6)
    try:
        with device.threads_for(config):
            assert torch.get_num_threads() == expected
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("waiting", "expected"), [("PASSIVE", 1), ("passive", 1), ("ACTIVE", 2), ("", 2)])
def test_beside_a_server_the_fast_recipe_leaves_it_a_core(waiting, expected, monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", waiting)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with device.threads_for(DIGITS.replace(recipe="fast")):
            assert torch.get_num_threads() == expected
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
