"""The picture of a training under way: what it has not reached is a sentence, and nothing that looks like a result."""

import numpy as np
from streamlit.testing.v1 import AppTest

from vaedemo.app.trainings import picture
from vaedemo.config import RunConfig
from vaedemo.training.film import GRID_SIDE, Frame
from vaedemo.training.run import history_columns

EPOCHS = {1: 300.0, 2: 250.0}


def drawn(config: RunConfig, frame: Frame | None, epochs: dict[int, float]) -> AppTest:
    history = {name: [] for name in history_columns(config)}
    for epoch, loss in epochs.items():
        for name, column in history.items():
            column.append(epoch if name == "epoch" else loss)

    def page(config, history, frame):
        from vaedemo.app.trainings import picture

        picture.draw(config, history, frame, "test")

    at = AppTest.from_function(page, args=(config, history, frame)).run()
    assert not at.exception
    return at


def captions(at: AppTest) -> list[str]:
    return [each.value for each in at.caption]


def frame_of_images() -> Frame:
    images = np.zeros((GRID_SIDE**2, 28, 28), np.uint8)
    return Frame(step=1, images=images, means=np.zeros((5, 2), np.float16), labels=np.zeros(5, np.int64))


def test_before_the_first_batch_two_sentences_stand_where_the_pictures_will_be():
    at = drawn(RunConfig(), None, {})
    assert captions(at) == [picture.NO_CURVE, picture.NO_PICTURE]
    assert not at.get("plotly_chart") and not at.get("bidi_component")


def test_points_are_awaited_as_points():
    assert captions(drawn(RunConfig(dataset="ring"), None, {})) == [picture.NO_CURVE, picture.NO_POINTS]


def test_each_curve_has_its_own_name_where_a_term_has_no_finite_value():
    """A diverged run: its KL must not stand under the name of the reconstruction loss."""

    def page():
        from vaedemo.app.trainings import picture
        from vaedemo.config import RunConfig

        nan, kl = [float("nan")], [3.0]
        terms = {"reconstruction": nan, "kl": kl, "negative_elbo": nan}
        history = {f"{part}_{term}": values for part in ("train", "test") for term, values in terms.items()}
        picture.draw_curves(RunConfig(), {"epoch": [1], **history}, "test")

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert [each.value for each in at.markdown] == ["**KL** 3.00"] and len(at.get("plotly_chart")) == 1


def test_what_is_there_replaces_its_sentence():
    assert captions(drawn(RunConfig(), None, EPOCHS)) == [picture.NO_PICTURE]
    at = drawn(RunConfig(), frame_of_images(), {})
    assert captions(at) == [picture.NO_CURVE] and len(at.get("bidi_component")) == 1
    assert captions(drawn(RunConfig(), frame_of_images(), EPOCHS)) == []
