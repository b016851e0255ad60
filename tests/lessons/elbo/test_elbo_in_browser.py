"""The page on the bound in a real browser: slide, drag and snap q; log p(x) stays."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import box_at_rest, button, cells, numbers, query, wait_for_query

TOTAL, GAP = "log p(x)", "KL to the posterior"


def plane(page: Page) -> Locator:
    return page.get_by_role("img", name="The posterior p(z|x) on the latent plane")


def reds(canvas: Locator) -> dict[str, float]:
    """Where the canvas is red, which is q: the middle, in shares of its width and height."""
    return canvas.evaluate(
        """canvas => {
            const {data, width, height} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let [count, x, y] = [0, 0, 0];
            for (let index = 0; index < data.length; index += 4) {
                const [red, green, blue, alpha] = data.slice(index, index + 4);
                if (alpha < 200 || red < 150 || green > 90 || blue > 90) continue;
                count += 1;
                x += (index / 4) % width;
                y += Math.floor(index / 4 / width);
            }
            return {count, x: x / count / width, y: y / count / height};
        }"""
    )


def test_a_slider_opens_the_gap_and_leaves_log_p(visit, wait_until_idle):
    page = visit("/elbo?step=explore")
    before = numbers(page)
    slider = page.get_by_role("slider", name="log σ₁²")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    wait_for_query(page, q="hand")
    wait_until_idle(page)
    after = numbers(page)
    assert after[TOTAL] == before[TOTAL]
    assert after[GAP] != before[GAP]
    assert "Off the best Gaussian" in after
    page.reload()
    wait_until_idle(page)
    assert numbers(page) == after

    button(page, "Snap to best Gaussian").click()
    wait_for_query(page, q="best")
    wait_until_idle(page)
    best = numbers(page)
    assert best["Amortization"] == "0.000 nats"
    whole, approximation = (float(best[name].split()[0]) for name in (GAP, "Approximation"))
    assert abs(whole - approximation) < 6e-3  # one is rounded to a hundredth
    button(page, "Snap to encoder").click()
    page.wait_for_url("**/elbo?step=explore")
    wait_until_idle(page)
    assert numbers(page) == before


def test_q_is_dragged_over_the_posterior(visit, wait_until_idle):
    page = visit("/elbo?step=explore")
    before, canvas = numbers(page), plane(page)
    box = box_at_rest(canvas)
    start = reds(canvas)
    assert start["count"] > 100
    place = (box["x"] + start["x"] * box["width"], box["y"] + start["y"] * box["height"])
    page.mouse.move(*place)
    page.mouse.down()
    page.mouse.move(place[0] - 40, place[1] - 60, steps=6)
    # It follows the hand at once, before the page has heard of it.
    moved = reds(canvas)
    assert abs((start["x"] - moved["x"]) * box["width"] - 40) < 4
    assert abs((start["y"] - moved["y"]) * box["height"] - 60) < 4
    page.mouse.up()
    wait_for_query(page, q="hand")
    wait_until_idle(page)
    settled = reds(canvas)
    assert abs(settled["x"] - moved["x"]) * box["width"] < 4
    assert abs(settled["y"] - moved["y"]) * box["height"] < 4
    after = numbers(page)
    assert after[TOTAL] == before[TOTAL]
    assert float(after[GAP].split()[0]) < float(before[GAP].split()[0])  # this way lies the posterior
    # Beside q nothing is taken hold of.
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.15 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.up()
    wait_until_idle(page)
    assert numbers(page) == after


def test_another_digit_has_another_posterior(visit, wait_until_idle):
    page = visit("/elbo?step=explore")
    before = numbers(page)
    cells(page, "Digits to choose from").nth(14).click()
    wait_for_query(page, digit="14")
    wait_until_idle(page)
    assert numbers(page)[TOTAL] != before[TOTAL]


def test_every_exhibit_is_reached_and_the_bounds_are_read_off(visit, wait_until_idle):
    page = visit("/elbo?step=explore")
    page.get_by_role("radio", name="More draws").click()
    wait_for_query(page, part="draws")
    wait_until_idle(page)
    page.get_by_role("img", name="IWAE bounds for 1, 5, 50 and 500 draws").hover()
    expect(page.locator(".readout.shown")).to_contain_text("K = ")
    page.get_by_role("radio", name="One flat sum").click()
    wait_for_query(page, part="slices")
    page.get_by_role("radio", name="z₂").click()
    wait_for_query(page, slice="2")
    wait_until_idle(page)
    assert query(page) == {"part": "slices", "slice": "2"}
    page.get_by_role("radio", name="Training").click()
    wait_for_query(page, part="film")
    expect(page.get_by_role("img", name="log p(x) and the ELBO over the steps of training")).to_be_visible()


def test_the_lines_come_one_by_one_with_the_question_before_the_fourth(visit, wait_until_idle):
    page = visit("/elbo?present=1")
    shown = page.locator("[class*=st-key-elbo_line], [class*='st-key-elbo-line']")
    following = page.locator(".stepper .next")
    following.click()
    page.wait_for_url("**step=lines**")
    for count in (1, 2, 3):
        expect(shown).to_have_count(count)
        expect(page.locator(".st-key-question")).to_have_count(int(count == 3))
        wait_until_idle(page)
        page.keyboard.press("PageDown")
    expect(page.locator(".st-key-question")).to_have_count(0)
    expect(shown).to_have_count(3)
    # Three quick presses: none is lost.
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(shown).to_have_count(6)
    wait_until_idle(page)
    assert query(page) == {"step": "lines", "line": "6", "present": "1"}
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=bound**")
    page.keyboard.press("PageUp")
    expect(shown).to_have_count(6)
    page.keyboard.press("PageUp")
    expect(shown).to_have_count(5)
    page.reload()
    expect(shown).to_have_count(5)
