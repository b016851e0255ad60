"""The likelihood page in a real browser: K, where z is drawn from, another digit."""

from playwright.sync_api import expect

from tests.browser.reading import cells, numbers, query, wait_for_query

CURVES = "Estimates of log p(x) against the number of draws, 20 latent axes"


def test_more_draws_do_not_help_with_twenty_axes(visit, wait_until_idle):
    page = visit("/likelihood?step=explore")
    before = numbers(page)
    slider = page.get_by_role("slider", name="Number of draws K")
    slider.focus()
    slider.press("End")
    wait_for_query(page, draws="100000")
    wait_until_idle(page)
    after = numbers(page)
    assert after["Effective draws, 2 axes"].endswith("of 100,000")
    assert float(after["Estimate, 20 axes"].split()[0]) < float(after["ELBO, 20 axes"].split()[0]) - 15
    for label in ("Exact log p(x), 2 axes", "IWAE-2,000, 20 axes"):
        assert after[label] == before[label]

    page.get_by_role("radio", name="Encoder q(z|x)").click()
    wait_for_query(page, source="encoder")
    expect(page.get_by_text("From q(z|x), 10,000 draws are made: K stays there.")).to_be_visible()
    wait_until_idle(page)
    q = numbers(page)
    assert float(q["Estimate, 20 axes"].split()[0]) > float(q["ELBO, 20 axes"].split()[0])
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == q
    assert query(page) == {"source": "encoder", "draws": "100000"}


def test_another_digit_and_the_words_beside_the_pointer(visit, wait_until_idle):
    page = visit("/likelihood?draws=100")
    before = numbers(page)
    cells(page, "Digits to choose from").nth(0).click()
    wait_for_query(page, digit="0", draws="100")
    wait_until_idle(page)
    assert numbers(page)["Exact log p(x), 2 axes"] != before["Exact log p(x), 2 axes"]
    curves = page.get_by_role("img", name=CURVES)
    curves.hover()
    expect(page.locator(".readout.shown")).to_contain_text("K = ")
    expect(page.locator(".readout.shown")).to_contain_text("prior −")
    page.mouse.move(0, 0)
    expect(page.locator(".readout.shown")).to_have_count(0)
