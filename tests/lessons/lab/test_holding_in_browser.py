"""A training held in a real browser: paused, stepped, branched and found again, alone and with a second visitor."""

import re

from playwright.sync_api import Page, expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import button, query, wait_for_query
from tests.lessons.lab.test_lab_in_browser import FAST, LONG, kept, step, train, wait_for_step_above
from vaedemo.training import caps

HELD = re.compile(r"Held at step ([\d,]+) of")
CONFIG = FAST.replace(epochs=200)


def pause(page: Page) -> int:
    """Pause a training under way; the step at which it is held."""
    wait_for_step_above(page, 0)
    button(page, "Pause").click()
    number = held(page)
    wait_for_query(page, until=str(number))  # the address follows the words a moment later
    return number


def held(page: Page) -> int:
    found = page.get_by_text(HELD)
    expect(found).to_be_visible()
    return int(HELD.search(found.inner_text()).group(1).replace(",", ""))


def expect_held_at(page: Page, number: int) -> None:
    expect(page.get_by_text(f"Held at step {number:,} of")).to_be_visible()
    wait_for_query(page, until=str(number))


def test_pause_one_step_one_epoch_other_settings_and_on(visit, server):
    page = visit(f"/lab?{LONG}&seed=20")
    train(page)
    number, config = pause(page), CONFIG.replace(seed=20)
    expect_held_at(page, number)
    assert kept(server, config.held_at(number)) and not kept(server, config)

    button(page, "One step").click()
    expect_held_at(page, number + 1)
    button(page, "One epoch").click()
    epoch = caps.steps_an_epoch(config)
    whole = ((number + 1) // epoch + 1) * epoch
    expect_held_at(page, whole)

    beta = page.get_by_label("β", exact=True)
    beta.fill("8")
    beta.press("Enter")
    wait_for_query(page, until=str(whole), changes=f"{whole}~beta~8.0".replace(".0", ""))
    expect(page.get_by_text("It goes on as a branch of its own")).to_be_visible()
    button(page, "One step").click()
    expect_held_at(page, whole + 1)
    branch = config.replace(changes=((whole, {"beta": 8.0}),))
    assert kept(server, branch.held_at(whole + 1))
    expect(page.get_by_text("The branches of this training")).to_be_visible()

    button(page, "Go on").click()
    wait_for_step_above(page, whole + 1)
    assert "until" not in query(page) and "changes" in query(page)
    again = pause(page)
    assert again > whole + 1
    page.reload()
    expect_held_at(page, again)
    phone = visit(page.url.removeprefix(server.url), visitor="second", width=390, height=844)
    expect_held_at(phone, again)


def test_one_of_two_visitors_pauses_and_comes_back(visit):
    link = f"/lab?{LONG}&seed=21"
    first, second = visit(link), visit(link, visitor="second")
    train(first)
    wait_for_step_above(first, 0)
    train(second)
    wait_for_step_above(second, 0)
    number = pause(first)
    expect_held_at(first, number)
    before = step(second)
    wait_for_step_above(second, max(before, number))  # the job goes on for the other
    expect(second.get_by_text("Stop ends it")).to_be_visible()
    button(first, "Go on").click()
    wait_for_step_above(first, number)
    expect(second.get_by_text("Another visitor waits for this same training")).to_be_visible()
    button(second, "Pause").dblclick()  # pressed twice
    assert held(second) > number
    pause(first)


def test_a_held_training_steps_in_slow_motion_until_the_switch_is_off(visit, wait_until_idle):
    page = visit(f"/lab?{LONG}&seed=22")
    train(page)
    number = pause(page)
    switch = page.get_by_text("Slow motion: a step a second")
    switch.click()
    page.wait_for_function(
        "number => Number((document.body.innerText.match(/Held at step ([\\d,]+)/) || [0, '0'])[1]"
        ".replaceAll(',', '')) > number + 1",
        arg=number,
    )
    switch.click()
    wait_until_idle(page)
    stopped = held(page)
    page.wait_for_timeout(2_500)  # nothing may happen: there is no event to wait for
    assert held(page) == stopped and query(page)["until"] == str(stopped)


def test_a_finished_film_is_held_at_an_earlier_frame(visit):
    page = visit("/lab?hidden=32&epochs=2&seed=23")
    train(page)
    expect(page.get_by_text("Trained:")).to_be_visible(timeout=TRAINED)
    slider = page.get_by_role("slider", name="Training step")
    expect(slider).to_have_attribute("max", re.compile("[1-9]"))  # the film is there
    slider.fill("12")
    hold = page.get_by_role("button", name=re.compile(r"Hold it at step \d+"))
    expect(hold).to_be_visible()
    number = int(re.search(r"step (\d+)", hold.inner_text()).group(1))
    expect(page.get_by_text(re.compile("It is trained again from|This step is kept"))).to_be_visible()
    hold.click()
    expect_held_at(page, number)
    button(page, "The whole training").click()
    expect(page.get_by_text(HELD)).to_have_count(0)
    page.wait_for_function("() => !new URLSearchParams(location.search).has('until')")
