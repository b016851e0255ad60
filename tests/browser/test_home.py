"""Home in a real browser: a digit is chosen, z is resampled, and the link brings both back."""

from tests.browser.reading import button, cells, numbers, query, wait_for_query


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


def test_the_map_leads_to_the_pages(visit):
    page = visit("/")
    for title, path in (("Training lab", "/lab"), ("Sampling gallery", "/gallery")):
        link = page.get_by_test_id("stPageLink").get_by_role("link", name=title).first
        assert link.get_attribute("href").strip("/") == path.strip("/")
    page.get_by_test_id("stPageLink").get_by_role("link", name="Training lab").first.click()
    page.wait_for_url("**/lab")
    assert "Test −ELBO" in numbers(page)
