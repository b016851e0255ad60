"""The page on reconstruction losses in a browser: sliders, exhibits, choosing an image."""

from tests.browser.reading import button, cells, numbers, query, wait_for_query


def test_a_slider_moves_the_curves_and_the_link(visit, wait_until_idle):
    page = visit("/losses?step=explore")
    before = numbers(page)
    thumb = page.get_by_test_id("stSlider").filter(has_text="Prediction").locator("input[type=range], [role=slider]")
    thumb.first.focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, prediction="0.41")
    wait_until_idle(page)
    after = numbers(page)
    assert list(after) == list(before)
    assert after["Cross-entropy"] != before["Cross-entropy"]
    assert page.locator("canvas").count() >= 4


def test_the_first_step_s_slider_moves_its_picture(visit, wait_until_idle):
    page = visit("/losses")
    page.get_by_test_id("stSlider").first.locator("input[type=range], [role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, step="gaussian", prediction="0.41")
    wait_until_idle(page)
    assert page.locator("canvas[aria-label^='The density p(x|z) around x̂ = 0.41']").count() == 1


def test_exhibits_change_and_a_reload_restores_them(visit, wait_until_idle):
    page = visit("/losses?step=explore")
    for name, part in (("σ² and β: one knob", "knob"), ("Which axes live", "axes"), ("Floor and ceiling", "floor")):
        page.get_by_role("radio", name=name).or_(button(page, name)).first.click()
        wait_for_query(page, part=part)
        wait_until_idle(page)
        assert numbers(page)
    cells(page, "Images to choose from").nth(5).click()
    wait_for_query(page, part="floor", image="5")
    page.reload()
    wait_until_idle(page)
    assert query(page) == {"part": "floor", "image": "5"}
    assert list(numbers(page)) == ["Floor", "20 axes", "2 axes", "Ceiling"]
