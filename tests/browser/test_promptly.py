"""A click is told to the server while it is still being handled, not by a timer that waits for the next frame."""

import pytest

from tests.browser.reading import button, wait_for_query

# Handlers of an event run from the element to the window: this one after all of Streamlit's, and before any timer.
WATCH = """() => {
    window.sent = 0;
    window.sentByTheEnd = [];
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...values) {
        window.sent++;
        return send.apply(this, values);
    };
    for (const event of ["click", "keydown"]) {
        window.addEventListener(event, () => window.sentByTheEnd.push(window.sent));
    }
}"""


@pytest.mark.parametrize("page_name", ["gallery?side=4", "gallery?side=4&present=1"])
def test_a_click_is_sent_before_its_handlers_are_through(page_name, visit, wait_until_idle):
    page = visit(f"/{page_name}")
    wait_until_idle(page)
    page.evaluate(WATCH)
    button(page, "New samples").click()
    wait_for_query(page, seed="1")
    assert page.evaluate("window.sentByTheEnd") == [1]


def test_what_one_task_changes_goes_in_one_message(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    wait_until_idle(page)
    page.evaluate(WATCH)
    twice = "button => { button.click(); button.click(); }"
    button(page, "New samples").evaluate(twice)
    wait_until_idle(page)
    assert page.evaluate("[window.sentByTheEnd, window.sent]") == [[0, 0], 1]


def test_timers_of_others_keep_their_order(visit, wait_until_idle):
    page = visit("/gallery?side=4")
    wait_until_idle(page)
    order = """() => new Promise(done => {
        const order = [];
        setTimeout(value => { order.push(value); done(order); }, 0, "timer");
        queueMicrotask(() => order.push("microtask"));
    })"""
    assert page.evaluate(order) == ["microtask", "timer"]
