"""Plotly's buttons in a browser: they appear over a chart, save it, are missing on paper, and a finger scrolls past."""

import io

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.reading import box_at_rest

PAGE = "/likelihood"
BUTTONS = ["Zoom in", "Zoom out", "Reset axes", "Download plot as a PNG"]
# Where a text of the chart lies under a button: its words.
COVERED = """root => {
    const inside = (one, other) => one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom;
    const bar = root.querySelector(".modebar").getBoundingClientRect();
    return [...root.querySelectorAll(".main-svg text")].filter((each) => inside(each.getBoundingClientRect(), bar))
        .map((each) => each.textContent);
}"""


def chart(page):
    found = page.locator(".js-plotly-plot").first
    found.wait_for()
    return found


def test_the_buttons_appear_under_the_pointer_beside_the_words(visit):
    page = visit(PAGE, colour_scheme="dark")
    group = chart(page).locator(".modebar-group")
    expect(group).to_have_css("opacity", "0")
    chart(page).hover()
    expect(group).to_have_css("opacity", "1")
    assert [each.get_attribute("aria-label") for each in group.get_by_role("button").all()] == BUTTONS
    assert chart(page).evaluate(COVERED) == []


def test_a_saved_picture_is_black_on_white_in_the_dark_theme_too(visit):
    page = visit(PAGE, colour_scheme="dark")
    chart(page).hover()
    with page.expect_download() as download:
        chart(page).get_by_role("button", name=BUTTONS[-1]).click()
    assert download.value.suggested_filename == "vaedemo-likelihood-needed.png"
    saved = Image.open(io.BytesIO(download.value.path().read_bytes()))
    box = chart(page).bounding_box()
    assert saved.size == (2 * round(box["width"]), 2 * round(box["height"]))
    pixels = np.asarray(saved.convert("RGBA"))
    assert (pixels[..., 3] == 255).all() and (pixels[0, 0] == 255).all()
    assert (pixels[..., :3].max(-1) < 10).mean() > 0.002, "log p(x) and the words are black"


def test_a_finger_has_the_buttons_and_scrolls_the_page_across_a_chart(visit, wait_until_idle):
    context = visit.browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(visit.server.url + PAGE)
    wait_until_idle(page)
    expect(chart(page).locator(".modebar-group")).to_have_css("opacity", "1")
    assert chart(page).evaluate(COVERED) == []
    box = box_at_rest(chart(page))
    x, y = box["x"] + box["width"] / 2, box["y"] + 150
    finger = context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for way in range(10, 130, 10):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - way}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    context.close()


def test_paper_has_no_buttons(visit):
    page = visit(f"{PAGE}?handout=1")
    expect(chart(page).locator(".modebar")).to_be_hidden()
    page = visit(PAGE)
    page.emulate_media(media="print")
    expect(chart(page).locator(".modebar")).to_be_hidden()
