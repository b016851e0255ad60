"""The interpolation page in a browser: stops picked from the grid, the film of the paths, the GIF taken along."""

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.reading import button, cells, numbers, query, wait_for_query


def place(page) -> int:
    return int(page.get_by_label("Place on the path").input_value())


def test_a_click_sets_a_stop_and_turns_to_the_next(visit, wait_until_idle):
    page = visit("/interpolation?step=explore")
    before = numbers(page)
    cells(page, "Images to choose from").nth(13).click()
    wait_for_query(page, stop="2")
    wait_until_idle(page)
    first = query(page)["stops"].split(",")[0]
    moved = numbers(page)
    assert moved["Lengths of the stops"].split(", ")[1] == before["Lengths of the stops"].split(", ")[1]
    assert moved["Lengths of the stops"] != before["Lengths of the stops"]
    cells(page, "Images to choose from").nth(0).click()
    page.wait_for_function("first => new URLSearchParams(location.search).get('stops').startsWith(first)", arg=first)
    wait_until_idle(page)
    assert numbers(page)["Lengths of the stops"].split(", ")[0] == moved["Lengths of the stops"].split(", ")[0]
    page.reload()
    wait_until_idle(page)
    assert query(page)["stops"].startswith(first)


def test_more_images_on_the_way_make_longer_strips(visit, wait_until_idle):
    page = visit("/interpolation?step=explore")
    strip = page.locator("[aria-label='VAE, straight path'] .cell")
    expect(strip).to_have_count(11)
    page.get_by_test_id("stSlider").first.locator("input[type=range], [role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(strip).to_have_count(12)
    button(page, "Add").click()
    expect(strip).to_have_count(23)
    wait_until_idle(page)


def test_the_paths_play_pause_and_can_be_scrubbed(visit):
    page = visit("/interpolation?step=explore")
    assert place(page) == 0
    button(page, "Play").click()
    expect(page.get_by_label("Place on the path")).not_to_have_value("0")
    button(page, "Pause").click()
    stopped = place(page)
    page.wait_for_timeout(300)
    assert place(page) == stopped
    slider = page.get_by_label("Place on the path")
    slider.focus()
    slider.press("Home")
    assert place(page) == 0 and page.locator(".flipbook canvas").count() == 4
    slow = button(page, "Slow")
    slow.click()
    expect(slow).to_have_attribute("aria-pressed", "true")


def test_the_gif_loops(visit):
    page = visit("/interpolation?stops=3,9")
    numbers(page)
    with page.expect_download() as download:
        button(page, "Animation (GIF)").click()
    assert download.value.suggested_filename == "vaedemo-mnist-20d-path-3-9.gif"
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.format == "GIF" and picture.info["loop"] == 0 and picture.n_frames > 30


def test_a_walk_plays_in_the_gallery(visit):
    page = visit("/gallery?source=walk&side=4")
    numbers(page)
    expect(page.locator(".flipbook canvas")).to_have_count(1)
    button(page, "Play").click()
    expect(page.get_by_label("Place on the path")).not_to_have_value("0")
    with page.expect_download() as png:
        button(page, "Contact sheet (PNG)").click()
    assert png.value.suggested_filename == "vaedemo-mnist-2d-seed0-walk-sheet.png"
    assert Image.open(io.BytesIO(png.value.path().read_bytes())).width >= 400
