"""The page on the KL in a browser: sliding a Gaussian, swapping, and the descent that plays without the server."""

from tests.browser.reading import button, numbers, wait_for_query


def test_sliding_and_swapping(visit, wait_until_idle):
    page = visit("/kl")
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


def test_the_point_rolls_to_the_prior_in_the_browser(visit):
    page = visit("/kl?part=axis")
    place = "(() => { const p = document.querySelector('.js-plotly-plot').data.at(-1); return [p.x[0], p.y[0]]; })()"
    page.wait_for_selector(".js-plotly-plot .updatemenu-button")
    start = page.evaluate(place)
    asked = []
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.locator(".js-plotly-plot .updatemenu-button").first.click()
    page.wait_for_function(f"Math.hypot(...{place}) < 0.02")
    assert start[0] == -2 and not asked
    assert numbers(page)["½E²"] == "2.0000 nats"  # the exhibit's own point is where the slider has it
