"""The linked panes in a real browser: morph, play, brush, switches, and a training that is followed to its end."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import box_at_rest, button, numbers, query, wait_for_query

LIGHT_PIXELS = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let index = 0; index < data.length; index += 1) sum = (sum * 31 + data[index]) % 1000003;
    return sum;
}"""


# From now on a slider remembers the places that it was set to.
RECORD = """slider => {
    const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    slider.seen = [];
    Object.defineProperty(slider, "value", {
        get: () => own.get.call(slider),
        set: (value) => {
            slider.seen.push(Number(value));
            own.set.call(slider, value);
        },
    });
}"""
EXPLORE = "/ring?step=explore"
BOTH = re.compile(r"/ring\?step=explore$")


def panes(page: Page, which: int = 0) -> Locator:
    """The first (exact) or the second (learned) pair of panes, drawn."""
    pair = page.locator(".warp").nth(which)
    pair.get_by_role("status").filter(has_text=re.compile(".")).wait_for()
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    return pair


def picture(pair: Locator, side: int) -> int:
    """A number that changes when the canvas does."""
    return pair.locator("canvas").nth(side).evaluate(LIGHT_PIXELS)


def drag(page: Page, canvas: Locator, start: float, end: float) -> None:
    """Drag along the diagonal, in shares of the canvas from its upper left corner."""
    box = box_at_rest(canvas)
    page.mouse.move(box["x"] + start * box["width"], box["y"] + start * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], box["y"] + end * box["height"], steps=4)
    page.mouse.up()


def test_the_slider_morphs_in_the_browser_and_its_place_is_in_the_link(visit, wait_until_idle):
    page = visit(EXPLORE)
    wait_until_idle(page)
    pair = panes(page)
    slider = pair.get_by_role("slider")
    before = (picture(pair, 0), picture(pair, 1))
    title = pair.get_by_text("(1 − t) z + t g(z)")
    expect(pair.get_by_text("x = g(z)")).to_be_visible()
    slider.fill("0.4")
    expect(title).to_be_visible()
    assert picture(pair, 0) == before[0]
    assert picture(pair, 1) != before[1]
    expect(slider).to_have_attribute("aria-valuetext", "0.40")
    wait_for_query(page, t="0.4")
    wait_until_idle(page)
    shown = picture(pair, 1)
    page.reload()
    wait_until_idle(page)
    expect(panes(page).get_by_role("slider")).to_have_value("0.4")
    assert picture(panes(page), 1) == shown


def test_play_runs_to_the_end_without_the_server(visit):
    page = visit("/ring?t=0.6")
    pair = panes(page)
    start = picture(pair, 1)
    frames = []
    page.on("websocket", lambda socket: frames.append(socket))
    pair.get_by_role("button", name="Play").click()
    expect(pair.get_by_role("button", name="Pause")).to_be_visible()
    expect(pair.get_by_role("button", name="Play")).to_be_visible()
    expect(pair.get_by_role("slider")).to_have_value("1")
    assert picture(pair, 1) != start
    expect(pair.locator(".inside")).to_contain_text("(ρ = ‖x‖ < 0.9): 0 of 1,000")
    page.wait_for_url(BOTH)
    assert not frames


def test_an_answer_moves_the_points_and_nothing_moves_before(visit, wait_until_idle):
    page = visit("/ring?step=linear&present=1")
    pair = panes(page)
    expect(pair.get_by_role("button", name="Play")).to_be_hidden()
    expect(pair.get_by_role("slider")).to_be_hidden()
    start = picture(pair, 1)
    wait_until_idle(page)
    assert picture(pair, 1) == start
    button(page, "No matrix at all").click()
    expect(pair.get_by_role("slider")).to_have_value("1")
    wait_until_idle(page)
    assert picture(pair, 1) != start
    assert query(page) == {"step": "linear", "present": "1"}


def test_with_reduced_motion_the_points_are_there_at_once(visit):
    page = visit("/ring?step=tear")
    page.emulate_media(reduced_motion="reduce")
    slider = panes(page).locator("input[type=range]")
    slider.evaluate(RECORD)
    button(page, "All round its inner edge").click()
    expect(slider).to_have_attribute("aria-valuetext", "1.00")
    assert set(slider.evaluate("slider => slider.seen")) <= {0, 1}


