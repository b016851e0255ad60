"""The two graphs and their clouds in a real browser: the next draw, K, another model."""

import re

from playwright.sync_api import expect

from tests.browser.reading import button, cells, numbers, wait_for_query

PIXELS = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let index = 0; index < data.length; index += 1) sum = (sum * 31 + data[index]) % 1000003;
    return sum;
}"""


DRAWN = "arrows => arrows.filter((each) => getComputedStyle(each.parentElement).display !== 'none').length"


def gradient(page, kind):
    return page.locator(f"svg.{kind} .one").text_content()


def test_the_next_draw_is_told_in_both_graphs(visit, wait_until_idle):
    page = visit("/reparameterization?draw=0&part=graphs&step=explore")
    for kind in ("score", "pathwise"):
        expect(page.locator(f"svg.{kind} .one")).to_contain_text("∂/∂μ₁ = ")
    before = [gradient(page, kind) for kind in ("score", "pathwise")]
    assert before[0] != before[1]
    assert page.locator("svg.score image").get_attribute("href").startswith("data:image/png")
    button(page, "Next draw").click()
    wait_for_query(page, draw="1")
    for kind, text in zip(("score", "pathwise"), before, strict=True):
        expect(page.locator(f"svg.{kind} .one")).not_to_have_text(text)
        told = re.compile(re.escape(gradient(page, kind)))
        expect(page.locator(f"svg.{kind}")).to_have_attribute("aria-label", told)


def test_the_gradients_of_a_step_are_drawn(visit, wait_until_idle):
    page = visit("/reparameterization")
    arrows = page.locator(".graphs .flow path")
    expect(page.locator("svg.score .one")).to_have_text("no gradient")
    wait_until_idle(page)
    assert arrows.evaluate_all(DRAWN) == 6  # of log p(x|z): two, and four
    page.goto(page.url + "?step=kl")
    button(page, "The KL alone").click()
    expect(page.locator("svg.score .one")).to_have_text("trained by")
    wait_until_idle(page)
    assert arrows.evaluate_all(DRAWN) == 10


def test_averaging_draws_the_cloud_anew(visit, wait_until_idle):
    page = visit("/reparameterization?step=explore")
    cloud = page.get_by_role("img", name="Gradient estimates (Score function)")
    before = cloud.evaluate(PIXELS)
    slider = page.get_by_role("slider", name="K, draws averaged in each dot")
    slider.focus()
    slider.press("ArrowRight")
    wait_for_query(page, k="2")
    wait_until_idle(page)
    assert cloud.evaluate(PIXELS) != before
    expect(page.get_by_text("each dot the mean of 2").first).to_be_visible()


def test_another_digit_and_another_model(visit, wait_until_idle):
    page = visit("/reparameterization?step=explore")
    before = numbers(page)
    cells(page, "Digits to choose from").first.click()
    wait_until_idle(page)
    assert numbers(page) != before
    model = page.get_by_role("combobox", name="Model")
    model.scroll_into_view_if_needed()
    wait_until_idle(page)  # a menu closes when the page still scrolls
    model.click()
    page.get_by_role("option", name="Ring of points").click()
    wait_for_query(page, run="ring-2d")
    wait_until_idle(page)
    expect(page.get_by_role("slider", name="Angle of x on the ring")).to_be_visible()
    assert float(numbers(page)["Score over pathwise"].removesuffix(" ×")) < 10
    assert page.locator("svg.score image").get_attribute("href") is None
