"""Home in a real browser: a digit is chosen, z is resampled, and the link brings both back."""

from tests.browser.reading import button, cells, go_to, numbers, query, wait_for_query


def test_a_digit_is_chosen_and_z_resampled_and_the_link_brings_them_back(visit, wait_until_idle):
    page = visit("/")
    first = numbers(page)
    cells(page, "Digits to choose from").nth(12).click()
    page.wait_for_url("**/?image=*")
    wait_until_idle(page)
    chosen = numbers(page)
    assert chosen["μ"] != first["μ"]

    button(page, "Resample z").click()
    wait_for_query(page, noise="1")
    wait_until_idle(page)
    resampled = numbers(page)
    changed = {label for label in chosen if chosen[label] != resampled[label]}
    assert changed == {"Reconstruction loss", "−ELBO"}

    page.reload()
    wait_until_idle(page)
    assert numbers(page) == resampled
    assert set(query(page)) == {"image", "noise"}


def test_another_digit_is_another_digit(visit, wait_until_idle):
    page = visit("/?noise=3")
    first = numbers(page)
    button(page, "Another digit").click()
    page.wait_for_url("**/?image=*")
    wait_until_idle(page)
    assert numbers(page)["μ"] != first["μ"]
    assert "noise" not in query(page)


def test_the_map_leads_to_the_pages(visit, wait_until_idle):
    page = visit("/")
    before = numbers(page)
    lecture = page.get_by_role("navigation", name="The map of the lecture")
    for title, path in (("Training lab", "lab"), ("Sampling gallery", "gallery")):
        assert lecture.get_by_role("link", name=title, exact=True).get_attribute("href") == path
    button(page, "Resample z").click()
    wait_for_query(page, noise="1")
    wait_until_idle(page)
    lecture.get_by_role("link", name="Training lab").press("Enter")
    page.wait_for_url("**/lab")
    wait_until_idle(page)
    assert "Test −ELBO" in numbers(page)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    # It is the same visit: home is found as it was left, and the link that was followed is not followed again.
    go_to(page, "The whole VAE at a glance")
    wait_until_idle(page)
    assert numbers(page) != before


def test_in_the_projector_view_the_map_keeps_to_it(visit):
    page = visit("/?present=1")
    lecture = page.get_by_role("navigation", name="The map of the lecture")
    link = lecture.get_by_role("link", name="KL of Gaussians")
    assert link.get_attribute("href") == "kl?present=1"
    link.click()
    page.wait_for_url("**/kl?present=1")
