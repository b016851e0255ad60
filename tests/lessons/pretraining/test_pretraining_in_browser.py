"""The page on pre-training in a browser: the slider along the labels, and nets that are trained."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, numbers, query, wait_for_query


def test_the_slider_changes_the_figures_and_the_link(visit, wait_until_idle):
    page = visit("/pretraining?step=explore")
    before = numbers(page)
    slider = page.get_by_test_id("stSlider").filter(has_text="Labels").locator("[role=slider], input[type=range]")
    slider.first.focus()
    page.keyboard.press("End")
    wait_for_query(page, labels="4000")
    wait_until_idle(page)
    after = numbers(page)
    assert list(after) == list(before) and after["Raw pixels"] != before["Raw pixels"]
    assert page.get_by_text("With 4,000 labels the best is").count() == 1


def test_nets_are_trained_from_the_encoder_and_from_nothing(visit):
    page = visit("/pretraining?source=own&own_labels=500&seeds=1")
    button(page, "Train the classifiers").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(page.get_by_text("With 500 labels the best is")).to_be_visible(timeout=TRAINED)
    wait_for_query(page, train="1")
    shown = numbers(page)
    assert float(shown["Encoder, fine-tuned"].split("%")[0]) > 80
    assert query(page)["own_labels"] == "500"
