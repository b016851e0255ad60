"""The pictures of the page on losses: what goes in is what is drawn."""

import numpy as np
import pytest

from vaedemo.app.lessons.losses import pixel_sketches, sketches
from vaedemo.figures import palette


def kinds(drawn) -> list[str]:
    return [layer["kind"] for layer in drawn.layers]


def test_a_pixel_s_loss_is_drawn_as_given():
    drawn = sketches.pixel_sketch(
        [0.1, 0.5], [2.0, -1.0], (0.5, -1.0), unit="nats", prediction_name="x̂", x=0.25, reference=[0.0, 0.1]
    )
    assert kinds(drawn) == ["upright", "line", "line", "dots"]
    pixel, reference, curve, dot = drawn.layers
    assert pixel["at"] == 0.25 and pixel["color"] == palette.DATA
    assert reference["y"] == [0.0, 0.1] and reference["dash"] == "dashed"
    assert curve["y"] == [2.0, -1.0]
    assert (dot["x"], dot["y"]) == ([0.5], [-1.0])
    assert drawn.readout[1] == (0.5, "0.50: −1.000 nats")
    bare = sketches.pixel_sketch([0.1], [2.0], (0.1, 2.0), unit="nats", prediction_name="p")
    assert kinds(bare) == ["line", "dots"]


def test_gradients_lie_on_the_line_with_the_slope():
    twin = np.random.default_rng(0).normal(size=5000)
    drawn = sketches.gradient_sketch(twin, 4 * twin, 4.0)
    line, dots = drawn.layers
    assert line["y"][1] / line["x"][1] == pytest.approx(4)
    assert len(dots["x"]) == sketches.SHOWN_WEIGHTS
    np.testing.assert_allclose(dots["y"], 4 * np.array(dots["x"]), atol=1e-4)
    assert max(map(abs, dots["x"])) == 1
    assert drawn.y.high == pytest.approx(4 * drawn.x.high)


def test_axes_above_the_threshold_are_drawn_alive():
    drawn = sketches.spectrum_sketch(np.array([5.0, 2.0, 0.5, 1e-9]), 1.0)
    bars = [layer for layer in drawn.layers if layer["kind"] == "bar"]
    assert [bar["color"] for bar in bars] == [palette.DATA] * 2 + [palette.NEUTRAL] * 2
    assert bars[0]["y"][1] == pytest.approx(np.log10(5), abs=1e-5)
    assert bars[3]["y"][1] == bars[3]["y"][0] == drawn.y.low  # below the axis' end, and not below the axis
    (line,) = [layer for layer in drawn.layers if layer["kind"] == "level"]
    assert line["at"] == 0
    assert drawn.layers[-1]["text"] == "2 of 4 axes above βσ² = 1"
    ghost = [
        layer for layer in sketches.spectrum_sketch(np.array([5.0]), 784.0, 1.0).layers if layer["kind"] == "level"
    ]
    assert [each["color"] for each in ghost] == [palette.NEUTRAL, palette.KL]
    assert [words for _, words in drawn.readout][1:3] == ["axis 2: λ = 2, lives", "axis 3: λ = 0.5, dead"]


def test_points_and_reconstructions_have_their_colours():
    data, made = sketches.ring_sketch(np.array([[1.0, 2.0]]), np.array([[0.5, 1.0]])).layers
    assert (data["x"], data["y"], data["color"]) == ([1.0], [2.0], palette.DATA)
    assert (made["x"], made["y"], made["color"]) == ([0.5], [1.0], palette.RECONSTRUCTION)


def test_a_long_spectrum_is_cut():
    drawn = sketches.spectrum_sketch(np.linspace(3, 0.1, 784), 1.0)
    assert len(drawn.readout) == sketches.SHOWN_AXES


def test_the_twin_lies_on_the_same_line():
    kept = np.array([[3, 2, 1], [3, 1, 0]])
    drawn = sketches.plane_sketch(kept, 4, ((0.01, 10.0), (0.1, 100.0)), chosen=(0.1, 10.0))
    heat, line, twin, point = drawn.layers
    assert heat["shape"] == [2, 3] and len(heat["levels"]) == 1
    for dot in (twin, point):
        assert dot["x"][0] + dot["y"][0] == pytest.approx(0)
    np.testing.assert_allclose(np.array(line["x"]) + np.array(line["y"]), 0, atol=1e-5)
    assert (twin["x"], point["x"]) == ([0.0], [-1.0])
    assert dict(drawn.x.ticks) == {-2: "0.01", -1: "0.1", 0: "1", 1: "10"}


def test_a_held_picture_has_no_density():
    shown = pixel_sketches.noise(0.75, 0.4, 0.1, before=None, held=False)
    held = pixel_sketches.noise(0.75, 0.4, 0.1, before=None, held=True)
    assert "line" in kinds(shown) and "band" in kinds(shown)
    assert set(kinds(held)) == {"upright", "words"}
    log = pixel_sketches.minus_log(0.75, 0.4, 0.1, before=None, held=True)
    (curve,) = [layer for layer in log.layers if layer["kind"] == "line"]
    assert min(curve["y"]) == 0, "a squared error"
    assert "log" not in log.y.title and "log" not in "".join(layer.get("text", "") for layer in log.layers)


def test_the_density_and_its_minus_log_meet_at_x():
    dot = next(
        layer
        for layer in pixel_sketches.noise(0.75, 0.4, 0.1, before=None, held=False).layers
        if layer["kind"] == "dots"
    )
    log = next(
        layer
        for layer in pixel_sketches.minus_log(0.75, 0.4, 0.1, before=None, held=False).layers
        if layer["kind"] == "dots"
    )
    assert dot["x"] == log["x"] == [0.75]
    assert -np.log(dot["y"][0]) == pytest.approx(log["y"][0], abs=1e-4)


def test_moved_bars_leave_an_outline():
    drawn = pixel_sketches.bars([0.48, 0.06, 0.4, 0.06], 2, [0.06, 0.06, 0.4, 0.48])
    assert len([layer for layer in drawn.layers if layer["kind"] == "line"]) == 2
    words = [layer["text"] for layer in drawn.layers if layer["kind"] == "words"]
    assert "x₂ = 1" in words and "x₀ = 0" in words and "0.48" in words


def test_an_open_question_on_grey_pixels_has_no_curve_and_no_mean():
    closed = pixel_sketches.cross_entropy(0.75, (0.4, 0.81), None, None)
    assert "line" not in kinds(closed)
    density = pixel_sketches.continuous_bernoulli(0.75, 2.2, None)
    assert not any("mean" in layer.get("text", "") or "area" in layer.get("text", "") for layer in density.layers)
