"""The colours do what the palette promises, computed from the colour-science formulas."""

import itertools
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from vaedemo.app.shell import looks
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


def cielab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* under D65, from linear sRGB (..., 3)."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = np.clip(rgb, 0, 1) @ to_xyz.T / to_xyz.sum(1)
    x, y, z = np.moveaxis(np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Sharma, Wu & Dalal (2005), the colour difference CIEDE2000 of two colours in CIELAB."""
    (light_1, a_1, b_1), (light_2, a_2, b_2) = one.tolist(), other.tolist()
    chroma = (math.hypot(a_1, b_1) + math.hypot(a_2, b_2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    a_1, a_2 = stretch * a_1, stretch * a_2
    chroma_1, chroma_2 = math.hypot(a_1, b_1), math.hypot(a_2, b_2)
    hue_1, hue_2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a_1, b_1), (a_2, b_2)))
    turn = (hue_2 - hue_1 + 180) % 360 - 180 if chroma_1 * chroma_2 else 0
    hue = 2 * math.sqrt(chroma_1 * chroma_2) * math.sin(math.radians(turn / 2))
    light, chroma = (light_1 + light_2) / 2, (chroma_1 + chroma_2) / 2
    mean = (hue_1 + turn / 2) % 360 if chroma_1 * chroma_2 else hue_1 + hue_2
    waves = ((1, -30, -0.17), (2, 0, 0.24), (3, 6, 0.32), (4, -63, -0.2))
    t = 1 + sum(size * math.cos(math.radians(times * mean + shift)) for times, shift, size in waves)
    scales = (
        1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2),
        1 + 0.045 * chroma,
        1 + 0.015 * chroma * t,
    )
    bend = 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    bend *= -math.sin(math.radians(60 * math.exp(-(((mean - 275) / 25) ** 2))))
    parts = [part / scale for part, scale in zip((light_2 - light_1, chroma_2 - chroma_1, hue), scales, strict=True)]
    return math.sqrt(sum(part**2 for part in parts) + bend * parts[1] * parts[2])


@pytest.mark.parametrize(
    ("one", "other", "known"),  # of the published test data
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_is_the_published_one(one, other, known):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(known, abs=5e-5)


@pytest.mark.parametrize("vision", ["normal", "protanopia", "deuteranopia"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_classes_stay_apart_at_the_opacity_in_which_they_are_drawn(theme, vision):
    background = CONFIG["theme"][theme]["backgroundColor"]
    for opacity in (palette.CLASS_OPACITY, 1):
        drawn = [blend(colour, opacity, background) for colour in palette.CLASS_COLOURS]
        seen = [cielab(VISION[vision] @ linear(colour)) for colour in drawn]
        assert min(ciede2000(one, other) for one, other in itertools.combinations(seen, 2)) >= 10


def test_the_two_classes_of_a_shaded_plane_stay_apart():
    for theme, vision in itertools.product(("light", "dark"), VISION):
        background = CONFIG["theme"][theme]["backgroundColor"]
        drawn = [blend(colour, 0.35, background) for colour in palette.CLASS_COLOURS[:2]]
        one, other = (cielab(VISION[vision] @ linear(colour)) for colour in drawn)
        assert ciede2000(one, other) >= 10


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


@pytest.mark.parametrize("role", palette.ROLES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_the_colour_of_a_quantity_can_be_read_in_a_chart(theme, role):
    colours = CONFIG["theme"][theme]
    words = blend(palette.ROLES[role], looks.WORDS, colours["textColor"])
    assert contrast(words, colours["backgroundColor"]) >= 4.5


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


def test_no_class_is_drawn_fainter_than_the_opacity_that_is_judged():
    for file in (Path(__file__).parents[2] / "vaedemo").rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert "class_colour(" not in line or "alpha=0" not in line, f"{file.name}: {line.strip()}"
