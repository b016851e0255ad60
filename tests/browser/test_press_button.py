"""Every press of a button counts, however quickly it is pressed, and whatever happens to the page in between."""

from playwright.sync_api import expect

from tests.browser.reading import box_at_rest, button, go_to, wait_for_query

TWELVE = 12


def press(page, name: str, times: int) -> None:
    """As fast as a mouse goes: nothing is waited for between the presses."""
    box = box_at_rest(button(page, name))
    for _ in range(times):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_twelve_quick_presses_are_twelve(visit, wait_until_idle):
    # No sample is picked: new samples drop the pick, and the page would grow shorter and the button move.
    page = visit("/gallery?side=4&seed=100&picked=-1")
    wait_until_idle(page)
    press(page, "New samples", TWELVE)
    wait_for_query(page, seed="112")
    wait_until_idle(page)
    expect(page.get_by_role("spinbutton", name="Seed").first).to_have_value("112")
    # The button is taken away with its page and drawn again; after the reload another session counts from 0.
    go_to(page, "The whole VAE at a glance")
    wait_until_idle(page)
    go_to(page, "Sampling gallery")
    wait_until_idle(page)
    press(page, "New samples", 1)
    wait_for_query(page, seed="113")
    wait_until_idle(page)
    page.reload()
    wait_until_idle(page)
    press(page, "New samples", 2)
    wait_for_query(page, seed="115")
