"""The page on the KL in a browser: sliding and dragging a Gaussian, swapping, dragging the point in the valley."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import box_at_rest, button, go_to, numbers, query, wait_for_query


def take(page, label: str, from_share: tuple[float, float], by: tuple[float, float]) -> None:
    """Drag within a sketch, from a place given as a share of its canvas, by so many pixels."""
    canvas = page.locator(f"canvas[aria-label^='{label}']")
    box = box_at_rest(canvas)
    x, y = (
        box[side] + share * box[size] for side, share, size in zip("xy", from_share, ("width", "height"), strict=True)
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2)
    page.mouse.move(x + by[0], y + by[1])
    page.mouse.up()


def test_sliding_and_swapping(visit, wait_until_idle):
    page = visit("/kl?step=explore")
    before = numbers(page)
    page.get_by_test_id("stSlider").first.locator("input[type=range], [role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, q_mean1="1.1")
    wait_until_idle(page)
    moved = numbers(page)
    assert moved["Mahalanobis"] != before["Mahalanobis"] and moved["Trace"] == before["Trace"]
    button(page, "Swap q and p").click()
    wait_for_query(page, p_mean1="1.1")
    wait_until_idle(page)
    assert numbers(page)["KL(p‖q)"] == moved["KL(q‖p)"]


@pytest.mark.parametrize(
    ("path", "label", "moved"),
    [
        ("/kl?q_mean1=0&q_mean2=0", "The normals q and p", "q_mean1"),
        ("/kl?part=axis&mean=0&variance=0.5", "The KL of one axis", "mean"),
    ],
)
def test_what_can_be_slid_can_be_dragged(visit, wait_until_idle, path, label, moved):
    page = visit(path)
    # Both windows are nearly centred: from the middle of the canvas the handle is within reach.
    take(page, label, (0.54, 0.5), (90, 0))
    page.wait_for_function(f"new URLSearchParams(location.search).get('{moved}') > 0.3")
    wait_until_idle(page)
    slid = page.get_by_test_id("stSlider").first.inner_text()
    assert f"{float(query(page)[moved]):.2f}" in slid


def test_the_code_of_the_view_is_copied_as_it_stands(visit):
    page = visit("/kl?step=explore")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("The numbers of this view, and their code").click()
    button(page, "Copy").click()
    expect(button(page, "Copied")).to_be_visible()
    shown = page.locator(".listing code").inner_text()
    assert "kl_terms" in shown
    assert page.evaluate("navigator.clipboard.readText()") == shown


# Settled is a page whose script has ended: its components may still load their own scripts, and paint a frame later.
SCRIPTS = """() => performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => name.includes("/vaedemo/") && name.endsWith(".js"))"""
PAINTED = """canvas => new Promise((tell) => {
    const look = (frames) => {
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        if (pixels.some(Boolean) || !frames) tell(pixels.some(Boolean));
        else requestAnimationFrame(() => look(frames - 1));
    };
    look(120);
})"""


def test_a_sketch_of_the_next_page_is_drawn_by_what_the_first_page_brought(visit, wait_until_idle):
    page = visit("/kl")
    assert numbers(page)  # and the code below them, which the next page has too
    assert page.locator(".sketch canvas").first.evaluate(PAINTED)
    before = page.evaluate(SCRIPTS)
    go_to(page, "pPCA, the VAE you can solve")
    wait_until_idle(page)
    assert page.locator(".sketch canvas").first.evaluate(PAINTED)
    assert page.evaluate(SCRIPTS) == before