def test_a_brush_lights_the_same_points_in_both_panes(visit, wait_until_idle):
    page = visit(EXPLORE)
    pair = panes(page)
    before = (picture(pair, 0), picture(pair, 1))
    drag(page, pair.locator("canvas").first, 0.4, 0.6)
    expect(pair.get_by_role("status")).to_have_text(re.compile(r"^\d+ of 1,000 points chosen: \d+\.\d %\.$"))
    after = (picture(pair, 0), picture(pair, 1))
    assert after[0] != before[0] and after[1] != before[1]
    page.wait_for_url(re.compile("brush=left"))
    wait_until_idle(page)
    assert (picture(pair, 0), picture(pair, 1)) == after  # the page's echo changes nothing
    pair.get_by_role("button", name="Clear").click()
    expect(pair.get_by_role("status")).to_contain_text("Drag across either pane")
    page.wait_for_url(BOTH)


def test_keys_brush_too(visit):
    page = visit(EXPLORE)
    pair = panes(page)
    right = pair.locator("canvas").nth(1)
    right.press("Enter")
    expect(pair.get_by_role("status")).to_have_text("0 of 1,000 points chosen: 0.0 %.")  # the hole is empty
    for _ in range(8):
        right.press("Shift+ArrowRight")
    expect(pair.get_by_role("status")).not_to_have_text("0 of 1,000 points chosen: 0.0 %.")
    right.press("Escape")
    expect(pair.get_by_role("status")).to_contain_text("Drag across")


def test_points_and_grid_are_switched(visit):
    page = visit(EXPLORE)
    pair = panes(page)
    points, grid = (pair.get_by_role("button", name=name) for name in ("Points", "Grid"))
    points.click()
    expect(points).to_have_attribute("aria-pressed", "false")
    wait_for_query(page, show="grid")
    grid.click()  # one of the two stays
    expect(grid).to_have_attribute("aria-pressed", "true")


def test_the_film_is_scrubbed_and_the_hole_counted(visit):
    page = visit(EXPLORE)
    pair = panes(page, 1)
    expect(pair.get_by_role("slider")).to_have_attribute("aria-valuetext", "6,000")
    pair.get_by_role("slider").fill("0")
    expect(pair.locator(".inside")).to_contain_text("0.9): 100 of 100")
    wait_for_query(page, frame="0")


def test_a_training_is_followed_to_its_end(visit):
    page = visit("/ring?width=8")
    shipped = numbers(page)["Decoder: inside ρ < 0.9"]
    button(page, "Train").click()
    wait_for_query(page, train="1")
    expect(button(page, "Stop")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(button(page, "Next seed")).to_be_visible(timeout=TRAINED)
    page.get_by_text("150 epochs").wait_for()
    expect(panes(page, 1).get_by_role("slider")).to_have_attribute("aria-valuetext", "3,000")
    assert numbers(page)["Decoder: inside ρ < 0.9"] != shipped
    assert query(page) == {"width": "8", "train": "1"}


def test_a_finished_training_is_held_at_a_frame_and_steps_on(visit):
    link = "/ring?step=explore&part=learned&width=8&train_seed=9"
    page = visit(link)
    button(page, "Train").click()
    expect(button(page, "Next seed")).to_be_visible(timeout=TRAINED)
    page = visit(f"{link}&train=1&frame=20", visitor="second")
    page.get_by_role("button", name=re.compile(r"Hold it at step \d+")).click()
    held = page.get_by_text(re.compile(r"Held at step \d+ of 3,000"))
    expect(held).to_be_visible()
    number = int(query(page)["until"])
    noise = page.get_by_label("Noise variance σ²")
    noise.fill("0.1")
    noise.press("Enter")
    wait_for_query(page, changes=f"{number}~noise_variance~0.1")
    button(page, "One step").click()
    wait_for_query(page, until=str(number + 1))
    expect(page.get_by_text(f"Held at step {number + 1} of 3,000")).to_be_visible()
    page.get_by_text("The branches of this training").wait_for()
    expect(panes(page).get_by_role("slider")).to_have_attribute("aria-valuetext", str(number + 1))
