"""Paper: the hand-out of each lesson in steps on A4, and what Ctrl+P prints of a page."""

import pytest
from playwright.sync_api import expect

from tests.app.pages import PAGES
from tests.browser.paper import POINTS, printed
from tests.lessons.test_steps import STEPS
from tests.lessons.test_steps_in_browser import HERE, next_button, path_of

MARGIN = 28.3  # points: 10 mm
WIDTH = 680  # CSS pixels between the margins of A4
DARK = (".9059 .9176 .9412", ".0588 .0745 .098")  # text and background of the dark theme, as a PDF writes them
HEIGHT = "name => document.querySelector(`.st-key-${name}`).getBoundingClientRect().height"
IS_DRAWN = """canvas => {
    const blank = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    return canvas.width && canvas.toDataURL() !== blank.toDataURL();
}"""
COLOURS = """() => ["body", ".stApp", ".stMain h1", ".stMain p"].map((each) => {
    const style = getComputedStyle(document.querySelector(each));
    return each.includes("stMain") ? style.color : style.backgroundColor;
})"""


def drawn(canvas) -> bytes:
    """A canvas's picture once it is drawn: a component's script and its font may come after the page is idle."""
    canvas.page.wait_for_function(IS_DRAWN, arg=canvas.element_handle())
    canvas.page.evaluate("document.fonts.ready.then(() => null)")
    before, now = b"", canvas.screenshot()
    while before != now:
        canvas.page.wait_for_timeout(300)
        before, now = now, canvas.screenshot()
    return now


@pytest.mark.parametrize("page_name", PAGES)
def test_a_hand_out_is_on_a4_and_no_step_is_split(visit, wait_until_idle, page_name):
    page = visit(f"{path_of(page_name)}?handout=1", width=WIDTH, colour_scheme="dark")
    expect(page.get_by_role("heading", name="Answers", exact=True)).to_have_count(1)
    wait_until_idle(page)
    sheets = printed(page)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    seen = 0
    for step in STEPS[page_name]:
        ((number, top, height),) = [
            (number, top, sheet.height)
            for number, sheet in enumerate(sheets)
            for address, top in sheet.links
            if address.endswith(f"?step={step.name}")
        ]
        assert number >= seen
        seen = number
        assert top >= MARGIN - 1
        assert top + POINTS * page.evaluate(HEIGHT, f"sheet-{step.name}") <= height - MARGIN + 1, step.name
    # The answers begin a page and fit on it, so they have the last one for themselves.
    assert seen < len(sheets) - 1
    assert POINTS * page.evaluate(HEIGHT, "answers") <= sheets[-1].height - 2 * MARGIN
    assert not [address for address, _ in sheets[-1].links if "arxiv" in address or "?step=" in address]
    addresses = [address for sheet in sheets for address, _ in sheet.links]
    assert all(address.startswith("http") for address in addresses), "a relative link leads nowhere on paper"
    assert visit.server.url + path_of(page_name).rstrip("/") in [address.rstrip("/") for address in addresses]
    for sheet in sheets:
        assert sheet.stretched == []
        assert not any(ink in sheet.content for ink in DARK)


def test_a_hand_out_looks_like_paper_and_has_nothing_to_press(visit):
    page = visit("/ring?handout=1", colour_scheme="dark")
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)"] * 2 + ["rgb(0, 0, 0)"] * 2
    main = page.get_by_test_id("stMain")
    assert page.get_by_test_id("stSidebar").count() == 0 and page.get_by_test_id("stHeader").is_hidden()
    for kind in ("button", "slider", "textbox", "radio", "checkbox"):
        assert main.get_by_role(kind).count() == 0, kind
    canvases = main.locator("canvas").all()
    assert len(canvases) == 2 * len(STEPS["ring"])
    pictures = [drawn(canvas) for canvas in canvases[:2]]
    page.wait_for_timeout(500)
    assert [canvas.screenshot() for canvas in canvases[:2]] == pictures, "nothing moves"


# Of every third lesson one step, another one than of the lesson before: the hand-out prints them all.
@pytest.mark.parametrize(
    ("page_name", "step"), [(page, STEPS[page][place % len(STEPS[page])]) for place, page in enumerate(PAGES[::3])]
)
def test_a_step_is_printed_on_one_page(visit, wait_until_idle, page_name, step):
    page = visit(f"{path_of(page_name)}?step={step.name}", colour_scheme="dark")
    expect(page.locator(HERE)).to_have_attribute("data-step", step.name)
    question = page.locator(".st-key-question")
    for _ in range(1 + question.count()):
        (sheet,) = printed(page)
        assert sheet.stretched == []
        assert not any(ink in sheet.content for ink in DARK)
        if question.count():
            next_button(page).click()
            expect(question).to_have_count(0)
            wait_until_idle(page)


@pytest.mark.parametrize("path", ["/kl?step=width", "/kl?step=width&present=1", "/"])
def test_paper_has_the_words_and_the_picture_and_nothing_to_press(visit, path):
    page = visit(path, colour_scheme="dark")
    page.emulate_media(media="print")
    for part in ("stHeader", "stSidebar"):
        assert page.get_by_test_id(part).count() == 0 or page.get_by_test_id(part).is_hidden()
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)"] * 2 + ["rgb(0, 0, 0)"] * 2
    expect(page.locator("[data-testid=stMain] h1")).to_be_visible()
    expect(page.locator("[data-testid=stMain] canvas").first).to_be_visible()
    assert page.locator(".stepper").is_hidden() and page.get_by_role("link", name="Hand-out").count() == 0
    options = page.locator(".st-key-question button")
    if options.count():
        assert [option.is_visible() for option in options.all()] == [True, True, True, False], "without: Not sure"


def test_after_printing_the_screen_is_as_before(visit, wait_until_idle):
    page = visit("/ring", colour_scheme="dark")
    canvas = page.get_by_test_id("stMain").locator("canvas").first
    wait_until_idle(page)
    drawn(canvas)
    pixels = canvas.evaluate("canvas => canvas.toDataURL()")
    printed(page)
    # Paper's colours leave with the next frames, which may be late on a busy machine.
    page.wait_for_function("([canvas, pixels]) => canvas.toDataURL() === pixels", arg=[canvas.element_handle(), pixels])
