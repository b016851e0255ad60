"""The page on discriminative models in a browser: the point moves, noise climbs, and models are trained."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import box_at_rest, button, numbers, query, wait_for_query


def test_a_drag_moves_the_point_in_all_pictures(visit, wait_until_idle):
    page = visit("/discriminative?x1=0&x2=0")
    before = numbers(page)
    plane = page.get_by_role("img", name="Probability of class 1 over the plane, clusters")
    box = box_at_rest(plane)
    # The origin is near the picture's middle: the axis on the left has a little more room than that below.
    place = (box["x"] + 0.53 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.move(*place)
    page.mouse.down()
    page.mouse.move(place[0] - 50, place[1] + 30, steps=4)
    page.mouse.up()
    page.wait_for_function("location.search.includes('x1=-')")
    wait_until_idle(page)
    after = numbers(page)
    assert list(after) == list(before) and after["p(y = 1|x), exact"] != before["p(y = 1|x), exact"]
    assert after["Samples differ by"] == before["Samples differ by"]


def test_steps_uphill_and_another_class(visit, wait_until_idle):
    page = visit("/discriminative?part=images")
    certain = numbers(page)
    slider = page.get_by_test_id("stSlider").filter(has_text="Steps uphill").locator("[role=slider], input[type=range]")
    slider.first.focus()
    page.keyboard.press("Home")
    wait_for_query(page, uphill="0")
    wait_until_idle(page)
    noise = numbers(page)
    assert float(noise["p(y|x) of the best inputs"]) < float(certain["p(y|x) of the best inputs"])
    assert noise["Acceptance rate"] == certain["Acceptance rate"]
    page.get_by_role("radio", name="3").or_(button(page, "3")).first.click()
    wait_for_query(page, ask="3")
    wait_until_idle(page)
    assert query(page) == {"part": "images", "ask": "3", "uphill": "0"}


def test_classifiers_of_one_s_own_are_trained(visit):
    page = visit("/discriminative?points=own&width=8&epochs=3")
    button(page, "Train all four").click()
    wait_for_query(page, train="1")
    expect(page.locator("canvas").first).to_be_visible(timeout=TRAINED)
    assert "Samples differ by" in numbers(page)
