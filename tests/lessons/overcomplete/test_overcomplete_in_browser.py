"""The page on wide codes in a browser: a measure, a unit, a digit, noise."""

from tests.browser.reading import cells, numbers, wait_for_query


def test_a_click_chooses_a_unit_and_a_digit(visit, wait_until_idle):
    page = visit("/overcomplete?part=units")
    before = numbers(page)
    cells(page, "The weights of each unit, the most active unit first").nth(5).click()
    page.wait_for_function("new URLSearchParams(location.search).has('unit')")
    wait_until_idle(page)
    unit = numbers(page)
    assert unit["This unit fires for"] != before["This unit fires for"]
    assert unit["Fire for this image"] == before["Fire for this image"]
    cells(page, "The test digits that fire this unit most").nth(1).click()
    page.wait_for_function("new URLSearchParams(location.search).has('image')")
    wait_until_idle(page)
    digit = numbers(page)
    assert digit["This unit, this image"] != unit["This unit, this image"]
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == digit


def test_noise_is_turned_up_and_the_curves_change(visit, wait_until_idle):
    page = visit("/overcomplete?part=noise")
    before = numbers(page)
    slider = page.get_by_role("slider", name="Standard deviation of the noise")
    slider.focus()
    slider.press("End")
    wait_for_query(page, noise="20")
    wait_until_idle(page)
    assert numbers(page)["Passed, no penalty"] != before["Passed, no penalty"]
    page.get_by_text("Against d", exact=True).click()
    wait_until_idle(page)
    page.get_by_role("radio", name="Noise that passes").click()
    wait_for_query(page, measure="passed")
    wait_until_idle(page)
    assert numbers(page)["Passed, KL"].endswith(" %")
