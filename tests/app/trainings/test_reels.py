"""A training under way, as a film of one moment: what it has reached, on the axis of what it will."""

import numpy as np
import pytest

from vaedemo.app.components.film.reel import pack
from vaedemo.app.trainings import reels
from vaedemo.config import RunConfig
from vaedemo.training import caps, engine
from vaedemo.training.film import GRID_SIDE, Frame
from vaedemo.training.run import history_columns

CONFIG = RunConfig(train_size=1_000, batch_size=100, epochs=5)


def table(config: RunConfig, losses: list[float]) -> dict[str, list[float]]:
    columns = {name: list(losses) for name in history_columns(config)}
    return columns | {"epoch": list(range(1, len(losses) + 1))}


def frame(step: int) -> Frame:
    images = np.zeros((GRID_SIDE**2, 1, 28, 28), np.uint8)
    return Frame(step=step, images=images, means=np.zeros((5, 2), np.float16), labels=np.zeros(5, np.int64))


def test_a_moment_has_the_axis_of_the_whole_training():
    reel = reels.of_moment(CONFIG, table(CONFIG, [300.0, 250.0]), frame(24))
    assert reel.steps == [24] and reel.epoch_steps == [10, 20] and reel.last_step == caps.steps(CONFIG) == 50
    assert [curve.test for curve in reel.curves] == [[300.0, 250.0]] * 3
    assert b'"last":50' in pack(reel).film.content.replace(b" ", b"")


@pytest.mark.parametrize(
    ("model", "names"), [("vae", ["Reconstruction", "KL", "−ELBO"]), ("autoencoder", ["Reconstruction"])]
)
def test_before_the_first_epoch_each_term_has_an_empty_curve(model, names):
    config = CONFIG.replace(model=model)
    reel = reels.of_moment(config, table(config, []), frame(3))
    assert [curve.name for curve in reel.curves] == names
    assert all(list(curve.test) == [] for curve in reel.curves) and reel.first_epoch == 1
    pack(reel)


def test_a_term_without_a_finite_value_has_no_curve():
    """A diverged run: its KL must not stand under the name of the reconstruction loss."""
    columns = table(CONFIG, [float("nan")])
    columns["test_kl"] = [3.0]
    assert [(curve.name, curve.test) for curve in reels.of_moment(CONFIG, columns, frame(10)).curves] == [("KL", [3.0])]


def test_the_last_moment_is_the_film_s_last_frame(monkeypatch, tmp_path):
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path))
    run = engine.train(RunConfig(dataset="digits", train_size=300, hidden=(8,), epochs=2))
    moment, film = reels.of_moment(run.config, run.table, run.film[-1]), reels.of_run(run)
    assert moment.steps == film.steps[-1:] == [moment.last_step] and moment.epoch_steps == film.epoch_steps
    assert moment.curves == film.curves and moment.codes.extents == film.codes.extents[-1:]
    assert np.array_equal(moment.codes.means[0], film.codes.means[-1])
    assert np.array_equal(moment.decoded.images[0], film.decoded.images[-1])
