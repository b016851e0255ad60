"""The page on latent axes in a browser: turning by the keyboard, choosing an axis by a click, known factors."""

from playwright.sync_api import expect

from tests.browser.reading import cells, numbers, query, wait_for_query


def test_turning_moves_the_bound_and_not_log_p(visit, wait_until_idle):
    page = visit("/axes?step=explore")
    before = numbers(page)
    slider = page.get_by_role("slider", name="α, degrees")
    slider.focus()
    slider.press("ArrowLeft")
    wait_for_query(page, theta="40")
    wait_until_idle(page)
    after = numbers(page)
    assert after["log p(x)"] == before["log p(x)"] and after["Best ELBO, 0°"] == before["Best ELBO, 0°"]
    assert after["Change, α"] != before["Change, α"]
    expect(page.get_by_role("img", name="the best one turned by 40°")).to_be_visible()
    cells(page, "Digits to choose from").nth(6).click()
    wait_for_query(page, digit="6")
    wait_until_idle(page)
    shown = numbers(page)
    assert shown["log p(x)"] != before["log p(x)"]
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == shown


def test_a_row_of_the_traversals_chooses_its_axis(visit, wait_until_idle):
    page = visit("/axes?part=along&run=shapes-beta8")
    before = numbers(page)
    cells(page, "Each row: one axis from −3 to 3, ordered by KL").nth(5 * 11 + 2).click()
    wait_until_idle(page)
    page.wait_for_function("new URLSearchParams(location.search).has('axis')")
    after = numbers(page)
    assert float(after["Pixels moved"]) < 0.01 < float(before["Pixels moved"]), "the axis with the least KL is dead"
    assert int(query(page)["axis"]) in range(1, 7)


def test_known_factors(visit, wait_until_idle):
    page = visit("/axes?step=explore")
    page.get_by_role("button", name="Known factors").or_(page.get_by_role("radio", name="Known factors")).first.click()
    wait_for_query(page, part="factors")
    wait_until_idle(page)
    before = numbers(page)
    page.get_by_text("β 8", exact=True).click()
    wait_for_query(page, shapes="shapes-beta8")
    wait_until_idle(page)
    after = numbers(page)
    assert after["Active axes"] == "3 of 6" and after["MIG"] != before["MIG"]
