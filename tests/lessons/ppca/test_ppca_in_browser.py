"""pPCA in a real browser: θ moves the bound and not log p, by the keyboard and by the link."""

from playwright.sync_api import expect

from tests.browser.reading import numbers, query, wait_for_query


def test_turning_moves_the_elbo_and_not_log_p(visit, wait_until_idle):
    page = visit("/ppca?theta=44")
    before = numbers(page)
    slider = page.get_by_role("slider", name="θ, degrees, at β = 1")
    slider.focus()
    slider.press("ArrowRight")
    wait_for_query(page, theta="45")
    wait_until_idle(page)
    after = numbers(page)
    assert after["Gap"] == "0.2596 nats"
    assert after["Mean log p(x)"] == before["Mean log p(x)"]
    assert after["Mean ELBO"] != before["Mean ELBO"]
    expect(page.get_by_role("img", name="now 0.2596 nats")).to_be_visible()
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == after


def test_data_sets_bring_their_own_sliders(visit, wait_until_idle):
    page = visit("/ppca?step=explore")
    expect(page.get_by_role("slider", name="Variance λ₁")).to_be_visible()
    page.get_by_role("combobox", name="Data").click()
    page.get_by_role("option", name="MNIST digits").click()
    wait_for_query(page, data="mnist-55k")
    wait_until_idle(page)
    expect(page.get_by_role("slider", name="Axis turned against axis 1")).to_be_visible()
    assert numbers(page)["Axes alive"] == "3 of 20"
    assert query(page) == {"data": "mnist-55k"}
