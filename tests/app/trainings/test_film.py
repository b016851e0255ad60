"""A run's film on a page: what of the run it shows, the frame in the link, the GIF, a run without a film."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.app.pages import figures, link_of, open_page, sentences
from vaedemo.app import catalogue
from vaedemo.app.components.film.reel import Plane, Sheet, pack
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.trainings import film as film_exhibit
from vaedemo.app.trainings import reels
from vaedemo.config import RunConfig
from vaedemo.figures import latent
from vaedemo.training import engine

LAB = "lab"


@pytest.mark.parametrize("name", ["mnist-2d", "mnist-20d"])
def test_the_last_frame_is_the_run_s_own_picture(name):
    run = catalogue.run(name)
    reel, last = reels.of_run(run), run.film[-1]
    axes = reels.widest_axes(last.means)
    assert np.array_equal(reel.codes.means[-1], last.means[:, axes].astype(np.float32))
    assert reel.codes.extents[-1] == latent.plane_extent(last.means[:, axes])
    assert reel.codes.axes == tuple(f"z{subscript(axis + 1)}" for axis in axes)
    assert isinstance(reel.decoded, Sheet)
    assert np.array_equal(reel.decoded.images[-1], last.images)
    assert list(reel.steps) == [frame.step for frame in run.film]
    # The same two axes throughout, whatever varied most before.
    assert np.array_equal(reel.codes.means[0], run.film[0].means[:, axes].astype(np.float32))
    pack(reel)


def test_curves_end_where_the_film_ends_with_the_run_s_figures():
    run = catalogue.run("mnist-2d")
    reel = reels.of_run(run)
    assert [curve.name for curve in reel.curves] == ["Reconstruction", "KL", "−ELBO"]
    assert reel.epoch_steps[-1] == run.metrics["steps_done"] == run.film[-1].step
    assert len(reel.epoch_steps) == run.metrics["epochs_done"]
    assert reel.curves[-1].test[-1] == run.history["test_negative_elbo"].iloc[-1]


def test_points_are_a_grid_bent_onto_the_data_in_a_square_window():
    run = catalogue.run("ring-2d")
    reel = reels.of_run(run)
    assert isinstance(reel.decoded, Plane)
    assert reel.decoded.mesh == 10
    assert reel.unit == "nats per point"
    (left, right), (bottom, top) = reel.decoded.window
    assert right - left == pytest.approx(top - bottom)
    pack(reel)


def test_the_window_only_closes():
    assert reels.largest_from([1.0, 5.0, 2.0, 3.0, 2.5]) == [5.0, 5.0, 3.0, 3.0, 2.5]


def test_prior_interval_is_the_normal_s():
    # Tables of the normal distribution: 68.27 % within one, 95.45 % within two standard deviations.
    assert latent.prior_interval(0.682689492) == pytest.approx(1, abs=1e-6)
    assert latent.prior_interval(0.954499736) == pytest.approx(2, abs=1e-6)
    with pytest.raises(ValueError, match="got 1"):
        latent.prior_interval(1)


@pytest.fixture(scope="module")
def one_axis(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAEDEMO_CACHE", str(tmp_path_factory.mktemp("cache")))
        config = RunConfig(dataset="digits", train_size=300, hidden=(8,), latent_dim=1, epochs=2)
        return engine.train(config)


def test_one_latent_axis_is_a_row_a_class(one_axis):
    codes = reels.of_run(one_axis).codes
    assert codes.lines
    means, extents = np.asarray(codes.means), np.asarray(codes.extents)
    for frame, extent in zip(means, extents, strict=True):
        assert np.abs(frame[:, 1]).max() < extent
        rows = [np.unique(frame[codes.labels == label, 1]) for label in range(10)]
        assert all(len(row) == 1 for row in rows)
        assert np.all(np.diff(np.concatenate(rows)) < 0)
    pack(reels.of_run(one_axis))


def test_an_autoencoder_s_film_has_one_curve_and_no_prior():
    run = engine.train(
        RunConfig(dataset="digits", train_size=300, hidden=(8,), latent_dim=3, epochs=1, model="autoencoder")
    )
    reel = reels.of_run(run)
    assert [curve.name for curve in reel.curves] == ["Reconstruction"]
    assert reel.codes.radii == ()
    pack(reel)


def test_a_stopped_run_s_film_is_not_taken_for_the_finished_one_s():
    run = catalogue.run("mnist-2d")
    stopped = dataclasses.replace(
        run,
        film=run.film[:5],
        metrics=run.metrics | {"status": "stopped", "steps_done": 7},
        table={name: [] for name in run.table},
    )
    assert film_exhibit.name_of(stopped) != film_exhibit.name_of(run)
    reel = reels.of_run(stopped)
    assert reel.epoch_steps == [] and [list(curve.test) for curve in reel.curves] == [[]] * 3
    pack(reel)


@pytest.mark.parametrize("name", ["mnist-20d", "ring-2d"])
def test_the_gif_has_as_many_frames_and_loops(name):
    run = catalogue.run(name)
    short = dataclasses.replace(run, film=[*run.film[:2], run.film[-1]])
    picture = Image.open(io.BytesIO(film_exhibit.film_gif(short)))
    assert (picture.format, picture.n_frames, picture.info["loop"]) == ("GIF", 3, 0)
    times = []
    for index in range(3):
        picture.seek(index)
        times.append(picture.info["duration"])
    assert times == [200, 200, 200 * film_exhibit.GIF_HOLD]


def test_the_gif_s_sheet_is_the_decoded_one():
    run = catalogue.run("mnist-2d")
    short = dataclasses.replace(run, film=[run.film[0], run.film[-1]])
    picture = Image.open(io.BytesIO(film_exhibit.film_gif(short)))
    picture.seek(1)
    drawn = np.asarray(picture.convert("L")).astype(int)
    # The sheet stands at the right edge, below the words: two pixels a pixel, and two between images.
    sheet = drawn[34:-12, -12 - 578 : -12]
    cells = np.stack([sheet[58 * (i // 10) :, 58 * (i % 10) :][:56:2, :56:2] for i in range(100)])
    # 256 colours stand for all greys and all classes' colours with smooth edges.
    assert np.abs(cells - run.film[-1].images[:, 0].astype(int)).max() <= 12


def test_the_link_opens_a_frame_and_keeps_it():
    at = open_page(LAB, {"frame": "7"})
    assert not at.exception
    assert sentences(at) == []
    assert link_of(at) == {"frame": "7"}
    assert at.session_state["lab.film.sent"].start == 7


def test_a_frame_past_the_film_is_one_sentence():
    at = open_page(LAB, {"frame": "31"})
    assert sentences(at) == ["frame accepts a whole number from 0 to 30, got 31."]
    assert link_of(at) == {}
    assert figures(at)


def test_other_settings_forget_the_frame():
    at = open_page(LAB, {"frame": "7"})
    at.number_input(key="lab.latent_dim").set_value(3).run()
    assert link_of(at) == {"latent_dim": "3"}
    assert at.session_state["lab.film.sent"].start == len(catalogue.run("mnist-2d").film) - 1


def without_film():
    import dataclasses

    import streamlit as st

    from vaedemo.app import catalogue
    from vaedemo.app.trainings import film as film_exhibit

    film_exhibit.film(dataclasses.replace(catalogue.run("mnist-2d"), film=None), "film")
    st.write("the rest")


def test_a_run_without_a_film_says_so_and_shows_its_curves():
    app = AppTest.from_function(without_film, default_timeout=30).run()
    assert not app.exception
    assert [each.value for each in app.info] == [film_exhibit.NO_FILM]
    assert len(app.get("plotly_chart")) == 3
    assert app.markdown[-1].value == "the rest"


def of_a_diverged_run():
    import dataclasses

    from vaedemo.app import catalogue
    from vaedemo.app.trainings import film as film_exhibit

    nan, run = [float("nan")], catalogue.run("mnist-2d")
    terms = {"reconstruction": nan, "kl": [3.0], "negative_elbo": nan}
    columns = {f"{part}_{term}": values for part in ("train", "test") for term, values in terms.items()}
    film_exhibit.film(dataclasses.replace(run, film=None, table={"epoch": [1], **columns}), "film")


def test_a_curve_has_its_own_name_where_another_term_has_no_finite_value():
    """A diverged run: its KL must not stand under the name of the reconstruction loss."""
    app = AppTest.from_function(of_a_diverged_run, default_timeout=30).run()
    assert not app.exception
    assert [each.value for each in app.markdown] == ["**KL** 3.00"] and len(app.get("plotly_chart")) == 1


def test_the_curves_show_where_a_setting_changed():
    config = RunConfig(train_size=200, hidden=(8,), epochs=2, changes=((2, {"beta": 4.0}), (3, {"beta": 1.0})))
    found = [reels.of_run(engine.train(each)) for each in (config.replace(changes=()), config, config.held_at(3))]
    assert [reel.changed for reel in found] == [[], [(2, "β 4"), (3, "β 1")], [(2, "β 4")]]
    packed = [pack(reel).film.content for reel in found]
    assert b'"changed"' not in packed[0] and b'"changed"' in packed[1]
