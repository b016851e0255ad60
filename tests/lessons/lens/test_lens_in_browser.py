"""The slow motion in a real browser: Play, the slider, and what is lit."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import button, query, wait_for_query

INK = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .filter((value, place) => place % 4 === 0).reduce((sum, value) => sum + value, 0)"""


def stage_slider(page):
    return page.get_by_role("slider", name="Stage of the step")


def part(page, name):
    return page.locator(f".path [data-part={name}]")


def test_the_slider_goes_back_to_the_digit_and_is_in_the_link(visit, wait_until_idle):
    page = visit("/lens")
    expect(part(page, "reconstruction")).to_contain_text("130.2 nats")
    assert part(page, "image").locator("canvas").evaluate(INK) > 0
    stage_slider(page).focus()
    stage_slider(page).press("Home")
    expect(part(page, "reconstruction")).not_to_contain_text("nats")
    expect(page.locator(".path .now")).to_have_count(1)
    assert part(page, "image").locator("canvas").evaluate(INK) == 0
    wait_for_query(page, stage="0")
    wait_until_idle(page)
    stage_slider(page).press("ArrowRight")
    wait_for_query(page, stage="1")
    wait_until_idle(page)
    expect(part(page, "q")).to_contain_text("μ −0.96 −0.57")
    expect(page.locator(".path .panel b").first).to_have_text("μ and σ.")


@pytest.mark.alone
def test_nothing_plays_before_play_and_the_end_is_told(visit, wait_until_idle):
    page = visit("/lens?stage=6")
    expect(page.locator(".path .panel b").first).to_have_text("Gradients on the weights.")
    wait_until_idle(page)
    page.wait_for_timeout(3000)
    expect(stage_slider(page)).to_have_value("6")
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    expect(stage_slider(page)).to_have_value("8")
    expect(button(page, "Play")).to_be_visible()
    wait_until_idle(page)
    assert "stage" not in query(page), "the last stage is the view without one"


def test_gradients_are_drawn_from_the_fifth_stage_on(visit, wait_until_idle):
    page = visit("/lens?stage=4")
    arrows = page.locator(".path .arrows .back:visible")
    wait_until_idle(page)
    assert arrows.count() == 0
    stage_slider(page).focus()
    stage_slider(page).press("ArrowRight")
    expect(page.locator(".path .panel table")).to_contain_text("log σ₁²")
    assert arrows.count() == 7


def test_another_epsilon_is_another_step(visit, wait_until_idle):
    page = visit("/lens")
    before = part(page, "noise").inner_text()
    button(page, "New ε").click()
    wait_for_query(page, seed="1")
    expect(part(page, "noise")).not_to_have_text(before)
