"""The colours do what the palette promises, computed from the colour-science formulas."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from vaedemo.figures import palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    lights = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05 for colour in (one, other))
    return lights[1] / lights[0]


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson (2020), from linear RGB."""
    cones = np.cbrt(
        np.clip(rgb, 0, 1)
        @ np.array(
            [
                [0.4122214708, 0.2119034982, 0.0883024619],
                [0.5363325363, 0.6806995451, 0.2817188376],
                [0.0514459929, 0.1073969566, 0.6299787005],
            ]
        )
    )
    return cones @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def closest(colours, vision: str) -> float:
    """The smallest distance between two of the colours, in hundredths of OKLab."""
    seen = [oklab(VISION[vision] @ linear(colour)) for colour in colours]
    return 100 * min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize(
    "background", [CONFIG["theme"]["light"]["backgroundColor"], CONFIG["theme"]["dark"]["backgroundColor"]]
)
@pytest.mark.parametrize("colour", [*palette.ROLES.values(), *palette.CLASS_COLOURS])
def test_every_colour_stands_out_from_both_themes(colour, background):
    assert contrast(colour, background) >= 2.4


@pytest.mark.parametrize("vision", VISION)
def test_roles_and_classes_stay_apart_for_colour_blind_readers(vision):
    assert closest(palette.ROLES.values(), vision) >= 7.5
    assert closest(palette.CLASS_COLOURS, vision) >= 9.5


def test_the_distance_check_can_fail():
    assert closest(["#d62728", "#2ca02c"], "normal") > 20 > 9.5 > closest(["#c75a00", "#8a8000"], "deuteranopia")


def test_twenty_classes_have_twenty_looks():
    looks = {(palette.class_colour(index), palette.class_marker(index)) for index in range(20)}
    assert len(looks) == 20


def test_the_theme_uses_the_same_colours():
    assert tuple(CONFIG["theme"]["chartCategoricalColors"]) == palette.CLASS_COLOURS
    assert tuple(CONFIG["theme"]["chartDivergingColors"]) == palette.DIVERGING
    assert tuple(CONFIG["theme"]["light"]["chartSequentialColors"]) == palette.SEQUENTIAL_LIGHT
    assert tuple(CONFIG["theme"]["dark"]["chartSequentialColors"]) == palette.SEQUENTIAL_DARK


def blend(colour: str, share: float, background: str) -> str:
    """A share of a colour over an opaque background, as a browser mixes them."""
    parts = [[int(each[start : start + 2], 16) for start in (1, 3, 5)] for each in (colour, background)]
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in zip(*parts, strict=True))


def surfaces(theme: str) -> list[str]:
    """The backgrounds on which text stands: the page, its fields and code, the sidebar."""
    colours = CONFIG["theme"][theme]
    names = ("backgroundColor", "secondaryBackgroundColor", "codeBackgroundColor")
    return [*(colours[name] for name in names), colours["sidebar"]["backgroundColor"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_themes_can_be_read(theme):
    colours = CONFIG["theme"][theme]
    assert contrast("#ffffff", colours["primaryColor"]) >= 4.5  # the words of a primary button
    assert contrast(colours["blueTextColor"], colours["blueBackgroundColor"]) >= 4.5  # a notice
    for surface in surfaces(theme):
        assert contrast(colours["textColor"], surface) >= 10
        assert contrast(colours["linkColor"], surface) >= 4.5
        assert contrast(colours["codeTextColor"], surface) >= 4.5
        # Streamlit writes captions with 60 % of the text's colour.
        assert contrast(blend(colours["textColor"], 0.6, surface), surface) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_stand_out_from_the_page(theme):
    """The accent fills buttons, sliders and focus rings; edges are half the text's colour (shell/looks.py)."""
    colours = CONFIG["theme"][theme]
    for surface in (colours["backgroundColor"], colours["sidebar"]["backgroundColor"]):
        assert contrast(colours["primaryColor"], surface) >= 3
        assert contrast(blend(colours["textColor"], 0.5, surface), surface) >= 3


@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_accent_is_no_colour_of_the_lecture(theme, vision):
    colours = CONFIG["theme"][theme]
    meant = {name: colour for name, colour in palette.ROLES.items() if name != "neutral"}
    for name in ("primaryColor", "linkColor", "blueTextColor"):
        for role, colour in meant.items():
            assert closest([colours[name], colour], vision) >= 7.5, (name, role)
        # Near to grey: no hue that could be taken for a quantity.
        assert np.ptp(linear(colours[name]) ** (1 / 2.4)) < 0.3, name


def test_translucent():
    assert palette.translucent("#0a10ff", 0.25) == "rgba(10, 16, 255, 0.25)"
