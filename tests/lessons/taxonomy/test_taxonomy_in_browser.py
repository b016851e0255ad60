"""The taxonomy in a browser: leaves by pointer and by keys, pictures, a slider, and a training of one's own."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import numbers, query, wait_for_query


def leaf(page, name: str):
    return page.get_by_role("radio", name=name)


def test_a_leaf_is_chosen_by_pointer_and_by_keys(visit, wait_until_idle):
    page = visit("/taxonomy?step=explore")
    assert leaf(page, "Variational autoencoder").get_attribute("aria-checked") == "true"
    leaf(page, "Normalising flow").click()
    wait_for_query(page, leaf="flow")
    expect(page.get_by_role("heading", name="How the flow makes a sample")).to_be_visible()
    leaf(page, "Normalising flow").press("ArrowUp")
    wait_for_query(page, leaf="autoregressive")
    expect(leaf(page, "Autoregressive model")).to_be_focused()
    page.keyboard.press("End")
    wait_for_query(page, leaf="gsn")
    wait_until_idle(page)
    page.reload()
    wait_until_idle(page)
    assert query(page) == {"leaf": "gsn"}
    assert leaf(page, "Generative stochastic network").get_attribute("aria-checked") == "true"


def test_pictures_sliders_and_sources_follow(visit, wait_until_idle):
    page = visit("/taxonomy?leaf=flow")
    ring = numbers(page)
    thumb = (
        page.get_by_test_id("stSlider").filter(has_text="Couplings done").locator("input[type=range], [role=slider]")
    )
    thumb.first.focus()
    page.keyboard.press("ArrowLeft")
    wait_for_query(page, layers="7")
    page.get_by_role("radio", name="Densities").or_(page.get_by_role("button", name="Densities")).first.click()
    wait_for_query(page, show="density")
    page.get_by_role("radio", name="Moons").or_(page.get_by_role("button", name="Moons")).first.click()
    wait_for_query(page, source="moons")
    wait_until_idle(page)
    moons = numbers(page)
    assert list(moons) == list(ring)
    assert moons != ring
    assert page.locator("canvas").count() == 5


def test_three_models_of_one_s_own_are_trained(visit):
    page = visit("/taxonomy?source=own&dataset=gaussians&width=8&couplings=2&epochs=2")
    page.get_by_role("button", name="Train 3 models").click()
    page.get_by_text("The numbers of this view, and their code").click()
    page.get_by_test_id("stMetric").first.wait_for(timeout=TRAINED)
    assert list(numbers(page)) == ["Truth", "Autoregressive, exact", "Flow, exact", "VAE, IWAE-100", "VAE, −ELBO"]
    assert query(page)["train"] == "1"
