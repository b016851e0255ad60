"""Pages in a real browser, from a broken link and for a projector; and the ways between them."""

import pytest
from playwright.sync_api import expect

from tests.app.pages import PATHS
from tests.browser.reading import button, go_to, menu, numbers, query, wait_for_query

DRAWN = "canvas, .js-plotly-plot, .graphs, .tree"  # what a page's picture is drawn with


# The frame is the same on every page, and AppTest looks at each page's links: in the browser a few stand for all.
A_FEW = [PATHS[0], "/ring", "/lab"]


@pytest.mark.parametrize("path", A_FEW)
def test_a_broken_link_is_one_sentence_and_the_page_goes_on(visit, path):
    page = visit(path + "?no_such_parameter=1")
    expect(page.get_by_text("This page's link has no 'no_such_parameter'")).to_be_visible()
    assert numbers(page)
    page.wait_for_function("location.search === ''")


def test_a_link_of_60_kilobytes_is_one_sentence(visit):
    # Above 64 kB it depends on how the bytes arrive whether the server answers 400 by itself, before the app is asked.
    page = visit("/gallery?seed=" + "9" * 60_000, visitor="stranger")
    expect(page.get_by_text("The link was ignored")).to_be_visible()
    assert numbers(page)
    page.wait_for_function("location.search === ''")


@pytest.mark.parametrize("path", A_FEW)
def test_the_projector_view_hides_the_menu(visit, path):
    page = visit(path + "?present=1")
    page.locator("[data-testid=stMain] h1").wait_for()
    assert menu(page).count() == 0
    size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert size > 18
    leave = page.get_by_role("link", name="Leave the projector view")
    leave.or_(page.get_by_role("button", name="Leave the projector view")).click()
    menu(page).get_by_role("link").first.wait_for()
    page.wait_for_function("location.search === ''")


def test_the_projector_view_pressed_on_an_open_page_has_the_whole_window(visit):
    page = visit("/kl")
    page.get_by_role("button", name="Projector view").click()
    page.wait_for_function("location.search.includes('present=1')")
    expect(menu(page)).to_have_count(0)
    main = page.get_by_test_id("stMain")
    page.wait_for_function("main => main.getBoundingClientRect().left === 0", arg=main.element_handle())
    assert main.bounding_box()["width"] == page.viewport_size["width"]


MOVING = """() => {
    const roots = [document, ...[...document.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean)];
    const canvases = roots.flatMap((root) => [...root.querySelectorAll('canvas')]);
    return canvases.map((canvas) => canvas.width && canvas.height ? canvas.toDataURL().length : 0).join();
}"""


@pytest.mark.parametrize(
    "path",
    ["/denoising?step=explore", "/interpolation?step=explore", "/gallery?source=walk", "/lab", "/ring", "/beta"],
)
def test_no_exhibit_moves_by_itself(visit, path):
    page = visit(path)
    page.locator(DRAWN).first.wait_for()
    assert page.get_by_role("button", name="Pause").count() == 0
    seen = [page.evaluate(MOVING)]
    while len(seen) < 8 and len(set(seen[-3:])) + (len(seen) < 3) > 1:  # canvases come one by one
        page.wait_for_timeout(400)
        seen.append(page.evaluate(MOVING))
    assert len(set(seen[-3:])) == 1


def test_the_projector_view_is_kept_on_the_way(visit):
    page = visit("/?present=1&step=explore")
    page.locator(".stepper .next").click()
    expect(page.get_by_role("heading", name="Discriminative against generative", exact=True)).to_be_visible()
    assert query(page) == {"present": "1"}
    assert menu(page).count() == 0


def test_an_unknown_page_is_said_to_be_unknown(visit):
    visit.expected.append("page that you have requested does not seem to exist")  # Streamlit's own note
    page = visit("/no_such_page?seed=3")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    page.locator(DRAWN).first.wait_for()


def test_pages_are_found_as_they_were_left(visit):
    page = visit("/gallery?side=3&run=ring-2d")
    before = numbers(page)
    go_to(page, "The whole VAE at a glance")
    assert "μ" in numbers(page)
    assert query(page) == {}
    go_to(page, "Sampling gallery")
    wait_for_query(page, side="3", run="ring-2d")
    assert numbers(page) == before


def test_back_and_forward_go_through_the_views(visit, wait_until_idle):
    page = visit("/?step=explore")
    seen = [numbers(page)]
    for noise in ("1", "2"):
        button(page, "Resample z").click()
        wait_for_query(page, noise=noise)
        wait_until_idle(page)
        seen.append(numbers(page))
    assert len({str(each) for each in seen}) == 3
    for back in (1, 0):
        page.go_back()
        wait_until_idle(page)
        assert numbers(page) == seen[back]
    page.go_forward()
    wait_until_idle(page)
    assert numbers(page) == seen[1]
    assert query(page) == {"noise": "1"}


def test_a_burst_of_clicks_ends_in_the_view_that_its_link_tells(visit, wait_until_idle):
    page = visit("/?noise=10")
    numbers(page)
    button(page, "Resample z").evaluate("button => { for (let click = 0; click < 5; click++) button.click(); }")
    wait_for_query(page, noise="15")
    wait_until_idle(page)
    shown = numbers(page)
    assert numbers(visit("/?noise=15")) == shown


def test_a_second_click_before_the_link_is_written_keeps_the_first(visit):
    page = visit("/gallery?side=3&temperature=0.5")
    numbers(page)
    button(page, "New samples").evaluate(
        """button => {
            button.click();
            [...document.querySelectorAll('button')].find(each => each.innerText.includes('Draw')).click();
        }"""
    )
    wait_for_query(page, seed="1", show="sample", side="3", temperature="0.5")


def test_the_options_of_a_question_start_at_the_left(visit):
    page = visit("/kl?step=width")
    options = page.locator(".st-key-question [data-testid=stBaseButton-secondary]")
    assert options.count() >= 3
    for option in options.all():
        gap = option.evaluate(
            "option => option.querySelector('p').getBoundingClientRect().left - option.getBoundingClientRect().left"
        )
        assert 0 < gap < 24
