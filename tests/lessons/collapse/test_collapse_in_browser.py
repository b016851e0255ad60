"""The page on collapse in a browser: the slider moves the line, and a VAE with a cure is trained beside its twin."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, numbers, query, wait_for_query


def test_the_slider_moves_the_line_and_the_count(visit, wait_until_idle):
    page = visit("/collapse?part=spectrum&variance=1")
    before = numbers(page)["Axes that live"]
    slider = page.get_by_role("slider", name="Noise variance")
    slider.focus()
    slider.press("ArrowLeft")
    wait_for_query(page, variance="0.7")
    wait_until_idle(page)
    after = numbers(page)["Axes that live"]
    assert int(after.split()[0]) > int(before.split()[0])


def test_a_cure_is_trained_beside_its_twin_and_found_again(visit):
    page = visit("/collapse?part=own&epochs=1&warm_up=0.5&beta=4")
    button(page, "Train both").click()
    expect(page.get_by_text("With the cure: ")).to_be_visible(timeout=TRAINED)
    wait_for_query(page, train="1")
    shown = numbers(page)
    assert {"KL, with the cure", "KL, without"} <= set(shown)
    page.reload()
    assert numbers(page) == shown
    assert query(page)["part"] == "own"
