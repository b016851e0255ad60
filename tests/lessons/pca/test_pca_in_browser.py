"""PCA in a real browser: the slider, a click on a term, another exhibit, a reload."""

from tests.browser.reading import button, cells, numbers, query, wait_for_query


def test_terms_are_added_by_the_slider_and_by_a_click(visit, wait_until_idle):
    page = visit("/pca?step=explore")
    before = numbers(page)
    thumb = page.get_by_test_id("stSlider").locator("input[type=range], [role=slider]")
    thumb.first.focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, terms="4")
    wait_until_idle(page)
    after = numbers(page)
    assert list(after) == list(before)
    assert float(after["Error per pixel"]) < float(before["Error per pixel"])
    cells(page, "Each rank-one term; a click adds up all terms to this one").nth(8).click()
    wait_for_query(page, terms="9")


def test_exhibits_change_and_a_reload_restores_them(visit, wait_until_idle):
    page = visit("/pca?step=explore")
    name = "Three encoders, equal k"
    page.get_by_role("radio", name=name).or_(button(page, name)).first.click()
    wait_for_query(page, part="equal")
    wait_until_idle(page)
    page.get_by_role("radio", name="32").or_(button(page, "32")).first.click()
    wait_for_query(page, part="equal", k="32")
    wait_until_idle(page)
    cells(page, "Test images to choose from").nth(5).click()
    wait_for_query(page, part="equal", k="32", shown="5")
    page.reload()
    wait_until_idle(page)
    assert query(page) == {"part": "equal", "k": "32", "shown": "5"}
    assert list(numbers(page))[:3] == ["PCA", "Linear autoencoder", "Deep autoencoder"]
    name = "Same plane, other axes"
    page.get_by_role("radio", name=name).or_(button(page, name)).first.click()
    wait_for_query(page, part="planes", k="32")
    wait_until_idle(page)
    assert page.locator("canvas").count() >= 4
