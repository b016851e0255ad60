"""Gains over a reference: markers with intervals, their names and numbers in the picture."""

from vaedemo.figures import gains


def test_each_series_has_its_intervals_its_name_and_its_numbers():
    series = [
        gains.Series("frozen", "#c22d28", "circle", [(8.4, 3.0), (0.1, 0.8)]),
        gains.Series("tuned", "#c22d28", "diamond-open", [(-4.0, 3.3), (1.9, 0.7)], above=False),
    ]
    figure = gains.gains(
        ["20", "1,000"], series, x_title="labels", y_title="points", reference="from scratch", ends=(-9, 12), height=300
    )
    first, second = figure.data
    assert list(first.y) == [8.4, 0.1] and list(first.error_y.array) == [3.0, 0.8]
    assert all(a < b for a, b in zip(first.x, second.x, strict=True)), "side by side"
    texts = [each.text for each in figure.layout.annotations]
    assert texts == ["frozen", "+8.4", "+0.1", "tuned", "−4.0", "+1.9", "from scratch"]
    assert figure.layout.annotations[0].y == 11.4 and figure.layout.annotations[3].y == -7.3
    assert list(figure.layout.xaxis.ticktext) == ["20", "1,000"]


def test_without_a_series_the_reference_stands_alone():
    figure = gains.gains(["20"], [], x_title="labels", y_title="points", reference="r", ends=(-1, 1), height=300)
    assert not figure.data and [each.text for each in figure.layout.annotations] == ["r"]
