"""The gallery in a real browser: click an image, see its z; take the images and the codes along."""

import io

import numpy as np
import pandas as pd
from PIL import Image
from playwright.sync_api import expect

from tests.app.pages import code_of, open_page
from tests.browser.reading import button, cells, numbers, query, wait_for_query


def test_a_click_on_an_image_shows_its_z(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    first = numbers(page)
    expect(page.get_by_text("Image 0", exact=True)).to_be_visible()
    cells(page, "16 images decoded from random codes").nth(6).click()
    wait_for_query(page, picked="6")
    expect(page.get_by_text("Image 6", exact=True)).to_be_visible()
    wait_until_idle(page)
    picked = numbers(page)
    assert picked["Length of its z"] != first["Length of its z"]
    assert picked["Mean length of z"] == first["Mean length of z"]
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == picked
    assert query(page) == {"side": "4", "picked": "6"}


def test_keys_move_and_choose_an_image(visit):
    page = visit("/gallery?side=4")
    numbers(page)
    grid = page.get_by_role("grid", name="16 images decoded from random codes")
    grid.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        grid.press(key)
    wait_for_query(page, picked="5")


def test_new_samples_are_new(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    first, again = numbers(page), button(page, "New samples")
    place = again.bounding_box()
    again.click()
    wait_for_query(page, seed="1")
    wait_until_idle(page)
    assert numbers(page) != first
    assert again.bounding_box() == place, "the hand finds the button where it was"
    cells(page, "16 images decoded from random codes").nth(3).click()
    wait_for_query(page, picked="3")
    expect(page.get_by_text("Image 3", exact=True)).to_be_visible()


def drawn(page):
    """The samples' canvas, as it stands now."""
    canvas = page.get_by_role("grid", name="16 images decoded from random codes").locator("canvas")
    return canvas.evaluate("canvas => canvas.toDataURL()")


def test_each_source_draws_its_samples_and_its_code(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    numbers(page)  # opens the part that also has the code
    for title, source in (("Walk", "walk"), ("q(z)", "posterior"), ("Walk", "walk"), ("Mixture", "mixture")):
        page.get_by_role("radio", name=title, exact=True).click()
        wait_for_query(page, source=source)
        wait_until_idle(page)
        assert page.get_by_test_id("stException").count() == 0
        shown = page.locator(".listing code").first.text_content()
        assert shown == code_of(open_page("gallery", {"side": "4", "source": source}))


def test_presses_that_outrun_the_server_end_with_the_last_samples(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    button(page, "New samples").evaluate("button => { for (let press = 0; press < 3; press++) button.click(); }")
    wait_for_query(page, seed="3")
    wait_until_idle(page)
    assert drawn(page) == drawn(visit("/gallery?side=4&seed=3", visitor="second"))


def test_the_comparison_keeps_its_own_samples(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    first, pictures, samples = numbers(page), beside(page), drawn(page)
    button(page, "Other samples").click()
    wait_for_query(page, beside="1")
    wait_until_idle(page)
    assert numbers(page) == first
    assert drawn(page) == samples
    others = beside(page)
    assert all(now != before for now, before in zip(others, pictures, strict=True))
    assert others == beside(visit("/gallery?side=4&beside=1", visitor="second"))


def beside(page):
    """The four grids of the comparison, as they stand now."""
    titles = ("VAE, N(0, I)", "Autoencoder, same z", "Autoencoder, fitted Gaussian", "Autoencoder, fitted mixture")
    grids = [page.get_by_role("img", name=f"Samples: {title}", exact=True) for title in titles]
    return [grid.evaluate("canvas => canvas.toDataURL()") for grid in grids]


def test_another_model_redraws_the_whole_page(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    wait_until_idle(page)
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Ring of points, 2 latent axes").click()
    wait_for_query(page, run="ring-2d")
    wait_until_idle(page)
    shown = numbers(page)
    assert "Mean distance from the origin" in shown and "Fréchet, VAE" not in shown


def test_the_downloads_are_the_images_and_their_codes(visit):
    page = visit("/gallery?side=4&seed=2")
    length = float(numbers(page)["Length of its z"])
    with page.expect_download() as png:
        button(page, "Images (PNG)").click()
    assert png.value.suggested_filename == "vaedemo-mnist-2d-seed2.png"
    picture = np.asarray(Image.open(io.BytesIO(png.value.path().read_bytes())))
    assert min(picture.shape[:2]) >= 4 * 2 * 28
    assert picture.min() < 50
    assert picture.max() > 200
    with page.expect_download() as csv:
        button(page, "Latents (CSV)").click()
    assert csv.value.suggested_filename == "vaedemo-mnist-2d-seed2.csv"
    table = pd.read_csv(io.BytesIO(csv.value.path().read_bytes()))
    assert list(table.columns) == ["z_1", "z_2"]
    assert len(table) == 16
    assert abs(np.linalg.norm(table.iloc[0]) - length) < 6e-4  # the page rounds to three digits


def test_points_come_with_their_codes(visit):
    page = visit("/gallery?run=ring-2d&side=3")
    numbers(page)
    with page.expect_download() as csv:
        button(page, "Latents (CSV)").click()
    table = pd.read_csv(io.BytesIO(csv.value.path().read_bytes()))
    assert list(table.columns) == ["z_1", "z_2", "x_1", "x_2"]
    radius = np.hypot(table["x_1"], table["x_2"]).mean()
    assert f"{radius:.3f}" == numbers(page)["Mean distance from the origin"]
    assert button(page, "Images (PNG)").count() == 0
