"""The scale of a loss: from floor to ceiling, the models on it, each value labelled."""

from vaedemo.figures import loss_scale


def test_the_scale_runs_from_floor_to_ceiling():
    figure = loss_scale.loss_scale(
        {"all": (46.0, {"20 axes": 79.0}, 206.0), "this one": (50.0, {"20 axes": 80.0}, 210.0)}, unit="nats"
    )
    bars, marks, texts = figure.data
    assert list(bars.base) == [46.0, 50.0] and list(bars.x) == [160.0, 160.0]
    assert list(marks.x) == [46.0, 79.0, 206.0, 50.0, 80.0, 210.0]
    assert list(marks.y) == [1, 1, 1, 0, 0, 0]  # the first row on top
    assert texts.text[1] == "20 axes 79.0"
    assert list(figure.layout.yaxis.ticktext) == ["all", "this one"]
    assert figure.layout.xaxis.title.text == "nats"
    assert figure.layout.xaxis.range[0] < 46 and figure.layout.xaxis.range[1] > 210
