"""The β page in a browser: sliders along β morph all of it without the server, and a sweep is trained."""

import re

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, numbers, query, wait_for_query


def board(page):
    return page.locator(".tradeoff")


def panel(page, name):
    return page.get_by_role("slider", name=f"β of panel {name}", exact=True)


def test_a_slider_morphs_the_page_without_the_server(visit):
    page = visit("/beta?step=explore")
    board(page).locator("canvas.strip").first.wait_for()
    page.evaluate(
        """() => {
            window.sent = 0;
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (...rest) { window.sent++; return send.apply(this, rest); };
        }"""
    )
    first = int(board(page).get_attribute("data-frames"))
    # Over many frames of the screen, so that anything the board would say meanwhile has the time to be said.
    seen = board(page).evaluate(
        """async root => {
            const slider = root.querySelector("input[aria-label='β of panel C']");
            const canvases = [...root.querySelectorAll('canvas')];
            const pixels = () => canvases.map(each => each.toDataURL()).join();
            const before = pixels();
            for (let tenth = 1; tenth <= 30; tenth++) {
                slider.value = 3 + Math.round(tenth / 10);
                slider.dispatchEvent(new Event('input', { bubbles: true }));
                await new Promise(requestAnimationFrame);
            }
            return [before !== pixels(), window.sent];
        }"""
    )
    assert seen == [True, 0]
    assert int(board(page).get_attribute("data-frames")) >= first + 30
    assert panel(page, "C").get_attribute("aria-valuetext") == "β = 10"
    wait_for_query(page, c="6")
    assert page.evaluate("window.sent") == 1, "when it rests, the place is told, once"
    assert panel(page, "C").input_value() == "6"


def test_the_link_brings_the_places_back_and_keys_move_from_model_to_model(visit):
    page = visit("/beta?sweep=sweep-ring&panels=1&a=2.4")
    slider = page.get_by_role("slider", name="β", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "β = 0.5")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "β = 1")
    wait_for_query(page, a="3")


def test_a_slider_never_rests_between_two_models(visit):
    page = visit("/beta")
    board(page).locator("canvas.strip").first.wait_for()
    shown = board(page).evaluate(
        """root => {
            const slider = root.querySelector("input[aria-label='β of panel B']");
            const betas = new Set();
            for (let tenth = 0; tenth <= 70; tenth++) {
                slider.value = tenth / 10;
                slider.dispatchEvent(new Event('input', { bubbles: true }));
                betas.add(slider.getAttribute('aria-valuetext'));
            }
            return [...betas];
        }"""
    )
    assert shown == [f"β = {beta}" for beta in ("0.01", "0.1", "0.5", "1", "2", "4", "10", "50")]


def test_an_open_question_has_no_slider_that_would_answer_it(visit):
    page = visit("/beta?step=reach")
    slider = board(page).get_by_role("slider", name="β", exact=True, include_hidden=True)
    expect(slider).to_be_hidden()
    expect(board(page).get_by_text("β = 0.1", exact=True)).to_be_visible()
    button(page, "Fewer than before").click()
    expect(slider).to_be_visible()
    expect(slider).to_have_attribute("aria-valuetext", "β = 0.01")


def test_the_images_are_large_enough_to_read(visit):
    page = visit("/beta", width=1440, height=900)
    strip = board(page).locator("canvas.strip").first
    strip.wait_for()
    assert strip.evaluate("canvas => canvas.clientWidth / (canvas.width / 28)") >= 44


def test_a_sweep_of_one_s_own_is_trained_and_found_again(visit):
    page = visit("/beta?sweep=own&dataset=ring&width=16&epochs=12&betas=0.1,1,500")
    button(page, "Train 3 models together").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(panel(page, "A")).to_be_visible(timeout=TRAINED)
    shown = numbers(page)
    wait_for_query(page, train="1")
    assert query(page)["betas"] == "0.1,1,500"
    page.reload()
    assert numbers(page) == shown
    page.get_by_text(re.compile("3 models, trained in one pass")).wait_for()


def test_a_list_that_is_no_sweep_is_one_sentence(visit):
    page = visit("/beta?sweep=own&betas=1,1")
    expect(page.get_by_text("2 to 16 different numbers")).to_be_visible()
    assert "betas" not in query(page)
