"""The page on encoder, code and decoder in a browser: the slider, another image, another network, the link."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, cells, numbers, wait_for_query


def test_the_size_of_the_code_and_the_image_change_what_is_seen(visit, wait_until_idle):
    page = visit("/autoencoder?step=explore")
    before = numbers(page)
    slider = page.get_by_role("slider", name="Numbers in the code z")
    slider.focus()
    slider.press("ArrowRight")
    wait_for_query(page, size="16")
    wait_until_idle(page)
    after = numbers(page)
    assert after["Numbers in the code"] == "16 of 784" and after["Loss, test images"] != before["Loss, test images"]
    diagram = page.get_by_role(
        "img", name="The layers of the network at this image: input 28 × 28, encoder 80, code 16"
    )
    expect(diagram).to_be_visible()
    drawn = diagram.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    cells(page, "Images to choose from").nth(13).click()
    page.wait_for_function("new URLSearchParams(location.search).has('image')")
    wait_until_idle(page)
    assert diagram.locator("canvas").evaluate("canvas => canvas.toDataURL()") != drawn
    shown = numbers(page)
    assert shown["Loss of this image"] != after["Loss of this image"]
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == shown


def test_convolutions_show_their_channels(visit):
    page = visit("/autoencoder?network=conv", width=390)
    expect(page.get_by_role("img", name="encoder 8 × 14 × 14, encoder 16 × 7 × 7, code 8")).to_be_visible()


def test_autoencoders_of_one_s_own_are_trained_on_the_page(visit):
    page = visit("/autoencoder?source=own&hidden=8&sizes=2,3&size=3&epochs=1")
    button(page, "Train 2 models").click()
    expect(page.get_by_role("img", name="encoder 8, code 3")).to_be_visible(timeout=TRAINED)
    assert numbers(page)["Numbers in the code"] == "3 of 784"
    wait_for_query(page, train="1")
