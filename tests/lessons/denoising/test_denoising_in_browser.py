"""The page on denoising in a browser: dragging x̃, playing the iterates, testing under another noise."""

from playwright.sync_api import expect

from tests.browser.fixtures import TRAINED
from tests.browser.reading import box_at_rest, button, numbers, query, wait_for_query


def test_dragging_the_point_moves_its_arrows(visit, wait_until_idle):
    page = visit("/denoising?x1=0&x2=0.5")
    before = numbers(page)
    plot = page.get_by_role("img", name="arrows of the exact score")
    box = box_at_rest(plot)
    # x̃ = (0, 0.5) lies above the middle of the plot: found from its centre, whatever the width.
    side = min(box["width"], box["height"])
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for step in range(12):  # the handle is somewhere on the way up from the middle
        page.mouse.move(x + 8, y - 0.03 * step * side)
        if plot.evaluate("canvas => canvas.style.cursor") == "grab":
            break
    page.mouse.down()
    page.mouse.move(x + 8 + 0.15 * side, y, steps=4)
    page.mouse.up()
    page.wait_for_url(lambda url: "x1=0&" not in url and "x1=" in url)
    wait_until_idle(page)
    after = numbers(page)
    assert after["Exact arrow"] != before["Exact arrow"] and after["Mean cosine"] == before["Mean cosine"]
    page.get_by_role("slider", name="x̃₁").focus()
    x1 = query(page)["x1"]
    page.keyboard.press("ArrowRight")
    wait_for_query(page, x1=f"{float(x1) + 0.01:g}")


def test_the_iterates_play_and_can_be_slid(visit):
    page = visit("/denoising?step=explore")
    slider = page.get_by_role("slider", name="Times that r was applied")
    slider.scroll_into_view_if_needed()
    assert slider.get_attribute("aria-valuetext") == "k = 1.0"
    slider.evaluate("s => { s.value = 12; s.dispatchEvent(new Event('input')); }")
    expect(button(page, "Play")).to_be_visible()
    assert slider.get_attribute("aria-valuetext") == "k = 12.0"
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    page.wait_for_function(
        "slider => Number(slider.value) < 8 && Number(slider.value) > 0.5", arg=slider.element_handle()
    )
    button(page, "Pause").click()


def test_another_noise_in_the_test(visit, wait_until_idle):
    page = visit("/denoising?step=explore")
    page.get_by_role("radio", name="Images").or_(button(page, "Images")).first.click()
    wait_for_query(page, part="images")
    wait_until_idle(page)
    before = numbers(page)
    assert list(before) == ["Corrupted input", "Denoised", "Plain"]
    level = page.get_by_role("slider", name="Level in the test")
    level.focus()
    level.press("ArrowRight")
    wait_for_query(page, level="0.55")
    wait_until_idle(page)
    after = numbers(page)
    assert all(float(after[name].split()[0]) < float(before[name].split()[0]) for name in before)


def test_a_model_of_one_s_own_is_trained_on_demand(visit, wait_until_idle):
    page = visit("/denoising?field=own&own_sigma=0.25&ring_epochs=3")
    assert list(numbers(page)) == ["Exact arrow"]
    button(page, "Train this model").click()
    # The first training of a server takes longer than others.
    page.get_by_text("Mean cosine", exact=True).wait_for(timeout=TRAINED)
    wait_until_idle(page)
    assert query(page)["ring_train"] == "1"
    assert float(numbers(page)["Mean cosine"]) > 0.3
