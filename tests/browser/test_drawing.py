"""A digit drawn by mouse, by finger and by keys: the link has it, and the page's numbers are Python's on its pixels."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from scipy.ndimage import center_of_mass

from tests.app.drawn import SEVEN
from tests.browser.contrast import faint
from tests.browser.reading import box_at_rest, numbers, query, wait_for_query
from vaedemo.app.components.draw import read_drawn
from vaedemo.datasets import drawing
from vaedemo.training import store

PAGE = "/plane?step=explore"
BAR, SLANT = [(0.2, 0.15), (0.5, 0.14), (0.8, 0.15)], [(0.8, 0.15), (0.6, 0.5), (0.45, 0.85)]  # shares of the field
# The bytes of the picture that the field shows beside it.
SHOWN = "each => [...each.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, place) => place % 4 === 0)"


def opened(page: Page):
    """The field, empty."""
    page.get_by_text("Your own digit", exact=True).click()
    field = page.locator(".draw .paper")
    expect(page.locator(".draw .hint")).to_have_text("Draw a digit")
    expect(field).to_have_attribute("aria-label", re.compile("^Field to draw a digit in: empty"))  # by its script
    box_at_rest(field)
    return field


def places(field, stroke) -> list[tuple[float, float]]:
    """A stroke's places in the window, with some between."""
    box = field.bounding_box()
    ends = np.array(stroke)
    along = np.linspace(0, len(ends) - 1, 12)
    shares = np.stack([np.interp(along, range(len(ends)), ends[:, axis]) for axis in (0, 1)], axis=1)
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares.tolist()]


def by_mouse(page: Page, field, stroke) -> None:
    (x, y), *rest = places(field, stroke)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y)
    page.mouse.up()


def by_finger(page: Page, field, stroke) -> None:
    (x, y), *rest = places(field, stroke)
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for x, y in rest:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def linked(page: Page, wait_until_idle, before: str = "") -> str:
    """The drawing in the address bar, once it is another than before."""
    page.wait_for_function(
        "before => (new URLSearchParams(location.search).get('drawing') ?? '') !== before", arg=before
    )
    wait_until_idle(page)
    return query(page).get("drawing", "")


def check(page: Page, text: str) -> None:
    """The field shows the link's pixels, they are a digit as MNIST has them, and the numbers are Python's on them."""
    pixels = drawing.read(text)
    assert page.locator(".draw .digit").evaluate(SHOWN) == pixels.flatten().tolist()
    rows, columns = (pixels[0] > 0).nonzero(as_tuple=True)
    assert 18 <= max(int(each.max() - each.min()) + 1 for each in (rows, columns)) <= 20
    assert np.abs(np.array(center_of_mass(pixels[0].numpy())) - 14).max() <= 0.5
    (mu,) = store.load("mnist-2d").model.encode(pixels[None].float() / 255).mean
    shown = numbers(page)
    assert shown["μ of your digit"] == "({:.3f}, {:.3f})".format(*mu.tolist())
    assert abs(float(shown["From z to this μ"]) - (mu - torch.tensor(place(page))).norm().item()) < 6e-4


def place(page: Page) -> list[float]:
    return [float(query(page)[name]) for name in ("z1", "z2")]


@pytest.mark.parametrize("hand", [by_mouse, by_finger], ids=["mouse", "finger"])
def test_a_link_shows_the_same_drawing_elsewhere_and_the_numbers_are_python_s(visit, wait_until_idle, hand):
    context = visit.browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(visit.server.url + PAGE)
    wait_until_idle(page)
    field = opened(page)
    hand(page, field, BAR)
    first = linked(page, wait_until_idle)
    hand(page, field, SLANT)
    text = linked(page, wait_until_idle, before=first)
    check(page, text)
    elsewhere = visit(page.url.removeprefix(visit.server.url), visitor="second")
    expect(elsewhere.locator(".draw.inked")).to_be_visible()
    check(elsewhere, text)
    context.close()


@pytest.mark.alone
def test_quick_strokes_are_all_kept_and_each_makes_one_rerun(visit, wait_until_idle):
    page = visit(PAGE)
    field = opened(page)
    wait_until_idle(page)
    told = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda event: told.append(event["requestId"]))
    for row in (0.2, 0.35, 0.5, 0.65, 0.8):  # while the page reruns after the one before
        by_mouse(page, field, [(0.2, row), (0.8, row)])
    wait_until_idle(page)
    text = query(page)["drawing"]
    assert len(told) <= 5
    inked = (drawing.read(text)[0].float().sum(1) > 255 * 8).tolist()
    assert sum(here and not before for before, here in zip([False, *inked], inked, strict=False)) == 5
    assert page.locator(".draw .digit").evaluate(SHOWN) == drawing.read(text).flatten().tolist()
    for _ in range(5):
        page.get_by_role("button", name="Undo").click()
    wait_until_idle(page)
    assert "drawing" not in query(page)
    expect(page.locator(".draw .hint")).to_be_visible()


def test_keys_draw_undo_and_clear(visit, wait_until_idle):
    page = visit(PAGE)
    field = opened(page)
    assert [each for each in faint(page) if "Draw a digit" in each] == []
    field.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".draw .status")).to_have_text("Pen down in column 15, row 27 of 28")
    page.keyboard.press("Space")
    line = linked(page, wait_until_idle)
    pixels = drawing.read(line)[0]
    rows, columns = (pixels > 0).nonzero(as_tuple=True)
    assert int(rows.max() - rows.min()) > 3 * int(columns.max() - columns.min())
    expect(field).to_have_attribute("aria-label", re.compile(f": {int((pixels > 0).sum())} of 784 pixels"))
    page.keyboard.press("Delete")
    assert linked(page, wait_until_idle, before=line) == ""
    page.keyboard.press("Backspace")
    wait_for_query(page, drawing=line)


def test_a_drawing_of_a_link_can_be_drawn_on(visit, wait_until_idle):
    page = visit(f"{PAGE}&drawing={SEVEN}")
    field = page.locator(".draw .paper")
    field.scroll_into_view_if_needed()
    by_mouse(page, field, [(0.35, 0.55), (0.7, 0.55)])
    more = linked(page, wait_until_idle, before=SEVEN)
    assert read_drawn([1, more]) == more
    assert drawing.read(more).float().sum() > drawing.read(SEVEN).float().sum()
    page.get_by_role("button", name="Undo").click()
    wait_for_query(page, drawing=SEVEN)
