"""Learning curves and point clouds: what goes in is what is drawn, with names and units."""

import numpy as np
import pytest

from vaedemo.figures import curves, palette, points, style

EPOCHS = 4
HISTORY = {"epoch": np.arange(1, EPOCHS + 1)} | {
    f"{split}_{term}": np.linspace(start, start / 2, EPOCHS) + (split == "test")
    for split in ("train", "test")
    for term, start in (("reconstruction", 200.0), ("kl", 20.0), ("negative_elbo", 220.0))
}


def test_three_panels_with_their_own_colours_and_units():
    panels = curves.loss_curves(HISTORY)
    assert [panel.layout.uirevision for panel in panels.values()] == [f"loss {term}" for term in panels]
    colours = (palette.RECONSTRUCTION, palette.KL, palette.ELBO)
    assert [*panels] == ["reconstruction", "kl", "negative_elbo"]
    for (term, panel), colour in zip(panels.items(), colours, strict=True):
        train, test = panel.data
        assert (train.name, test.name) == ("train", "test")
        np.testing.assert_array_equal(train.y, HISTORY[f"train_{term}"])
        np.testing.assert_array_equal(test.y, HISTORY[f"test_{term}"])
        assert train.line.color == test.line.color == colour
        assert train.line.dash and not test.line.dash
        assert panel.layout.xaxis.title.text == "epoch"
        assert panel.layout.yaxis.title.text == "nats per image"
        assert panel.layout.xaxis.range[0] < 1 and EPOCHS < panel.layout.xaxis.range[1] < EPOCHS + 1


@pytest.mark.parametrize("kl", [None, np.full(EPOCHS, np.nan)])
def test_an_autoencoder_has_no_kl_panel(kl):
    history = {name: kl if name.endswith("_kl") else values for name, values in HISTORY.items()}
    history = {name: values for name, values in history.items() if values is not None}
    assert [*curves.loss_curves(history)] == ["reconstruction", "negative_elbo"]


def test_a_single_epoch_is_visible():
    history = {name: values[:1] for name, values in HISTORY.items()}
    assert all("markers" in line.mode for panel in curves.loss_curves(history).values() for line in panel.data)


def test_before_the_first_epoch_there_is_nothing_to_draw():
    assert curves.loss_curves({name: values[:0] for name, values in HISTORY.items()}) == {}


def test_compared_runs_may_differ_in_length():
    figure = curves.compare_curves([("β 1", [1, 2], [110.0, 105.0]), ("β 4", [1, 2, 3], [130.0, 125.0, 123.0])])
    assert [line.name for line in figure.data] == ["β 1", "β 4"]
    assert figure.data[0].line.color != figure.data[1].line.color
    assert figure.layout.xaxis.range[1] > 3
    assert figure.layout.yaxis.title.text == "−ELBO, nats per image"


@pytest.mark.parametrize(("last", "step"), [(1, 1), (6, 1), (10, 2), (30, 5), (200, 50), (10_000, 2000)])
def test_ticks_are_whole_epochs(last, step):
    figure = style.new_figure("epoch", "loss", height=100, view="v")
    curves.whole_epochs(figure, last)
    assert figure.layout.xaxis.dtick == step


def test_points_are_drawn_where_they_are():
    rng = np.random.default_rng(0)
    data, samples = rng.normal(size=(50, 2)), rng.normal(size=(3000, 2))
    lines = [np.array([[0.0, 0], [1, 1], [2, 0]]), np.array([[0.0, 1], [1, 0]])]
    figure = points.points_plane(data, samples, lines=lines, pairs=(data[:2], samples[:2]))
    drawn = {one.name: np.stack([np.array(one.x, float), np.array(one.y, float)], axis=1) for one in figure.data}
    np.testing.assert_array_equal(drawn["data"], data)
    assert len(drawn["model samples"]) == points.LARGEST_SCATTER
    gap = [[np.nan, np.nan]]
    np.testing.assert_array_equal(drawn["decoded grid of z"], np.concatenate([lines[0], gap, lines[1]]))
    expected = np.concatenate([[data[0], samples[0]], gap, [data[1], samples[1]]])
    np.testing.assert_array_equal(drawn["x to x̂"], expected)
    assert {one.name: one.marker.color for one in figure.data}["data"] == palette.DATA
    assert figure.layout.yaxis.scaleanchor == "x"
    (left, right), (bottom, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    assert left < data[:, 0].min() and right > data[:, 0].max() and bottom < data[:, 1].min() and top > data[:, 1].max()


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="Nothing to draw"):
        points.points_plane()


def test_figures_are_black_on_white_and_leave_the_font_to_the_page():
    layout = points.points_plane(np.zeros((3, 2))).layout
    assert layout.paper_bgcolor == "#ffffff" and layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert {font.color for font in (layout.font, layout.xaxis.tickfont, layout.legend.font)} == {style.INK}
    assert layout.font.family is None and not layout.template.layout.to_plotly_json()
