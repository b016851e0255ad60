"""Home in a real browser: a dart is thrown, a digit chosen, z resampled, and the link brings all of it back."""

from playwright.sync_api import expect

from tests.browser.reading import button, cells, go_to, numbers, query, wait_for_query


def test_a_click_on_the_plane_is_a_new_digit(visit, wait_until_idle):
    page = visit("/")
    plane = page.locator("canvas[aria-label^='Codes of']")
    strip = page.get_by_label("The last darts, newest last")
    before = plane.get_attribute("aria-label")
    box = plane.bounding_box()
    plane.click(position={"x": box["width"] / 2 + 10, "y": box["height"] / 2 - 40})
    page.wait_for_url("**/?*darts=*")
    wait_until_idle(page)
    assert query(page)["step"] == "dart"
    first = query(page)["darts"]
    assert first.count(";") == 9 and before == plane.get_attribute("aria-label")
    newest = [float(number) for number in first.split(";")[-1].split(",")]
    assert abs(newest[0]) < 0.6 and 0 < newest[1] < 2
    button(page, "Draw z ~ N(0, I)").click()
    page.wait_for_function("first => new URLSearchParams(location.search).get('darts') !== first", arg=first)
    expect(strip).to_be_visible()


def test_a_digit_is_chosen_and_z_resampled_and_the_link_brings_them_back(visit, wait_until_idle):
    page = visit("/?step=explore")
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
    page = visit("/?image=7")
    lecture = page.get_by_role("navigation", name="The map of the lecture")
    for title, path in (("Training lab", "lab"), ("Sampling gallery", "gallery")):
        assert lecture.get_by_role("link", name=title, exact=True).get_attribute("href") == path
    lecture.get_by_role("link", name="Training lab").press("Enter")
    page.wait_for_url("**/lab")
    wait_until_idle(page)
    assert page.get_by_role("heading", name="Training lab").is_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    # It is the same visit: home is found as it was left.
    go_to(page, "The whole VAE at a glance")
    wait_until_idle(page)
    assert query(page) == {"image": "7"}
