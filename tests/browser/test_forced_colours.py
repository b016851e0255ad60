"""Where the system sets the colours, a page's controls, selections and legends are still seen."""

import io

import numpy as np
import pytest
from PIL import Image

# The background of an element, or of its pseudo-element, and the system's page colour beside it.
BACKGROUNDS = """([selector, pseudo]) => {
    const roots = [document, ...[...document.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean)];
    const [node] = roots.flatMap((root) => [...root.querySelectorAll(selector)]);
    return [getComputedStyle(node, pseudo || null).backgroundColor, getComputedStyle(document.body).backgroundColor];
}"""
TRANSPARENT = "rgba(0, 0, 0, 0)"
SEEN = {
    "/kl": ('.stSlider div:has(> div > input[type="range"])', ".stepper a[aria-current]"),
    "/lab?step=explore": ('.stMain [data-testid="stButtonGroup"] [aria-checked="true"]', ".contents a[aria-current]"),
    "/plane?step=explore": (".stCheckbox span:has(> input) + div > div",),
    "/likelihood?step=explore": (".mark.dot",),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", SEEN)
def test_what_is_drawn_by_a_background_is_seen(path, scheme, visit):
    page = visit(path, visitor=f"forced {scheme}", colour_scheme=scheme)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    for selector in SEEN[path]:
        page.locator(selector).first.wait_for()
    page.wait_for_timeout(400)  # Streamlit's colours change gradually
    for selector in SEEN[path]:
        shown, behind = page.evaluate(BACKGROUNDS, [selector, ""])
        assert shown not in (behind, TRANSPARENT), selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_our_own_slider_and_the_play_button_are_seen(scheme, visit):
    page = visit("/ring", visitor=f"forced {scheme}", colour_scheme=scheme)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.locator(".play").first.wait_for()
    page.wait_for_timeout(400)
    shown, behind = page.evaluate(BACKGROUNDS, [".play", "::before"])
    assert shown not in (behind, TRANSPARENT)
    picture = np.asarray(Image.open(io.BytesIO(page.locator(".slide input").screenshot())).convert("L"))
    assert np.ptp(picture[:, 12:-12].astype(int), axis=0).min() > 120  # all along: the track, and at its end the thumb
